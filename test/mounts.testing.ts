import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from './cli.testing.ts';

/** `unshare` and what runs in it: a mount that nobody else sees, at a directory that exists. */
const wrapOf = (options: string, directory: string): string[] => [
  'unshare',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  'mount -t tmpfs -o "$1" hecate-test "$2" && shift 2 && exec "$@"',
  'sh',
  options,
  directory,
];

function cannotMount(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  const [program, ...args] = wrapOf('size=64k', '/tmp') as [string, ...string[]];
  const { error, status, stderr } = spawnSync(program, [...args, 'true'], { encoding: 'utf8' });
  return error ? error.message : status === 0 ? null : stderr.trim();
}

/** Why no file system can be mounted here, or null when one can. */
export const noMounts: string | null = cannotMount();
if (noMounts)
  console.warn(`Skipped: full and read-only file systems cannot be made here (${noMounts}). Run as root, or allow user namespaces.`);

/** A directory, and what comes before a command line that shall see it so. */
export interface Place {
  readonly directory: string;
  readonly wrap: readonly string[];
}

/** A tmpfs of `size` that only the process sees. Its files are at `/proc/PID/root/...` for the one who started it. */
export function smallDisk(size: string): Place {
  const directory = temporary('disk');
  return { directory, wrap: wrapOf(`size=${size}`, directory) };
}

/** A directory that cannot be written: a read-only file system for root, who may write everything else. */
export function readOnlyPlace(): Place {
  const directory = temporary('fixed');
  if (process.getuid?.() === 0) return { directory, wrap: wrapOf('ro', directory) };
  chmodSync(directory, 0o555);
  return { directory, wrap: [] };
}

/** Why {@link readOnlyPlace} does not work here, or null. */
export const noReadOnly: string | null = process.getuid?.() === 0 ? noMounts : null;

/** Where a process of another mount namespace has a path. */
export function seenBy(pid: number, path: string): string {
  return join('/proc', String(pid), 'root', path);
}
