import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openNative, openRootedHost, openWritableHost } from '@hecate/host';
import type { WritableHost } from '@hecate/host';

/** CLONE_NEWNET of linux/sched.h. */
const NEW_NETWORK = 0x40000000;

/** Why this process cannot have a network of its own; null when it can. */
export function ownNetworkMissing(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'a network namespace needs root';
  if (spawnSync('ip', ['-V']).status !== 0) return 'ip is not installed (apt-get install iproute2)';
  const { status, stderr } = spawnSync('unshare', ['--net', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `no network namespace can be made here: ${stderr.trim()}`;
}

/** Runs `task` with the main thread in a new network: what it reads and writes in /proc/sys/net, and what it starts, is in there. */
export async function inOwnNetwork(task: () => void | Promise<void>): Promise<void> {
  const native = openNative();
  const unshare = native.libraryFunction('int unshare(int flags)') as (flags: number) => number;
  const setns = native.libraryFunction('int setns(int descriptor, int kind)') as (descriptor: number, kind: number) => number;
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const leave = (): void => {
    const back = setns(home, NEW_NETWORK);
    closeSync(home);
    if (back !== 0) throw new Error('setns failed');
  };
  try {
    if (unshare(NEW_NETWORK) !== 0) throw new Error('unshare failed');
    await task();
  } finally {
    leave();
  }
}

/** Runs a program in the network that the main thread is in. Throws what it says when it fails. */
export function must(program: string, ...argv: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${error?.message ?? stderr}`);
}

/**
 * Runs `task` in a new network, with a host whose /sys shows the interfaces of that network: /sys shows those of the network in which
 * it was mounted, so it is mounted anew, below a directory of its own.
 */
export function withOwnInterfaces(task: (host: WritableHost) => void | Promise<void>): Promise<void> {
  return inOwnNetwork(async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'hecate-network-'));
    for (const name of ['proc', 'sys']) mkdirSync(path.join(root, name));
    const sys = path.join(root, 'sys');
    try {
      must('mount', '-t', 'sysfs', 'none', sys);
      await task(openWritableHost(openRootedHost(root)));
    } finally {
      spawnSync('umount', ['--lazy', sys]);
      // Without what is below: were it still mounted, that would be the devices of this machine.
      for (const directory of [sys, path.join(root, 'proc'), root]) rmdirSync(directory);
    }
  });
}
