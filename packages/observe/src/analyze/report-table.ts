import type { Analysis } from './analysis.ts';
import { encodeChange } from './comparison.ts';
import type { Comparison, MetricDifference } from './comparison.ts';
import type { Consumer, Consumers } from './consumers.ts';
import type { Forecast } from './forecast.ts';
import { encodeCount, encodeDuration, encodeValue } from './unit.ts';

/** A part of a report that looks alike in every format: sentences, then a table. */
export interface ReportTable {
  readonly title: string;
  readonly notes: readonly string[];
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
}

/** A column of it. The first one holds names that the machine or a file gave. */
export interface ReportColumn {
  readonly head: string;
  readonly align: 'start' | 'end';
  /** Columns with the greatest number leave first where there is too little room; without one a column stays. */
  readonly leaves?: number;
}

/** A row of it. */
export interface ReportRow {
  readonly cells: readonly string[];
  /** What the row means to a reader, who is told by its words too. */
  readonly tone: 'plain' | 'dim' | 'good' | 'warn' | 'bad';
}

/** The parts that an analysis has: comparison, processes, forecasts. */
export function reportTables({ comparison, consumers, forecasts }: Analysis): ReportTable[] {
  return [
    ...(comparison ? [comparisonTable(comparison)] : []),
    ...(consumers ? [consumersTable(consumers)] : []),
    ...(forecasts.length > 0 ? [forecastTable(forecasts)] : []),
  ].map(withoutEmpty);
}

/** The table without columns that say nothing in any row. */
function withoutEmpty({ columns, rows, ...rest }: ReportTable): ReportTable {
  const kept = columns.flatMap((_, place) => (rows.length === 0 || rows.some(({ cells }) => cells[place] !== '-') ? [place] : []));
  return {
    ...rest,
    columns: kept.map((place) => columns[place]!),
    rows: rows.map(({ cells, tone }) => ({ cells: kept.map((place) => cells[place]!), tone })),
  };
}

const VERDICTS: Readonly<Record<MetricDifference['verdict'], string>> = {
  higher: 'higher',
  lower: 'lower',
  same: 'the same',
  unclear: 'too little',
};
const VERDICT_ORDER: readonly MetricDifference['verdict'][] = ['higher', 'lower', 'same', 'unclear'];

function comparisonTable({
  directory,
  startDate,
  endDate,
  days,
  coveredSeconds,
  metrics,
  findings,
  onlyThis,
  onlyOther,
}: Comparison): ReportTable {
  const span = startDate === endDate ? startDate : `${startDate} to ${endDate}`;
  const covered = `${days === 1 ? 'One day' : `${days} days`} with ${encodeDuration(coveredSeconds)} recorded.`;
  const only = (names: readonly string[], where: string): string[] => (names.length === 0 ? [] : [`Only ${where}: ${names.join(', ')}.`]);
  const isReal = ({ verdict }: MetricDifference): boolean => verdict === 'higher' || verdict === 'lower';
  // Real differences by their size; the others stay as they were recorded.
  const order = (one: MetricDifference): number => VERDICT_ORDER.indexOf(one.verdict) - (isReal(one) ? Math.abs(one.delta ?? 0) / 2 : 0);
  return {
    title: `Compared with ${directory === null ? span : `${directory}, ${span}`}`,
    notes: [covered, ...findings, ...only(onlyThis, 'in this period'), ...only(onlyOther, 'in the other')],
    columns: [
      { head: 'metric', align: 'start' },
      { head: 'median', align: 'end', leaves: 1 },
      { head: 'was', align: 'end', leaves: 2 },
      { head: 'change', align: 'end' },
      { head: 'difference', align: 'start' },
      { head: 'p95', align: 'end', leaves: 3 },
      { head: 'was', align: 'end', leaves: 3 },
      { head: 'max', align: 'end', leaves: 4 },
      { head: 'was', align: 'end', leaves: 4 },
    ],
    rows: Object.entries(metrics)
      .sort(([, a], [, b]) => order(a) - order(b))
      .map(([name, one]) => {
        const value = (number: number): string => encodeValue(number, one.unit);
        const { this: now, other } = one;
        return {
          cells: [
            one.shareOf === null ? name : `${name} of ${one.shareOf}`,
            value(now.median),
            value(other.median),
            encodeChange(one),
            VERDICTS[one.verdict],
            value(now.p95),
            value(other.p95),
            value(now.max),
            value(other.max),
          ],
          tone: isReal(one) ? 'plain' : 'dim',
        };
      }),
  };
}

