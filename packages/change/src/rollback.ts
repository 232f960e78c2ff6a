import { bootId, errnoOf, HecateError, causeOf, messageOf } from '@hecate/host';
import type { Context } from './context.ts';
import type { ActionHandler } from './handler.ts';
import type { Json } from './action.ts';
import type { Fate, JournalRecord } from './journal/record.ts';
import { handlerOf, keyOf } from './plan.ts';
import { readLive } from './read.ts';
import { reasonToUndo } from './reason.ts';
import { isInForce, isLive, isSame, readTransaction } from './transaction.ts';
import type { Step, Transaction } from './transaction.ts';

/** What a rollback could not bring back, and why. */
export interface Failure {
  readonly step: Step;
  readonly sentence: string;
}

/** How a rollback went. */
export interface Rollback {
  /** As it is now. */
  readonly transaction: Transaction;
  /** Steps that could not be restored: the transaction stays open, and the next start tries again. */
  readonly failures: readonly Failure[];
}

/**
 * Undoes a transaction, last change first. Only what came from us is restored; the fates say what happened.
 * The caller holds the lock. Throws FAILED when the journal cannot be written.
 */
export async function rollBack(context: Context, id: number, why: string): Promise<Rollback> {
  const { store, host } = context;
  const transaction = readTransaction(store.read(id));
  if (!isLive(transaction)) return { transaction, failures: [] };
  const log = tolerantLog(context, id);
  // Without this line, the next start would take for kept what is half undone; unless it has a reason of its own to undo it.
  const isCertain = reasonToUndo(context, transaction) !== null;
  if (transaction.phase !== 'undoing') log.append({ type: 'undo', time: host.clock.now(), why });
  if (!isCertain) log.finish();
  const later = readLive(context).filter((other) => other.id > id);
  const failures: Failure[] = [];
  const ours: Sight[] = [];
  // Before the first write, for writing one thing may move another: after that nobody could tell it from drift.
  for (const step of transaction.steps.filter(isInForce).reverse()) {
    try {
      const sight = await lookAt(context, transaction, step, later);
      if (sight.fate === null) ours.push(sight);
      else log.append({ type: 'undone', step: step.index, fate: sight.fate, found: sight.found });
    } catch (error) {
      failures.push({ step, sentence: messageOf(error) });
    }
  }
  const isWritten = ours.some(({ step, found }) => !isSame(found, step.was));
  if (isWritten && ours.some(({ step }) => step.state !== 'begun'))
    log.append({ type: 'restore', steps: ours.map(({ step }) => step.index) });
  const restored = await restoreAll(context, ours);
  for (const { step, found } of ours) {
    const sentence = restored.get(step);
    if (sentence === undefined) log.append({ type: 'undone', step: step.index, fate: 'restored', found });
    else failures.push({ step, sentence });
  }
  if (failures.length === 0) log.append({ type: 'ended', time: host.clock.now() });
  log.finish();
  return { transaction: readTransaction(store.read(id)), failures };
}

/** Writes to the journal of a transaction that is rolled back. */
interface Log {
  append(record: JournalRecord): void;
  /** Throws what went wrong. */
  finish(): void;
}

/**
 * A disk that is full must not keep values from being restored: restoring comes first, and can be repeated when nothing says that it was done.
 */
function tolerantLog({ store }: Context, id: number): Log {
  let trouble: unknown;
  return {
    append(record) {
      if (trouble !== undefined) return;
      try {
        store.append(id, record);
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        trouble = error;
      }
    },
    finish() {
      if (trouble === undefined) return;
      throw new HecateError('FAILED', `The journal of change ${id} could not be written: ${causeOf(trouble)}.`, {
        hint: 'Make room on its disk and run: hecate changes recover',
        cause: trouble,
      });
    },
  };
}

/** What is in the place of a step before its rollback. */
interface Sight {
  readonly step: Step;
  /** How its rollback ends without a write; null: what is there came from us. */
  readonly fate: Fate | null;
  readonly found: Json;
}

