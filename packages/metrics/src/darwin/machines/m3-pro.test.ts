import { describe, expect, test } from 'vitest';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { m3Pro, m3ProLater } from './m3-pro.testing.ts';
import { expectLacking, meansOf, momentOf, momentsOf, processAt, readingsOf, wattsOf } from './moments.testing.ts';

describe.skipIf(noFakeDarwin !== null)('an M3 Pro laptop on its battery that does little', () => {
  test('six and six cores, tables in hertz, half of the efficiency cores awake', async () => {
    const moments = await momentsOf(m3Pro, m3ProLater);
    const { processor, frequency } = moments.first;
    expect(processor).toMatchObject({ performanceCores: 6, efficiencyCores: 6 });
    expect(processor!.cpus.map(({ type }) => type?.[0]).join('')).toBe('eeeeeepppppp');
    expect(frequency!.policies.map(({ policy, cpus, hardwareMin, hardwareMax }) => [policy, cpus, hardwareMin, hardwareMax])).toEqual([
      ['ECPU', [0, 1, 2, 3, 4, 5], 744e6, 2748e6],
      ['PCPU', [6, 7, 8, 9, 10, 11], 816e6, 4056e6],
    ]);
    // One second of two at the lowest step.
    expect(meansOf(moments)).toEqual([744e6, null]);
    expect(moments.rates.frequency!.channels!.filter(({ of }) => of === 'cluster')).toMatchObject([
      { channel: 'ECPU', active: 0.5, frequency: 744e6 },
      { channel: 'PCPU', active: 0, frequency: null },
    ]);
    expect(moments.rates.cpu!.usage).toBeCloseTo(0.15, 9);
  });

  test('takes less than two watts', async () => {
    const moments = await momentsOf(m3Pro, m3ProLater);
    expect(wattsOf(moments)).toEqual({ package: 1.75, cpu: 1.5, cluster: 1.5, gpu: 0.25, ane: 0, dram: 0.5, 'gpu-sram': 0 });
    expect(processAt(moments, 900)).toMatchObject({ cpu: 0.125, power: 0.5, row: { name: 'mail', cpuUser: 40.25, energy: 101 } });
    // Half a second of two at 338 MHz.
    expect(moments.rates.gpu).toMatchObject([{ active: 0.25, frequency: 338e6 }]);
    expect(moments.first.gpu).toMatchObject([{ name: 'Apple M3 Pro', cores: 18, maxFrequency: 1380e6 }]);
  });

  test('its fans stand still: 0, for that is measured', async () => {
    const first = await momentOf(m3Pro);
    expect(first.sensors!.chips).toHaveLength(1);
    expect(first.sensors!.chips[0]!.fans).toMatchObject([
      { value: 0, min: 2317, max: 6898, target: 0, pwmMode: 'automatic' },
      { value: 0, min: 2502, max: 7450, target: 0, pwmMode: 'automatic' },
    ]);
    expect(first.gaps.filter(({ field }) => field.startsWith('sensors.'))).toEqual([]);
    expect(readingsOf(first, 'powers')).toEqual(['DC in 0', 'Battery 17.125', 'System 14.5']);
  });

  test('the figures of the whole CPU stand for those of its parts, some of which are switched off', async () => {
    const first = await momentOf(m3Pro);
    expect(readingsOf(first, 'temperatures')).toEqual([
      ...['Battery 0 23.25', 'Battery 1 23.25', 'Battery 2 23', 'CPU average 48.375', 'CPU hottest 69.71875', 'SSD 0 23.75', 'SSD 0 23.75'],
      ...['Wi-Fi 28', 'Airflow left 26.625', 'Airflow right 25.25'],
      ...['GPU Tg00 31', 'GPU Tg01 35.8125', 'GPU Tg04 32', 'GPU Tg05 38.15625'],
    ]);
  });

  test('half of its charge is left', async () => {
    const { power } = await momentOf(m3Pro);
    // 3000 mAh of 6000 at 11.5 V, 1.5 A taken.
    expect(power).toMatchObject({ source: 'battery', charge: 0.5, energy: 124_200, power: -17.25, timeToEmpty: 7200, timeToFull: null });
    expect(power!.supplies).toMatchObject([
      {
        status: 'Discharging',
        cycles: 64,
        temperature: 23.25,
        health: expect.closeTo(6000 / 6249, 12),
        energyFull: 248_400,
        current: -1.5,
        voltage: 11.5,
      },
      { type: 'Mains', online: false, voltage: null },
    ]);
    // Minutes that are left until it is empty are not minutes until it is full.
    expect(power!.supplies[0]!.attributes).not.toHaveProperty('time_to_full_now');
  });

  test('is in a network by Wi-Fi', async () => {
    const { first, rates } = await momentsOf(m3Pro, m3ProLater);
    expect(first.wifi).toMatchObject([
      {
        device: 'en0',
        ssid: 'Büro – 電',
        signal: -55,
        frequency: 5.18e9,
        apple: { standard: '802.11ax', transmitRate: 108.25e6, width: 8e7 },
      },
    ]);
    expect(rates.network!.devices).toMatchObject([
      { device: 'lo0', receiveBytesPerSecond: 0 },
      { device: 'en0', receiveBytesPerSecond: 1e5, transmitBytesPerSecond: 2e4, receivePacketsPerSecond: 90 },
    ]);
    expect(rates.disk!.total).toMatchObject({ writeBytesPerSecond: 65_536, writesPerSecond: 2, readsPerSecond: 0, readLatency: null });
    expect(rates.disk!.total.writeLatency).toBeCloseTo(0.0005, 9);
  });

  test('memory as Activity Monitor counts it', async () => {
    const page = 16_384;
    expect((await momentOf(m3Pro)).memory).toMatchObject({
      ...{ total: 18 * 2 ** 30, used: 714_000 * page, cached: 294_000 * page, free: 112_000 * page },
      apple: { compressed: 168_000 * page, compressor: 70_000 * page, pressure: 'normal', swapIns: 30 },
    });
  });

  test('what it does not tell has a reason, and nothing of others is 0', async () => {
    const first = await momentOf(m3Pro);
    expectLacking(first, 'permission', ['protocols.tcp']);
    expectLacking(first, 'unsupported', ['gpu.memoryTotal', 'gpu.fanSpeed', 'thermal.apple.cpuLevel', 'energy.zones.enabled']);
    const others = Array.from({ length: 3 }, (_, row) => first.processes!.row(row));
    for (const { name, cpuUser, cpuSystem, rss, virtual, threads, footprint, readBytes, energy, minorFaults } of others)
      expect(new Set([cpuUser, cpuSystem, rss, virtual, threads, footprint, readBytes, energy, minorFaults]), name).toEqual(
        new Set([null]),
      );
    expect(first.gaps.find(({ field }) => field === 'processes.others')?.reason).toBe('permission');
  });
});
