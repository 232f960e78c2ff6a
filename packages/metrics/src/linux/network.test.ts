import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networksRates } from '../domain/network.ts';
import type { NetworkReading } from '../domain/network.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import { askPython, psutilMissing } from './debian-python.testing.ts';
import { network, parseNetDev } from './network.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const line = (name: string, first: number): string =>
  `${name.padStart(6)}: ${Array.from({ length: 16 }, (_, index) => first + index).join(' ')}\n`;
const parse = (content: string | Uint8Array, known?: string[]): NetworkReading[] =>
  parseNetDev(new ByteCursor().reset(bytesOf(content)), known);
const names = (content: string, known?: string[]): string[] => parse(content, known).map((row) => row.device);
const readAll = (reader: ReturnType<typeof network.open>): readonly NetworkReading[] =>
  reader.read(collectGaps([])) as readonly NetworkReading[];

describe('/proc/net/dev', () => {
  test('all columns', () => {
    expect(parse(HEAD + line('eth0', 1))).toEqual([
      {
        device: 'eth0',
        index: null,
        physical: false,
        receiveBytes: 1,
        receivePackets: 2,
        receiveErrors: 3,
        receiveDrops: 4,
        receiveFifo: 5,
        receiveFrame: 6,
        receiveCompressed: 7,
        receiveMulticast: 8,
        transmitBytes: 9,
        transmitPackets: 10,
        transmitErrors: 11,
        transmitDrops: 12,
        transmitFifo: 13,
        transmitCollisions: 14,
        transmitCarrier: 15,
        transmitCompressed: 16,
      },
    ]);
  });

  test('the first number glued to the colon, names with colons, spaces and other letters', () => {
    const glued = '  eth0:123 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n';
    expect(parse(HEAD + glued)).toMatchObject([{ device: 'eth0', receiveBytes: 123, transmitCompressed: 16 }]);
    expect(names(HEAD + line('eth0:1', 1) + line('my net', 1) + line('vlan.10@x', 1) + line('näme', 1))).toEqual([
      'eth0:1',
      'my net',
      'vlan.10@x',
      'näme',
    ]);
  });

  test('names that are still the same are not made anew, and those that only start alike are not mixed up', () => {
    expect(names(HEAD + line('eth0', 1) + line('eth', 1) + line('eth0:1', 1), ['eth', 'eth0', 'eth0'])).toEqual(['eth0', 'eth', 'eth0:1']);
  });

  test('two thousand interfaces', () => {
    expect(parse(HEAD + Array.from({ length: 2000 }, (_, index) => line(`veth${index}`, index)).join(''))).toHaveLength(2000);
  });

  test('numbers past 2^32, and no interfaces at all', () => {
    expect(parse(HEAD + line('eth0', 2 ** 40))[0]!.receiveBytes).toBe(2 ** 40);
    expect(parse(HEAD)).toEqual([]);
  });

  test.each(['eth0: 1 2 3\n', 'eth0:\n', 'eth0: a b c\n'])('"%s" is an error', (text) => {
    expect(() => parse(HEAD + text)).toThrow(HecateError);
  });

  test('any bytes give rows of finite numbers or an error of ours', () => {
    const text = fc
      .array(fc.constantFrom('eth0', ':', '1', ' ', '\n', '-', '|'), { maxLength: 60 })
      .map((words) => Buffer.from(words.join('')));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), text), (content) => {
        let rows: NetworkReading[] = [];
        try {
          rows = parse(content, ['eth0']);
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
        for (const row of rows) expect(Number.isFinite(row.receiveBytes)).toBe(true);
      }),
    );
  });
});

test('an interface is known by its index: a rename, a swap and a new one of the same name are seen', () => {
  const tree = createTree({
    '/proc/net/dev': HEAD + line('eth0', 100) + line('eth1', 200),
    '/sys/class/net/eth0/ifindex': '2\n',
    '/sys/class/net/eth1/ifindex': '3\n',
  });
  const reader = network.open(tree.host);
  const indexes = (): (number | null)[] => readAll(reader).map((row) => row.index);
  try {
    expect(indexes()).toEqual([2, 3]);
    // What did not change is not looked up.
    tree.write('/sys/class/net/eth0/ifindex', '99\n');
    expect(indexes()).toEqual([2, 3]);
    tree.write('/sys/class/net/eth0/ifindex', '3\n');
    tree.write('/sys/class/net/eth1/ifindex', '2\n');
    tree.write('/proc/net/dev', HEAD + line('eth1', 150) + line('eth0', 250));
    expect(indexes()).toEqual([2, 3]);
    tree.write('/sys/class/net/eth0/ifindex', '7\n');
    tree.write('/proc/net/dev', HEAD + line('eth1', 160) + line('eth0', 0));
    expect(indexes()).toEqual([2, 7]);
    tree.write('/proc/net/dev', HEAD + line('eth1', 170) + line('gone', 0));
    expect(indexes()).toEqual([2, null]);
  } finally {
    reader.close();
    tree.remove();
  }
});

