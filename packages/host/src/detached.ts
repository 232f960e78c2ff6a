import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { errnoOf, HecateError } from './error.ts';
import { spawnError } from './run.ts';

/** What a detached process writes to its standard output when it works. */
const READY = 'ready\n';

/** How a detached process is started. */
export interface DetachedOptions {
  /** Seconds that it gets to say that it is ready; then it is killed. Default 20: a machine that must be saved is often a slow one. */
  readonly timeout?: number;
}

/**
 * Starts a program that goes on when we have ended: in a session of its own (setsid(2)), so that neither Ctrl-C nor the end of a
 * terminal or a connection reaches it, in `/`, with nothing on its standard input and error. Resolves with its pid when it has called
 * {@link reportReady}. Rejects with UNAVAILABLE or DENIED when it cannot be started, with FAILED when it ended or was silent instead.
 */
export function startDetached(argv: readonly [string, ...string[]], { timeout = 20 }: DetachedOptions = {}): Promise<number> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, cwd: '/', stdio: ['ignore', 'pipe', 'ignore'], shell: false });
    let said = '';
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.stdout.destroy();
      child.unref();
      finish();
    };
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      settle(() => reject(new HecateError('FAILED', `A process that was to go on in the background ${why}.`)));
    };
    const timer = setTimeout(() => fail(`did not start within ${timeout} s`), timeout * 1000);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.startsWith(READY)) settle(() => resolve(child.pid!));
      else if (said.length >= READY.length) fail('said something that was not expected');
    });
    child.once('error', (error) => settle(() => reject(spawnError(program, error))));
    child.once('close', (status, signal) => fail(signal === null ? `ended with status ${status}` : `was ended by ${signal}`));
  });
}

/** Tells whoever started this process with {@link startDetached} that it works. That nobody is there any more to hear it is no error. */
export function reportReady(): void {
  try {
    // Not a stream: it must be out when this returns, and nothing may be left that waits for a reader.
    writeSync(1, READY);
  } catch (error) {
    if (errnoOf(error) !== 'EPIPE') throw error;
  }
}
