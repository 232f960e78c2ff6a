import { describe, expect, test } from 'vitest';
import { answering, fixture, refusalOf } from './fixture.testing.ts';
import { smartFromProfiler, wifiFromProfiler } from './readings/profile.ts';
import { parseSystemProfiler, readSystemProfiler } from './system-profiler.ts';
import type { SystemProfile } from './system-profiler.ts';

const M2 = fixture('system-profiler-m2.json');
const hardware = (row: unknown): SystemProfile['hardware'] => parseSystemProfiler(JSON.stringify({ SPHardwareDataType: [row] })).hardware;
const wireless = (network: unknown): SystemProfile['wireless'][number] =>
  parseSystemProfiler(
    JSON.stringify({
      SPAirPortDataType: [{ spairport_airport_interfaces: [{ _name: 'en0', spairport_current_network_information: network }] }],
    }),
  ).wireless[0]!;

test.each([
  ['nothing', '', 'answered nothing'],
  ['a cut answer', M2.slice(0, 700), 'no whole JSON'],
  ['a list', '[]', 'no object'],
  ['words', 'system_profiler: no', 'no whole JSON'],
])('%s is refused', async (_, text, what) => {
  const { code, message } = await refusalOf(() => parseSystemProfiler(text));
  expect(code).toBe('FAILED');
  expect(message).toContain(what);
});

test.each(['{}', '{"SPHardwareDataType": [], "SPPowerDataType": 5, "SPAirPortDataType": [null], "SPNVMeDataType": [{"_items": "x"}]}'])(
  'parts that are not there are null or none (%#)',
  (text) => {
    expect(parseSystemProfiler(text)).toEqual({ hardware: null, power: null, gpus: [], volumes: [], drives: [], wireless: [] });
  },
);

test('it asks for the parts that are wanted, each with its time', async () => {
  const { host, asked, options } = answering({ stdout: M2 });
  await readSystemProfiler(host, ['SPHardwareDataType', 'SPAirPortDataType']);
  expect(asked).toEqual([['/usr/sbin/system_profiler', '-json', 'SPHardwareDataType', 'SPAirPortDataType']]);
  expect(options[0]!.timeout).toBe(45);
});

describe('Apple silicon', () => {
  const profile = parseSystemProfiler(M2);

  test('hardware, battery, graphics', () => {
    expect(profile.hardware).toEqual({
      ...{ name: 'MacBook Pro', model: 'Mac14,9', processor: 'Apple M2 Pro', memory: 16 * 2 ** 30 },
      cores: { total: 10, strongest: 6, efficiency: 4, middle: null },
    });
    expect(profile.power).toEqual({
      ...{ health: 0.96, cycles: 87, condition: 'Good', charge: 0.83, isCharging: true, isFull: false, deviceName: 'bq40z651' },
      ...{ manufacturer: 'EXAMPLE', isAdapterConnected: true, adapterPower: 96 },
    });
    expect(profile.gpus).toEqual([
      {
        ...{ name: 'Apple M2 Pro', vendor: 'Apple', cores: 16, memory: null, metal: 'metal4', bus: 'builtin' },
        displays: ['Color LCD', 'EXAMPLE 27'],
      },
    ]);
  });

  test('volumes and drives', () => {
    expect(profile.volumes[0]).toMatchObject({
      device: 'disk3s1s1',
      mountpoint: '/',
      free: 215_157_305_344,
      isWritable: false,
      isInternal: true,
    });
    expect(profile.drives).toMatchObject([
      { device: 'disk0', firmware: '532.140', passed: true, trim: true, lanes: null, laneRate: null },
      { device: 'disk6', passed: false, trim: false, lanes: 4, laneRate: 8e9, size: 1_000_204_886_016 },
    ]);
    const [apple, other] = smartFromProfiler([...profile.drives, { ...profile.drives[0]!, device: null }], 1000);
    expect(apple).toMatchObject({
      health: 'good',
      passed: true,
      capacity: 500_277_792_768,
      temperature: null,
      linkSpeed: null,
      readAt: 1000,
    });
    expect(other).toMatchObject({ health: 'failing', reasons: ['The disk says that it fails.'] });
    expect(other!.linkSpeed).toBeCloseTo((4 * 8e9 * 128) / 130 / 8, 0);
    expect(smartFromProfiler([{ ...profile.drives[0]!, passed: null }], 0)[0]!.health).toBe('unknown');
  });

  test('a hidden network is one without a name', () => {
    expect(profile.wireless).toEqual([
      {
        ...{
          device: 'en0',
          isConnected: true,
          ssid: null,
          bssid: null,
          channel: 44,
          frequency: 5220e6,
          width: 80e6,
          signal: -45,
          noise: -91,
        },
        ...{ transmitRate: 108e6, standard: '802.11ax', security: 'wpa2_personal' },
      },
    ]);
    expect(wifiFromProfiler(profile.wireless)).toEqual([
      {
        ...{ device: 'en0', index: null, phy: null, type: 'station', frequency: 5220e6, transmitPower: null, ssid: null, ssidHex: null },
        ...{ bssid: null, mode: 'client', signal: -45, stations: [] },
        apple: {
          ...{ on: true, noise: -91, transmitRate: 108e6, channel: 44, width: 80e6 },
          ...{ standard: '802.11ax', security: 'wpa2-personal', country: null },
        },
      },
    ]);
  });

  test.each([
    ['proc 18:6:0:12', { total: 18, strongest: 6, efficiency: 0, middle: 12 }],
    ['proc 10', { total: null, strongest: null, efficiency: null, middle: null }],
    ['ten', { total: null, strongest: null, efficiency: null, middle: null }],
  ])('cores: %s', (text, cores) => {
    expect(hardware({ number_processors: text })!.cores).toEqual(cores);
  });
});

