import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { root } from './source-tree.testing.ts';

/** The command line as users start it. */
export const HECATE: string = join(root, 'packages', 'cli', 'bin', 'hecate.cjs');

if (!existsSync(join(root, 'packages', 'cli', 'dist', 'hecate.cjs'))) {
  throw new Error('The command line is not built: these tests run what users run. Run "npm test", or "npm run setup" once.');
}

/** How a process ended. */
export interface Ended {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started. */
export interface StartOptions {
  /** Added to a clean environment; undefined takes away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Comes before Node in the command line: `['unshare', '--mount']`. */
  readonly wrap?: readonly string[];
}

/** A process that runs. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits for a text on either output and returns the match; fails when the process ends first, or after `seconds`. */
  until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
  /** Resolves when it ends by itself; after `seconds` it is killed and this fails. */
  readonly ended: (seconds?: number) => Promise<Ended>;
  /** Sends a signal, and resolves when it has ended. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

const made: string[] = [];
const alive = new Set<ChildProcessWithoutNullStreams>();

/** A new directory, absolute, that goes away after the tests of the file. */
export function temporary(name: string = 'test'): string {
  const directory = mkdtempSync(join(tmpdir(), `hecate-${name}-`));
  made.push(directory);
  return directory;
}

afterAll(() => {
  // Ends only what was started here and did not end: a test that fails leaves no daemon behind.
  for (const child of alive) child.kill('SIGKILL');
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** An environment in which nothing of the user who runs the tests is read or written. */
export function cleanEnvironment(changes: StartOptions['env'] = {}): NodeJS.ProcessEnv {
  const home = temporary('home');
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|TMPDIR|USER|LOGNAME|TZ|LD_LIBRARY_PATH)$/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    LC_ALL: 'C.UTF-8',
    HECATE_DATA_DIR: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    ...changes,
  };
}

/** Starts `hecate ...args` with pipes. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  const [program, ...rest] = [...(options.wrap ?? []), process.execPath, HECATE, ...args] as [string, ...string[]];
  const child = spawn(program, rest, { env: cleanEnvironment(options.env), cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  alive.add(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdin.on('error', () => undefined);
  const close = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      alive.delete(child);
      resolve({ status, signal, ...said });
    });
  });
  close.catch(() => alive.delete(child));
  const line = (): string => `hecate ${args.join(' ')}`;

  const ended = async (seconds = 60): Promise<Ended> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${line()} did not end within ${seconds} s. It said:\n${said.stdout}\n${said.stderr}`));
      }, seconds * 1000);
    });
    try {
      return await Promise.race([close, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  const until = (pattern: RegExp, seconds = 60): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        for (const stream of [child.stdout, child.stderr]) stream.off('data', look);
        settle();
      };
      const fail = (why: string) => (): void =>
        finish(() => reject(new Error(`${line()} ${why} without saying ${String(pattern)}. It said:\n${said.stdout}\n${said.stderr}`)));
      const look = (): void => {
        const match = pattern.exec(said.stdout) ?? pattern.exec(said.stderr);
        if (match) finish(() => resolve(match));
      };
      const timer = setTimeout(fail(`went on for ${seconds} s`), seconds * 1000);
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
      close.then(() => {
        look();
        fail('ended')();
      }, reject);
      look();
    });

  return {
    child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    until,
    ended,
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended();
    },
  };
}

/** Runs `hecate ...args` to its end, its standard input closed. */
export function run(
  args: readonly string[],
  options: StartOptions & { readonly input?: string; readonly seconds?: number } = {},
): Promise<Ended> {
  const running = start(args, options);
  running.child.stdin.end(options.input ?? '');
  return running.ended(options.seconds);
}

/** A daemon that listens. */
export interface Daemon extends Running {
  /** `http://127.0.0.1:39121/`. */
  readonly url: string;
  /** The body of a path as JSON. */
  json(path: string): Promise<Record<string, unknown>>;
}

/** Starts `hecate serve` on a free port, and waits until it says its address. */
export async function startDaemon(args: readonly string[] = [], options: StartOptions = {}): Promise<Daemon> {
  const running = start(['serve', '--port', '0', ...args], options);
  const [, url] = (await running.until(/hecate watches this machine: (\S+)\n/)) as unknown as [string, string];
  const json = async (path: string): Promise<Record<string, unknown>> =>
    (await (await fetch(new URL(path, url))).json()) as Record<string, unknown>;
  return { ...running, url, json };
}

/** Asks again and again until the answer is truthy, and returns it; fails after `seconds`. */
export async function eventually<Result>(
  ask: () => Result | Promise<Result>,
  what: string,
  seconds: number = 60,
): Promise<NonNullable<Result>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const result = await ask();
    if (result) return result;
    if (Date.now() > end) throw new Error(`It did not come to pass within ${seconds} s: ${what}.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
