import { describe, expect, test } from 'vitest';
import type { InterfaceReading } from '../../domain/interface.ts';
import { openMachineOf } from '../../machine.ts';
import type { Gap } from '../../model/gap.ts';
import { constant } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { message, networkOf, socketAddress, socketMask } from '../fake/network.testing.ts';
import { interfaces } from '../interface.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { parseAddressList } from './address-list.ts';
import { formatIp, parseHardwareAddress, parseIpAddress, prefixLengthOf, scopeOf } from './socket-address.ts';

const address = (text: string, mask: Buffer | null, other?: string): Buffer =>
  message(
    'ifa_msghdr',
    'ifam',
    { ifam_type: constant('RTM_NEWADDR'), ifam_index: 7 },
    {
      ...(mask ? { RTA_NETMASK: mask } : {}),
      RTA_IFA: socketAddress(text, 7),
      ...(other === undefined ? {} : { RTA_BRD: socketAddress(other) }),
    },
  );
const parse = (list: Buffer, isPointToPoint = false) => parseAddressList(list, () => isPointToPoint);

describe('addresses in the list of interfaces', () => {
  test('with broadcast or the other end, and the scope of each', () => {
    const list = Buffer.concat([
      address('10.1.2.3', socketMask(20, 'ipv4'), '10.1.15.255'),
      address('127.0.0.1', socketMask(8, 'ipv4')),
      address('169.254.9.9', socketMask(16, 'ipv4')),
      address('fe80::1', socketMask(64, 'ipv6')),
      address('fec0::1', socketMask(64, 'ipv6')),
      address('::1', socketMask(128, 'ipv6')),
      address('2001:db8::7', socketMask(0, 'ipv6')),
    ]);
    expect(
      parse(list).map(({ index, address: one }) => [index, one.address, one.prefixLength, one.scope, one.broadcast, one.peer]),
    ).toEqual([
      [7, '10.1.2.3', 20, 'global', '10.1.15.255', null],
      [7, '127.0.0.1', 8, 'host', null, null],
      [7, '169.254.9.9', 16, 'link', null, null],
      [7, 'fe80::1', 64, 'link', null, null],
      [7, 'fec0::1', 64, 'site', null, null],
      [7, '::1', 128, 'host', null, null],
      [7, '2001:db8::7', 0, 'global', null, null],
    ]);
    expect(parse(address('10.8.0.2', socketMask(32, 'ipv4'), '10.8.0.1'), true)).toMatchObject([
      { address: { prefixLength: 32, broadcast: null, peer: '10.8.0.1' } },
    ]);
  });

  test('what is not whole, or of another kind, is left out; a list that is cut is an error', () => {
    const one = address('10.1.2.3', socketMask(24, 'ipv4'));
    expect(parse(address('10.1.2.3', null))).toEqual([]);
    for (const length of [1, 3, 19, one.length - 1]) expect(() => parse(one.subarray(0, length))).toThrow('cut after');
    const short = Buffer.from(one);
    short.writeUInt16LE(one.length - 8, 0);
    expect(() => parse(short)).toThrow('cut after');
    expect(parse(Buffer.concat([short.subarray(0, one.length - 8)]))).toEqual([]);
    const header = message('ifa_msghdr', 'ifam', { ifam_type: constant('RTM_NEWADDR') }, {});
    header.writeUInt16LE(12, 0);
    expect(parse(header.subarray(0, 12))).toEqual([]);
    const other = Buffer.from(one);
    other.writeUInt8(constant('RTM_NEWMADDR2'), 3);
    expect(parse(other)).toEqual([]);
  });

  test('masks, from none to all of it, and bytes behind that do not count', () => {
    for (let length = 0; length <= 32; length++) expect(prefixLengthOf(socketMask(length, 'ipv4'), 'ipv4')).toBe(length);
    for (const length of [1, 63, 64, 65, 128]) expect(prefixLengthOf(socketMask(length, 'ipv6'), 'ipv6')).toBe(length);
    expect(prefixLengthOf(undefined, 'ipv4')).toBeNull();
    expect(prefixLengthOf(Buffer.from([8, 0, 0, 0, 255, 0, 255, 0]), 'ipv4')).toBe(8);
  });

  test('addresses that are cut, of other families or without bytes are none', () => {
    expect(parseIpAddress(undefined)).toBeNull();
    expect(parseIpAddress(Buffer.alloc(1))).toBeNull();
    expect(parseIpAddress(Buffer.from([16, constant('AF_UNIX'), 0, 0, 1, 2, 3, 4]))).toBeNull();
    expect(parseIpAddress(socketAddress('10.0.0.1').subarray(0, 7))).toBeNull();
    const global = parseIpAddress(socketAddress('2001:db8:17::20'))!;
    expect([formatIp(global), scopeOf(global)]).toEqual(['2001:db8:17::20', 'global']);
    expect(parseHardwareAddress(Buffer.from([20, constant('AF_LINK'), 0, 0, 6, 3, 6, 0, 1, 2, 3, 4]))).toBeNull();
    expect(parseHardwareAddress(Buffer.from([8, constant('AF_INET'), 0, 0, 6, 0, 0, 0]))).toBeNull();
    expect(parseHardwareAddress(Buffer.alloc(3))).toBeNull();
  });
});

