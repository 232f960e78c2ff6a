import { readFileSync } from 'node:fs';
import { openHost } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import { directoriesOf, isUnifiedAlone, parseCgroupMounts, readCgroupMounts } from './mounts.ts';
import { ancestryOf, innermost, placeOf } from './place.ts';

const HYBRID = [
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:3 - cgroup cgroup rw,cpu,cpuacct',
  '33 31 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
  '34 31 0:31 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/usr/lib/systemd/systemd-cgroups-agent,name=systemd',
  '35 31 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate',
  '36 31 0:30 /inner /mnt/other\\040place rw - cgroup cgroup rw,memory',
  '',
].join('\n');
const UNIFIED = '35 25 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n';
const IN_CONTAINER = '40 39 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n';

test('hybrid: v1 by controller, the v2 tree beside them; the usual place before others', () => {
  const mounts = parseCgroupMounts(HYBRID);
  expect(mounts.unified).toEqual({ mountpoint: '/sys/fs/cgroup/unified', root: '/' });
  expect(Object.keys(mounts.controllers).sort()).toEqual(['cpu', 'cpuacct', 'memory', 'name=systemd']);
  expect(mounts.controllers['cpuacct']?.mountpoint).toBe('/sys/fs/cgroup/cpu,cpuacct');
  expect(mounts.controllers['memory']).toEqual({ mountpoint: '/sys/fs/cgroup/memory', root: '/' });
  expect(isUnifiedAlone(mounts)).toBe(false);
  expect(isUnifiedAlone(parseCgroupMounts(UNIFIED))).toBe(true);
  expect(parseCgroupMounts('nothing - cgroup\n1 2 3 - cgroup2')).toEqual({ unified: null, controllers: {} });
});

test('a mount in a place with a space, where there is no other', () => {
  const line = HYBRID.split('\n')[5]!;
  expect(parseCgroupMounts(line).controllers['memory']).toEqual({ mountpoint: '/mnt/other place', root: '/inner' });
});

describe('the directories of a path', () => {
  const memory = { mountpoint: '/sys/fs/cgroup/memory', root: '/docker/abc' };
  const all = { mountpoint: '/sys/fs/cgroup', root: '/' };
  test.each([
    [all, '/', ['/sys/fs/cgroup']],
    [all, '/a/b', ['/sys/fs/cgroup/a/b', '/sys/fs/cgroup/a', '/sys/fs/cgroup']],
    [memory, '/docker/abc', ['/sys/fs/cgroup/memory']],
    [memory, '/docker/abc/init.scope', ['/sys/fs/cgroup/memory/init.scope', '/sys/fs/cgroup/memory']],
    [memory, '/docker/abcdef', ['/sys/fs/cgroup/memory']],
    [memory, '/', ['/sys/fs/cgroup/memory']],
    [all, '/../../outside', ['/sys/fs/cgroup']],
  ])('%j %s', (mount, path, expected) => {
    expect(directoriesOf(mount, path)).toEqual(expected);
  });
});

test('the place of a process: each controller by its own path, in a container below what is mounted', () => {
  const mounts = parseCgroupMounts(HYBRID);
  const membership = { unified: '/u', controllers: { memory: '/m/n', cpu: '/c', cpuacct: '/c' } };
  expect(innermost(mounts, ancestryOf(mounts, membership))).toEqual({
    unified: '/sys/fs/cgroup/unified/u',
    controllers: {
      memory: '/sys/fs/cgroup/memory/m/n',
      cpu: '/sys/fs/cgroup/cpu,cpuacct/c',
      cpuacct: '/sys/fs/cgroup/cpu,cpuacct/c',
      cpuset: null,
      pids: null,
      blkio: null,
      freezer: null,
    },
  });
  const inside = parseCgroupMounts(IN_CONTAINER);
  expect(innermost(inside, ancestryOf(inside, { unified: null, controllers: { memory: '/docker/abc' } })).controllers?.memory).toBe(
    '/sys/fs/cgroup/memory',
  );
  expect(placeOf(parseCgroupMounts(UNIFIED), '/x')).toEqual({ unified: '/sys/fs/cgroup/x', controllers: null });
});

test.runIf(process.platform === 'linux')('this machine: every mount of the types is found', () => {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const mounts = readCgroupMounts(openHost());
  const places = new Set(
    [...Object.values(mounts.controllers), ...(mounts.unified ? [mounts.unified] : [])].map(({ mountpoint }) => mountpoint),
  );
  expect(places).toEqual(new Set(lines.filter((line) => / - cgroup2? /.test(line)).map((line) => line.split(' ')[4])));
});
