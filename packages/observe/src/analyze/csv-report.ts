import type { Analysis, Level, Statistics, Sufficiency } from './analysis.ts';
import type { MetricDifference } from './comparison.ts';

const STATISTICS: readonly (keyof Statistics)[] = [
  'unit',
  'count',
  'missing',
  'min',
  'max',
  'mean',
  'median',
  'p50',
  'p75',
  'p95',
  'p99',
  'standardDeviation',
  'variance',
];
const SUFFICIENCY: readonly (keyof Sufficiency)[] = ['gap', 'headroom', 'secondsAbove80', 'longestSaturatedSeconds', 'verdict'];
const LEVEL: readonly (keyof Level)[] = ['level'];

/** A cell after RFC 4180. A name that a spreadsheet would run as a formula gets a quote before it. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Columns of a comparison, at the end: only where there is one. */
const COMPARED: readonly (readonly [name: string, read: (one: MetricDifference) => string | number | null])[] = [
  ['comparedAs', ({ shareOf }) => (shareOf === null ? 'value' : `share of ${shareOf}`)],
  ['thisMedian', (one) => one.this.median],
  ['otherMedian', ({ other }) => other.median],
  ['thisP95', (one) => one.this.p95],
  ['otherP95', ({ other }) => other.p95],
  ['thisMax', (one) => one.this.max],
  ['otherMax', ({ other }) => other.max],
  ['difference', ({ difference }) => difference],
  ['relative', ({ relative }) => relative],
  ['differs', ({ verdict }) => verdict],
];

/** The analysis as a table: a header, then one row per metric. What does not apply or is unknown is an empty cell. */
export function encodeAnalysisCsv({ statistics, sufficiency, levels, comparison }: Analysis): string {
  const compared = comparison ? COMPARED : [];
  const lines = [['metric', ...STATISTICS, ...SUFFICIENCY, ...LEVEL, ...compared.map(([name]) => name)].join(',')];
  for (const [metric, own] of Object.entries(statistics)) {
    const cells = [
      metric,
      ...STATISTICS.map((key) => own[key]),
      ...SUFFICIENCY.map((key) => sufficiency[metric]?.[key]),
      ...LEVEL.map((key) => levels[metric]?.[key]),
      ...compared.map(([, read]) => {
        const one = comparison?.metrics[metric];
        return one && read(one);
      }),
    ];
    lines.push(cells.map(cell).join(','));
  }
  return `${lines.join('\n')}\n`;
}
