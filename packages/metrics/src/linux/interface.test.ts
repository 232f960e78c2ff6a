import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import { interfaceGroups } from '../domain/interface.ts';
import type { InterfaceReading } from '../domain/interface.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { interfaces, parseSpeed } from './interface.ts';
import { createTree } from './rooted-tree.testing.ts';

const read = (host: Host, gaps: Gap[] = []): readonly InterfaceReading[] =>
  finish(interfaces.open(host).read(collectGaps(gaps)) as Sliced<readonly InterfaceReading[]>);

test.each([
  [1000, 125e6],
  [2500, 312.5e6],
  [10, 1.25e6],
  [400_000, 5e10],
  [0, null],
  [-1, null],
  [65_535, null],
  [4_294_967_295, null],
  [null, null],
])('a speed of %s Mbit/s', (megabits, expected) => {
  expect(parseSpeed(megabits)).toBe(expected);
});

test('an interface with all that the kernel says', () => {
  const tree = createTree(
    Object.fromEntries(
      Object.entries({
        addr_assign_type: '3',
        address: '01:02:03:04:05:06',
        broadcast: 'ff:ff:ff:ff:ff:ff',
        carrier: '1',
        carrier_changes: '5',
        carrier_up_count: '3',
        carrier_down_count: '2',
        dev_id: '0x20',
        dormant: '0',
        duplex: 'full',
        flags: '0x1303',
        ifalias: 'uplink "A"',
        ifindex: '2',
        iflink: '7',
        link_mode: '1',
        mtu: '9000',
        name_assign_type: '4',
        netdev_group: '6',
        operstate: 'up',
        speed: '1000',
        tx_queue_len: '500',
        type: '1',
        'statistics/rx_nohandler': '8',
        'statistics/rx_length_errors': '11',
        'statistics/rx_over_errors': '12',
        'statistics/rx_crc_errors': '13',
        'statistics/rx_missed_errors': '14',
        'statistics/tx_aborted_errors': '15',
        'statistics/tx_heartbeat_errors': '16',
        'statistics/tx_window_errors': '17',
      }).map(([name, value]) => [`/sys/class/net/eth0/${name}`, `${value}\n`]),
    ),
  );
  const gaps: Gap[] = [];
  expect(read(tree.host, gaps)).toEqual([
    {
      device: 'eth0',
      index: 2,
      operstate: 'up',
      address: '01:02:03:04:05:06',
      broadcast: 'ff:ff:ff:ff:ff:ff',
      duplex: 'full',
      alias: 'uplink "A"',
      up: true,
      adminState: 'up',
      carrier: true,
      speed: 125e6,
      mtu: 9000,
      carrierChanges: 5,
      carrierUpChanges: 3,
      carrierDownChanges: 2,
      flags: 0x1303,
      type: 1,
      transmitQueueLength: 500,
      addressAssignType: 3,
      deviceId: 0x20,
      dormant: 0,
      group: 6,
      link: 7,
      linkMode: 1,
      nameAssignType: 4,
      receiveNoHandler: 8,
      receiveLengthErrors: 11,
      receiveOverErrors: 12,
      receiveCrcErrors: 13,
      receiveMissedErrors: 14,
      transmitAbortedErrors: 15,
      transmitHeartbeatErrors: 16,
      transmitWindowErrors: 17,
      addresses: null,
      internetAddresses: null,
    },
  ]);
  expect(gaps).toMatchObject([{ field: 'interface.addresses', reason: 'absent' }]);
  tree.remove();
});

test('files among the interfaces, links that lead nowhere, and one that says nothing', () => {
  const tree = createTree({
    '/sys/class/net/bonding_masters': 'bond0\n',
    '/sys/class/net/tun0/operstate': 'unknown\n',
    '/sys/class/net/tun0/flags': '0x1090\n',
    '/sys/class/net/tun0/speed': '-1\n',
  });
  symlinkSync('../../devices/gone/net/eth9', path.join(tree.directory, 'sys/class/net/eth9'));
  symlinkSync('/sys/class/net/lo', path.join(tree.directory, 'sys/class/net/outside'));
  mkdirSync(path.join(tree.directory, 'sys/class/net/silent'));
  const rows = read(tree.host);
  expect(rows.map((row) => row.device).sort()).toEqual(['silent', 'tun0']);
  expect(rows.find((row) => row.device === 'tun0')).toMatchObject({
    operstate: 'unknown',
    up: false,
    adminState: 'down',
    speed: null,
    carrier: null,
  });
  const silent = rows.find((row) => row.device === 'silent')!;
  expect(Object.entries(silent).filter(([, value]) => value !== null)).toEqual([
    ['device', 'silent'],
    ['adminState', 'unknown'],
  ]);
  const upValue = interfaceGroups()[0]!.fields.find((field) => field.key === 'up')!.prometheus!.value as (
    row: InterfaceReading,
  ) => number | null;
  expect(rows.map(upValue).sort()).toEqual([0, null]);
  tree.remove();
});

test('without /sys/class/net nothing can be read', () => {
  const tree = createTree({});
  expect(() => read(tree.host)).toThrow('ENOENT');
  tree.remove();
});

test.runIf(process.platform === 'linux')('this machine: what the kernel tells in one message is what its files say', () => {
  // As one whose kernel cannot be asked.
  const files: Host = {
    ...openHost(),
    kind: 'rooted',
    resolve(file) {
      if (file.startsWith('/proc/1')) throw Object.assign(new Error('ENOENT: made for a test'), { code: 'ENOENT' });
      return file;
    },
  };
  const bare = (rows: readonly InterfaceReading[]): unknown[] =>
    // Packets that nobody wants come all the time.
    rows
      .map((row) => ({ ...row, addresses: null, internetAddresses: null, receiveNoHandler: null }))
      .sort((a, b) => a.device.localeCompare(b.device));
  const told = read(openHost());
  expect(told.length).toBeGreaterThan(0);
  const written = read(files);
  expect(bare(told)).toEqual(bare(written));
  for (const row of told)
    expect(row.receiveNoHandler).toBeLessThanOrEqual(written.find(({ device }) => device === row.device)!.receiveNoHandler!);
});

const noIp = spawnSync('ip', ['-V']).status === 0 ? null : 'ip is not installed (apt-get install iproute2)';
if (noIp) console.warn(`SKIPPED: interfaces against ip: ${noIp}`);
test.skipIf(noIp)('this machine: ip says the same', () => {
  interface Link {
    ifname: string;
    ifindex: number;
    mtu: number;
    operstate: string;
    address: string;
    flags: string[];
    addr_info: { local: string; prefixlen: number }[];
  }
  const theirs = new Map(
    (JSON.parse(spawnSync('ip', ['-j', 'address'], { encoding: 'utf8' }).stdout) as Link[]).map((link) => [link.ifname, link]),
  );
  const gaps: Gap[] = [];
  const rows = read(openHost(), gaps);
  expect(gaps).toEqual([]);
  expect(rows.map((row) => row.device).sort()).toEqual([...theirs.keys()].sort());
  for (const row of rows) {
    const link = theirs.get(row.device)!;
    expect(row).toMatchObject({
      index: link.ifindex,
      mtu: link.mtu,
      operstate: link.operstate.toLowerCase(),
      address: link.address ?? '',
      up: link.flags.includes('UP'),
    });
    if (row.up) expect([...row.addresses!].sort()).toEqual(link.addr_info.map((info) => `${info.local}/${info.prefixlen}`).sort());
  }
});
