import { describe, expect, test } from 'vitest';
import type { Gap } from '../../model/gap.ts';
import { openMachineOf } from '../../machine.ts';
import { channelFrequency } from '../../domain/wifi-channel.ts';
import type { WifiReading } from '../../domain/wifi.ts';
import { CORE_WLAN_PATH } from '../binding/core-wlan.ts';
import { openDarwin } from '../binding/darwin.ts';
import { readCfValue } from '../core-foundation/value.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { double, idleWlan, joinedWlan, NIL, wifiOf } from '../fake/wifi.testing.ts';
import type { FakeWlan } from '../fake/wifi.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { withPool } from '../objective-c/message.ts';
import { wifi } from '../wifi.ts';
import { mapWlanInterfaces } from './interfaces.ts';

async function read(fake: FakeDarwin): Promise<{ reading: readonly WifiReading[] | null; gaps: readonly Gap[] }> {
  using machine = openMachineOf([wifi], fake.host);
  const { wifi: reading, gaps } = await machine.snapshot();
  return { reading, gaps };
}

const machineOf = (...interfaces: readonly FakeWlan[]): FakeDarwin => openFakeDarwin(merge(m1Laptop, wifiOf(interfaces)));
const reasonOf = (gaps: readonly Gap[], field: string): string | undefined => gaps.find((gap) => gap.field === field)?.reason;

test('the middle of each channel, by its band', () => {
  const megahertz = (channel: number, band: number | null): number | null => {
    const hertz = channelFrequency(channel, band);
    return hertz === null ? null : hertz / 1e6;
  };
  expect([1, 6, 13, 14, 15].map((channel) => megahertz(channel, 2))).toEqual([2412, 2437, 2472, 2484, null]);
  expect([36, 100, 165, 201].map((channel) => megahertz(channel, 5))).toEqual([5180, 5500, 5825, null]);
  expect([1, 2, 5, 93, 233, 234].map((channel) => megahertz(channel, 6))).toEqual([5955, 5935, 5975, 6415, 7115, null]);
  expect([11, 36, 0, -1, 1.5].map((channel) => megahertz(channel, null))).toEqual([2462, 5180, null, null, null]);
  expect(megahertz(1, 60)).toBeNull();
});

