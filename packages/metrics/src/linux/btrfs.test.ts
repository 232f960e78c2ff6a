import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { btrfsGroups } from '../domain/btrfs.ts';
import { allocationRatio, btrfs } from './btrfs.ts';
import { createLoopFilesystem, loopFilesystemMissing } from './storage/loop-filesystem.testing.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/btrfs.testing.ts';

test('what is allocated for what, devices, and errors; a missing device does not say', async () => {
  const { reading, gaps } = await readTree(btrfs, tree);
  expect(gaps).toEqual([]);
  expect(reading).toHaveLength(1);
  expect(reading[0]).toMatchObject({
    uuid: '01234567-89ab-cdef-0123-456789abcdef',
    label: 'store',
    globalReserve: 16_777_216,
    globalReserveUsed: 16_760_832,
    commits: 12,
    commitTime: 3,
    lastCommitTime: 0.02,
    longestCommitTime: 1.5,
    exclusiveOperation: 'balance',
    allocations: [
      {
        type: 'data',
        size: 2_147_483_648,
        used: 1_073_741_824,
        diskSize: 3_221_225_472,
        reserved: 0,
        layouts: [{ mode: 'raid5', ratio: 1.5 }],
      },
      { type: 'metadata', layouts: [{ mode: 'raid1c3', size: 268_435_456, used: 1_048_576, ratio: 3 }] },
    ],
    devices: [{ device: 'vdn', size: 4_294_967_296 }, { device: 'vdo' }, { device: 'vdp' }],
    members: [
      { id: '1', missing: false, writable: true, writeErrors: 1, readErrors: 2, flushErrors: 3, corruptionErrors: 4, generationErrors: 5 },
      { id: '2', missing: true, writable: false, writeErrors: null, generationErrors: null },
    ],
  });
  expect(samplesOf(btrfsGroups(), reading, 'hecate_btrfs_device_errors_total')).toHaveLength(5);
});

test('bytes on devices for each byte of content', () => {
  const known = ['single', 'raid0', 'dup', 'raid1', 'raid10', 'raid1c3', 'raid1c4', 'raid5', 'raid6'].map((mode) =>
    allocationRatio(mode, 4),
  );
  expect(known).toEqual([1, 1, 2, 2, 2, 3, 4, 4 / 3, 2]);
  expect([allocationRatio('raid5', 1), allocationRatio('raid6', 2), allocationRatio('raid7', 9)]).toEqual([null, null, null]);
});

const missing = loopFilesystemMissing('btrfs', 'btrfs-progs');
if (missing) console.warn(`SKIPPED: a real btrfs: ${missing}`);

test.skipIf(missing)('a real file system on two devices, as btrfs-progs sees it', async () => {
  const made = createLoopFilesystem('btrfs', ['-q', '-L', 'two disks', '-d', 'raid0', '-m', 'raid1'], 2, 256);
  try {
    writeFileSync(path.join(made.directory, 'content'), Buffer.alloc(20 * 1024 * 1024, 'x'));
    made.inside('btrfs', 'filesystem', 'sync', '{}');
    const { reading, gaps } = await readOnce(btrfs, openHost());
    const mine = reading.find(({ devices }) => devices.some(({ device }) => device === made.devices[0]))!;
    expect(gaps).toEqual([]);
    expect(mine).toMatchObject({ label: 'two disks', exclusiveOperation: 'none' });
    expect(mine.devices.map(({ device, size }) => [device, size])).toEqual(
      made.devices.toSorted().map((device) => [device, 256 * 1024 * 1024]),
    );
    expect(made.inside('btrfs', 'filesystem', 'show', '{}')).toContain(mine.uuid);

    // `Data, RAID0: total=1, used=2` and so on, in bytes.
    const theirs = [...made.inside('btrfs', 'filesystem', 'df', '-b', '{}').matchAll(/^(\w+), (\w+): total=(\d+), used=(\d+)$/gm)]
      .filter(([, type]) => type !== 'GlobalReserve')
      .map(([, type, mode, size, used]) => [type!.toLowerCase(), mode!.toLowerCase(), Number(size), Number(used)]);
    const ours = mine.allocations.flatMap(({ type, layouts }) => layouts.map(({ mode, size, used }) => [type, mode, size, used]));
    expect(ours.toSorted()).toEqual(theirs.toSorted());
    expect(mine.allocations.find(({ type }) => type === 'data')!.used).toBeGreaterThanOrEqual(20 * 1024 * 1024);

    const errors = [...made.inside('btrfs', 'device', 'stats', '{}').matchAll(/\.(\w+?)(?:_io)?_errs\s+(\d+)/g)].map(([, , count]) =>
      Number(count),
    );
    expect(errors).toHaveLength(10);
    expect(samplesOf(btrfsGroups(), [mine], 'hecate_btrfs_device_errors_total').map((line) => Number(line.split(' ').at(-1)))).toEqual(
      errors,
    );
  } finally {
    made.remove();
  }
});
