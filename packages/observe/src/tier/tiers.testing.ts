import type { Cell } from './aggregator.ts';
import { addToTable } from './bucket-table.ts';
import type { BucketTable } from './bucket-table.ts';
import { startTiers } from './tiers.ts';
import type { Tiers, TierSource } from './tiers.ts';

/** Tiers of a directory that is ours. */
export const openTiers = (dataDir: string): Tiers => startTiers({ dataDir, confirm: () => undefined });

/** Adds one sample of some series. */
export function feed(tiers: Tiers, time: number, values: Readonly<Record<string, number | null>>): void {
  tiers.add(time, { ids: Object.keys(values), values: Object.values(values).map((value) => value ?? Number.NaN) });
}

/** Adds a sample a second, with time for files to be written in between. `load1` is `valueOf(second)`. */
export async function feedSeconds(tiers: Tiers, from: number, seconds: number, valueOf: (second: number) => number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    feed(tiers, from + second, { load1: valueOf(second), memory_total: 8 * 2 ** 30 });
    if (second % 60 === 59) await tiers.settle();
  }
}

/** All that a tier has, the parts of each bucket together, and how many damaged parts were passed over. */
export async function readAll(
  source: TierSource,
  level: number,
  from: number = -Infinity,
  to: number = Infinity,
): Promise<{ table: BucketTable; damaged: number }> {
  const table: BucketTable = new Map();
  const add = (id: string, time: number, cell: Cell): void => addToTable(table, id, time, cell);
  const damaged = await source.read(level, { from, to, wanted: () => true, extremes: true }, add);
  return { table, damaged };
}
