import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mountstatsGroups } from '../domain/mountstats.ts';
import { mountstats } from './mountstats.ts';
import { anyText } from './storage/any-text.testing.ts';
import { parseMountstats, parseServerAddresses } from './storage/mountstats.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/mountstats.testing.ts';

const files = { ...tree, 'proc/net/rpc/nfs': 'rpc 1 0 0\n' };

test('mounts with what they count, over each of their connections', async () => {
  const { reading, gaps } = await readTree(mountstats, files);
  expect(gaps).toEqual([]);
  expect(reading.map(({ device, mountpoint, fstype, address, age }) => [device, mountpoint, fstype, address, age])).toEqual([
    ['server:/home of all', '/mnt/my home', 'nfs4', '10.0.0.1', 100],
    ['server:/home of all', '/mnt/again', 'nfs4', '10.0.0.1', 50],
    ['old:/data', '/mnt/old', 'nfs', null, 7],
  ]);
  const [first, , old] = reading;
  expect(first!.bytes).toMatchObject({ read_bytes: 11, direct_write_bytes: 14, write_pages: 18 });
  expect(first!.events).toMatchObject({ inode_revalidate: 1, vfs_file_release: 18, truncation: 20, pnfs_write: 27 });
  expect(Object.values(first!.events)).not.toContain(19);
  expect(first!.transports).toMatchObject([
    {
      transport: '0',
      protocol: 'tcp',
      binds: 1,
      connects: 2,
      idleTime: 4,
      sends: 5,
      receives: 6,
      badAnswers: 7,
      backlog: 9,
      maximumSlots: 10,
      sendingQueue: 11,
      pendingQueue: 12,
    },
    { transport: '1', binds: 21, pendingQueue: 32 },
  ]);
  expect(old!.transports).toEqual([
    {
      transport: '0',
      protocol: 'udp',
      binds: 1,
      connects: null,
      idleTime: null,
      sends: 5,
      receives: 6,
      badAnswers: 7,
      backlog: 9,
      maximumSlots: 10,
      sendingQueue: 11,
      pendingQueue: 12,
    },
  ]);
  expect(first!.operations).toEqual([
    {
      operation: 'NULL',
      requests: 1,
      transmissions: 1,
      majorTimeouts: 0,
      sentBytes: 44,
      receivedBytes: 24,
      queueTime: 0.005,
      responseTime: 1,
      requestTime: 2,
      errors: 0,
    },
    // It went below zero: that is no time.
    {
      operation: 'READ',
      requests: 10,
      transmissions: 12,
      majorTimeouts: 1,
      sentBytes: 1000,
      receivedBytes: 900_000,
      queueTime: null,
      responseTime: 0.3,
      requestTime: 0.4,
      errors: 2,
    },
  ]);
  expect(old!.operations).toEqual([]);
});

test('series are made once for mounts that share their counters, and say where each is mounted', async () => {
  const { reading } = await readTree(mountstats, files);
  const series = (name: string): string[] => samplesOf(mountstatsGroups(), reading, `node_mountstats_nfs_${name}`);
  const server = 'export=server:/home of all protocol=tcp mountaddr=10.0.0.1';
  expect(series('age_seconds_total')).toEqual([`${server} 100`, 'export=old:/data protocol=udp mountaddr= 7']);
  expect(series('read_bytes_total')).toEqual([`${server} 11`]);
  expect(series('event_vfs_open_total')).toEqual([`${server} 5`]);
  expect(series('transport_connect_total')).toEqual([
    `${server} transport=0 2`,
    `${server} transport=1 22`,
    'export=old:/data protocol=udp mountaddr= transport=0 0',
  ]);
  expect(new Set(series('mountpoint_info'))).toEqual(
    new Set([
      `${server} mountpoint=/mnt/my home 1`,
      `${server} mountpoint=/mnt/again 1`,
      'export=old:/data protocol=udp mountaddr= mountpoint=/mnt/old 1',
    ]),
  );
});

test('without NFS the long file is not read; lists that do not match give no addresses', async () => {
  expect(await readTree(mountstats, tree)).toEqual({ reading: [], gaps: [] });
  const { reading } = await readTree(mountstats, { ...files, 'proc/self/mountinfo': '30 1 0:30 / /x rw - nfs4 a:/b rw,addr=1.2.3.4\n' });
  expect(reading.map(({ address }) => address)).toEqual([null, null, null]);
});

test('any bytes give mounts of finite numbers', () => {
  const line = fc.constantFrom(
    'device a:/b mounted on /c with fstype nfs statvers=1.1',
    '\txprt: tcp 1 2',
    '\tper-op statistics',
    '\tREAD: 1 2 3 4 5 6 7 8',
    '\tbytes: 1 x',
    'device',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.array(line).map((lines) => lines.join('\n')),
      ),
      (content) => {
        expect(JSON.stringify([parseMountstats(content), parseServerAddresses(content)])).not.toMatch(/NaN|Infinity/);
      },
    ),
  );
});

test('this machine: as many mounts as mountinfo has of NFS', async () => {
  const host = openHost();
  const { reading } = await readOnce(mountstats, host);
  expect(reading).toHaveLength(parseServerAddresses(host.readText('/proc/self/mountinfo')).length);
});
