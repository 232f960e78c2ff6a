import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { openHost, openWritableHost } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import type { ZramAction } from '../action.ts';
import { needsRoot } from './machine.testing.ts';
import { obstacleOf, refusalOf } from './obstacle.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import { zram } from './zram.ts';
import { DEVICE, noZram, openWith, openWithout } from './zram.cases.testing.ts';

const MEGABYTE = 1024 * 1024;
const actionOf = (change: Partial<ZramAction> = {}): ZramAction => ({
  kind: 'zram',
  device: DEVICE,
  size: MEGABYTE,
  algorithm: 'lzo',
  priority: 5,
  ...change,
});

test.each([
  ['zram', /zram and a number/],
  ['zram01', /zram and a number/],
  ['sda', /zram and a number/],
  ['../zram0', /zram and a number/],
])('the device %s is refused', (device, sentence) => {
  expect(refusalOf(zram, { ...actionOf(), device })).toMatch(sentence);
});

describe('a machine of files', () => {
  test('without zram', async () => {
    const tree = createWritableTree({ '/sys/block': { directory: true } });
    expect(await obstacleOf(zram, tree.host, actionOf({ device: 'zram0' }))).toBe('UNAVAILABLE This kernel has no zram.');
    tree.remove();
  });

  test('whose module is not loaded yet: a change before this one may do that', async () => {
    const tree = createWritableTree({
      '/sys/block': { directory: true },
      '/proc/sys/kernel/osrelease': '6.1.0\n',
      '/lib/modules/6.1.0/modules.dep': 'kernel/drivers/block/zram/zram.ko.xz: kernel/mm/zsmalloc.ko.xz\n',
    });
    const action = actionOf({ device: 'zram0' });
    const was = await zram.current(tree.host, action);
    expect(was).toEqual({ present: false, algorithm: null, size: 0, active: false, priority: null });
    expect(await zram.wanted(action, was, tree.host)).toMatchObject({ present: true, size: MEGABYTE, active: true });
    await expect(zram.apply(tree.host, action, was)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The module zram is not loaded.',
    });
    tree.remove();
  });

  test('with a swap space on it', async () => {
    const tree = createWritableTree({
      '/sys/block/zram3/comp_algorithm': 'lzo-rle lz4 [zstd] \n',
      '/sys/block/zram3/disksize': '1073741824\n',
      '/proc/swaps':
        'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/vda2                               partition\t9\t\t0\t\t-2\n/dev/zram3                              partition\t9\t\t0\t\t-3\n',
    });
    expect(await zram.current(tree.host, actionOf({ device: 'zram3' }))).toEqual({
      present: true,
      algorithm: 'zstd',
      size: 2 ** 30,
      active: true,
      priority: -1,
    });
    expect(await obstacleOf(zram, tree.host, actionOf({ device: 'zram3', algorithm: 'deflate' }))).toBe(
      'INVALID This kernel does not compress with "deflate".',
    );
    expect(await obstacleOf(zram, tree.host, actionOf({ device: 'zram3', algorithm: 'lz4' }))).toMatch(/^UNAVAILABLE mkswap cannot be run/);
    tree.remove();
  });
});

test.skipIf(!needsRoot || !existsSync('/sys/class/zram-control'))('who is not root is told so (needs a user who is not root)', async () => {
  expect(await obstacleOf(zram, openWritableHost(openHost()), actionOf({ device: 'zram0', algorithm: 'lzo' }))).toMatch(
    /^(?:DENIED|UNAVAILABLE) /,
  );
});

describe.skipIf(Boolean(noZram))(`on this machine${noZram ? ` (not here: ${noZram})` : ''}`, () => {
  const number = Number(DEVICE.slice('zram'.length));

  test('a number that the kernel would not give', async () => {
    const place = await openWithout();
    const other = `zram${number + 1}`;
    try {
      expect(await obstacleOf(zram, place.host, actionOf({ device: other }))).toBe(
        `CONFLICT The kernel would make ${DEVICE} now, and not ${other}.`,
      );
      // Somebody was quicker than the look: what the kernel made instead is gone again.
      await expect(zram.apply(place.host, actionOf({ device: other }), null)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(existsSync(`/sys/block/${DEVICE}`)).toBe(false);
    } finally {
      await place.close();
    }
  });

  test('a swap space of somebody else', async () => {
    const place = await openWith('theirs');
    try {
      expect(await obstacleOf(zram, place.host, actionOf())).toBe(`CONFLICT ${DEVICE} is in use by somebody else.`);
    } finally {
      await place.close();
    }
  });

  test('a device that somebody else gave a size', async () => {
    const place = await openWith();
    try {
      const before = await zram.current(place.host, actionOf());
      writeFileSync(`/sys/block/${DEVICE}/disksize`, String(4 * MEGABYTE));
      expect(await obstacleOf(zram, place.host, actionOf())).toBe(`CONFLICT ${DEVICE} is in use by somebody else.`);
      const now = await zram.current(place.host, actionOf());
      expect(zram.isOurs!(now, { ...(before as object), size: MEGABYTE, algorithm: 'lzo', active: true, priority: 5 }, before)).toBe(false);
    } finally {
      await place.close();
    }
  });

  test('a memory limit', async () => {
    const place = await openWith();
    try {
      writeFileSync(`/sys/block/${DEVICE}/disksize`, String(4 * MEGABYTE));
      writeFileSync(`/sys/block/${DEVICE}/mem_limit`, '1M');
      expect(await obstacleOf(zram, place.host, actionOf())).toBe(`CONFLICT ${DEVICE} has a memory limit: somebody else set it up.`);
    } finally {
      await place.close();
    }
  });

  test('what the kernel says of it, and zramctl and swapon agree', async () => {
    const place = await openWithout();
    const action = actionOf({ size: 3 * MEGABYTE, algorithm: 'lz4', priority: 9 });
    try {
      const was = await zram.current(place.host, action);
      expect(was).toEqual({ present: false, algorithm: null, size: 0, active: false, priority: null });
      await zram.apply(place.host, action, was);
      const said = (...argv: [string, ...string[]]): string =>
        spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' }).stdout.trim().replaceAll(/\s+/g, ' ');
      expect(said('zramctl', '--noheadings', '--bytes', '--raw', '--output', 'ALGORITHM,DISKSIZE,MOUNTPOINT', `/dev/${DEVICE}`)).toBe(
        'lz4 3145728 [SWAP]',
      );
      expect(said('swapon', '--noheadings', '--show=NAME,PRIO,LABEL')).toContain(`/dev/${DEVICE} 9 hecate`);
      await zram.restore(place.host, action, was);
      expect(await zram.current(place.host, action)).toEqual(was);
    } finally {
      await place.close();
    }
  });
});
