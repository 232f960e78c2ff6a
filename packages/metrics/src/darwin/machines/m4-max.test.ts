import { describe, expect, test } from 'vitest';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { m4Max, m4MaxLater } from './m4-max.testing.ts';
import { expectLacking, meansOf, momentOf, momentsOf, processAt, readingsOf, wattsOf } from './moments.testing.ts';

describe.skipIf(noFakeDarwin !== null)('an M4 Max laptop at work on its adapter', () => {
  test('its tables in kilohertz are frequencies in hertz', async () => {
    const { processor, frequency } = await momentOf(m4Max);
    expect(processor!.cpus.map(({ type }) => type?.[0]).join('')).toBe('eeeepppppppppppp');
    expect(
      frequency!.policies.map(({ policy, cpus, hardwareMin, hardwareMax }) => [policy, cpus.length, hardwareMin, hardwareMax]),
    ).toEqual([
      ['ECPU', 4, 1020e6, 2592e6],
      ['PCPU', 6, 1260e6, 4512e6],
      ['PCPU1', 6, 1260e6, 4512e6],
    ]);
  });

  test('clocks and watts of two seconds', async () => {
    const moments = await momentsOf(m4Max, m4MaxLater);
    // Half a second at 1020 and half a second at 2592 MHz are 1806 on the mean.
    expect(meansOf(moments)).toEqual([1806e6, 4512e6, 4512e6]);
    expect(moments.rates.frequency!.channels!.slice(0, 3)).toMatchObject([
      { channel: 'ECPU', active: expect.closeTo(0.5, 9) },
      { channel: 'PCPU', active: expect.closeTo(1, 9) },
      { channel: 'PCPU1', active: expect.closeTo(0.25, 9) },
    ]);
    expect(wattsOf(moments)).toEqual({ package: 36, cpu: 30, cluster: 30, gpu: 5, ane: 1, dram: 2, 'gpu-sram': 0 });
    // Of the eight watts that a neural engine is assumed to take at most.
    expect(moments.rates.energy).toMatchObject({ packagePower: 36, aneUtilizationEstimate: 0.125 });
    expect(moments.rates.cpu!.usage).toBeCloseTo(0.75, 9);
    // 20 s of its own and 4 s in the kernel, 48 J.
    expect(processAt(moments, 1200)).toMatchObject({ cpu: 12, power: 24, row: { name: 'clang', footprint: 4e9, state: 'S' } });
  });

  test('nothing that did not move is made up', async () => {
    const { second, rates } = await momentsOf(m4Max, {});
    expect(rates.frequency!.channels!.every(({ active, frequency }) => active === null && frequency === null)).toBe(true);
    expectLacking(second, 'no-baseline', ['frequency.policies.current', 'frequency.policies.currentSource']);
    expect(rates.gpu).toMatchObject([{ active: null, frequency: null }]);
    expect(rates.cpu).toBeNull();
  });

  test('its GPU of 40 cores', async () => {
    const { first, rates } = await momentsOf(m4Max, m4MaxLater);
    expect(first.gpu).toMatchObject([{ name: 'Apple M4 Max', cores: 40, maxFrequency: 1578e6, memoryUsed: 900_000_000, resets: 0 }]);
    // Half a second off, half a second at 338 MHz, one second at 1578 MHz.
    expect(rates.gpu).toMatchObject([{ active: 0.75, frequency: expect.closeTo(((338 * 0.5 + 1578) / 1.5) * 1e6, 0) }]);
    expect(rates.gpuprocesses).toMatchObject([{ pid: 391, usage: expect.closeTo(0.3, 9) }]);
  });

  test('is warm: two fans, sensors, thermal pressure', async () => {
    const first = await momentOf(m4Max);
    expect(first.sensors!.chips[0]!.fans).toMatchObject([
      { value: 4100.5, min: 2500, max: 8500, target: 4100, pwmMode: 'automatic' },
      { value: 4203, min: 2500, max: 8500, target: 4200, pwmMode: 'automatic' },
    ]);
    expect(readingsOf(first, 'temperatures')).toEqual([
      ...['Battery 0 34.5', 'Battery 1 34.25', 'CPU average 82', 'CPU hottest 97.5', 'SSD 0 41.5', 'SSD 0 41.25', 'Airflow left 44'],
      ...['Airflow right 45.5', 'GPU Tg04 62.5', 'GPU Tg05 66.75', 'GPU Tg0K 62.25', 'GPU Tg0L 61'],
    ]);
    expect(readingsOf(first, 'powers')).toEqual(['DC in 92.5', 'Battery 0.125', 'System 78.75']);
    expect(first.thermal!.apple).toEqual({ pressure: 'moderate', cpuLevel: null });
  });

  test('its battery is full, and nothing flows', async () => {
    const { power } = await momentOf(m4Max);
    // 6200 mAh of 6249 at 12.9 V.
    expect(power).toMatchObject({
      source: 'ac',
      charge: 1,
      energy: expect.closeTo(287_928, 3),
      power: 0,
      timeToEmpty: null,
      timeToFull: null,
    });
    expect(power!.supplies).toMatchObject([
      { status: 'Full', health: 1, cycles: 12, current: 0, temperature: 34.5 },
      { type: 'Mains', online: true, voltage: 20, model: '96W USB-C Power Adapter', attributes: { power_max: 96e6 } },
    ]);
  });

  test('what its disk does', async () => {
    const { first, rates } = await momentsOf(m4Max, m4MaxLater);
    expect(rates.disk!.total).toMatchObject({
      ...{ readBytesPerSecond: 3e8, readsPerSecond: 1500, readSize: 2e5, writeBytesPerSecond: 1e8, writesPerSecond: 500, writeSize: 2e5 },
      ...{ readLatency: expect.closeTo(0.0001, 9), writeLatency: expect.closeTo(0.00002, 9), utilization: null },
    });
    // Both volumes share what is free: 12 of 244 million blocks.
    expect(first.filesystem!.map(({ mountpoint, size, free, used }) => [mountpoint, size, free, used])).toEqual(
      ['/', '/System/Volumes/Data'].map((place) => [place, 999_424_000_000, 49_152_000_000, 950_272_000_000]),
    );
  });

  test('what it does not tell has a reason', async () => {
    const first = await momentOf(m4Max);
    expectLacking(first, 'permission', ['protocols.tcp']);
    expectLacking(first, 'absent', ['processor.stepping']);
    expectLacking(first, 'unsupported', ['gpu.power', 'gpu.energy', 'gpu.suspended', 'disk.flushes', 'energy.zones.maxEnergy']);
  });
});
