import { describe, expect, test } from 'vitest';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { m4Mini, m4MiniLater } from './m4-mini.testing.ts';
import { expectLacking, meansOf, momentOf, momentsOf, processAt, readingsOf, wattsOf } from './moments.testing.ts';

const GIB = 2 ** 30;

describe.skipIf(noFakeDarwin !== null)('a Mac mini with M4 that does nothing', () => {
  test('six efficiency cores and four performance cores, which sleep', async () => {
    const moments = await momentsOf(m4Mini, m4MiniLater);
    expect(moments.first.host).toMatchObject({ osName: 'macOS 15.7', cpuModel: 'Apple M4', uptime: 604_799.75 });
    expect(moments.first.processor!.cpus.map(({ type }) => type?.[0]).join('')).toBe('eeeeeepppp');
    expect(moments.first.frequency!.policies.map(({ hardwareMin, hardwareMax }) => [hardwareMin, hardwareMax])).toEqual([
      [1020e6, 2892e6],
      [1260e6, 4464e6],
    ]);
    expect(meansOf(moments)).toEqual([1020e6, null]);
    expect(moments.rates.frequency!.channels!.slice(0, 2)).toMatchObject([{ active: 0.125 }, { active: 0, frequency: null }]);
    expect(moments.rates.cpu).toMatchObject({ user: 0, system: expect.closeTo(0.05, 9), idle: expect.closeTo(0.95, 9) });
  });

  test('watts: a GPU and a neural engine that took nothing are 0, because their counters are there', async () => {
    const moments = await momentsOf(m4Mini, m4MiniLater);
    expect(wattsOf(moments)).toEqual({ package: 0.5, cpu: 0.5, cluster: 0.5, gpu: 0, ane: 0, dram: 0.25, 'gpu-sram': 0 });
    // It was off all the time: busy for no part of it, at no frequency.
    expect(moments.rates.gpu).toMatchObject([{ id: 'AGXAcceleratorG16G', active: 0, frequency: null }]);
    expect(moments.rates.gpuprocesses).toMatchObject([{ usage: 0 }]);
    expect(processAt(moments, 620)).toMatchObject({ cpu: 0, power: 0, row: { name: 'backup', energy: 40 } });
  });

  test('one fan, and no battery', async () => {
    const first = await momentOf(m4Mini);
    expect(first.sensors!.chips[0]!.fans).toMatchObject([{ value: 1002.5, min: 1000, max: 4900, target: 1000, pwmMode: 'automatic' }]);
    expect(readingsOf(first, 'temperatures')).toEqual([
      ...['CPU average 38.84375', 'CPU hottest 55.828125', 'SSD 0 21.3125', 'SSD 0 21.3125', 'Wi-Fi 22.125'],
      ...['GPU Tg0C 25.25', 'GPU Tg0D 30.5625', 'GPU Tg0G 25.0625', 'GPU Tg0H 30.375'],
    ]);
    expect(readingsOf(first, 'powers')).toEqual(['DC in 9.5', 'System 7.25']);
    expect(first.power).toMatchObject({ source: 'ac', batteries: [], supplies: [], charge: null, energy: null, power: null });
  });

  test('is short of memory', async () => {
    const page = 16_384;
    expect((await momentOf(m4Mini)).memory).toMatchObject({
      ...{ used: 612_000 * page, cached: 252_000 * page, free: 16_000 * page, swapTotal: GIB, swapFree: 0.75 * GIB, swapUsed: 0.25 * GIB },
      apple: { pressure: 'critical', swapIns: 9000, swapOuts: 21_000 },
    });
  });

  test('is wired', async () => {
    const { first, rates } = await momentsOf(m4Mini, m4MiniLater);
    expect(first.interface).toMatchObject([
      { device: 'lo0' },
      { device: 'en0', carrier: true, speed: 125e6 },
      { device: 'en1', speed: null },
    ]);
    expect(rates.network!.total).toMatchObject({ receiveBytesPerSecond: 1000 });
    expect(first.wifi).toMatchObject([{ device: 'en1', ssid: null, signal: null, stations: [] }]);
    // Nothing was read and nothing written: no operation has a size or a latency.
    expect(rates.disk!.total).toMatchObject({
      readsPerSecond: 0,
      writesPerSecond: 0,
      readLatency: null,
      writeLatency: null,
      readSize: null,
    });
  });

  test('what it does not tell has a reason', async () => {
    const first = await momentOf(m4Mini);
    expectLacking(first, 'permission', ['protocols.tcp']);
    expectLacking(first, 'unsupported', ['gpu.memoryTotal', 'gpu.fan', 'thermal.apple.cpuLevel', 'cpu.forks', 'network.transmitCarrier']);
    // Nobody asks a desktop for more than it has: no gap of a battery.
    expect(first.gaps.filter(({ field }) => field.startsWith('power'))).toEqual([]);
  });
});
