import { describe, expect, test } from 'vitest';
import { ANE_ASSUMED_MAXIMUM, energyRates } from '../../domain/energy.ts';
import type { EnergyReading, EnergyZone } from '../../domain/energy.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { energyOf } from '../fake/chip.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { energyChannel, ioReportOf } from '../fake/io-report.testing.ts';
import type { FakeChannel } from '../fake/io-report.testing.ts';
import { merge, text } from '../fake/machine.testing.ts';
import { energy } from '../energy.ts';
import { m2Ultra } from '../machines/m2-ultra.testing.ts';
import { virtualMachine } from '../machines/virtual-machine.testing.ts';
import { openStuck } from './stuck.ts';
import { joulesPerUnit, zoneChannelOf, zoneOf } from './zones.ts';

test.each([
  ['CPU Energy', 'cpu', 0],
  ['DIE_1_CPU Energy', 'cpu', 1],
  ['GPU Energy', 'gpu', 0],
  ['ANE', 'ane', 0],
  ['ANE0', 'ane', 0],
  ['ANE0_1', 'ane', 1],
  ['DRAM0', 'dram', 0],
  ['DRAM0_1', 'dram', 1],
  ['GPU SRAM0', 'gpu-sram', 0],
  ['ECPU', 'cluster', 0],
  ['DIE_1_PCPU1', 'cluster', 1],
] as const)('%s is a zone', (name, kind, die) => {
  expect(zoneChannelOf(name)).toEqual({ kind, die });
});

test.each(['EACC_CPU0', 'PACC1_CPU5', 'ECPU0_SRAM', 'ECPM', 'GPU0', 'AMCC0', 'DCS0', 'DISP0', 'CPU Energy SRAM', 'ANE_SRAM', '', 'DRAM_x'])(
  '%s is a part of something, or nobody can name it',
  (name) => {
    expect(zoneChannelOf(name)).toBeNull();
  },
);

test.each([
  ['mJ', 1e-3],
  ['uJ', 1e-6],
  ['nJ', 1e-9],
  ['J', 1],
  ['kJ', null],
  ['', null],
  ['toString', null],
  [null, null],
])('the unit %s', (label, joules) => {
  expect(joulesPerUnit(label)).toBe(joules);
});

test('a microjoule counter over 250.5 ms', () => {
  const zone = (micro: number): EnergyReading => ({
    zones: [zoneOf({ name: 'CPU Energy' }, { kind: 'cpu', die: 0 }, micro * joulesPerUnit('uJ')!, null)],
  });
  expect(energyRates(zone(5e6), zone(6e6), 0.2505)!.zones[0]!.power).toBeCloseTo(3.992_016, 6);
});

describe('counters that stand still', () => {
  const zones = (cpu: number | null, dram: number, ane: number, gpu: number): EnergyZone[] =>
    (['cpu', 'dram', 'ane', 'gpu', 'cluster'] as const).map((kind, index) =>
      zoneOf({ name: kind }, { kind, die: 0 }, [cpu, dram, ane, gpu, ane][index]!, null),
    );
  test('at 0 since boot: not those of a CPU or a memory, whose neural engine is not believed either', () => {
    const stuck = openStuck();
    expect([...stuck(zones(0, 0, 0, 0), 1)]).toEqual(['cpu', 'dram', 'ane', 'cluster']);
    expect([...openStuck()(zones(5, 5, 0, 0), 1)]).toEqual([]);
    expect([...openStuck()(zones(5, 0, 0, 0), 1)]).toEqual(['dram']);
    expect([...openStuck()(zones(null, 5, 0, 0), 1)]).toEqual([]);
  });
  test('anywhere, for three seconds; what moves again is believed again', () => {
    const stuck = openStuck();
    expect([...stuck(zones(5, 5, 7, 5), 10)]).toEqual([]);
    expect([...stuck(zones(5, 6, 7, 6), 12.9)]).toEqual([]);
    expect([...stuck(zones(5, 7, 7, 6), 13)]).toEqual(['cpu', 'ane', 'cluster']);
    expect([...stuck(zones(6, 8, 7, 6), 14)]).toEqual([]);
    expect([...stuck(zones(7, 8, 7, 6), 20)]).toEqual(['dram']);
  });
});

function open(...channels: readonly FakeChannel[]): {
  fake: FakeDarwin;
  read(): { reading: EnergyReading; gaps: Gap[] };
  end(): void;
} {
  const fake = openFakeDarwin(merge({ answers: { 'sysctl:kern.osrelease': text('23.5.0') } }, ioReportOf(...channels)));
  const reader = energy.open(fake.host);
  return {
    fake,
    read() {
      const gaps: Gap[] = [];
      return { reading: reader.read(collectGaps(gaps)) as EnergyReading, gaps };
    },
    end() {
      reader.close();
      fake.expectClean();
    },
  };
}
const watts = (before: EnergyReading, after: EnergyReading, elapsed: number): Record<string, number | null> =>
  Object.fromEntries(
    energyRates(before, after, elapsed)!.zones.map(({ zone, power }) => [zone, power === null ? null : Math.round(power * 1e6) / 1e6]),
  );

