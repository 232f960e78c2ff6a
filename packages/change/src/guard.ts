import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, ProcessIdentity } from '@hecate/host';
import { openEngine } from './engine.ts';
import type { EngineOptions } from './engine.ts';
import { openJournalStore } from './journal/store.ts';
import { hasEnded } from './lease.ts';
import { reasonToUndo } from './reason.ts';
import { isLive } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** What a guard watches. */
export interface GuardOptions extends EngineOptions {
  /** The transaction. Its journal must have begun. */
  readonly id: number;
  /** Called once, when it watches: whoever applies waits for that. */
  readonly ready?: () => void;
  /** Ends the watch and changes nothing. */
  readonly signal?: AbortSignal;
}

/** Seconds between two looks. A look that finds nothing to do reads one small file. */
const PERIOD = 0.25;
/** What the pause grows to while something is in the way: a lock is held for moments, a disk is full for hours. */
const MOST_PAUSE = 30;
/** Seconds after which it is tried whether an applier that lives has given up: while it applies it holds the lock. */
const APPLIER_PATIENCE = 5;

/**
 * Sees to it that a transaction does not outlive its reason: undoes it at its deadline when nobody confirmed it, when the process that
 * it was made for has ended, and at once when whoever applied it was killed in the middle. It is meant to be a process of its own,
 * which survives the applier. A lock that is held, a full disk, a value that does not go back: it tries again until it is done.
 * Resolves when there is nothing left to watch, with the transaction as it is then; null when its journal is gone.
 */
export async function runGuard(options: GuardOptions): Promise<Transaction | null> {
  const { id, signal, directory, store = openJournalStore(directory) } = options;
  const host = { ...options.host, clock: forwardClock(options.host.clock) };
  const context = { host, handlers: options.handlers, store };
  const engine = openEngine({ ...options, host, store });
  let isReady = false;
  let pause = PERIOD;
  let nextTry = host.clock.monotonic() + APPLIER_PATIENCE;

  /** Whether it was confirmed by a process that did not get to ending the one that it takes the place of. */
  const waitsForEnd = ({ phase, replaces }: Transaction): boolean =>
    phase === 'active' && replaces !== null && store.ids().includes(replaces) && isLive(engine.show(replaces));
  /** Whether it is worth while to take the lock. Under the lock it is decided anew. */
  const isDue = (transaction: Transaction): boolean => {
    if (transaction.phase !== 'applying' || hasEnded(transaction))
      return reasonToUndo(context, transaction) !== null || waitsForEnd(transaction);
    const tries = host.clock.monotonic() >= nextTry;
    if (tries) nextTry = host.clock.monotonic() + APPLIER_PATIENCE;
    return tries;
  };
  /** One look at it: `over` when there is nothing left to watch, else whether all went well. */
  const look = async (): Promise<'over' | boolean> => {
    if (!store.ids().includes(id)) return 'over';
    const transaction = engine.show(id);
    if (!isReady) options.ready?.();
    isReady = true;
    if (!isLive(transaction)) return 'over';
    if (isDue(transaction)) return (await engine.recover()).every(({ failures }) => failures.length === 0);
    return transaction.phase === 'active' && transaction.lease === null ? 'over' : true;
  };

  while (!signal?.aborted) {
    const found = await tolerate(look);
    if (found === 'over') return store.ids().includes(id) ? engine.show(id) : null;
    pause = found ? PERIOD : Math.min(MOST_PAUSE, pause * 2);
    await rest(pause, signal);
  }
  return null;
}

/** What a guard of a process watches. */
export interface ProcessGuardOptions extends EngineOptions, Pick<GuardOptions, 'ready' | 'signal'> {
  readonly process: ProcessIdentity;
}

/**
 * One guard for all leases of a process that makes many, one after the other: when it has ended, whatever is left of them is undone.
 * Resolves when nothing is.
 */
export async function runProcessGuard({ process: watched, ready, signal, ...options }: ProcessGuardOptions): Promise<void> {
  const engine = openEngine(options);
  ready?.();
  for (let pause = PERIOD; !signal?.aborted; pause = Math.min(MOST_PAUSE, pause * 2)) {
    while (!signal?.aborted && !hasEnded(watched)) await rest(PERIOD, signal);
    if (await tolerate(async () => (await engine.recover()).every(({ failures }) => failures.length === 0))) return;
    await rest(pause, signal);
  }
}

async function rest(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  // Who aborts wants the end of the watch, and looks for it himself.
  await sleep(seconds * 1000, undefined, signal ? { signal } : {}).catch(() => undefined);
}

/** False when it did not work this time: a lock, no memory, a disk in trouble, or a defect. Whatever it was, a guard that ends guards nothing. */
async function tolerate<Result>(work: () => Promise<Result>): Promise<Result | false> {
  try {
    return await work();
  } catch {
    // There is nobody to tell. It is tried again, and the next start of hecate tries it too, and tells.
    return false;
  }
}

/** A clock that never goes back: setting the machine's clock back, or a recorded machine's standing one, puts off no deadline. */
function forwardClock(clock: Clock): Clock {
  const wall = clock.now();
  const begun = performance.now();
  const monotonic = (): number => performance.now() / 1000;
  return { now: () => Math.max(clock.now(), wall + (performance.now() - begun) / 1000), monotonic };
}