test('of a rooted machine, the network is that of its process 1', () => {
  const tree = createTree({ '/proc/net/dev': HEAD + line('container', 1), '/proc/1/net/dev': HEAD + line('machine', 1) });
  const reader = network.open(tree.host);
  expect(readAll(reader).map((row) => row.device)).toEqual(['machine']);
  reader.close();
  tree.remove();
});

test('totals are of hardware, so that what a bridge or a tunnel carries does not count twice', () => {
  const tree = createTree({
    '/proc/net/dev': HEAD + line('lo', 0) + line('eth0', 0) + line('br0', 0),
    '/sys/class/net/eth0/ifindex': '2\n',
    '/sys/devices/pci/vendor': '1\n',
  });
  symlinkSync('../../../devices/pci', path.join(tree.directory, 'sys/class/net/eth0/device'));
  mkdirSync(path.join(tree.directory, 'sys/class/net/br0'));
  const reader = network.open(tree.host);
  const before = readAll(reader);
  tree.write('/proc/net/dev', HEAD + line('lo', 1000) + line('eth0', 10) + line('br0', 10));
  const after = readAll(reader);
  reader.close();
  tree.remove();
  expect(after.map((row) => row.physical)).toEqual([false, true, false]);
  expect(networksRates(before, after, 1).total.receiveBytesPerSecond).toBe(10);
  const container = (rows: readonly NetworkReading[]): NetworkReading[] => rows.map((row) => ({ ...row, physical: false }));
  expect(networksRates(container(before), container(after), 1).total.receiveBytesPerSecond).toBe(20);
});

describe('this machine', () => {
  /** Reads before and after what `ask` asks; what it says must lie between. */
  const between = (ask: () => Record<string, Partial<Record<keyof NetworkReading, number>>>): void => {
    const reader = network.open(openHost());
    const before = readAll(reader);
    const theirs = ask();
    const after = new Map(readAll(reader).map((row) => [row.device, row]));
    reader.close();
    expect(before.length).toBeGreaterThan(0);
    for (const row of before) {
      for (const [key, value] of Object.entries(theirs[row.device]!) as [keyof NetworkReading, number][]) {
        expect(value, `${row.device} ${key}`).toBeGreaterThanOrEqual(row[key] as number);
        expect(value, `${row.device} ${key}`).toBeLessThanOrEqual(after.get(row.device)![key] as number);
      }
    }
  };

  const noIp = spawnSync('ip', ['-V']).status === 0 ? null : 'ip is not installed (apt-get install iproute2)';
  if (noIp) console.warn(`SKIPPED: network counters against ip: ${noIp}`);
  test.skipIf(noIp)('ip sees the same counters and indexes', () => {
    between(() => {
      const links = JSON.parse(spawnSync('ip', ['-j', '-s', 'link'], { encoding: 'utf8' }).stdout) as {
        ifname: string;
        ifindex: number;
        stats64: Record<'rx' | 'tx', Record<string, number>>;
      }[];
      return Object.fromEntries(
        links.map(({ ifname, ifindex, stats64: { rx, tx } }) => [
          ifname,
          {
            index: ifindex,
            receiveBytes: rx['bytes']!,
            receivePackets: rx['packets']!,
            receiveErrors: rx['errors']!,
            receiveMulticast: rx['multicast']!,
            transmitBytes: tx['bytes']!,
            transmitPackets: tx['packets']!,
            transmitErrors: tx['errors']!,
            transmitDrops: tx['dropped']!,
            transmitCollisions: tx['collisions']!,
          },
        ]),
      );
    });
  });

  const missing = psutilMissing();
  if (missing) console.warn(`SKIPPED: network counters against psutil: ${missing}`);
  test.skipIf(missing)('psutil sees the same counters', () => {
    between(() => {
      const theirs = askPython(
        'import json, psutil; print(json.dumps({k: v._asdict() for k, v in psutil.net_io_counters(pernic=True, nowrap=False).items()}))',
      ) as Record<string, Record<string, number>>;
      return Object.fromEntries(
        Object.entries(theirs).map(([device, row]) => [
          device,
          {
            receiveBytes: row['bytes_recv']!,
            transmitBytes: row['bytes_sent']!,
            receivePackets: row['packets_recv']!,
            transmitPackets: row['packets_sent']!,
            receiveErrors: row['errin']!,
            transmitErrors: row['errout']!,
            receiveDrops: row['dropin']!,
            transmitDrops: row['dropout']!,
          },
        ]),
      );
    });
  });
});
