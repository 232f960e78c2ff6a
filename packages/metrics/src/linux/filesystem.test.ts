import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { filesystemGroups } from '../domain/filesystem.ts';
import type { FilesystemReading } from '../domain/filesystem.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { filesystem, isCounted, isRemoteType } from './filesystem.ts';
import { createTree } from './rooted-tree.testing.ts';

const read = async (host: Parameters<typeof filesystem.open>[0], gaps: Gap[] = []): Promise<readonly FilesystemReading[]> => {
  const reader = filesystem.open(host);
  try {
    return (await reader.read(collectGaps(gaps))) as readonly FilesystemReading[];
  } finally {
    reader.close();
  }
};

test.each([
  ['ext4', '/', true],
  ['tmpfs', '/run', true],
  ['vfat', '/boot/efi', true],
  ['nfs4', '/mnt/nfs', true],
  ['fuse.sshfs', '/mnt/x', true],
  ['zfs', '/tank', true],
  ['overlay', '/', true],
  ['overlay', '/var/lib/docker/overlay2/x/merged', false],
  ['overlay', '/mnt', false],
  ['proc', '/proc', false],
  ['autofs', '/home', false],
  ['squashfs', '/snap/core/1', false],
  ['tmpfs', '/dev/shm', false],
  ['tmpfs', '/sys/fs/cgroup', false],
  ['ext4', '/var/lib/docker/volumes', false],
  ['ext4', '/var/lib/docker', true],
  ['tmpfs', '/run/credentials/x.service', false],
  ['ext4', '/devel', true],
  ['ext4', '/processed', true],
])('%s at %s is listed: %s', (fstype, mountpoint, expected) => {
  expect(isCounted({ fstype, mountpoint })).toBe(expected);
});

test('remote types', () => {
  expect(
    ['nfs', 'nfs4', 'cifs', 'smb3', 'fuse', 'fuse.sshfs', 'fuseblk', '9p', 'ceph', 'glusterfs', 'afs', 'virtiofs'].every(isRemoteType),
  ).toBe(true);
  expect(['ext4', 'xfs', 'btrfs', 'tmpfs', 'zfs', 'vfat', 'f2fs', 'overlay', 'ntfs3', 'gfs3'].some(isRemoteType)).toBe(false);
});

test('a recorded tree never shows disks of this machine', async () => {
  const own = openHost().readText('/proc/self/mountinfo');
  const tree = createTree({ '/proc/1/mountinfo': `${own}999 27 8:9 / /data\\040x rw - ext4 /dev/sdz9 rw\n` });
  const gaps: Gap[] = [];
  const rows = await read(tree.host, gaps);
  tree.remove();
  expect(rows.map((row) => row.mountpoint)).toContain('/data x');
  for (const row of rows) expect(row).toMatchObject({ size: null, free: null, files: null, error: 'It is not mounted under the root.' });
  expect(gaps).toContainEqual({ field: 'filesystem./data x', reason: 'absent', detail: 'It is not mounted under the root.' });
  expect(gaps).toHaveLength(rows.length);
});

test('/proc/self/mountinfo serves where there is no process 1', async () => {
  const tree = createTree({ '/proc/self/mountinfo': '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n' });
  expect(await read(tree.host)).toMatchObject([{ device: '/dev/sda1', mountpoint: '/', major: 8, minor: 1 }]);
  tree.remove();
});

test('the series of a mount that did not answer are its error and whether it is read-only', () => {
  const row: FilesystemReading = {
    device: 'server:/x',
    mountpoint: '/mnt',
    fstype: 'nfs4',
    major: 0,
    minor: 42,
    root: '/',
    readOnly: true,
    error: 'mountpoint timeout',
    size: null,
    free: null,
    available: null,
    used: null,
    files: null,
    filesFree: null,
  };
  const samples = (reading: FilesystemReading): unknown[] =>
    filesystemGroups().flatMap((group) =>
      group.fields.flatMap((field) => {
        const series = field.prometheus as { name: string; value?: (row: FilesystemReading) => number | null } | undefined;
        const value = series && (series.value ? series.value(reading) : reading[field.key as keyof FilesystemReading]);
        return value === undefined || value === null ? [] : [[series!.name, value]];
      }),
    );
  expect(samples(row)).toEqual([
    ['node_filesystem_readonly', 1],
    ['node_filesystem_device_error', 1],
  ]);
  expect(samples({ ...row, error: null, size: 9, free: 5, available: 4, used: 4 })).toEqual([
    ['node_filesystem_size_bytes', 9],
    ['node_filesystem_free_bytes', 5],
    ['node_filesystem_avail_bytes', 4],
    ['node_filesystem_files', 0],
    ['node_filesystem_files_free', 0],
    ['node_filesystem_readonly', 1],
    ['node_filesystem_device_error', 0],
    ['node_filesystem_mount_info', 1],
  ]);
});

test('this machine: the same sizes as df', async () => {
  const rows = await read(openHost());
  expect(rows.map((row) => row.mountpoint)).toContain('/');
  for (const row of rows.filter((candidate) => candidate.error === null)) {
    const { stdout, status } = spawnSync('df', ['-B1', '--output=size,itotal,used,avail', row.mountpoint], { encoding: 'utf8' });
    expect(status).toBe(0);
    const [size, files, used, available] = stdout
      .trim()
      .split('\n')[1]!
      .trim()
      .split(/\s+/)
      .map((word) => (word === '-' ? 0 : Number(word)));
    expect([row.mountpoint, row.size, row.files ?? 0]).toEqual([row.mountpoint, size, files]);
    // Others write meanwhile.
    expect(Math.abs(row.used! - used!)).toBeLessThan(0.05 * size! + 1e6);
    expect(Math.abs(row.available! - available!)).toBeLessThan(0.05 * size! + 1e6);
  }
});
