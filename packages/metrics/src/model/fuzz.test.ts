import { afterAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { HecateError, openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { linuxCollectors } from '../linux/index.ts';
import { finish, isSliced } from './collector.ts';
import { collectGaps } from './gap.ts';
import { mergedTrees } from './merged-trees.testing.ts';
import { openMutatedHost } from './mutated-host.testing.ts';
import type { AnyCollector } from './snapshot.ts';

const everything = await mergedTrees();
afterAll(() => everything.remove());

/** Evenly spread: fast-check's doubles are mostly near 0, and then nearly every read would fail and little be read. */
const CHANCE = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1e6);

/** Where a value is not finite, undefined, or a function that throws; null when all is well. */
function nonsense(value: unknown, where: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : `${where} is ${value}`;
  if (value === undefined) return `${where} is undefined`;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null;
  for (const [key, child] of Object.entries(value)) {
    const wrong = nonsense(child, `${where}.${key}`);
    if (wrong) return wrong;
  }
  return null;
}

/** Reads three times from a machine with faults; each read gives a reading or an error of the two kinds that are allowed. */
async function survive(collector: AnyCollector, host: Host, chance: () => number): Promise<void> {
  const allowed = (error: unknown): boolean =>
    error instanceof HecateError || (error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string');
  let reader;
  try {
    reader = collector.open(openMutatedHost(host, chance));
  } catch (error) {
    if (!allowed(error)) throw error;
    return;
  }
  try {
    for (let time = 0; time < 3; time++) {
      try {
        const read = reader.read(collectGaps([])) as unknown;
        const reading = isSliced(read) ? finish(read) : await read;
        expect(nonsense(reading, collector.name)).toBeNull();
        // What formats are made of must stand as well.
        for (const group of collector.groups()) for (const row of group.rows(reading as never)) expect(typeof row).toBe('object');
      } catch (error) {
        if (!allowed(error)) throw error;
      }
    }
  } finally {
    reader.close();
  }
}

describe.runIf(process.platform === 'linux')('on machines whose files have faults', () => {
  const machines: readonly (readonly [string, () => Host])[] = [
    ['this one', openHost],
    ['one with all hardware', () => everything.host],
  ];
  describe.each(machines)('%s', (_name, open) => {
    test.each(linuxCollectors.map((collector) => [collector.name, collector] as const))(
      '%s reads, or says why not: never a crash, never NaN',
      async (name, collector) => {
        // A process table reads hundreds of files a time.
        const numRuns = name === 'processes' ? 8 : 40;
        await fc.assert(
          fc.asyncProperty(fc.infiniteStream(CHANCE), async (stream) => {
            await survive(collector, open(), () => stream.next().value as number);
          }),
          { numRuns, endOnFailure: true },
        );
      },
      60_000,
    );
  });
});
