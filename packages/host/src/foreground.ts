import { spawn } from 'node:child_process';
import { spawnError } from './run.ts';
import type { Finished } from './run.ts';

/** Signals that are sent to us alone, and are meant for the program. */
const PASSED_ON = ['SIGTERM', 'SIGHUP'] as const;
/** Signals of keys: the terminal sends them to the program too. */
const OF_KEYS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a program on our own terminal, as a shell would: its input and outputs are ours. Signals end it and not us: we live on until it
 * has ended. Rejects with UNAVAILABLE when the program is missing, DENIED when it may not be run.
 */
export function runForeground(argv: readonly [string, ...string[]]): Promise<Pick<Finished, 'status' | 'signal'>> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', shell: false });
    const pass = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    const ignore = (): void => undefined;
    for (const name of PASSED_ON) process.on(name, pass);
    for (const name of OF_KEYS) process.on(name, ignore);
    const release = (): void => {
      for (const name of PASSED_ON) process.off(name, pass);
      for (const name of OF_KEYS) process.off(name, ignore);
    };
    child.once('error', (error) => {
      release();
      reject(spawnError(program, error));
    });
    child.once('close', (status, signal) => {
      release();
      resolve({ status, signal });
    });
  });
}
