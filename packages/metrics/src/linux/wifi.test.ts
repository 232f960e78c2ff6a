import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wifiGroups } from '../domain/wifi.ts';
import type { WifiReading } from '../domain/wifi.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { Field } from '../model/field.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { encodeAttributes } from './netlink/message.ts';
import type { AttributeToSend, NetlinkMessage } from './netlink/message.ts';
import type { NetlinkSocket } from './netlink/socket.ts';
import { askWifi } from './nl80211/ask.ts';
import { decodeInterface, decodeNetwork, decodeStation } from './nl80211/decode.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { tree as fixture } from './trees/wifi.testing.ts';
import { parseWireless, wifi } from './wifi.ts';

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes;
};
const message = (...attributes: AttributeToSend[]): NetlinkMessage => ({
  type: 30,
  flags: 2,
  sequence: 1,
  payload: Buffer.concat([Buffer.alloc(4), encodeAttributes(attributes)]),
});

const SSID = Buffer.from([0x24, 0x28, 0x69, 0x64, 0x29, 0xff, 0xfe]);
const BSSID = Buffer.from([0, 0x11, 0x22, 0x33, 0x44, 0x55]);
/** Elements of a beacon: rates, the name, something cut short. */
const beacon = (ssid: Buffer): Buffer => Buffer.concat([Buffer.from([1, 2, 0x82, 0x84, 0, ssid.length]), ssid, Buffer.from([48, 200, 1])]);

const interfaceMessage = message([1, word(0)], [3, word(5)], [4, Buffer.from('wlan0\0')], [5, word(2)], [38, word(2437)], [98, word(2050)]);
const networkMessage = (status?: number, elements: AttributeToSend = [6, beacon(SSID)]): NetlinkMessage =>
  message(
    [3, word(5)],
    [47, [[1, BSSID], [2, word(5180)], elements, [7, word(-5612)], ...(status === undefined ? [] : [[9, word(status)] as const])]],
  );
const stationMessage = message(
  [6, BSSID],
  [
    21,
    [
      [1, word(400)],
      [2, word(7)],
      [3, word(-1)],
      [24, Buffer.concat([word(9), word(2)])],
      [7, Buffer.from([0xcc])],
      [13, Buffer.from([0xcb])],
      [
        8,
        [
          [5, word(16_400)],
          [1, Buffer.from([0xff, 0xff])],
        ],
      ],
      [14, [[1, Buffer.from([0x00, 0x05])]]],
      [9, word(3)],
      [10, word(4)],
      [11, word(10)],
      [12, word(2)],
      [16, word(30)],
      [18, word(1)],
    ],
  ],
);

test('interfaces as linux/nl80211.h describes them; those without a name carry no traffic', () => {
  expect(decodeInterface(interfaceMessage)).toEqual({
    device: 'wlan0',
    index: 5,
    phy: 0,
    type: 'station',
    frequency: 2.437e9,
    transmitPower: 20.5,
    ssid: null,
    ssidHex: null,
  });
  expect(decodeInterface(message([3, word(5)], [4, Buffer.from('ap0\0')], [5, word(3)], [52, SSID]))).toMatchObject({
    type: 'ap',
    frequency: null,
    ssidHex: '2428696429fffe',
  });
  expect(decodeInterface(message([3, word(5)], [5, word(10)]))).toBeNull();
  expect(decodeInterface(message([3, word(5)], [4, Buffer.from('x\0')], [5, word(99)]))).toMatchObject({ type: '99' });
});

test('the network that was joined: names are any bytes, hidden ones have none, and those only heard are left out', () => {
  expect(decodeNetwork(networkMessage(1))).toEqual({
    bssid: '00:11:22:33:44:55',
    mode: 'client',
    signal: -56.12,
    frequency: 5.18e9,
    ssid: '$(id)\ufffd\ufffd',
    ssidHex: '2428696429fffe',
  });
  expect(decodeNetwork(networkMessage(2, [11, beacon(Buffer.alloc(4))]))).toMatchObject({ mode: 'ad-hoc', ssid: null, ssidHex: null });
  expect(decodeNetwork(networkMessage(1, [6, Buffer.from([0, 9, 0x61])]))).toMatchObject({ ssid: null });
  expect(decodeNetwork(networkMessage())).toBeNull();
  expect(decodeNetwork(networkMessage(3))).toBeNull();
});