describe.skipIf(noFakeDarwin !== null)('energy of the chip', () => {
  test('joules of each zone, whatever its unit; the package is CPU, GPU and neural engine, and nothing twice', () => {
    const opened = open(...energyOf({ cpu: 4000, gpu: 900.5, ane: 12, dram: 700 }));
    const { reading, gaps } = opened.read();
    expect(reading.zones.map(({ zone, kind, parent, energy: joules }) => [zone, kind, parent, joules])).toEqual([
      ['package', 'package', null, 4912.5],
      ['ECPU', 'cluster', 'CPU Energy', 1000],
      ['PCPU', 'cluster', 'CPU Energy', 3000],
      ['CPU Energy', 'cpu', 'package', 4000],
      ['GPU SRAM0', 'gpu-sram', null, 0],
      ['ANE0', 'ane', 'package', 12],
      ['DRAM0', 'dram', null, 700],
      ['GPU Energy', 'gpu', 'package', 900.5],
    ]);
    expect(gaps.map(({ field }) => field)).toEqual(['energy.zones.maxEnergy', 'energy.zones.enabled']);
    opened.fake.change(ioReportOf(...energyOf({ cpu: 4020, gpu: 904.5, ane: 16, dram: 701 })));
    const after = opened.read().reading;
    expect(watts(reading, after, 2)).toEqual({
      ...{ package: 14, ECPU: 2.5, PCPU: 7.5, 'CPU Energy': 10, 'GPU SRAM0': 0, ANE0: 2, DRAM0: 0.5, 'GPU Energy': 2 },
    });
    const rates = energyRates(reading, after, 2)!;
    expect(rates.packagePower).toBeCloseTo(14, 9);
    expect(rates.aneUtilizationEstimate).toBeCloseTo(2 / ANE_ASSUMED_MAXIMUM, 9);
    opened.end();
  });

  test('an Ultra chip: each die has its CPU, and they are one package', () => {
    const opened = open(...(m2Ultra.trees!['IOReport:Energy Model'] as readonly FakeChannel[]));
    const { zones } = opened.read().reading;
    expect(zones[0]).toMatchObject({ kind: 'package', energy: 40_000 + 30_000 + 9000 + 1 + 3 });
    expect(zones.filter(({ kind }) => kind === 'cluster').map(({ zone, parent }) => [zone, parent])).toEqual(
      [0, 1].flatMap((die) => ['ECPU', 'PCPU', 'PCPU1'].map((name) => [`DIE_${die}_${name}`, `DIE_${die}_CPU Energy`])),
    );
    opened.end();
  });

  test('counters that do not move are unknown and never 0, and so is what is made of them', () => {
    const opened = open(...energyOf({ cpu: 0, gpu: 900, ane: 0, dram: 0 }));
    const { reading, gaps } = opened.read();
    expect(Object.fromEntries(reading.zones.map(({ kind, energy: joules }) => [kind, joules]))).toEqual({
      ...{ package: null, cluster: null, cpu: null, 'gpu-sram': 0, ane: null, dram: null, gpu: 900 },
    });
    expect(gaps).toContainEqual({
      field: 'energy.zones.energy',
      reason: 'unsupported',
      detail: 'These counters of this macOS do not move: CPU Energy, DRAM0, ECPU, PCPU, ANE0.',
    });
    const rates = energyRates(reading, { zones: reading.zones.map((zone) => ({ ...zone, energy: zone.energy && zone.energy + 3 })) }, 1)!;
    expect(rates).toMatchObject({ packagePower: null, aneUtilizationEstimate: null });
    opened.end();
  });

  test('it takes its clock from the machine', () => {
    const opened = open(...energyOf({ cpu: 5, gpu: 900, ane: 0, dram: 6 }));
    opened.read();
    opened.fake.advance(3);
    expect(opened.read().reading.zones.find(({ kind }) => kind === 'cpu')!.energy).toBeNull();
    opened.end();
  });

  test('a unit that nobody knows, a counter that went back, a chip without a CPU counter', () => {
    const opened = open(energyChannel('CPU Energy', 5000), energyChannel('GPU Energy', 7, 'erg'));
    const { reading, gaps } = opened.read();
    expect(reading.zones.map(({ kind, energy: joules }) => [kind, joules])).toEqual([
      ['package', null],
      ['cpu', 5],
      ['gpu', null],
    ]);
    expect(gaps).toContainEqual({
      field: 'energy.zones.energy',
      reason: 'error',
      detail: 'IOReport counts GPU Energy in "erg", which is not known.',
    });
    opened.fake.change(ioReportOf(energyChannel('CPU Energy', 4000)));
    expect(watts(reading, opened.read().reading, 1)).toEqual({ package: null, 'CPU Energy': null });
    opened.end();
    const gpu = open(energyChannel('GPU Energy', 7, 'J'));
    expect(gpu.read().reading.zones.map(({ zone }) => zone)).toEqual(['GPU Energy']);
    gpu.end();
  });

  test('a neural engine never does more than all', () => {
    const zone = (joules: number): EnergyReading => ({ zones: [zoneOf({ name: 'ANE' }, { kind: 'ane', die: 0 }, joules, null)] });
    expect(energyRates(zone(0), zone(20), 1)!.aneUtilizationEstimate).toBe(1);
    expect(energyRates(zone(0), zone(0), 1)!.aneUtilizationEstimate).toBe(0);
    expect(energyRates({ zones: [] }, { zones: [zoneOf({ name: 'x' }, { kind: 'cpu', die: 0 }, 1, null)] }, 1)).not.toHaveProperty(
      'aneUtilizationEstimate',
    );
  });

  test('a virtual machine has none of it', async () => {
    const fake = openFakeDarwin(virtualMachine);
    const reader = energy.open(fake.host);
    await expect(reader.read(collectGaps([]))).rejects.toThrow('counts nothing in the group Energy Model');
    reader.close();
    fake.expectClean();
  });
});