describe.skipIf(noFakeDarwin !== null)('Wi-Fi of macOS', () => {
  test('an interface in a network, and one in none', async () => {
    const fake = machineOf(joinedWlan, idleWlan);
    const { reading, gaps } = await read(fake);
    expect(reading).toEqual([
      {
        ...{ device: 'en0', index: null, phy: null, type: 'station', frequency: 5_180_000_000, transmitPower: 20 },
        ...{
          ssid: 'Büro – 電',
          ssidHex: Buffer.from('Büro – 電').toString('hex'),
          bssid: 'f4:92:bf:00:11:22',
          mode: 'client',
          signal: -55,
        },
        stations: [expect.objectContaining({ address: 'f4:92:bf:00:11:22', signal: -55, transmitRate: 108_250_000, connected: null })],
        apple: {
          ...{ on: true, noise: -93, transmitRate: 108_250_000, channel: 36, width: 80_000_000 },
          ...{ standard: '802.11ax', security: 'wpa2-personal', country: 'DE' },
        },
      },
      {
        ...{ device: 'en1', index: null, phy: null, type: null, frequency: null, transmitPower: null, ssid: null, ssidHex: null },
        ...{ bssid: null, mode: null, signal: null, stations: [] },
        apple: { on: true, noise: null, transmitRate: null, channel: null, width: null, standard: null, security: null, country: null },
      },
    ]);
    expect(reasonOf(gaps, 'wifi.ssid')).toBeUndefined();
    fake.expectClean();
  });

  test('without Location Services the network has no name, and its strength is known all the same', async () => {
    const { reading, gaps } = await read(machineOf({ ...joinedWlan, ssidData: NIL, bssid: NIL, security: 2 ** 53 }));
    expect(reading).toMatchObject([
      { ssid: null, bssid: null, signal: -55, stations: [], apple: { security: null, transmitRate: 108_250_000 } },
    ]);
    for (const field of ['wifi.ssid', 'wifi.bssid', 'wifi.apple.security'])
      expect(gaps.find((gap) => gap.field === field)).toMatchObject({ reason: 'permission', detail: expect.stringContaining('Location') });
  });

  test('a hotspot, a channel of 6 GHz, a radio that is off, and numbers of a newer system', async () => {
    const hotspot = { ...joinedWlan, interfaceMode: 3, wlanChannel: { channelNumber: 5, channelBand: 3, channelWidth: 4 } };
    const adHoc = {
      ...joinedWlan,
      interfaceName: 'en1',
      interfaceMode: 2,
      wlanChannel: { channelNumber: 6, channelBand: 1, channelWidth: 1 },
    };
    const newer = { channelNumber: 7, channelBand: 9, channelWidth: 9 };
    const off = { ...idleWlan, interfaceName: 'en2', powerOn: false };
    const unknown = { ...joinedWlan, interfaceName: 'en3', interfaceMode: 9, activePHYMode: 99, wlanChannel: newer };
    const { reading } = await read(machineOf(hotspot, adHoc, off, unknown));
    expect(reading).toMatchObject([
      { type: 'ap', frequency: 5_975_000_000, apple: { width: 160_000_000 } },
      { type: 'ad-hoc', mode: 'ad-hoc', frequency: 2_437_000_000, apple: { width: 20_000_000 } },
      { apple: { on: false } },
      { type: null, apple: { standard: null, width: null, channel: 7 } },
    ]);
  });

  test('a method that this macOS lacks is a gap, and is never called', async () => {
    const { noiseMeasurement: _noise, wlanChannel: _channel, ssidData: _name, ...rest } = joinedWlan;
    const fake = machineOf({ ...rest, transmitRate: double(6.5) });
    const { reading, gaps } = await read(fake);
    expect(reading).toMatchObject([{ frequency: null, ssid: null, apple: { noise: null, channel: null, transmitRate: 812_500 } }]);
    for (const field of ['wifi.apple.noise', 'wifi.frequency', 'wifi.apple.width', 'wifi.ssid'])
      expect(reasonOf(gaps, field)).toBe('unsupported');
    fake.expectClean();
  });

  test('a Mac without Wi-Fi has no interface; without CoreWLAN, or its class, it says so', async () => {
    const none = machineOf();
    expect((await read(none)).reading).toEqual([]);
    none.expectClean();
    const nobody = openFakeDarwin(merge(m1Laptop, { trees: { CWWiFiClient: { sharedWiFiClient: NIL } } }));
    expect((await read(nobody)).reading).toEqual([]);
    nobody.expectClean();
    const nothing = openFakeDarwin(merge(m1Laptop, { trees: { CWWiFiClient: { sharedWiFiClient: { interfaces: NIL } } } }));
    expect((await read(nothing)).reading).toEqual([]);
    nothing.expectClean();
    const { CWWiFiClient: _client, ...trees } = m1Laptop.trees!;
    const classless = openFakeDarwin({ ...m1Laptop, trees });
    expect((await read(classless)).gaps).toContainEqual(
      expect.objectContaining({ field: 'wifi', reason: 'unsupported', detail: expect.stringContaining('CWWiFiClient') }),
    );
    classless.expectClean();
    const bare = machineOf(joinedWlan);
    const load = (path: string) => (path === CORE_WLAN_PATH ? null : bare.libraries.load(path));
    const host = { ...bare.host, libraries: () => ({ ...bare.libraries, load }) };
    expect((await read({ ...bare, host })).gaps).toContainEqual(
      expect.objectContaining({ field: 'wifi', reason: 'unsupported', detail: expect.stringContaining('CoreWLAN') }),
    );
    bare.expectClean();
  });

  test('an interface without a name is left out', async () => {
    const { reading, gaps } = await read(machineOf({ ...joinedWlan, interfaceName: NIL }, idleWlan));
    expect(reading?.map(({ device }) => device)).toEqual(['en1']);
    expect(reasonOf(gaps, 'wifi.ssid')).toBeUndefined();
  });

  test('the pool is closed when the work fails, and nothing outlives it', () => {
    const fake = machineOf(joinedWlan);
    const darwin = openDarwin(fake.host);
    expect(() =>
      mapWlanInterfaces(darwin, () => {
        throw new Error('enough');
      }),
    ).toThrow('enough');
    fake.expectClean();
    const [kept] = mapWlanInterfaces(darwin, (wlan) => wlan.send('interfaceName'));
    expect(readCfValue(darwin, kept!)).toBeNull();
    expect(fake.faults()).toContain('used after its release');
  });

  test('the stand-in sees what is done wrongly', () => {
    const { objectiveC } = openDarwin(machineOf(joinedWlan).host);
    const seen = (act: () => void): string => {
      const fake = machineOf(joinedWlan);
      act();
      const faults = fake.faults();
      if (fake.report().pools > 0) return `${faults}pool`;
      return faults;
    };
    const shared = (): bigint =>
      objectiveC.sendForObject(objectiveC.objc_getClass('CWWiFiClient'), objectiveC.sel_registerName('sharedWiFiClient'));
    expect(seen(() => void shared())).toContain('no pool is open');
    expect(seen(() => void objectiveC.objc_autoreleasePoolPush())).toBe('pool');
    expect(seen(() => objectiveC.objc_autoreleasePoolPop(5n))).toContain('not the pool that was opened last');
    expect(seen(() => void objectiveC.sendForObject(0n, objectiveC.sel_registerName('interfaces')))).toContain('sent to nil');
    expect(seen(() => void objectiveC.sendForObject(objectiveC.objc_getClass('CWWiFiClient'), 64n))).toContain('no selector');
    expect(
      seen(() => void objectiveC.sendForInteger(objectiveC.objc_getClass('CWWiFiClient'), objectiveC.sel_registerName('hash'))),
    ).toContain('nobody understands');
  });

  test('what a method gives comes in the register of its shape only', () => {
    const fake = machineOf(joinedWlan);
    const darwin = openDarwin(fake.host);
    const { objectiveC, coreFoundation } = darwin;
    withPool(darwin, () => {
      const to = (receiver: bigint, selector: string): [bigint, bigint] => [receiver, objectiveC.sel_registerName(selector)];
      const client = objectiveC.sendForObject(...to(objectiveC.objc_getClass('CWWiFiClient'), 'sharedWiFiClient'));
      const wlan = coreFoundation.CFArrayGetValueAtIndex(objectiveC.sendForObject(...to(client, 'interfaces')), 0);
      expect(objectiveC.sendForNumber(...to(wlan, 'rssiValue'))).toBeNaN();
      expect(objectiveC.sendForInteger(...to(wlan, 'transmitRate'))).not.toBe(866);
      expect(objectiveC.sendForInteger(...to(wlan, 'powerOn'))).not.toBe(1);
      expect(objectiveC.sendForBoolean(...to(wlan, 'powerOn'))).toBe(1);
    });
    fake.expectClean();
  });
});
