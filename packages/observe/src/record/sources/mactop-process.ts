import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, openHost, spawnError } from '@hecate/host';

/** The project page of mactop. */
export const MACTOP_PAGE = 'https://github.com/metaspartan/mactop';
/** Seconds that a stopped mactop gets to end. */
const STOP_PATIENCE = 3;

/** mactop, started by us with sudo. */
export interface MactopProcess {
  /** The command line, for messages. */
  readonly command: string;
  /** How it ended, as the end of a sentence (`ended with status 1`), or null while it runs. */
  ended(): string | null;
  /** Whether sudo still waits for the user's password. */
  asksPassword(): Promise<boolean>;
  /** Ends it, with sudo where it must; says what to do when it cannot. The second time does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts `sudo mactop -p PORT -i 250`: samples four times a second. Standard input and error are ours, so that sudo can ask.
 * Rejects with UNAVAILABLE when mactop or sudo is missing.
 */
export async function startMactop(port: number, say: (sentence: string) => void): Promise<MactopProcess> {
  const argv = ['mactop', '-p', String(port), '-i', '250'] as const;
  const command = `sudo ${argv.join(' ')}`;
  if (!isInstalled('mactop')) {
    throw new HecateError('UNAVAILABLE', 'mactop is not installed.', { hint: `Its project page says how to install it: ${MACTOP_PAGE}` });
  }
  if (!isInstalled('sudo')) {
    throw new HecateError('UNAVAILABLE', 'sudo is not installed.', { hint: `Start mactop yourself: ${argv.join(' ')}` });
  }
  say(`Nothing answers on port ${port}. mactop is started with sudo: ${command}`);
  const child = spawn('sudo', argv, { stdio: ['inherit', 'ignore', 'inherit'] });
  let end: string | null = null;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (status, signal) => {
      end = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(spawnError('sudo', error)));
  });
  // kill() reports here that sudo belongs to another user; stop() then goes another way.
  child.on('error', () => undefined);
  let stopping: Promise<void> | undefined;
  return {
    command,
    ended: () => end,
    async asksPassword() {
      const family = await familyOf(child.pid);
      return end === null && family.length === 1 && family[0]?.program === 'sudo';
    },
    stop: () => (stopping ??= stop(child, exited, () => end !== null, say)),
  };
}

/** Ends sudo and what runs under it: politely, then as root, for the programs under sudo are root's. */
async function stop(child: ChildProcess, exited: Promise<void>, hasEnded: () => boolean, say: (sentence: string) => void): Promise<void> {
  const ends = async (): Promise<boolean> => {
    const done = new AbortController();
    await Promise.race([exited, sleep(STOP_PATIENCE * 1000, undefined, { signal: done.signal }).catch(() => undefined)]);
    done.abort();
    return hasEnded();
  };
  // Most sudos hand the signal on. Some ignore one from their own process group, and some systems let only root signal them.
  if (hasEnded() || (child.kill('SIGTERM') && (await ends()))) return;
  const family = await familyOf(child.pid);
  const last = family.filter(({ pid }) => !family.some(({ parent }) => parent === pid)).map(({ pid }) => String(pid));
  const targets = last.length > 0 ? last : [String(child.pid)];
  await runAsRoot(['kill', '-TERM', ...targets]);
  if (await ends()) return;
  say(`mactop still runs. Stop it with: sudo kill ${targets.join(' ')}`);
}

/** Runs a command with sudo, which may ask; its failure shows in that the program lives on. */
function runAsRoot(argv: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn('sudo', argv, { stdio: ['inherit', 'ignore', 'inherit'] });
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

interface Relative {
  readonly pid: number;
  readonly parent: number;
  readonly program: string;
}

/** A process and all under it, from ps, which Linux and macOS have alike; empty when ps cannot be run or the process is gone. */
async function familyOf(pid: number | undefined): Promise<Relative[]> {
  if (pid === undefined) return [];
  let text = '';
  try {
    text = (await openHost().run(['ps', '-A', '-o', 'pid=,ppid=,comm='])).stdout;
  } catch {
    // Without ps only the process itself is known, and the callers go by that.
  }
  const all = text.split('\n').flatMap((line): Relative[] => {
    const [, own, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(own), parent: Number(parent), program: path.basename(command.trim()) }];
  });
  const family = all.filter((each) => each.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Whether a program of this name is in the PATH. */
function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((directory) => {
    try {
      accessSync(path.join(directory, program), constants.X_OK);
      return directory !== '';
    } catch {
      // Not in this directory.
      return false;
    }
  });
}