describe('Intel', () => {
  const profile = parseSystemProfiler(fixture('system-profiler-intel.json'));

  test('hardware, battery, both graphics', () => {
    expect(profile.hardware).toMatchObject({ processor: '8-Core Intel Core i9', cores: { total: 8, strongest: null } });
    expect(profile.power).toMatchObject({
      charge: 0.5,
      cycles: 312,
      health: null,
      condition: 'Service Recommended',
      isAdapterConnected: false,
    });
    expect(profile.gpus).toMatchObject([
      { name: 'Intel UHD Graphics 630', vendor: 'Intel', memory: 1536 * 2 ** 20, metal: 'metal2', cores: null },
      { name: 'AMD Radeon Pro 5500M', vendor: 'amd', memory: 8 * 2 ** 30, bus: 'pcie_device', metal: null },
    ]);
  });

  test('a network with its name, without a status', () => {
    const [wifi] = wifiFromProfiler(profile.wireless);
    expect(wifi).toMatchObject({ ssid: 'Office', ssidHex: '4f6666696365', frequency: 2462e6, mode: 'client', signal: -63 });
    expect(wifi!.stations).toEqual([expect.objectContaining({ address: '02:00:5e:00:00:09', transmitRate: 18e6, connected: null })]);
  });
});

describe('channels', () => {
  test.each([
    ['6 (2GHz, 20MHz)', 2437e6, 20e6],
    ['14', 2484e6, null],
    ['36 (5GHz, 160MHz)', 5180e6, 160e6],
    ['37 (6GHz, 320MHz)', 6135e6, 320e6],
    ['5 (6GHz)', 5975e6, null],
    ['2 (6GHz, 20MHz)', 5935e6, 20e6],
    ['auto', null, null],
    ['0', null, null],
  ])('%s', (channel, frequency, width) => {
    expect(wireless({ spairport_network_channel: channel })).toMatchObject({ frequency, width });
  });

  test('strengths that are none', () => {
    expect(wireless({ spairport_signal_noise: '0 dBm / 0 dBm' })).toMatchObject({ signal: null, noise: null });
    expect(wireless({ spairport_signal_noise: '-45 dBm' })).toMatchObject({ signal: -45, noise: null });
    expect(wireless({ spairport_signal_noise: 5 })).toMatchObject({ signal: null, noise: null, isConnected: true });
  });
});
