import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost, openWritableHost } from '@hecate/host';
import type { MountAction } from '../action.ts';
import type { ActionCase, ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { needsRoot } from './machine.testing.ts';

/** The name is known before it is made; a space, because mountinfo writes it in its own way. */
export const MOUNT_POINT: string = path.join(tmpdir(), `hecate mount-${process.pid}`);

/** Runs mount(8) or umount(8) for a test. */
export function mountTool(program: 'mount' | 'umount', ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/** What the kernel says of the mount point. */
export const lineOfMount = (): string =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${MOUNT_POINT.replaceAll(' ', '\\040')} `))
    .join('\n');

/** A tmpfs of our own with these options. */
export function openTmpfs(options: string): ActionPlace {
  mkdirSync(MOUNT_POINT, { recursive: true });
  mountTool('mount', '-t', 'tmpfs', '-o', options, 'hecate-test', MOUNT_POINT);
  return {
    host: openWritableHost(openHost()),
    picture: lineOfMount,
    close: () => {
      mountTool('umount', MOUNT_POINT);
      rmdirSync(MOUNT_POINT);
    },
  };
}

const caseOf = (before: string, ...options: readonly string[]): ActionCase<MountAction> => ({
  name: `${before} and then ${options.join(',')}`,
  missing: needsRoot,
  action: { kind: 'mount', target: MOUNT_POINT, options },
  open: () => openTmpfs(before),
});

export const suite: ActionSuite<MountAction> = {
  shape: { paths: ['target'] },
  cases: [
    caseOf('size=1m,nosuid,nodev,noexec,mode=750', 'noatime', 'size=2m', 'exec'),
    caseOf('size=1m,noatime,nodiratime,sync', 'strictatime', 'async', 'diratime'),
    caseOf('size=1m,strictatime,lazytime,nr_inodes=100', 'relatime', 'nolazytime', 'nr_inodes=1k'),
    caseOf('ro,nosuid', 'rw'),
    caseOf('rw,nodev', 'ro', 'noexec', 'suid', 'nosymfollow'),
  ],
};
