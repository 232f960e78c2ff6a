import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { openNative } from '@hecate/host';

/** CLONE_NEWNET of linux/sched.h. */
const NEW_NETWORK = 0x40000000;

/** Why this process cannot have a network of its own; null when it can. */
export function privateNetworkMissing(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'a network namespace needs root';
  if (spawnSync('ip', ['-V']).status !== 0) return 'ip is not installed (apt-get install iproute2)';
  const { status, stderr, error } = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  return status === 0 ? null : `no network namespace can be made here: ${error?.message ?? stderr.trim()}`;
}

/** Runs a program of iproute2 and gives what it says. */
export function ip(...argv: string[]): string {
  return runHere('ip', argv);
}

/** Runs many commands of `ip` at once. */
export function ipBatch(commands: readonly string[]): void {
  runHere('ip', ['-batch', '-'], `${commands.join('\n')}\n`);
}

/** Runs a program in the network that this process is in. Throws what it says when it fails. */
export function runHere(program: string, argv: readonly string[], input: string = ''): string {
  const { status, stdout, stderr } = spawnSync(program, argv, { encoding: 'utf8', input, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${stderr}`);
  return stdout;
}

/**
 * Runs `task` with the main thread in a new, empty network: what it opens, reads in /proc/net, and what it starts, is in there.
 * Only the loopback is up. The network ends with what was opened in it. /sys still shows the interfaces of before.
 */
export async function inPrivateNetwork<Result>(task: () => Result | Promise<Result>): Promise<Result> {
  const native = openNative();
  const unshare = native.libraryFunction('int unshare(int flags)') as (flags: number) => number;
  const setns = native.libraryFunction('int setns(int descriptor, int kind)') as (descriptor: number, kind: number) => number;
  const home = openSync('/proc/self/ns/net', 'r');
  const leave = (): void => {
    const back = setns(home, NEW_NETWORK);
    closeSync(home);
    if (back !== 0) throw new Error('setns failed');
  };
  try {
    if (unshare(NEW_NETWORK) !== 0) throw new Error('unshare failed');
    ip('link', 'set', 'lo', 'up');
    return await task();
  } finally {
    leave();
  }
}
