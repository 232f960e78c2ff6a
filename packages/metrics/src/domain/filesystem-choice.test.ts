import { expect, test } from 'vitest';
import { eachFilesystemOnce } from './filesystem-choice.ts';
import type { FilesystemReading } from './filesystem.ts';

const row = (mountpoint: string, root = '/', change: Partial<FilesystemReading> = {}): FilesystemReading => ({
  device: '/dev/vda',
  mountpoint,
  fstype: 'ext4',
  major: 254,
  minor: 0,
  root,
  readOnly: false,
  error: null,
  size: 9,
  free: 5,
  available: 4,
  used: 4,
  files: null,
  filesFree: null,
  ...change,
});
const shown = (...rows: FilesystemReading[]): string[] => eachFilesystemOnce(rows).map(({ mountpoint }) => mountpoint);

test('a part that is mounted elsewhere is not listed, in whichever order they were mounted', () => {
  expect(shown(row('/'), row('/run/netns', '/run/netns'))).toEqual(['/']);
  expect(shown(row('/a', '/data'), row('/mnt/all'))).toEqual(['/mnt/all']);
});

test('of two mounts of the same the one nearer to the root stays, of equal ones the first', () => {
  expect(shown(row('/mnt/deep/down'), row('/data'))).toEqual(['/data']);
  expect(shown(row('/one'), row('/two'))).toEqual(['/one']);
  // As a container sees its disk: nothing but parts.
  expect(shown(row('/etc/resolv.conf', '/x/resolv.conf'), row('/etc/hosts', '/x/hosts'))).toEqual(['/etc/hosts']);
});

test('other file systems stay, in their order', () => {
  const [other, remote] = [{ minor: 1 }, { major: 0, minor: 50, fstype: 'nfs4' }];
  expect(shown(row('/home', '/', other), row('/'))).toEqual(['/home', '/']);
  expect(shown(row('/b', '/b', { ...remote, device: 'nas:/b' }), row('/a', '/', { ...remote, device: 'nas:/a' }))).toEqual(['/b', '/a']);
});

test('subvolumes are seen apart, parts of them are not', () => {
  const btrfs = { fstype: 'btrfs', major: 0, minor: 33 };
  const rows = [row('/', '/@', btrfs), row('/home', '/@home', btrfs), row('/srv', '/@home/anna/srv', btrfs)];
  expect(shown(...rows)).toEqual(['/', '/home']);
});
