import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from './error.ts';

/** How a subprocess is run. */
export interface RunOptions {
  /** Seconds until it is killed. Default 10. */
  readonly timeout?: number;
  /** Cancels it. */
  readonly signal?: AbortSignal;
  /** Text for its standard input; without it, standard input is empty. */
  readonly input?: string;
  /** Runs it as a process group of its own, and ends all of the group where the program would be ended: scripts start others. */
  readonly group?: boolean;
  /** The most bytes kept of each output; more is an error. Default 16 MiB. */
  readonly maxBytes?: number;
}

/** How a subprocess ended. */
export interface Finished {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  /** The signal that ended it, or null. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program with exactly these arguments: there is no shell, so nothing in them is ever interpreted.
 * The environment is ours with `LC_ALL=C`, so that its messages parse.
 * Rejects with UNAVAILABLE when the program is missing, DENIED when it may not be run, FAILED when it did not end in time
 * ({@link isTimeout}) or wrote too much, and with the signal's AbortError. A program that cannot be ended (it waits in the kernel for a
 * device that does not answer) is left to the kernel a second later: nobody waits for it.
 */
export function runProgram(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Finished> {
  const [program, ...args] = argv;
  const { timeout = 10, maxBytes = 16 * 1024 * 1024, group = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      shell: false,
      detached: group,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const end = (): void => {
      child.kill('SIGKILL');
      if (group) endGroup(child.pid);
    };
    const outputs = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const kept = { stdout: 0, stderr: 0 };
    let refusal: HecateError | undefined;
    let leaving: NodeJS.Timeout | undefined;
    const stop = (why: HecateError): void => {
      refusal ??= why;
      end();
      leaving ??= setTimeout(() => {
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        child.unref();
        reject(refusal);
      }, GRACE);
    };
    const timer = setTimeout(() => stop(timeoutError(program, timeout)), timeout * 1000);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        kept[name] += chunk.length;
        if (kept[name] > maxBytes) stop(new HecateError('FAILED', `${program} wrote more than ${maxBytes} bytes.`));
        else outputs[name].push(chunk);
      });
    }
    child.on('error', (error) => {
      clearTimeout(timer);
      clearTimeout(leaving);
      // An abort, or a start that failed: then there is nobody to end.
      end();
      reject(refusal ?? spawnError(program, error));
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      clearTimeout(leaving);
      if (refusal) reject(refusal);
      else {
        const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(outputs[name]).toString('utf8');
        resolve({ status, signal, stdout: text('stdout'), stderr: text('stderr') });
      }
    });
    // A program that does not read its input closes the pipe early; that is its right.
    child.stdin.on('error', (error) => {
      if (errnoOf(error) !== 'EPIPE') stop(new HecateError('FAILED', `${program}: ${error.message}`, { cause: error }));
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Milliseconds that a program has to be gone in, once it was ended. */
const GRACE = 1000;

/** What a program that did not end in time is: FAILED, caused by the system's ETIMEDOUT. */
const timeoutError = (program: string, seconds: number): HecateError =>
  new HecateError('FAILED', `${program} did not end within ${seconds} s.`, {
    cause: Object.assign(new Error(`no answer within ${seconds} s`), { code: 'ETIMEDOUT' }),
  });

/** Ends every process of a group that is still there. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((directory) => existsSync(path.join(directory, program)));
}

/** What a failed start of `program` means to a user. */
export function spawnError(program: string, error: unknown): unknown {
  switch (errnoOf(error)) {
    case 'ENOENT':
      return new HecateError('UNAVAILABLE', `${program} is not installed.`, { cause: error });
    case 'EACCES':
      // execvp(3) says this too when it finds nothing and one directory of PATH may not be searched.
      if (!program.includes('/') && !isOnPath(program))
        return new HecateError('UNAVAILABLE', `${program} is not installed.`, { cause: error });
      return new HecateError('DENIED', `${program} may not be run by this user.`, { cause: error });
    case 'EPERM':
      return new HecateError('DENIED', `${program} may not be run by this user.`, { cause: error });
    default:
      return error;
  }
}
