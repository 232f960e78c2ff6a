import type { Analysis, ColumnAnalysis, DailyPattern, Period, Summary } from './analysis.ts';
import { readDailyPattern } from './daily-pattern.ts';
import { isStall } from './level.ts';
import { isLongEnough } from './report-choice.ts';
import { encodeDuration, encodeValue } from './unit.ts';

/** Metrics that tell the daily pattern, the first that has values; else any percent metric, else any. */
const LEADING = ['cpu_usage_percent', 'load1', 'ram_percent'];

const VERDICT_ORDER = ['short', 'tight'] as const;

function leadingMetric({ blocks, statistics }: Pick<Analysis, 'blocks' | 'statistics'>): string | null {
  const known = Object.keys(blocks);
  return LEADING.find((name) => known.includes(name)) ?? known.find((name) => statistics[name]?.unit === 'percent') ?? known[0] ?? null;
}

/** Puts the report in words. */
export function writeSummary(analysis: Omit<ColumnAnalysis, 'summary'>): Summary {
  const { period, statistics, heatmaps, blocks, sufficiency, levels } = analysis;
  const metric = leadingMetric(analysis);
  const unit = metric === null ? undefined : statistics[metric]?.unit;
  const hours = metric === null ? undefined : blocks[metric];
  const heatmap = metric === null ? undefined : heatmaps[metric];
  const pattern: DailyPattern =
    metric !== null && unit && hours && heatmap
      ? readDailyPattern(metric, unit, hours, heatmap)
      : { metric: null, busiestHours: [], quietestHours: [], weekdayMean: null, weekendMean: null, text: 'No metric has a value.' };

  const findings: string[] = [];
  const enough = isLongEnough(period);
  if (!enough) findings.push(`${encodeDuration(period.coveredSeconds)} of recording are too little to judge whether the machine suffices.`);
  for (const verdict of enough ? VERDICT_ORDER : []) {
    for (const [name, judged] of Object.entries(sufficiency))
      if (judged.verdict === verdict && !isStall(name)) findings.push(`${name}: ${judged.reading}`);
  }
  for (const [name, level] of enough ? Object.entries(levels) : []) {
    if (isStall(name) && (level.level === 'high' || level.level === 'saturated')) findings.push(`${name}: ${level.text} Work waits.`);
  }
  if (enough && findings.length === 0 && Object.keys(sufficiency).length > 0)
    findings.push('No resource was short: every one left at least 20 points of room 95 % of the time.');
  findings.push(...dataFindings(period, statistics));
  return { headline: writeHeadline(analysis), pattern, findings };
}

function writeHeadline({ statistics, levels }: Omit<ColumnAnalysis, 'summary'>): string {
  const part = (label: string, name: string): string[] => {
    const mean = statistics[name]?.mean;
    const level = levels[name]?.level;
    return mean === undefined || mean === null || level === undefined
      ? []
      : [`${label} ${level} (${encodeValue(mean, statistics[name]?.unit ?? 'count')})`];
  };
  const parts = [
    ...part('CPU', 'cpu_usage_percent'),
    ...part('GPU', 'gpu_usage_percent'),
    ...part('memory', 'ram_percent'),
    ...part('swap', 'swap_pressure_percent'),
    ...part('disk', 'disk_utilization_percent'),
  ];
  return parts.length > 0 ? `On average: ${parts.join(', ')}.` : `${Object.keys(statistics).length} metrics were recorded.`;
}

/** What to know of the data themselves: gaps, damage, clocks, unknown metrics, sketches. */
function dataFindings(period: Period, statistics: Analysis['statistics']): string[] {
  const { gaps, clockSteps, flaws } = period;
  const found: string[] = [];
  if (gaps.count > 0) found.push(`The recording has ${plural(gaps.count, 'gap')} of ${encodeDuration(gaps.seconds)} in all.`);
  if (clockSteps > 0) found.push(`The clock went back or stood still ${plural(clockSteps, 'time')}.`);
  if (flaws.malformedLines > 0)
    found.push(`${plural(flaws.malformedLines, 'line')} could not be read and ${flaws.malformedLines === 1 ? 'was' : 'were'} left out.`);
  if (flaws.malformedCells > 0)
    found.push(`${plural(flaws.malformedCells, 'cell')} held no number and ${flaws.malformedCells === 1 ? 'counts' : 'count'} as unknown.`);
  if (flaws.tornFiles.length > 0) found.push(`The last line of ${flaws.tornFiles.join(', ')} was cut off and left out.`);
  const empty = Object.entries(statistics).filter(([, { count }]) => count === 0);
  if (empty.length > 0) found.push(`Without a value: ${empty.map(([name]) => name).join(', ')}.`);
  if (!period.exact) found.push(`Quantiles are estimates within ${period.quantileError * 100} %, because the period is long.`);
  return found;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