test('a peer: wide counters where there are, signs of decibels, rates in bytes, of which node_exporter makes bits again', () => {
  const station = decodeStation(stationMessage)!;
  expect(station).toEqual({
    address: '00:11:22:33:44:55',
    signal: -52,
    signalAverage: -53,
    transmitRate: 205e6,
    receiveRate: 16e6,
    receiveBytes: 7,
    transmitBytes: 2 ** 33 + 9,
    receivePackets: 3,
    transmitPackets: 4,
    transmitRetries: 10,
    transmitFailures: 2,
    beaconLosses: 1,
    connected: 30,
    inactive: 0.4,
  });
  expect(decodeStation(message([6, BSSID], [21, [[2, word(-1)]]]))).toMatchObject({
    receiveBytes: 2 ** 32 - 1,
    signal: null,
    transmitRate: null,
  });
  expect(decodeStation(message([21, []]))).toBeNull();
  const fields = wifiGroups()[2]!.fields as unknown as readonly Field<typeof station>[];
  expect(fields.find(({ key }) => key === 'receiveRate')!.prometheus!.value!(station)).toBe(128e6);
});

test('any bytes give finite numbers, or nothing', () => {
  const mutated = fc
    .tuple(fc.constantFrom(interfaceMessage, networkMessage(1), stationMessage), fc.nat(200), fc.nat(255))
    .map(([{ payload }, at, byte]) => {
      const bytes = Buffer.from(payload);
      bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
      for (const decode of [decodeInterface, decodeNetwork, decodeStation]) {
        const row: object | null = decode({ type: 30, flags: 0, sequence: 0, payload: Buffer.from(bytes) });
        for (const value of Object.values(row ?? {})) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

/** A socket that answers from a table: to a command, messages or an error. */
function socketOf(answers: Readonly<Record<number, readonly NetlinkMessage[] | string>>): NetlinkSocket {
  return {
    descriptor: -1,
    dump() {
      throw new Error('Nobody asks for it.');
    },
    rows(_type, payload, decode) {
      const answer = answers[payload[0]!] ?? [];
      if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
      return answer.map(decode).filter((row) => row !== null);
    },
    request: () => message([1, Buffer.from([30, 0])]),
    receive: () => null,
    close: () => {},
  };
}

test('what an interface cannot be asked is empty; other faults are gaps, and the rest is there', () => {
  const gaps: Gap[] = [];
  const ask = (answers: Parameters<typeof socketOf>[0]): WifiReading[] => finish(askWifi(socketOf(answers), collectGaps(gaps)));
  const [connected] = ask({ 5: [interfaceMessage], 17: [stationMessage], 32: [networkMessage(), networkMessage(1)] });
  expect(connected).toMatchObject({ device: 'wlan0', frequency: 2.437e9, mode: 'client', signal: -56.12, stations: [{ signal: -52 }] });
  expect([...wifiGroups()[1]!.rows([connected!])]).toHaveLength(1);
  const [monitor] = ask({ 5: [interfaceMessage], 17: 'ENOTSUP', 32: [] });
  expect(monitor).toMatchObject({ stations: [], bssid: null, mode: null });
  expect([...wifiGroups()[1]!.rows([monitor!])]).toEqual([]);
  expect(gaps).toEqual([]);
  expect(ask({ 5: [interfaceMessage], 17: 'EPERM', 32: [] })).toHaveLength(1);
  expect(gaps).toMatchObject([{ field: 'wifi.wlan0', reason: 'permission' }]);
});

test('the old file has the signal, where it is one', () => {
  const tree = createTree(fixture);
  const reader = wifi.open(tree.host);
  const rows = finish(reader.read(collectGaps([])) as Sliced<readonly WifiReading[]>);
  reader.close();
  tree.remove();
  expect(rows.map(({ device, signal, type }) => [device, signal, type])).toEqual([
    ['wlan8', -56, null],
    ['wlan9', null, null],
  ]);
  expect(parseWireless(new ByteCursor().reset(bytesOf('a\nb\n wlan0: 0 1. -256. 0\n')))).toMatchObject([{ signal: null }]);
});

test.runIf(process.platform === 'linux')('this machine: no radio is no fault', () => {
  const gaps: Gap[] = [];
  const reader = wifi.open(openHost());
  const rows = finish(reader.read(collectGaps(gaps)) as Sliced<readonly WifiReading[]>);
  reader.close();
  expect(gaps).toEqual([]);
  for (const row of rows) expect(row.device).not.toBe('');
});
