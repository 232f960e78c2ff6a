import { describe, expect, test } from 'vitest';
import { openMachineOf } from '../../machine.ts';
import { deriveRates } from '../../model/rates.ts';
import type { Rates } from '../../model/rates.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { chipOf, energyOf } from '../fake/chip.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { ioReportOf } from '../fake/io-report.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { darwinCollectors } from '../index.ts';
import { M4_MAX } from './chips.testing.ts';
import { m2Ultra } from './m2-ultra.testing.ts';
import { m3Pro } from './m3-pro.testing.ts';
import { m4Max } from './m4-max.testing.ts';
import { m5Max } from './m5-max.testing.ts';

const ASKED = ['processor', 'frequency', 'energy'] as const;

/** Two snapshots two seconds apart; `later` is what the machine answers then. */
async function takeTwo(machine: FakeMachine, later: FakeMachine = {}): Promise<{ first: Snapshot; second: Snapshot; rates: Rates }> {
  const fake = openFakeDarwin(machine);
  const opened = openMachineOf(
    darwinCollectors.filter(({ name }) => (ASKED as readonly string[]).includes(name)),
    fake.host,
  );
  const first = await opened.snapshot();
  fake.change({ answers: {}, trees: {}, ...later });
  fake.advance(2);
  const second = await opened.snapshot();
  opened.close();
  fake.expectClean();
  return { first, second, rates: deriveRates(first, second) };
}

describe.skipIf(noFakeDarwin !== null)('chips from M2 to M5', () => {
  test.each([
    ['M2 Ultra', m2Ultra, { efficiency: 8, performance: 16 }, 6],
    ['M3 Pro', m3Pro, { efficiency: 6, performance: 6 }, 2],
    ['M4 Max', m4Max, { efficiency: 4, performance: 12 }, 3],
    ['M5 Max', m5Max, { performance: 12, super: 6 }, 3],
  ])('%s: the kind of each CPU, its clusters, its package', async (_name, machine, kinds, clusters) => {
    const { first } = await takeTwo(machine);
    const counted: Record<string, number> = {};
    for (const { type } of first.processor!.cpus) counted[String(type)] = (counted[String(type)] ?? 0) + 1;
    expect(counted).toEqual(kinds);
    expect(first.frequency!.policies).toHaveLength(clusters);
    expect(first.frequency!.policies.flatMap(({ cpus }) => cpus).toSorted((a, b) => a - b)).toEqual(
      first.processor!.cpus.map(({ cpu }) => cpu),
    );
    expect(first.energy!.zones[0]).toMatchObject({ kind: 'package', parent: null });
  });

  test('an M4 Max at work: clocks and watts of two seconds', async () => {
    const energy = energyOf({ cpu: 7060, gpu: 2510, ane: 12, dram: 1204 });
    const slept = chipOf(M4_MAX, 'kHz').trees!;
    const { second, rates } = await takeTwo(m4Max, { trees: { ...slept, ...ioReportOf(...energy).trees } });
    expect(rates.energy).toMatchObject({ packagePower: 36, aneUtilizationEstimate: 0.125 });
    // Nothing moved: no share of nothing is made up.
    expect(rates.frequency!.channels!.every(({ active, frequency }) => active === null && frequency === null)).toBe(true);
    expect(second.gaps).toContainEqual(expect.objectContaining({ field: 'frequency.policies.current', reason: 'no-baseline' }));
  });
});
