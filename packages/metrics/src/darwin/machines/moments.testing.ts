import { expect } from 'vitest';
import { openSamplerOf } from '../../sampler.ts';
import type { GapReason } from '../../model/gap.ts';
import { deriveRates } from '../../model/rates.ts';
import type { Rates } from '../../model/rates.ts';
import type { ProcessReading } from '../../domain/process.ts';
import type { AnyCollector, Snapshot } from '../../model/snapshot.ts';
import { openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { darwinCollectors } from '../index.ts';

/** A machine at two moments, and what happened in between. */
export interface Moments {
  readonly first: Snapshot;
  readonly second: Snapshot;
  readonly rates: Rates;
}

/** All of them at each moment: what is slow is waited for. */
const AT_ONCE = darwinCollectors.filter(({ onRequest }) => !onRequest).map((one): AnyCollector => ({ ...one, lane: 'fast' }));

/** Two snapshots two seconds apart; `later` is what the machine answers then. Fails when anything leaked. */
export async function momentsOf(machine: FakeMachine, later: FakeMachine): Promise<Moments> {
  const fake = openFakeDarwin(machine);
  const sampler = openSamplerOf(AT_ONCE, fake.host);
  const first = await sampler.take(5);
  fake.change(later);
  fake.advance(2);
  const second = await sampler.take(5);
  sampler.close();
  fake.expectClean();
  return { first, second, rates: deriveRates(first, second) };
}

/** One snapshot. */
export const momentOf = async (machine: FakeMachine): Promise<Snapshot> => (await momentsOf(machine, {})).first;

/** The process of that number, and the watts and the share of a core that it took since the moment before. */
export function processAt({ second, rates }: Moments, pid: number): { row: ProcessReading; cpu: number | null; power: number | null } {
  const table = second.processes!;
  const index = Array.from({ length: table.length }, (_, row) => row).find((row) => table.row(row).pid === pid)!;
  const { cpu, power = null } = rates.processes!(index);
  return { row: table.row(index), cpu, power };
}

/** What lies at a path of a snapshot, in all rows of its lists. */
function* valuesAt(value: unknown, path: readonly string[]): Generator {
  if (Array.isArray(value)) for (const one of value) yield* valuesAt(one, path);
  else if (path.length === 0 || value === null) yield value;
  else yield* valuesAt((value as Record<string, unknown>)[path[0]!], path.slice(1));
}

/** Fails unless these are null everywhere, and have a gap of this reason: of themselves, or of what they are in. */
export function expectLacking(snapshot: Snapshot, reason: GapReason, paths: readonly string[]): void {
  for (const path of paths) {
    const values = [...valuesAt(snapshot, path.split('.'))];
    expect(values, `there is something at ${path}`).not.toEqual([]);
    expect(new Set(values), path).toEqual(new Set([null]));
    const around = path.split('.').map((_, index, all) => all.slice(0, index + 1).join('.'));
    expect(snapshot.gaps.find(({ field }) => around.includes(field))?.reason, path).toBe(reason);
  }
}

/** The rows of a list of sensors as `label value`, over all chips. */
export const readingsOf = ({ sensors }: Snapshot, list: 'temperatures' | 'powers' | 'fans' | 'voltages'): string[] =>
  sensors!.chips.flatMap((chip) => chip[list].map(({ sensor, label, value }) => `${label ?? sensor} ${value}`));

/** The mean frequency in hertz of each cluster since the moment before, rounded; null for one that did not work. */
export const meansOf = ({ second }: Moments): (number | null)[] =>
  second.frequency!.policies.map(({ current }) => (current === null ? null : Math.round(current)));

/** The watts of each kind of zones between two moments. */
export function wattsOf({ rates }: Moments): Record<string, number | null> {
  const watts: Record<string, number | null> = {};
  for (const { kind, power } of rates.energy!.zones)
    watts[kind] = power === null || watts[kind] === null ? null : (watts[kind] ?? 0) + power;
  return watts;
}
