import { describe, expect, test } from 'vitest';
import { cpuRates } from '../domain/cpu.ts';
import type { CpuReading } from '../domain/cpu.ts';
import { collectGaps } from '../model/gap.ts';
import { cpu } from './cpu.ts';
import { constant } from './fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from './fake/fake-darwin.testing.ts';
import { merge, processorTicks } from './fake/machine.testing.ts';
import { m1Laptop } from './machines/m1-laptop.testing.ts';

type Ticks = readonly [user: number, system: number, idle: number, nice: number];
const LOAD = `host_processor_info:${constant('PROCESSOR_CPU_LOAD_INFO')}`;

describe.skipIf(noFakeDarwin !== null)('CPU times of macOS', () => {
  const readings = (...each: readonly (readonly Ticks[])[]): CpuReading[] => {
    const fake = openFakeDarwin(m1Laptop);
    const reader = cpu.open(fake.host);
    const made = each.map((ticks) => {
      fake.change(merge({ answers: { [LOAD]: processorTicks(ticks) } }));
      return reader.read(collectGaps([])) as CpuReading;
    });
    fake.expectClean();
    return made;
  };

  test('shares of the time between two readings; modes that are not counted take none', () => {
    const [before, after] = readings([[100, 50, 800, 50]], [[150, 75, 900, 75]]) as [CpuReading, CpuReading];
    const rates = cpuRates(before, after, 2)!;
    expect(rates).toMatchObject({ user: 0.25, system: 0.125, idle: 0.5, nice: 0.125, usage: 0.5 });
    expect(rates).toMatchObject({ iowait: null, irq: null, softirq: null, steal: null });
    expect(rates.cores).toEqual([expect.objectContaining({ cpu: 0, usage: 0.5 })]);
    expect(rates.contextSwitchesPerSecond).toBeNull();
  });

  test('times go on where 32 bits begin again, and never go back', () => {
    const [first, wrapped, fell] = readings([[0, 0, 2 ** 32 - 100, 0]], [[0, 0, 300, 0]], [[0, 0, 200, 0]]) as [
      CpuReading,
      CpuReading,
      CpuReading,
    ];
    expect(first.cores[0]!.idle).toBe((2 ** 32 - 100) / 100);
    expect(wrapped.cores[0]!.idle - first.cores[0]!.idle).toBeCloseTo(4, 6);
    expect(fell.cores[0]!.idle).toBe(wrapped.cores[0]!.idle);
  });

  test('each CPU has its own times, however they lie', () => {
    const [both] = readings([
      [500, 0, 0, 0],
      [100, 0, 0, 0],
    ]) as [CpuReading];
    expect(both.cores.map(({ user }) => user)).toEqual([5, 1]);
    expect(both.total.user).toBe(6);
  });

  test('a CPU that appears later has times of its own', () => {
    const [, after] = readings(
      [[1, 1, 1, 1]],
      [
        [2, 2, 2, 2],
        [300, 0, 0, 0],
      ],
    ) as [CpuReading, CpuReading];
    expect(after.cores.map(({ cpu: number, user }) => [number, user])).toEqual([
      [0, 0.02],
      [1, 3],
    ]);
  });
});