async function lookAt(
  { host, handlers, store }: Context,
  transaction: Transaction,
  step: Step,
  later: readonly Transaction[],
): Promise<Sight> {
  const { action } = step.change;
  const handler = handlerOf(handlers, action.kind);
  if (!handler.persists && bootId(host) !== transaction.boot) return { step, fate: 'expired', found: null };
  let found: Json;
  try {
    if (step.device && handler.device?.(host, action)?.id !== step.device.id) return { step, fate: 'lost', found: null };
    handler.tidy?.(host, action);
    found = await handler.current(host, action);
  } catch (error) {
    if (!isGone(error)) throw error;
    return { step, fate: 'lost', found: null };
  }
  const inherited = handOver({ store, handlers }, handler, step, later);
  if (inherited) return { step, fate: inherited, found };
  const isOurOwn = isOurs(handler, found, mayHaveMoved(transaction) ? { ...step, state: 'begun' } : step);
  return { step, fate: isOurOwn || isSame(found, step.was) ? null : 'drifted', found };
}

/**
 * Whether a later change of a transaction may have moved an earlier one that was already over, so that nobody can say what is drift: it was
 * being applied. With a damaged line it may be that one that said that all were made; what it holds then counts as somebody else's.
 */
const mayHaveMoved = ({ phase, damaged }: Transaction): boolean => phase === 'applying' && damaged === 0;

/** How often what one restore moved is restored anew. Two that move one another for ever end as failures. */
const MOST_PASSES = 4;

/** Restores steps in their order, until all of them are as they were. Answers the sentences of those that are not. */
async function restoreAll(context: Context, ours: readonly Sight[]): Promise<ReadonlyMap<Step, string>> {
  const failed = new Map<Step, string>();
  for (let pass = 1, writes = true; writes && pass <= MOST_PASSES; pass++) {
    writes = false;
    for (const { step } of ours) {
      try {
        // The last pass only looks.
        if (await restoreStep(context, step, pass < MOST_PASSES)) writes = true;
        failed.delete(step);
      } catch (error) {
        failed.set(step, messageOf(error));
      }
    }
  }
  return failed;
}

/** Restores a step, unless it is as it was. Answers whether it wrote. */
async function restoreStep({ host, handlers }: Context, { change: { action }, was }: Step, mayWrite: boolean): Promise<boolean> {
  const handler = handlerOf(handlers, action.kind);
  const isBack = (now: Json): boolean => isSame(now, was) || handler.isRestored?.(now, was) === true;
  if (isBack(await handler.current(host, action))) return false;
  if (mayWrite) await handler.restore(host, action, was);
  const after = await handler.current(host, action);
  if (isBack(after)) return true;
  throw new HecateError('FAILED', `${handler.target(action)} was set back to ${JSON.stringify(was)} and reads ${JSON.stringify(after)}.`);
}

/** Whether an error says that the thing is not there any more: the device was pulled, the module unloaded. */
const isGone = (error: unknown): boolean =>
  error instanceof HecateError ? error.code === 'UNAVAILABLE' : ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO'].includes(errnoOf(error) ?? '');

/**
 * Whether a state came from a step. What was written and not read back may be anything: half of it, or what the kernel made of it, or of
 * a later write. Handlers whose changes happen at once know better.
 */
const isOurs = (handler: ActionHandler, now: Json, { wanted, was, state }: Step): boolean =>
  handler.isOurs ? handler.isOurs(now, wanted, was) : state === 'begun' || isSame(now, wanted);

/**
 * What becomes of a step whose target a later transaction changed again; null where none did. When it did so on top of our value, it restores
 * from now on what was there before us. When somebody else's value lay between, that is what it restores, and ours is gone.
 */
function handOver(
  { store, handlers }: Pick<Context, 'store' | 'handlers'>,
  handler: ActionHandler,
  step: Step,
  later: readonly Transaction[],
): Fate | null {
  const key = keyOf(handlers, step.change.action);
  for (const { id, steps } of later) {
    const heir = steps.find((other) => isInForce(other) && keyOf(handlers, other.change.action) === key);
    if (!heir) continue;
    // A rollback that was killed after the line below has done it already.
    if (isSame(heir.was, step.was)) return 'inherited';
    if (!isOurs(handler, heir.was, step)) return 'drifted';
    store.append(id, { type: 'inherit', step: heir.index, was: step.was });
    return 'inherited';
  }
  return null;
}
