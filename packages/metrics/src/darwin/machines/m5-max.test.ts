import { describe, expect, test } from 'vitest';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { m5Max, m5MaxLater } from './m5-max.testing.ts';
import { expectLacking, meansOf, momentOf, momentsOf, processAt, readingsOf, wattsOf } from './moments.testing.ts';

describe.skipIf(noFakeDarwin !== null)('an M5 Max laptop whose battery is held and one of whose fans is set', () => {
  test('has super and performance cores, and none for efficiency', async () => {
    const { processor, frequency } = await momentOf(m5Max);
    expect(processor).toMatchObject({ cores: 18, performanceCores: 18, efficiencyCores: 0 });
    expect(processor!.levels!.map(({ name, cores }) => [name, cores])).toEqual([
      ['Super', 6],
      ['Performance', 12],
    ]);
    expect(processor!.cpus.map(({ type }) => type?.[0]).join('')).toBe('ppppppppppppssssss');
    expect(frequency!.policies.map(({ policy, cpus, hardwareMin, hardwareMax }) => [policy, cpus[0], hardwareMin, hardwareMax])).toEqual([
      ['MCPU0', 0, 1344e6, 4380e6],
      ['MCPU1', 6, 1344e6, 4380e6],
      ['PCPU', 12, 1308e6, 4608e6],
    ]);
  });

  test('clocks and watts of two seconds', async () => {
    const moments = await momentsOf(m5Max, m5MaxLater);
    expect(meansOf(moments)).toEqual([1344e6, null, 4608e6]);
    expect(moments.rates.frequency!.channels!.slice(0, 3)).toMatchObject([
      { channel: 'MCPU0', kind: 'M', active: 0.5 },
      { channel: 'MCPU1', kind: 'M', active: 0 },
      { channel: 'PCPU', kind: 'P', active: 0.75 },
    ]);
    // The counter of the neural engine stands at 0 while that of the CPU moves: it took nothing.
    expect(wattsOf(moments)).toEqual({ package: 24, cpu: 20, cluster: 20, gpu: 4, ane: 0, dram: 1, 'gpu-sram': 0 });
    expect(processAt(moments, 800)).toMatchObject({ cpu: 1, power: 6, row: { name: 'node', cpuUser: 92, energy: 212 } });
    expect(moments.rates.cpu).toMatchObject({ user: expect.closeTo(0.4, 9), system: expect.closeTo(0.1, 9) });
  });

  test('its GPU has more states than frequencies, and never used the rest', async () => {
    const { first, rates } = await momentsOf(m5Max, m5MaxLater);
    const [gpu] = first.gpu!;
    expect(gpu).toMatchObject({ name: 'Apple M5 Max', cores: 40, maxFrequency: 1620e6 });
    expect(gpu!.states.map(({ frequency }) => frequency).slice(12)).toEqual([1513e6, 1620e6, null, null]);
    expect(rates.gpu).toMatchObject([{ active: 0.5, frequency: 1620e6 }]);
  });

  test('the mode of its fans has a key of another case', async () => {
    const first = await momentOf(m5Max);
    expect(first.sensors!.chips[0]!.fans).toMatchObject([
      { sensor: 'fan0', value: 5003, min: 2317, max: 7826, target: 5000, pwmMode: 'manual' },
      { sensor: 'fan1', value: 2319.5, min: 2317, max: 7826, target: 2317, pwmMode: 'automatic' },
    ]);
  });

  test('its controller has an average of the CPU and no maximum, and that is enough', async () => {
    const first = await momentOf(m5Max);
    expect(first.sensors!.chips.map(({ id }) => id)).toEqual(['smc']);
    expect(readingsOf(first, 'temperatures')).toEqual([
      ...['Battery 0 24.625', 'Battery 1 24.625', 'Battery 2 24.375', 'CPU average 36.625', 'SSD 0 24.75', 'SSD 0 24.75', 'Wi-Fi 27.4375'],
      ...['Airflow left 26.75', 'Airflow right 27.9375', 'GPU Tg08 27.375', 'GPU Tg0C 27.375', 'GPU Tg0O 27.375', 'GPU Tg0R 27.4375'],
    ]);
    expect(readingsOf(first, 'powers')).toEqual(['DC in 40.5', 'Battery 0', 'System 38.25']);
  });

  test('its battery is held at 80 %: neither charged nor used', async () => {
    const { power } = await momentOf(m5Max);
    expect(power).toMatchObject({ source: 'ac', charge: 0.8, power: 0, timeToEmpty: null, timeToFull: null });
    // 6880 mAh at 12.25 V; a new battery may hold more than it is made for.
    expect(power!.energy).toBeCloseTo(303_408, 6);
    expect(power!.supplies).toMatchObject([
      { status: 'Not charging', cycles: 3, health: expect.closeTo(8600 / 8579, 12) },
      { online: true, voltage: 28, attributes: { power_max: 140e6 } },
    ]);
  });

  test('the longer memory statistics of its macOS are read', async () => {
    const page = 16_384;
    expect((await momentOf(m5Max)).memory).toMatchObject({
      ...{ total: 48 * 2 ** 30, used: 1_989_000 * page, cached: 819_000 * page, free: 312_000 * page, swapUsed: 0 },
      apple: { wired: 390_000 * page, pressure: 'normal' },
    });
  });

  test('its Wi-Fi speaks a newer standard', async () => {
    expect((await momentOf(m5Max)).wifi).toMatchObject([{ device: 'en0', signal: -55, apple: { standard: '802.11be', channel: 36 } }]);
  });

  test('what it does not tell has a reason', async () => {
    const first = await momentOf(m5Max);
    expectLacking(first, 'permission', ['protocols.tcp']);
    expectLacking(first, 'unsupported', ['gpu.memoryTotal', 'gpu.temperature', 'thermal.apple.cpuLevel', 'memory.committed']);
    // The states that are not of the table were never used, so that nothing is wrong with them.
    expect(first.gaps.filter(({ field }) => field.startsWith('gpu.states'))).toEqual([]);
  });
});
