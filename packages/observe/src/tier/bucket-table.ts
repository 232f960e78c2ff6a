import type { Cell } from './aggregator.ts';
import { LONGEST_NAME, MOST_SERIES } from './tier.ts';
import type { SeriesColumns } from './tier-block.ts';

/** Adds what is known of a bucket to what is known of the same one. */
export function addCell(into: Cell, { count, sum, min, max }: Cell): void {
  into.count += count;
  into.sum += sum;
  into.min = Math.min(into.min, min);
  into.max = Math.max(into.max, max);
}

/** Series by bucket; what comes twice adds up. */
export type BucketTable = Map<string, Map<number, Cell>>;

/** Adds one cell to a table. */
export function addToTable(table: BucketTable, id: string, time: number, cell: Cell): void {
  let series = table.get(id);
  if (!series) table.set(id, (series = new Map<number, Cell>()));
  const known = series.get(time);
  if (known) addCell(known, cell);
  else series.set(time, { ...cell });
}

/** The series of a table that a file can hold; where there are more than fit, those with the most buckets. */
export function fullestSeries(buckets: ReadonlyMap<string, number>): string[] {
  // Whoever may mount something chooses a part of a name.
  const ids = [...buckets.keys()].filter((id) => Buffer.byteLength(id) <= LONGEST_NAME);
  return ids.length <= MOST_SERIES ? ids : ids.toSorted((a, b) => buckets.get(b)! - buckets.get(a)!).slice(0, MOST_SERIES);
}

/** One series in these buckets. */
export function seriesColumns(id: string, buckets: readonly number[], cells: ReadonlyMap<number, Cell>): SeriesColumns {
  const column = (value: (cell: Cell) => number): Float64Array =>
    Float64Array.from(buckets, (time) => {
      const cell = cells.get(time);
      return cell ? value(cell) : Number.NaN;
    });
  return {
    id,
    count: column(({ count }) => count),
    mean: column(({ count, sum }) => sum / count),
    min: column(({ min }) => min),
    max: column(({ max }) => max),
  };
}