describe.skipIf(noFakeDarwin !== null)('the interface collector of macOS', () => {
  const read = async (machine: Parameters<typeof openFakeDarwin>[0]) => {
    const fake = openFakeDarwin(machine);
    using opened = openMachineOf([interfaces], fake.host);
    const { interface: reading, gaps } = await opened.snapshot();
    fake.expectClean();
    return { reading: reading as readonly InterfaceReading[], gaps: gaps as readonly Gap[] };
  };

  test('an M1 laptop: loopback, Wi-Fi, what is down, a tunnel', async () => {
    const { reading } = await read(m1Laptop);
    expect(reading.map(({ device, operstate, up, adminState, carrier }) => [device, operstate, up, adminState, carrier])).toEqual([
      ['lo0', 'unknown', true, 'up', null],
      ['en0', 'up', true, 'up', true],
      ['awdl0', 'down', false, 'down', null],
      ['utun0', 'unknown', true, 'up', null],
    ]);
    const [lo0, en0, awdl0, utun0] = reading;
    expect(lo0).toMatchObject({ mtu: 16_384, address: '', speed: null, addresses: ['127.0.0.1/8', '::1/128', 'fe80::1/64'] });
    expect(en0).toMatchObject({
      index: 12,
      mtu: 1500,
      address: 'a4:83:e7:00:11:22',
      duplex: null,
      receiveNoHandler: 8,
      transmitQueueLength: 128,
    });
    expect(en0!.addresses).toEqual(['192.168.1.20/24', 'fe80::1c2a:aabb:cc00:1122/64', '2001:db8:17::20/64']);
    expect(en0!.internetAddresses![0]).toMatchObject({ family: 'ipv4', broadcast: '192.168.1.255', peer: null, flags: null });
    expect(awdl0!.addresses).toEqual([]);
    expect(utun0!.internetAddresses).toMatchObject([{ address: '10.8.0.2', prefixLength: 32, broadcast: null, peer: '10.8.0.1' }]);
    expect(en0!.flags).toBe(0x41);
  });

  test('Ethernet: speed and duplex of the link that is there, none of the one that is not', async () => {
    const { reading } = await read(intelLaptop);
    expect(reading).toMatchObject([
      { device: 'en5', operstate: 'up', carrier: true, duplex: 'full', speed: 125_000_000 },
      { device: 'en1', operstate: 'down', carrier: false, duplex: null, speed: null, up: true },
      { device: 'en0', operstate: 'up', carrier: true, speed: null },
    ]);
  });

  test('links that may not be asked for are unknown with a reason, and the rest is there', async () => {
    const socket = `socket:${constant('AF_INET')}:${constant('SOCK_DGRAM')}:0`;
    const { reading, gaps } = await read(merge(m1Laptop, { answers: { [socket]: { result: -1, error: constant('EPERM') } } }));
    expect(reading[1]).toMatchObject({ carrier: null, operstate: 'unknown', duplex: null, mtu: 1500 });
    for (const field of ['interface.carrier', 'interface.duplex'])
      expect(gaps.find((gap) => gap.field === field)).toMatchObject({ reason: 'permission', detail: expect.stringContaining('socket') });
  });

  test('a driver that does not know, a link that is half duplex, and a name of 15 bytes', async () => {
    const type = constant('IFT_ETHER');
    const full = constant('IFM_FDX');
    const valid = constant('IFM_AVALID');
    const link = { index: 3, type, counters: { ifi_baudrate: 10_000_000 } };
    const list = networkOf([
      { ...link, name: 'en0', media: { status: 0, active: full } },
      { ...link, name: 'en1', media: { status: valid | constant('IFM_ACTIVE'), active: 0x20 } },
      { ...link, name: 'abcdefghijklmn0', media: { status: valid, active: full } },
      { ...link, name: 'en2', media: { status: valid | constant('IFM_ACTIVE'), active: full }, flags: ['RUNNING'] },
    ]);
    const { reading } = await read(merge(m1Laptop, list));
    expect(reading.map(({ operstate, carrier, duplex, speed }) => [operstate, carrier, duplex, speed])).toEqual([
      ['unknown', null, null, 1_250_000],
      ['up', true, null, 1_250_000],
      ['down', false, null, null],
      ['down', null, 'full', 1_250_000],
    ]);
  });
});
