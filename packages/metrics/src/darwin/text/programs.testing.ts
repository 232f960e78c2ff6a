import { HecateError, openHost } from '@hecate/host';
import type { Finished, Host, RunOptions } from '@hecate/host';
import { fixture } from './fixture.testing.ts';

/** What one run of a program comes to: its end, or the error of the door. */
export type Run = (argv: readonly string[], options: RunOptions) => Promise<Finished>;

/** A program that ends with this text. */
export const prints =
  (stdout: string): Run =>
  () =>
    Promise.resolve({ status: 0, signal: null, stdout, stderr: '' });

/** A program that ends with status 1 and this complaint. */
export const fails =
  (stderr: string): Run =>
  () =>
    Promise.resolve({ status: 1, signal: null, stdout: '', stderr });

/** A program that is not there. */
export const missing: Run = ([program]) => Promise.reject(new HecateError('UNAVAILABLE', `${program} is not installed.`));

/** A program that runs until it is called off, as the door does it: its promise is rejected then. */
export const hangs: Run = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal!.addEventListener('abort', () => reject(new Error('The operation was aborted')), { once: true });
  });

const SYSCTL = fixture('sysctl.txt');

/** sysctl answers what it is asked for. */
const sysctl: Run = ([, ...names]) =>
  prints(
    SYSCTL.split('\n')
      .filter((line) => names.some((name) => line.startsWith(`${name}:`)))
      .join('\n'),
  )([], {});

/** Of several texts the one whose word is among what is asked, otherwise the last. */
const byWord =
  (texts: Readonly<Record<string, string>>): Run =>
  (argv) =>
    prints(Object.entries(texts).find(([word], at, all) => argv.includes(word) || at === all.length - 1)![1])([], {});

const AC = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t96%; charged; 0:00 remaining present: true\n";
/** What pmset says where nothing was ever held down, as on Apple silicon. */
const NOT_HELD = ['thermal warning level', 'performance warning level', 'CPU power status'];

/** Programs of a Mac, by the path that they are asked by. */
export const MAC_PROGRAMS: Readonly<Record<string, Run>> = {
  '/usr/sbin/sysctl': sysctl,
  '/usr/bin/vm_stat': prints(fixture('vm_stat.txt')),
  '/usr/sbin/ioreg': byWord({
    AppleSmartBattery: fixture('ioreg-battery.plist'),
    IOAccelerator: fixture('ioreg-accelerators.plist'),
    IOBlockStorageDevice: fixture('ioreg-disks.plist'),
  }),
  '/bin/df': prints(fixture('df.txt')),
  '/sbin/mount': prints(fixture('mount.txt')),
  '/usr/sbin/netstat': byWord({
    '-rn': fixture('netstat-rn.txt'),
    tcp: fixture('netstat-tcp.txt'),
    '-ibdnW': fixture('netstat-ibdnW.txt'),
  }),
  '/usr/bin/pmset': byWord({ therm: NOT_HELD.map((what) => `Note: No ${what} has been recorded\n`).join(''), batt: AC }),
  '/usr/bin/notifyutil': prints('com.apple.system.thermalpressurelevel 2\n'),
  '/usr/bin/powermetrics': prints(fixture('powermetrics-m2.plist')),
  '/bin/ps': prints(fixture('ps.txt')),
  '/usr/sbin/system_profiler': prints(fixture('system-profiler-m2.json')),
};

/** A Mac whose library for native calls does not load, with these programs in place of its own. Its clock goes on when it is told to. */
export interface ProgramMac {
  readonly host: Host;
  /** Programs that were started, in their order. */
  readonly started: string[];
  /** The most that ran at the same time, of each. */
  readonly atOnce: Map<string, number>;
  /** How many run now. */
  running(): number;
  advance(seconds: number): void;
}

/** Opens such a Mac. */
export function openProgramMac(programs: Readonly<Record<string, Run>> = {}): ProgramMac {
  const started: string[] = [];
  const running = new Map<string, number>();
  const atOnce = new Map<string, number>();
  let passed = 0;
  const run: Host['run'] = async (argv, options = {}) => {
    const program = argv.join(' ');
    started.push(program);
    const now = (running.get(program) ?? 0) + 1;
    running.set(program, now);
    atOnce.set(program, Math.max(now, atOnce.get(program) ?? 0));
    try {
      return await (programs[argv[0]] ?? MAC_PROGRAMS[argv[0]] ?? missing)(argv, options);
    } finally {
      running.set(program, now - 1);
    }
  };
  return {
    host: {
      ...openHost(),
      platform: 'darwin',
      clock: { now: () => 1_764_000_000 + passed, monotonic: () => 1000 + passed },
      run,
      cpuTimes: () => [
        { user: 100 + passed, nice: 0, system: 50, idle: 1000 + passed },
        { user: 7, nice: 1, system: 2, idle: 3000 + 2 * passed },
      ],
      libraries() {
        throw new HecateError('UNAVAILABLE', 'The library for native calls (koffi) does not load here.');
      },
    },
    started,
    atOnce,
    running: () => [...running.values()].reduce((sum, count) => sum + count, 0),
    advance(seconds) {
      passed += seconds;
    },
  };
}

/** Lets what is answered by now arrive. */
export const arrive = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Turns the event loop until this is so. Throws when a thousand turns do not bring it. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (await isSo()) return;
    await arrive();
  }
  throw new Error('A thousand turns of the event loop did not bring it.');
}
