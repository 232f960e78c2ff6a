import { errnoOf, HecateError, messageOf } from '@hecate/host';
import { readBoot } from './context.ts';
import type { Context } from './context.ts';
import type { ActionHandler } from './handler.ts';
import type { Json } from './action.ts';
import type { Fate } from './journal/record.ts';
import { handlerOf, keyOf } from './plan.ts';
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

/** All transactions of a store, oldest first. Those whose beginning is damaged are told to `say` and left out. */
export function readAll({ store }: Context, say: (sentence: string) => void = () => undefined): Transaction[] {
  return store.ids().flatMap((id) => {
    const content = store.read(id);
    // Killed before its first record was on disk: nothing was changed.
    if (content.records.length === 0 && content.damaged === 0) return [];
    try {
      return [readTransaction(content)];
    } catch (error) {
      if (!(error instanceof HecateError)) throw error;
      say(`${error.message} ${error.hint ?? ''}`);
      return [];
    }
  });
}

/**
 * Undoes a transaction, last change first. Each step is restored only where what is there came from us; the fates say what happened.
 * The caller holds the lock.
 */
export async function rollBack(context: Context, id: number, why: string): Promise<Rollback> {
  const { store, host } = context;
  const transaction = readTransaction(store.read(id));
  if (!isLive(transaction)) return { transaction, failures: [] };
  const log = tolerantLog(context, id);
  if (transaction.phase !== 'undoing') log.append({ type: 'undo', time: host.clock.now(), why });
  const failures: Failure[] = [];
  for (const step of [...transaction.steps].reverse()) {
    if (!isInForce(step)) continue;
    try {
      const [fate, found] = await undoStep(context, transaction, step);
      log.append({ type: 'undone', step: step.index, fate, found });
    } catch (error) {
      failures.push({ step, sentence: messageOf(error) });
    }
  }
  if (failures.length === 0) log.append({ type: 'ended', time: host.clock.now() });
  log.finish();
  return { transaction: readTransaction(store.read(id)), failures };
}

/**
 * A disk that is full must not keep values from being restored: restoring comes first, and can be repeated when nothing says that it was done.
 * `finish` throws what went wrong.
 */
function tolerantLog({ store }: Context, id: number): { append(record: Parameters<typeof store.append>[1]): void; finish(): void } {
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
      throw new HecateError('FAILED', `The journal of change ${id} could not be written: ${messageOf(trouble)}.`, {
        hint: 'All that could be restored was. Make room on its disk and run: hecate changes recover',
        cause: trouble,
      });
    },
  };
}

async function undoStep(context: Context, transaction: Transaction, step: Step): Promise<readonly [Fate, Json]> {
  const { host, handlers } = context;
  const { action } = step.change;
  const handler = handlerOf(handlers, action.kind);
  const boot = readBoot(host);
  if (!handler.persists && boot !== transaction.boot) return ['expired', null];
  if (step.device && handler.device?.(host, action)?.id !== step.device.id) return ['lost', null];
  handler.tidy?.(host, action);
  let now: Json;
  try {
    now = await handler.current(host, action);
  } catch (error) {
    const isGone = error instanceof HecateError ? error.code === 'UNAVAILABLE' : errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENODEV';
    if (!isGone) throw error;
    return ['lost', null];
  }
  if (handOver(context, transaction, step)) return ['inherited', now];
  if (isSame(now, step.was)) return ['restored', now];
  if (!isOurs(handler, now, step)) return ['drifted', now];
  await handler.restore(host, action, step.was);
  const after = await handler.current(host, action);
  if (!isSame(after, step.was)) {
    throw new HecateError('FAILED', `${handler.target(action)} was set back to ${JSON.stringify(step.was)} and reads ${JSON.stringify(after)}.`);
  }
  return ['restored', now];
}

const isOurs = (handler: ActionHandler, now: Json, { wanted, was }: Step): boolean =>
  handler.isOurs ? handler.isOurs(now, wanted, was) : isSame(now, wanted);

/** Where a later transaction changed the same thing again, on top of our value: from now on it restores what was there before us. */
function handOver(context: Context, transaction: Transaction, step: Step): boolean {
  const { store, handlers } = context;
  const key = keyOf(handlers, step.change.action);
  for (const later of readAll(context)) {
    if (later.id <= transaction.id || !isLive(later)) continue;
    const heir = later.steps.find((other) => isInForce(other) && keyOf(handlers, other.change.action) === key);
    if (!heir) continue;
    // A rollback that was killed after the next line has done it already.
    if (isSame(heir.was, step.was)) return true;
    if (!isSame(heir.was, step.wanted)) return false;
    store.append(later.id, { type: 'inherit', step: heir.index, was: step.was });
    return true;
  }
  return false;
}
