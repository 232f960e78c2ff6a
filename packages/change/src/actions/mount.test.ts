import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost, openWritableHost } from '@hecate/host';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MountAction } from '../action.ts';
import { needsRoot } from './machine.testing.ts';
import { lineOfMount, MOUNT_POINT, mountTool, openTmpfs } from './mount.cases.testing.ts';
import { mount } from './mount.ts';
import { parseMounts } from './mount/mount-table.ts';
import { inForce, remountOptions, subjectOf } from './mount/option.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';

const host = openWritableHost(openHost());
const actionOf = (target: string, ...options: readonly string[]): MountAction => ({ kind: 'mount', target, options });

describe('refused:', () => {
  test.each([
    [['remount'], /no option/],
    [['bind'], /no option/],
    [['noatime,exec'], /no option/],
    [['-o'], /no option/],
    [['x-systemd.automount'], /no option/],
    [['noatime', 'relatime'], /contradict or repeat one another at relatime/],
    [['ro', 'rw'], /contradict/],
    [['sync', 'async'], /contradict/],
    [['exec', 'noexec'], /contradict/],
    [['commit=5', 'commit=6'], /contradict/],
    [['discard', 'discard'], /contradict/],
  ])('%s', (options, sentence) => {
    expect(refusalOf(mount, { target: '/', options })).toMatch(sentence);
  });
});

describe('which option is in force', () => {
  const [ext4, btrfs] = parseMounts(
    '27 1 254:0 / / rw,nosuid,relatime shared:1 - ext4 /dev/vda rw,discard,nobarrier,commit=60\n' +
      '28 27 0:40 /@ /a\\040b\\134 rw,noatime - btrfs /dev/my\\040disk rw,lazytime\n',
  );
  test.each([
    ['noatime', 'relatime'],
    ['strictatime', 'relatime'],
    ['suid', 'nosuid'],
    ['nosuid', 'nosuid'],
    ['nodev', 'dev'],
    ['ro', 'rw'],
    ['async', 'async'],
    ['sync', 'async'],
    ['discard', 'discard'],
    ['nodiscard', 'discard'],
    ['barrier', 'nobarrier'],
    ['auto_da_alloc', 'auto_da_alloc'],
    ['commit=30', 'commit=60'],
    ['lazytime', 'nolazytime'],
  ])('for %s it is %s', (word, found) => {
    expect(inForce(ext4!, word)).toBe(found);
  });

  test('by default, where the file system shows none', () => {
    expect([inForce(btrfs!, 'commit=60'), inForce(btrfs!, 'nolazytime'), inForce(btrfs!, 'relatime')]).toEqual([
      'commit=30',
      'lazytime',
      'noatime',
    ]);
  });

  test.each(['autodefrag', 'nosomething', 'compress=zstd'])('%s: nobody can tell', (word) => {
    expect(() => inForce(btrfs!, word)).toThrow(/btrfs does not show how it has \w+ now, so that could not be brought back\.$/);
  });

  test('names with escapes', () => {
    expect([btrfs!.target, btrfs!.source]).toEqual(['/a b\\', '/dev/my disk']);
  });

  test('remounting names all flags that would be lost', () => {
    expect(remountOptions(ext4!, ['noatime', 'commit=5'])).toEqual(['rw', 'nosuid', 'noatime', 'commit=5']);
    expect(remountOptions({ ...ext4!, own: ['rw'] }, ['exec'])).toEqual(['rw', 'strictatime', 'exec']);
  });

  test('options of one subject', () => {
    expect(['ro', 'async', 'noexec', 'diratime', 'relatime', 'commit=9'].map(subjectOf)).toEqual([
      'ro',
      'sync',
      'exec',
      'diratime',
      'atime',
      'commit',
    ]);
  });
});

test('a place where nothing is mounted, and a machine of files', async () => {
  const tree = createWritableTree({ '/proc/self/mountinfo': '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n' });
  expect(await obstacleOf(mount, tree.host, actionOf('/nowhere', 'noatime'))).toBe('UNAVAILABLE Nothing is mounted at /nowhere.');
  expect(await obstacleOf(mount, tree.host, actionOf('/', 'noatime'))).toMatch(
    /^UNAVAILABLE mount cannot be run on a machine that is only files/,
  );
  tree.remove();
});

test.skipIf(!needsRoot)('who is not root is told so (needs a user who is not root)', async () => {
  expect(await obstacleOf(mount, host, actionOf('/', 'noatime', 'nodev'))).toMatch(
    /^DENIED Remounting \/ takes the capability CAP_SYS_ADMIN/,
  );
});

describe.skipIf(Boolean(needsRoot))('on this machine (needs root):', () => {
  test('a mount that is read-only in its place alone is left alone', async () => {
    const { close } = openTmpfs('size=1m');
    try {
      mountTool('mount', '-o', 'remount,bind,ro', MOUNT_POINT);
      expect(await obstacleOf(mount, host, actionOf(MOUNT_POINT, 'noatime'))).toMatch(
        /^UNSUPPORTED .* read-only in another way than its file system/,
      );
    } finally {
      await close();
    }
  });

  test('another file system in the place of the one that was changed is not ours', async () => {
    const first = openTmpfs('size=1m');
    const action = actionOf(MOUNT_POINT, 'noatime');
    try {
      const was = await mount.current(host, action);
      const wanted = await mount.wanted(action, was, host);
      await mount.apply(host, action, was);
      openTmpfs('size=1m,noatime');
      const now = await mount.current(host, action);
      expect(mount.isOurs!(now, wanted, was)).toBe(false);
      mountTool('umount', MOUNT_POINT);
      expect(await mount.current(host, action)).toEqual(wanted);
    } finally {
      await first.close();
    }
  });

  describe('ext4', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'hecate-ext4-'));
      const image = path.join(folder, 'image');
      writeFileSync(image, '');
      truncateSync(image, 8 * 1024 * 1024);
      expect(spawnSync('mkfs.ext4', ['-q', '-F', image]).status).toBe(0);
      mkdirSync(MOUNT_POINT, { recursive: true });
      mountTool('mount', '-o', 'loop,nosuid,discard', image, MOUNT_POINT);
    });
    afterEach(() => {
      mountTool('umount', MOUNT_POINT);
      rmSync(MOUNT_POINT, { recursive: true });
      rmSync(folder, { recursive: true });
    });

    test('a value that the kernel shows only when it is not the default', async () => {
      const action = actionOf(MOUNT_POINT, 'noatime', 'commit=60', 'nodiscard', 'lazytime');
      const before = lineOfMount();
      const was = await mount.current(host, action);
      expect(was).toMatchObject({ options: ['relatime', 'commit=5', 'discard', 'nolazytime'] });
      await mount.apply(host, action, was);
      expect(lineOfMount()).toMatch(/rw,nosuid,noatime .* rw,lazytime.*commit=60/);
      expect(lineOfMount()).not.toMatch(/discard/);
      expect(await mount.current(host, action)).toEqual(await mount.wanted(action, was, host));
      await mount.restore(host, action, was);
      expect(lineOfMount()).toBe(before);
    });

    test('an option that the file system does not take is an error, and changes nothing', async () => {
      const before = lineOfMount();
      await expect(mount.apply(host, actionOf(MOUNT_POINT, 'commit=abc'), null)).rejects.toMatchObject({ code: 'FAILED' });
      expect(lineOfMount()).toBe(before);
    });
  });
});
