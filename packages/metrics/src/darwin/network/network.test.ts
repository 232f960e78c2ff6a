import { describe, expect, test } from 'vitest';
import { networksRates } from '../../domain/network.ts';
import type { NetworkReading } from '../../domain/network.ts';
import { openMachineOf } from '../../machine.ts';
import { constant } from '../fake/abi.testing.ts';
import { interfaceMessage, networkOf } from '../fake/network.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { network } from '../network.ts';
import { parseInterfaceList } from './interface-list.ts';

const ETHERNET = constant('IFT_ETHER');
const message = (name: string, index: number): Buffer =>
  interfaceMessage({ name, index, type: ETHERNET, counters: { ifi_ibytes: 2n ** 40n }, queueDrops: 9 });

test('a list that is cut is an error; messages of other kinds and without a name are passed over', () => {
  const whole = Buffer.concat([message('en0', 4), message('bridge100', 20)]);
  expect(parseInterfaceList(whole).map(({ name, index, type, transmitDrops }) => [name, index, type, transmitDrops])).toEqual([
    ['en0', 4, ETHERNET, 9],
    ['bridge100', 20, ETHERNET, 9],
  ]);
  expect(parseInterfaceList(Buffer.alloc(0))).toEqual([]);
  for (const length of [2, 3, 100, whole.length - 1]) expect(() => parseInterfaceList(whole.subarray(0, length))).toThrow('cut after');
  expect(() => parseInterfaceList(Buffer.alloc(40))).toThrow('cut after 0 bytes');
  const nameless = message('en0', 4);
  nameless.writeInt32LE(0, 4);
  const other = message('en0', 4);
  other.writeUInt8(0x0c, 3);
  const lying = message('en0', 4);
  lying.writeUInt8(200, 165);
  const short = message('en0', 4).subarray(0, 6);
  short.writeUInt16LE(6, 0);
  expect(parseInterfaceList(Buffer.concat([nameless, other, lying, short]))).toEqual([]);
});

test('drops of one direction are not all of them: the rate is unknown, and so is a sum of what nobody knows', () => {
  const row = (device: string, bytes: number, receiveDrops: number | null): NetworkReading => ({
    ...{ device, index: null, physical: true, receiveBytes: bytes, receivePackets: 0, receiveErrors: 0, receiveDrops, receiveFifo: null },
    ...{ receiveFrame: null, receiveCompressed: null, receiveMulticast: null, transmitBytes: bytes, transmitPackets: 0, transmitErrors: 0 },
    ...{ transmitDrops: bytes, transmitFifo: null, transmitCollisions: null, transmitCarrier: null, transmitCompressed: null },
  });
  const unknown = networksRates([row('en0', 1, null)], [row('en0', 5, null)], 2);
  expect(unknown.devices).toMatchObject([{ receiveBytesPerSecond: 2, errorsPerSecond: 0, dropsPerSecond: null }]);
  expect(unknown.total).toMatchObject({ receiveBytesPerSecond: 2, dropsPerSecond: null });
  const known = networksRates([row('en0', 1, 10)], [row('en0', 5, 30)], 2);
  expect(known.total.dropsPerSecond).toBe(12);
  // A tier that tells more than the one before.
  expect(networksRates([row('en0', 1, null)], [row('en0', 5, 30)], 2).total.dropsPerSecond).toBeNull();
});

describe.skipIf(noFakeDarwin !== null)('the network collector of macOS', () => {
  test('beyond 4 GiB and between whole KiB counters are exact; where they are refused a note says so', () => {
    const at = (bytes: bigint): ReturnType<typeof networkOf> =>
      networkOf([
        { name: 'en0', index: 4, type: ETHERNET, counters: { ifi_ibytes: bytes, ifi_obytes: bytes } },
        { name: 'en5', index: 9, type: ETHERNET, counters: { ifi_ibytes: bytes }, exact: 'refused' },
      ]);
    const fake = openFakeDarwin(merge(m1Laptop, at(5_000_000_000n)));
    using machine = openMachineOf([network], fake.host);
    const before = machine.network().value!;
    fake.change(at(5_000_000_777n));
    const after = machine.network().value!;
    const { devices, total } = networksRates(before, after, 1);
    expect(devices.map(({ receiveBytesPerSecond }) => receiveBytesPerSecond)).toEqual([777, 1024]);
    expect(total.transmitBytesPerSecond).toBe(777);
    const reader = network.open(fake.host);
    expect(reader.notes!()).toEqual([]);
    void reader.read({ add: () => {}, addError: () => {} });
    expect(reader.notes!()).toEqual([expect.stringContaining('en5')]);
    fake.expectClean();
  });
});
