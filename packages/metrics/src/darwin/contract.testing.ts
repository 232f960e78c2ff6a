import { expect } from 'vitest';
import type { Group } from '../model/field.ts';
import type { AnyCollector, Snapshot } from '../model/snapshot.ts';

/** Every number below `value` is one; columns of processes may be unknown inside. */
export function expectNumbers(value: unknown, where: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), where).toBe(true);
  else if (value === undefined) expect.fail(`${where} is undefined`);
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const [key, child] of Object.entries(value)) expectNumbers(child, `${where}.${key}`);
  }
}

/** Every null of a reading, by its path without list indexes. */
function* nullsOf(value: unknown, path: string): Generator<string> {
  if (value === null) yield path;
  else if (Array.isArray(value)) for (const one of value) yield* nullsOf(one, path);
  else if (typeof value === 'object' && !ArrayBuffer.isView(value))
    for (const [key, one] of Object.entries(value)) yield* nullsOf(one, `${path}.${key}`);
}

/** Nulls without a gap: what a battery does not say is for its driver to say; what a disk, a cache or a release has none of is by its nature. */
const NATURAL =
  /^(?:power\.|wifi\.|interface\.(?:carrier|duplex|speed|internetAddresses\.(?:broadcast|peer))$|routes\.gateway$|host\.os\.|filesystem\.(?:error|files|filesFree)$|gpu\.states\.frequency$|frequency\.apple\.(?:cpu|states\.frequency)$|energy\.zones\.parent$|sensors\.chips\.(?:device|updateInterval)$|sensors\.chips\.\w+\.(?!value$)|gpuprocesses\.name$|processor\.(?:caches|cpus|levels)\.|processor\.(?:performanceCores|efficiencyCores|typeSource)$)/;

/** Fails unless the readings of a Mac, or of its stand-in, are numbers or null, and have every field that they declare. */
export function expectDeclared(snapshot: Snapshot, collectors: readonly AnyCollector[]): void {
  for (const collector of collectors) {
    const reading = snapshot[collector.name];
    if (reading === null) continue;
    if (collector.name !== 'processes') expectNumbers(reading, collector.name);
    for (const group of collector.groups() as readonly Group<never>[]) {
      for (const row of group.rows(reading as never) as Iterable<Record<string, unknown>>) {
        for (const { key } of group.fields) expect(row, group.name).toHaveProperty([key]);
      }
    }
  }
}

/** Fails unless what is null has a gap, of itself or of what it is in. */
export function expectExplained(snapshot: Snapshot, collectors: readonly AnyCollector[]): void {
  const explained = new Set(snapshot.gaps.map(({ field }) => field));
  for (const { name } of collectors) {
    if (name === 'processes' && snapshot.processes !== null) continue;
    for (const path of nullsOf(snapshot[name], name))
      if (!NATURAL.test(path)) expect(explained.has(path) || explained.has(name), `${path} has a reason`).toBe(true);
  }
}
