import fc from 'fast-check';
import { HecateError, openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import type { InterfaceAddress } from '../../domain/interface.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { askPython, psutilMissing } from '../debian-python.testing.ts';
import { encodeAttributes } from '../netlink/message.ts';
import { decodeLink } from '../netlink/link.ts';
import { decodeAddress } from '../netlink/route.ts';
import { inPrivateNetwork, ip, ipBatch, privateNetworkMissing } from '../private-network.testing.ts';
import { bytesOf } from '../rooted-tree.testing.ts';
import { openAddresses } from './addresses.ts';
import { joinIpv4, parseConnected, parseFibTrie, parseIfInet6 } from './file-address.ts';
import { nameFlags } from './netlink-address.ts';

type ByDevice = Record<string, readonly InterfaceAddress[]>;

function read(host: Host, gaps: Gap[] = []): ByDevice {
  const source = openAddresses(host);
  const known = source.read(collectGaps(gaps));
  source.close();
  return Object.fromEntries([...(known?.interfaces ?? [])].map(([device, { addresses }]) => [device, addresses]));
}

/** The real machine, but as one whose kernel cannot be asked. */
const filesOnly = (): Host => ({
  ...openHost(),
  kind: 'rooted',
  resolve(path) {
    if (path.startsWith('/proc/1')) throw Object.assign(new Error('ENOENT: made for a test'), { code: 'ENOENT' });
    return path;
  },
});

interface IpAddress {
  family: 'inet' | 'inet6';
  local: string;
  prefixlen: number;
  scope: string;
  broadcast?: string;
  address?: string;
  [flag: string]: unknown;
}

const askIp = (): Record<string, IpAddress[]> =>
  Object.fromEntries(
    (JSON.parse(ip('-j', 'address')) as { ifname: string; addr_info: IpAddress[] }[]).map((row) => [row.ifname, row.addr_info]),
  );

const textsOf = (rows: readonly InterfaceAddress[]): string[] => rows.map((row) => `${row.address}/${row.prefixLength}`).sort();

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: addresses in a network of their own: ${missing}`);

test.skipIf(missing)('addresses of all kinds: from the kernel as ip says, and from files as far as they tell', async () => {
  const { ours, theirs, files, psutil } = await inPrivateNetwork(() => {
    ipBatch([
      'link add one type veth peer name two',
      'link set one up',
      'link set two up',
      'link add br0 type bridge',
      'address add 192.0.2.1/24 brd + dev one',
      'address add 192.0.2.9/24 brd + dev one',
      'address add 198.51.100.1/31 dev one',
      'address add 203.0.113.5 peer 203.0.113.6/32 dev one scope link',
      'address add 2001:db8::1/64 dev one nodad',
      'address add 2001:db8::ff:0:1/128 dev one nodad preferred_lft 0',
      'address add fe80::5/64 dev two nodad',
      'address add 10.9.8.7/8 dev br0',
      ...Array.from({ length: 300 }, (_, index) => `address add 172.16.${index >> 8}.${index & 255}/16 dev two`),
    ]);
    return {
      theirs: askIp(),
      ours: read(openHost()),
      files: read(filesOnly()),
      psutil: psutilMissing()
        ? null
        : (askPython(
            'import json, psutil; print(json.dumps({k: [[a.address, a.netmask, a.broadcast, a.ptp] for a in v if a.family.name != "AF_PACKET"] for k, v in psutil.net_if_addrs().items()}))',
          ) as Record<string, [string, string | null, string | null, string | null][]>),
    };
  });
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
  for (const [device, rows] of Object.entries(theirs)) {
    expect(
      ours[device]!.map((row) => [row.family, row.address, row.prefixLength, row.scope, row.broadcast, row.peer]),
      device,
    ).toEqual(
      rows.map((row) => [
        row.family === 'inet' ? 'ipv4' : 'ipv6',
        row.local,
        row.prefixlen,
        row.scope,
        row.broadcast ?? null,
        row.address ?? null,
      ]),
    );
    for (const [index, row] of rows.entries()) {
      for (const flag of ['secondary', 'nodad', 'deprecated', 'tentative']) {
        expect(ours[device]![index]!.flags!.includes(flag), `${row.local} ${flag}`).toBe(row[flag] === true);
      }
    }
  }
  expect(ours['two']).toHaveLength(302);
  // A down interface has no routes, and the end of a point-to-point link nothing to say whose it is.
  expect(textsOf(files['one']!)).toEqual(textsOf(ours['one']!).filter((text) => text !== '203.0.113.5/32'));
  expect(textsOf(files['two']!)).toEqual(textsOf(ours['two']!));
  expect(textsOf(files['lo']!)).toEqual(textsOf(ours['lo']!));
  expect(files['one']!.find((row) => row.address === '192.0.2.9')).toMatchObject({
    broadcast: '192.0.2.255',
    scope: 'global',
    flags: null,
  });
  for (const [device, rows] of Object.entries(psutil ?? {})) {
    expect(ours[device]!.map((row) => row.address).sort()).toEqual(rows.map(([address]) => address.replace(/%.*/, '')).sort());
  }
});

test('what the routing tables tell of addresses', () => {
  const trie = [
    'Main:',
    '  +-- 0.0.0.0/0 3 0 5',
    '     |-- 0.0.0.0',
    '        /0 universe UNICAST',
    '        |-- 192.0.2.2',
    '           /32 host LOCAL',
    '        |-- 192.0.2.255',
    '           /32 link BROADCAST',
    '           |-- 127.0.0.0',
    '              /8 host LOCAL',
    '           |-- 127.0.0.1',
    '              /32 host LOCAL',
    '        |-- 203.0.113.5',
    '           /32 host LOCAL',
    '',
  ].join('\n');
  const route =
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\neth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\n';
  expect(joinIpv4(parseFibTrie(trie), parseConnected(route))).toEqual([
    {
      device: 'eth0',
      address: {
        family: 'ipv4',
        address: '192.0.2.2',
        prefixLength: 24,
        scope: 'global',
        flags: null,
        broadcast: '192.0.2.255',
        peer: null,
      },
    },
    {
      device: 'lo',
      address: { family: 'ipv4', address: '127.0.0.1', prefixLength: 8, scope: 'host', flags: null, broadcast: null, peer: null },
    },
  ]);
});

test('if_inet6, and flags that have another meaning in each family', () => {
  const text = 'fe800000000000000000000000000001 02 40 20 c0     eth0\n';
  expect(parseIfInet6(new ByteCursor().reset(bytesOf(text)))).toMatchObject([
    { device: 'eth0', address: { address: 'fe80::1', prefixLength: 64, scope: 'link', flags: ['tentative', 'permanent'] } },
  ]);
  expect(() => parseIfInet6(new ByteCursor().reset(bytesOf('fe80 02 40 20 80 eth0\n')))).toThrow(HecateError);
  expect([nameFlags(1, 'ipv4'), nameFlags(1, 'ipv6'), nameFlags(0x301, 'ipv6')]).toEqual([
    ['secondary'],
    ['temporary'],
    ['temporary', 'mngtmpaddr', 'noprefixroute'],
  ]);
});

test('any bytes are survived', () => {
  const message = (payload: Buffer) => ({ type: 20, flags: 0, sequence: 0, payload });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const payload = Buffer.from(bytes);
      decodeAddress(message(payload));
      decodeLink(message(payload));
      joinIpv4(parseFibTrie(payload.toString('latin1')), parseConnected(payload.toString('latin1')));
      try {
        parseIfInet6(new ByteCursor().reset(bytesOf(bytes)));
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
  );
  const address = Buffer.concat([Buffer.from([2, 24, 0x80, 253, 7, 0, 0, 0]), encodeAttributes([[1, Buffer.from([192, 0, 2, 1])]])]);
  expect(decodeAddress(message(address))).toEqual({
    index: 7,
    family: 'ipv4',
    address: '192.0.2.1',
    prefixLength: 24,
    scope: 253,
    flags: 0x80,
    broadcast: null,
    peer: null,
  });
  address[0] = 7;
  expect(decodeAddress(message(address))).toBeNull();
});
