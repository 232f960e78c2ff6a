import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost, openNative } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMountinfo } from '../mountinfo.ts';
import type { Mount } from '../mountinfo.ts';
import { bytesOf } from '../rooted-tree.testing.ts';
import { mountinfoChanges } from './mount-changes.ts';
import { startWatching } from './watching.testing.ts';

const parse = (...lines: string[]): Mount[] => parseMountinfo(bytesOf(lines.map((line) => `${line}\n`).join('')));
const ROOT = '1 0 8:1 / / rw - ext4 /dev/sda1 rw';
const DATA = '20 1 8:2 / /data\\040here rw - xfs /dev/sda2 rw';

describe('what lies between two tables', () => {
  test('what came, went and changed', () => {
    const before = parse(ROOT, DATA, '21 20 0:50 / /data\\040here/x rw - tmpfs none rw');
    const after = parse(ROOT, DATA.replace('rw - xfs', 'ro - xfs'), '30 1 0:51 / /new rw - tmpfs none rw');
    expect(mountinfoChanges(before, after)).toEqual([
      { kind: 'mount', change: 'removed', mountpoint: '/data here/x', device: 'none', fstype: 'tmpfs', readOnly: false },
      { kind: 'mount', change: 'changed', mountpoint: '/data here', device: '/dev/sda2', fstype: 'xfs', readOnly: true },
      { kind: 'mount', change: 'added', mountpoint: '/new', device: 'none', fstype: 'tmpfs', readOnly: false },
    ]);
    expect(mountinfoChanges(before, before)).toEqual([]);
  });

  test('a number that was given anew is another mount; one that moved is the same', () => {
    expect(mountinfoChanges(parse(DATA), parse('20 1 0:60 / /else rw - tmpfs none rw'))).toMatchObject([
      { change: 'removed' },
      { change: 'added' },
    ]);
    expect(mountinfoChanges(parse(DATA), parse(DATA.replace('/data\\040here', '/moved')))).toMatchObject([
      { change: 'changed', mountpoint: '/moved' },
    ]);
  });

  test('applied in order, the differences lead from one table to the other', () => {
    const table = fc
      .uniqueArray(
        fc.record({
          id: fc.integer({ min: 1, max: 8 }),
          place: fc.integer({ min: 0, max: 5 }),
          ro: fc.boolean(),
          device: fc.integer({ min: 1, max: 2 }),
        }),
        {
          selector: ({ id }) => id,
        },
      )
      .map((rows) =>
        parse(...rows.map(({ id, place, ro, device }) => `${id} 0 0:${device} / /p${place} ${ro ? 'ro' : 'rw'} - tmpfs none rw`)),
      );
    const count = (mounts: readonly { mountpoint: string }[]): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const { mountpoint } of mounts) counts.set(mountpoint, (counts.get(mountpoint) ?? 0) + 1);
      return counts;
    };
    fc.assert(
      fc.property(table, table, (before, after) => {
        const changes = mountinfoChanges(before, after);
        const of = (change: string): number => changes.filter((event) => event.change === change).length;
        expect(before.length - of('removed') + of('added')).toBe(after.length);
        if (of('changed') === 0) {
          const expected = count(before);
          for (const { change, mountpoint } of changes)
            expected.set(mountpoint, (expected.get(mountpoint) ?? 0) + (change === 'added' ? 1 : -1));
          expect(new Map([...expected].filter(([, number]) => number !== 0))).toEqual(count(after));
        }
      }),
    );
  });
});

/** CLONE_NEWNS and CLONE_FS of linux/sched.h. */
const NEW_MOUNTS = 0x20000;
const OWN_DIRECTORY = 0x200;

function run(program: string, ...argv: string[]): void {
  const { status, stderr } = spawnSync(program, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${stderr}`);
}

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  const { status, stderr } = spawnSync('unshare', ['--mount', '--propagation', 'private', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `no mount namespace can be made here: ${stderr.trim()}`;
}
const missing = whyNot();
if (missing) console.warn(`SKIPPED: mounts that come and go: ${missing}`);

/** Runs `task` with mounts of our own: what is mounted in it is seen by nobody else, and goes with it. */
async function inPrivateMounts<Result>(task: () => Promise<Result>): Promise<Result> {
  const native = openNative();
  const unshare = native.libraryFunction('int unshare(int flags)') as (flags: number) => number;
  const setns = native.libraryFunction('int setns(int descriptor, int kind)') as (descriptor: number, kind: number) => number;
  const home = openSync('/proc/self/ns/mnt', 'r');
  const here = process.cwd();
  const leave = (): void => {
    // Threads that were made since share the working directory, and who shares it may not go to other mounts.
    const isAlone = unshare(OWN_DIRECTORY) === 0;
    const back = isAlone ? setns(home, NEW_MOUNTS) : -1;
    closeSync(home);
    process.chdir(here);
    if (back !== 0) throw new Error('setns failed');
  };
  try {
    if (unshare(NEW_MOUNTS) !== 0) throw new Error('unshare failed');
    run('mount', '--make-rprivate', '/');
    return await task();
  } finally {
    leave();
  }
}

test.skipIf(missing)('mounts that come, change and go are told', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-mount-'));
  const place = path.join(directory, 'a place\nwith \\040');
  mkdirSync(place);
  try {
    const seen = await inPrivateMounts(async () => {
      const real = openHost();
      // Process 1 is in another namespace now; its table would be the one to watch.
      const watching = await startWatching({ only: ['mount'] }, { readLink: () => 'ours' });
      run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'a device', place);
      await watching.until({ kind: 'mount', change: 'added' });
      run('mount', '-o', 'remount,ro', place);
      await watching.until({ kind: 'mount', change: 'changed' });
      run('umount', place);
      await watching.until({ kind: 'mount', change: 'removed' });
      await watching.end();
      expect(real.readText('/proc/self/mountinfo')).not.toContain('a\\040device');
      return watching.seen;
    });
    const same = { kind: 'mount', mountpoint: place, device: 'a device', fstype: 'tmpfs' };
    expect(seen).toMatchObject([
      { ...same, change: 'added', readOnly: false },
      { ...same, change: 'changed', readOnly: true },
      { ...same, change: 'removed', readOnly: true },
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.skipIf(missing)('of a process with mounts of its own, those of process 1 are watched', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-mount-'));
  try {
    await inPrivateMounts(async () => {
      const watching = await startWatching({ only: ['mount'] });
      run('mount', '-t', 'tmpfs', 'hidden', directory);
      const inside = await startWatching({ only: ['mount'] }, { readLink: () => 'ours' });
      run('umount', directory);
      await inside.until({ kind: 'mount', change: 'removed' });
      await Promise.all([watching.end(), inside.end()]);
      expect(watching.seen.filter((event) => event.kind === 'mount' && event.device === 'hidden')).toEqual([]);
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
