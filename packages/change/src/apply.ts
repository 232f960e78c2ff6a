import { HecateError, messageOf } from '@hecate/host';
import { readBoot } from './context.ts';
import type { Context } from './context.ts';
import { handlerOf } from './plan.ts';
import type { Change, Plan } from './plan.ts';
import { previewPlan, refusalOf } from './preview.ts';
import { readAll, rollBack } from './rollback.ts';
import { isLive, isSame, readTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** Who applies, as a process that can be told from a later one with its number. */
export interface Applier {
  readonly pid: number;
  /** Its start in ticks since boot; null where the system does not say. */
  readonly started: string | null;
}

/** How a plan is applied. */
export interface ApplyOptions {
  /** Rolls back unless `confirm` is called within so many seconds. `guard` sees to it also when this process is killed. */
  readonly confirm?: number;
  /**
   * Starts the guard of a transaction that must be confirmed: a process of its own. Called after the journal is on disk and
   * before the first change; when it throws, nothing is changed.
   */
  readonly guard?: (id: number) => Promise<void>;
  /** Takes the place of the component's transaction that is in force, if there is one: what both change goes from one value to the other. */
  readonly replace?: boolean;
  /** Rolls back when it is aborted before all changes are made. */
  readonly signal?: AbortSignal;
}

/**
 * Makes all changes of a plan, or none. The caller holds the lock, and has recovered what was unfinished.
 * Rejects before the first write with the first obstacle; with ROLLED_BACK when a change failed and all were undone.
 */
export async function applyPlan(context: Context, plan: Plan, applier: Applier, options: ApplyOptions = {}): Promise<Transaction> {
  const { store, host } = context;
  const preview = await previewPlan(context, plan);
  const refusal = refusalOf(preview);
  if (refusal) throw refusal;
  const before = options.replace ? readAll(context).filter((other) => isLive(other) && other.plan.component === plan.component) : [];
  const replaced = before.at(-1)?.id ?? null;
  const id = (store.ids().at(-1) ?? 0) + 1;
  const time = host.clock.now();
  store.append(id, {
    type: 'begin',
    version: 1,
    time,
    boot: readBoot(host),
    plan,
    pid: applier.pid,
    started: applier.started,
    deadline: options.confirm === undefined ? null : time + options.confirm,
    replaces: replaced,
  });
  try {
    await options.guard?.(id);
    for (const [step, change] of plan.changes.entries()) {
      options.signal?.throwIfAborted();
      await makeChange(context, id, step, change);
    }
    store.append(id, { type: 'applied', time: host.clock.now() });
  } catch (error) {
    throw await undoFailed(context, id, error);
  }
  if (options.confirm === undefined) await endReplaced(context, id);
  return readTransaction(store.read(id));
}

async function makeChange({ host, handlers, store }: Context, id: number, step: number, { action }: Change): Promise<void> {
  const handler = handlerOf(handlers, action.kind);
  const was = await handler.current(host, action);
  const wanted = await handler.wanted(action, was, host);
  if (isSame(was, wanted)) return store.append(id, { type: 'same', step });
  store.append(id, { type: 'intent', step, was, wanted, device: handler.device?.(host, action) ?? null });
  await handler.apply(host, action, was);
  const now = await handler.current(host, action);
  if (!isSame(now, wanted)) {
    throw new HecateError('FAILED', `${handler.target(action)} was set to ${JSON.stringify(wanted)} and reads ${JSON.stringify(now)}.`);
  }
  store.append(id, { type: 'done', step });
}

/** Undoes what was made before a failure, and says both. */
async function undoFailed(context: Context, id: number, error: unknown): Promise<HecateError> {
  const why = messageOf(error);
  const { failures } = await rollBack(context, id, why);
  if (failures.length > 0) {
    return new HecateError('FAILED', `${why} Of what was changed before, not all could be undone: ${failures.map(({ sentence }) => sentence).join(' ')}`, {
      hint: 'Run: hecate changes recover',
      cause: error,
    });
  }
  return new HecateError('ROLLED_BACK', why, { hint: 'Everything is as it was before.', cause: error });
}

/** Rolls back what a transaction took the place of: what both changed is now the newer one's to restore. */
export async function endReplaced(context: Context, id: number): Promise<void> {
  const { replaces } = readTransaction(context.store.read(id));
  if (replaces === null) return;
  const { failures } = await rollBack(context, replaces, `Change ${id} took its place.`);
  if (failures.length > 0) {
    throw new HecateError('FAILED', `Change ${replaces} could not be undone wholly: ${failures.map(({ sentence }) => sentence).join(' ')}`, {
      hint: 'Run: hecate changes recover',
    });
  }
}
