import { expect, test } from 'vitest';
import { parseDf } from './df.ts';
import { fixture, refusalOf } from './fixture.testing.ts';
import { parseMount } from './mount.ts';
import { filesystemsFromDf } from './readings/filesystem.ts';

const DF = fixture('df.txt');
const MOUNT = fixture('mount.txt');
const KIB = 1024;

test.each(['', 'df: no\n', 'Filesystem  Size Used\n', 'Filesystem 512-blocks Used Available Capacity Mounted on\n'])(
  'another header is refused: its numbers would mean something else (%#)',
  async (text) => {
    expect((await refusalOf(() => parseDf(text))).code).toBe('FAILED');
    expect((await refusalOf(() => parseMount(text))).code).toBe('FAILED');
  },
);

test('names with blanks, inodes or none, minus signs', () => {
  const rows = parseDf(DF);
  expect(rows.map(({ device, mountpoint, filesUsed }) => [device, mountpoint, filesUsed])).toEqual([
    ['/dev/disk3s1s1', '/', 411_003],
    ['devfs', '/dev', 712],
    ['/dev/disk3s6', '/System/Volumes/VM', 1],
    ['/dev/disk3s5', '/System/Volumes/Data', 1_810_332],
    ['map auto_home', '/System/Volumes/Data/home', 0],
    ['/dev/disk5s1', '/Volumes/Camera Card (old)', 0],
    ['//anna@nas.example/media share', '/Volumes/media share', 0],
  ]);
  const posix = 'Filesystem 1024-blocks Used Available Capacity  Mounted on\n/dev/disk1s1 100 90 -5 106% /\n/dev/disk1s2 100 9';
  expect(parseDf(posix)).toEqual([
    { device: '/dev/disk1s1', mountpoint: '/', size: 102_400, used: 92_160, available: -5120, filesUsed: null, filesFree: null },
  ]);
});

test('types and options', () => {
  const rows = parseMount(`${MOUNT}a row that is none\n/dev/x on /Volumes/cut (ap`);
  expect(rows.map(({ fstype }) => fstype)).toEqual(['apfs', 'devfs', 'apfs', 'apfs', 'autofs', 'exfat', 'smbfs']);
  expect(rows[5]).toEqual({
    device: '/dev/disk5s1',
    mountpoint: '/Volumes/Camera Card (old)',
    fstype: 'exfat',
    options: ['local', 'nodev', 'nosuid', 'noowners', 'mounted by anna'],
  });
});

test('volumes: those of users, with space as everywhere; of APFS what the container has left', () => {
  const volumes = filesystemsFromDf(parseDf(DF), parseMount(MOUNT));
  expect(volumes.map(({ mountpoint, minor, readOnly }) => [mountpoint, minor, readOnly])).toEqual([
    ['/', 0, true],
    ['/System/Volumes/VM', 2, false],
    ['/System/Volumes/Data', 3, false],
    ['/Volumes/Camera Card (old)', 5, false],
    ['/Volumes/media share', 6, false],
  ]);
  expect(volumes[2]).toMatchObject({
    fstype: 'apfs',
    size: 482_797_652 * KIB,
    free: 210_114_556 * KIB,
    used: (482_797_652 - 210_114_556) * KIB,
    files: 1_810_332 + 2_101_145_560,
    filesFree: 2_101_145_560,
  });
  expect(volumes[3]).toMatchObject({ free: (62_503_904 - 20_331_008) * KIB, used: 20_331_008 * KIB, files: null, filesFree: null });
});

test('a volume that came between the two programs is left out', () => {
  expect(filesystemsFromDf(parseDf(DF), parseMount(MOUNT.split('\n')[0]!)).map(({ mountpoint }) => mountpoint)).toEqual(['/']);
});
