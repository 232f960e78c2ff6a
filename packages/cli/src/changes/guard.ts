import { runGuard, runProcessGuard } from '@hecate/change';
import { reportReady } from '@hecate/host';
import { keepMemoryLean } from '@hecate/observe';
import type { Changes } from './open.ts';
import { parseTransactionId } from './transaction-id.ts';

/** What ends other processes of a session and not this one: it is there for the case that the session ends. */
const SURVIVED = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Stays in the background, small, until `watch` has nothing left to do. */
async function stay(watch: (ready: () => void) => Promise<unknown>): Promise<void> {
  for (const name of SURVIVED) process.on(name, () => undefined);
  const ending = new AbortController();
  // There is nobody to tell. What it costs when it fails is memory.
  keepMemoryLean(ending.signal, () => undefined);
  await watch(reportReady);
  ending.abort();
}

/** `hecate changes guard ID`, which whoever applies starts: watches a change until nothing is left to do. */
export function guardTransaction({ host, handlers, directory }: Changes, words: readonly string[]): Promise<void> {
  const id = parseTransactionId(words);
  return stay((ready) => runGuard({ host, handlers, directory, id, ready }));
}

/** `hecate changes guard-process PID START`, which `hecate tune prove` starts: takes back what was leased to a process when it has ended. */
export function guardProcess({ host, handlers, directory }: Changes, [pid, started]: readonly string[]): Promise<void> {
  return stay((ready) => runProcessGuard({ host, handlers, directory, process: { pid: Number(pid), started: started || null }, ready }));
}