/** Letters of a container's id that tell it apart. */
const ID_LETTERS = 12;

/** Whose it is, where its name does not say it: the container, else the unit without the ending that most have. */
function ownerOf({ name, unit, container }: Consumer): string {
  if (container !== null) return container.slice(0, ID_LETTERS);
  const owner = unit?.replace(/\.(?:service|scope)$/, '') ?? '-';
  return owner === name ? '-' : owner;
}

function consumersTable({ stepSeconds, coveredSeconds, missingSeconds, cpuSeconds, names, top }: Consumers): ReportTable {
  const short =
    stepSeconds >= 60 ? ` Of so much only one table in ${encodeDuration(stepSeconds)} was read: shorter processes are missing.` : '';
  const missing = missingSeconds < stepSeconds * 3 ? '' : ` Of ${encodeDuration(missingSeconds)} there is none.`;
  return {
    title: 'What took the most',
    notes: [
      `Process tables of ${encodeDuration(coveredSeconds)}, one in ${encodeDuration(stepSeconds)}: ${encodeDuration(cpuSeconds)} of CPU in ${encodeCount(names)} names.${missing}${short}`,
    ],
    columns: [
      { head: 'process', align: 'start' },
      { head: 'of', align: 'start', leaves: 4 },
      { head: 'cores', align: 'end' },
      { head: 'CPU time', align: 'end', leaves: 1 },
      { head: 'memory', align: 'end' },
      { head: 'at most', align: 'end', leaves: 3 },
      { head: 'read', align: 'end', leaves: 6 },
      { head: 'written', align: 'end', leaves: 5 },
      { head: 'there for', align: 'end', leaves: 7 },
      { head: 'processes', align: 'end', leaves: 8 },
    ],
    rows: top.map((one) => ({
      cells: [
        one.name,
        ownerOf(one),
        one.meanCores < 0.005 ? '<0.01' : one.meanCores.toFixed(2),
        encodeDuration(one.cpuSeconds),
        encodeValue(one.meanMemory, 'bytes'),
        encodeValue(one.peakMemory, 'bytes'),
        encodeValue(one.readBytes, 'bytes'),
        encodeValue(one.writeBytes, 'bytes'),
        encodeDuration(one.seconds),
        encodeCount(one.processes),
      ],
      tone: 'plain',
    })),
  };
}

const FORECAST_TONES: Readonly<Record<Forecast['verdict'], ReportRow['tone']>> = {
  full: 'bad',
  fills: 'warn',
  grows: 'plain',
  shrinks: 'plain',
  steady: 'dim',
};
const FORECAST_WORDS: Readonly<Record<Forecast['verdict'], string>> = {
  full: 'full now',
  fills: 'fills',
  grows: 'grows',
  shrinks: 'shrinks',
  steady: 'no trend',
};

function whenOf({ verdict, expected, earliest }: Forecast): string {
  if (expected !== null) return expected;
  return verdict === 'grows' && earliest !== null ? `after ${earliest}` : '-';
}

function likelyOf({ expected, earliest, latest }: Forecast): string {
  return expected === null ? '-' : `${earliest ?? expected} to ${latest ?? 'much later'}`;
}

function forecastTable(forecasts: readonly Forecast[]): ReportTable {
  return {
    title: 'When is it full?',
    notes: ['If it goes on as it did, and only as far as three times what was seen.'],
    columns: [
      { head: 'what', align: 'start' },
      { head: 'now', align: 'end', leaves: 1 },
      { head: 'trend', align: 'start' },
      { head: 'a day', align: 'end', leaves: 2 },
      { head: 'full', align: 'start' },
      { head: 'likely', align: 'start', leaves: 3 },
      { head: 'read from', align: 'end', leaves: 4 },
    ],
    rows: forecasts.map((one) => ({
      cells: [
        one.name,
        encodeValue(one.level, 'percent'),
        FORECAST_WORDS[one.verdict],
        one.verdict === 'steady' || one.verdict === 'full' ? '-' : `${one.perDay > 0 ? '+' : ''}${one.perDay.toFixed(2)} pt`,
        whenOf(one),
        likelyOf(one),
        `${one.days} days`,
      ],
      tone: FORECAST_TONES[one.verdict],
    })),
  };
}
