import path from 'node:path';
import { dayFileName, dayOf } from '../day/day-file.ts';
import { readDayStretch, STRETCH_ROWS } from '../day/day-stretch.ts';
import { COLUMN_INDEX } from '../record/columns.ts';
import { TIERS } from '../tier/tier.ts';
import type { TierSource } from '../tier/tiers.ts';
import type { History } from './history.ts';
import type { SeriesValue } from './series.ts';

/** Rows that are put into the history between two pauses. */
const PIECE = 8;

/** Samples that were recorded, by column. */
interface Recorded {
  readonly times: number[];
  /** Columns that are series. */
  readonly ids: readonly string[];
  readonly rows: Float32Array[];
}

/**
 * Fills the history with what was recorded in the `seconds` before its oldest sample, or before `now` while it has none: after a restart
 * it begins where it ended. Single objects get their means of ten seconds, because day files lack them. Answers how many samples came.
 * Rejects as reading does.
 */
export async function refillHistory(
  dataDir: string,
  history: History,
  seconds: number,
  tiers: Pick<TierSource, 'read' | 'run'>,
  now: number,
): Promise<number> {
  const to = history.oldest ?? now;
  const from = to - seconds;
  const found: Recorded[] = [];
  await tiers.run(() => readRows(dataDir, from, to, found));
  if (found.length === 0) return 0;
  const { step } = TIERS[0]!;
  const objects = new Map<number, SeriesValue[]>();
  await tiers.read(0, { from: from - step, to, wanted: (id) => !COLUMN_INDEX.has(id), extremes: false }, (id, time, { sum, count }) => {
    const values = objects.get(time);
    if (values) values.push({ id, value: sum / count });
    else objects.set(time, [{ id, value: sum / count }]);
  });
  let filled = 0;
  // Where the clock was put back, rows of a file are not in the order of their times.
  const order = found.flatMap((part) => part.times.map((time, row) => ({ time, row, part }))).sort((a, b) => b.time - a.time);
  await tiers.run(function* () {
    for (const [index, { time, row, part }] of order.entries()) {
      const values: SeriesValue[] = part.ids.map((id, column) => ({ id, value: known(part.rows[row]![column]!) }));
      values.push(...(objects.get(Math.floor(time / step) * step) ?? []));
      if (history.prepend(time, values)) filled++;
      if (index % PIECE === 0) yield;
    }
  });
  return filled;
}

const known = (value: number): number | null => (value === value ? value : null);

function* readRows(dataDir: string, from: number, to: number, found: Recorded[]): Generator<void> {
  for (const day of new Set([dayOf(from), dayOf(to)])) {
    yield* readDayStretch(path.join(dataDir, dayFileName(day)), from, to, (columns, { rows, times, values }) => {
      const indices = columns.flatMap((id, column) => (COLUMN_INDEX.has(id) ? [column] : []));
      found.push({
        times: [...times.subarray(0, rows)].map((time) => time / 1000),
        ids: indices.map((column) => columns[column]!),
        rows: Array.from({ length: rows }, (_, row) => Float32Array.from(indices, (column) => values[column * STRETCH_ROWS + row]!)),
      });
    });
  }
}
