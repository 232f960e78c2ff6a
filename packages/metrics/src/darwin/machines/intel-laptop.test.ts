import { describe, expect, test } from 'vitest';
import type { Gap } from '../../model/gap.ts';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { intelLaptop } from './intel-laptop.testing.ts';
import { expectLacking, momentOf, readingsOf } from './moments.testing.ts';

const GIB = 2 ** 30;
const reasonOf = (gaps: readonly Gap[], field: string): string | undefined => gaps.find((gap) => gap.field === field)?.reason;

describe.skipIf(noFakeDarwin !== null)('an Intel laptop that charges', () => {
  test('has its own page size, clock, and processor numbers, and no levels', async () => {
    const { processor, memory, processes, cpu, filesystem, gaps } = await momentOf(intelLaptop);
    expect(processor).toMatchObject({ vendor: 'GenuineIntel', family: '6', model: '158', stepping: '10', microcode: '244' });
    expect(processor).toMatchObject({ cores: 6, threads: 12, smtActive: true, performanceCores: null, levels: [] });
    expect(processor?.caches).toEqual([expect.objectContaining({ level: 3, size: 12 * 2 ** 20 })]);
    expect(reasonOf(gaps, 'processor.levels')).toBe('absent');
    expect(memory).toMatchObject({ used: (1_200_000 + 1_150_000 + 800_000 - 900_000) * 4096, swapTotal: 0, apple: { pressure: 'normal' } });
    expect(processes!.row(0)).toMatchObject({ cpuUser: 3, cpuSystem: 0.5, state: 'S', footprint: null, readBytes: null });
    expect(cpu?.cores).toHaveLength(12);
    expect(filesystem?.map(({ mountpoint }) => mountpoint)).toEqual(['/']);
  });

  test('its battery counts in mAh, and the adapter is known', async () => {
    const { power } = await momentOf(intelLaptop);
    expect(power).toMatchObject({ source: 'ac', charge: 0.5, timeToFull: 7200, timeToEmpty: null });
    const [battery, adapter] = power!.supplies;
    expect(battery).toMatchObject({ status: 'Charging', current: 2, power: 25, cycles: 312, manufacturer: 'SMP' });
    expect(battery!.health).toBeCloseTo(8000 / 8790, 12);
    // Minutes that are left until it is full are not minutes until it is empty.
    expect(battery!.attributes).not.toHaveProperty('time_to_empty_now');
    expect(adapter).toMatchObject({ type: 'Mains', online: true, model: '96W USB-C Power Adapter', attributes: { power_max: 96_000_000 } });
  });

  test('its processor has the frequency that it is sold for, and none of now', async () => {
    const snapshot = await momentOf(intelLaptop);
    expect(snapshot.frequency!.policies).toMatchObject([
      { cpus: Array.from({ length: 12 }, (_, cpu) => cpu), base: 2.6e9, hardwareMin: 8e8, hardwareMax: 2.6e9, current: null },
    ]);
    expect(snapshot.frequency).not.toHaveProperty('apple');
    expectLacking(snapshot, 'unsupported', [
      'energy',
      'frequency.policies.current',
      'frequency.policies.age',
      'frequency.policies.governor',
    ]);
    expect(snapshot.thermal!.apple).toEqual({ pressure: 'heavy', cpuLevel: 34 });
  });

  test('has the GPU of its processor and a card, and one that is switched off says nothing', async () => {
    const { gpu, gpuprocesses, gaps } = await momentOf(intelLaptop);
    expect(gpu).toMatchObject([
      { name: 'Intel UHD Graphics 630', vendor: 'intel', usage: 0.07, unified: true, memoryUsed: GIB / 4, memoryTotal: null, power: null },
      {
        ...{ name: 'AMD Radeon Pro 5300M', vendor: 'amd', usage: 0.63, unified: false, memoryTotal: 4 * GIB, memoryUsed: 2 * GIB },
        ...{
          temperature: 71,
          power: 38,
          frequency: 1.25e9,
          memoryFrequency: 1.5e9,
          fan: 0.35,
          fanSpeed: 2100,
          suspended: false,
          cores: null,
        },
      },
      { vendor: 'amd', suspended: true },
    ]);
    const { id, name, vendor, driver, suspended, states, ...rest } = gpu![2]!;
    expect([id, name, driver, suspended, states]).toEqual([
      ...['AMDRadeonX6000_AMDNavi14GraphicsAccelerator-2', 'AMD Radeon Pro 5300M', 'AMDRadeonX6000_AMDNavi14GraphicsAccelerator', true, []],
    ]);
    expect(new Set(Object.values(rest)), vendor!).toEqual(new Set([null]));
    expect(gaps.filter(({ reason }) => reason === 'suspended').map(({ field }) => field)).toContain('gpu.memoryUsed');
    expect(gpuprocesses).toEqual([]);
  });

  test('two fans, one of which somebody has set', async () => {
    const snapshot = await momentOf(intelLaptop);
    expect(snapshot.sensors!.chips.map(({ id }) => id)).toEqual(['smc']);
    expect(snapshot.sensors!.chips[0]!.fans).toMatchObject([
      { value: expect.closeTo(3596.94, 2), min: 1836, max: 5616, pwmMode: 'automatic' },
      { value: expect.closeTo(3351.55, 2), min: 1700, max: 5200, pwmMode: 'manual' },
    ]);
    expect(readingsOf(snapshot, 'voltages')).toEqual(['DC in 5.5']);
  });

  test('is in a network that it may not name', async () => {
    const snapshot = await momentOf(intelLaptop);
    expect(snapshot.wifi).toMatchObject([{ device: 'en0', signal: -55, apple: { standard: '802.11ac', transmitRate: 108.25e6 } }]);
    expectLacking(snapshot, 'permission', ['wifi.ssid', 'wifi.ssidHex', 'wifi.bssid']);
    expect(snapshot.interface!.map(({ device, operstate }) => [device, operstate])).toEqual([
      ['en5', 'up'],
      ['en1', 'down'],
      ['en0', 'up'],
    ]);
  });

  test('root sees the counters of TCP', async () => {
    const { protocols } = await momentOf(intelLaptop);
    expect(protocols!.tcp).toMatchObject({ activeOpens: 11, passiveOpens: 12, segmentsOut: 1583, segmentsRetransmitted: 17 });
  });
});
