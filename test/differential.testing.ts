// What hecate says against what the machine's own tools say. Each reading of ours lies between two of theirs: a counter must
// lie between them too. A gauge can jump out and back in between, so its check is repeated until it holds: a formula
// that is wrong never does.
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { run } from './cli.testing.ts';

/** Numbers by name. */
export type Numbers = Readonly<Record<string, number>>;
/** A process, as far as these tests compare it. */
interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly command: string | null;
  readonly user: string;
  readonly uid: number;
  readonly nice: number;
  readonly threads: number;
  readonly rss: number;
  readonly virtual: number;
  readonly startTime: number;
  readonly cpuUser: number;
  readonly cpuSystem: number;
}
/** A snapshot of this machine, as far as these tests compare it. */
export interface Machine {
  readonly host: Readonly<Record<string, string | number>>;
  readonly cpu: {
    readonly total: Numbers;
    readonly cores: readonly Numbers[];
    readonly contextSwitches: number;
    readonly interrupts: number;
    readonly forks: number;
    readonly bootTime: number;
  };
  readonly load: Numbers;
  readonly memory: Numbers;
  readonly pressure: Readonly<Record<string, { readonly some: Numbers | null }>> | null;
  readonly disk: readonly (Numbers & { readonly device: string })[];
  readonly network: readonly (Numbers & { readonly device: string })[];
  readonly filesystem: readonly {
    readonly mountpoint: string;
    readonly device: string;
    readonly fstype: string;
    readonly size: number | null;
    readonly used: number | null;
    readonly available: number | null;
    readonly files: number | null;
  }[];
  readonly processes: readonly Process[];
}

/** The tools that hecate is compared with read the kernel files of Linux. */
export const linux: boolean = process.platform === 'linux';
/** What a program prints. */
export function tool(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    maxBuffer: 1 << 26,
  });
  // df ends with 1 when one of many file systems cannot be read, and prints the others.
  if (error || (status !== 0 && stdout === '')) throw error ?? new Error(`${program}: ${stderr}`);
  return stdout;
}

/** Whether a program that the test needs does not run here; says so, and which Debian package has it. */
export function without(program: string, args: string[], from: string): boolean {
  if (!linux) return true;
  const found = spawnSync(program, args, { encoding: 'utf8' });
  const missing = found.error !== undefined || found.status !== 0;
  if (missing) console.warn(`Skipped: ${program} ${args.join(' ')} does not run here. Debian: apt-get install ${from}.`);
  return missing;
}

/** What hecate says now. */
export async function ours(): Promise<Machine> {
  const { stdout } = await run(['snapshot', '--format', 'json', '--interval', '0']);
  return JSON.parse(stdout) as Machine;
}

/** Takes a reading of theirs before and after ours. */
export async function bracket<Theirs>(read: () => Theirs): Promise<{ before: Theirs; machine: Machine; after: Theirs }> {
  const before = read();
  const machine = await ours();
  return { before, machine, after: read() };
}

/** `value` lies between what was read before and after, the ends included; `slack` for what is rounded. */
export function between(
  before: number | undefined,
  value: number | undefined,
  after: number | undefined,
  what: string,
  slack: number = 1e-6,
): void {
  expect(value, what).toBeGreaterThanOrEqual(before! - slack);
  expect(value, what).toBeLessThanOrEqual(after! + slack);
}

/** The same for what goes up and down: outside of both by at most `slack`. */
export function near(before: number | undefined, value: number | undefined, after: number | undefined, what: string, slack: number): void {
  between(Math.min(before!, after!), value, Math.max(before!, after!), what, slack);
}

/** Repeats a check of gauges until it holds. The last try tells what is wrong. */
export async function untilItHolds(check: () => Promise<void>, tries: number = 15): Promise<void> {
  for (let left = tries; left > 1; left -= 1) {
    try {
      return await check();
    } catch {
      // Something moved between the readings: try again, at most so often.
    }
  }
  await check();
}

/** The words of a line. */
export const fields = (line: string): string[] => line.trim().split(/\s+/);
