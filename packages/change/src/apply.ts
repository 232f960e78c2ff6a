import { bootId, HecateError, messageOf } from '@hecate/host';
import type { ProcessIdentity } from '@hecate/host';
import type { Action, Json } from './action.ts';
import type { Context } from './context.ts';
import type { ActionHandler } from './handler.ts';
import { handlerOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { previewPlan, refusalOf } from './preview.ts';
import { endReplaced, newestOf, refuseFailures, sentencesOf } from './replace.ts';
import { readLive } from './read.ts';
import { rollBack } from './rollback.ts';
import { isAsWanted, isSame, readTransaction } from './transaction.ts';
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
   * Starts the guard of a transaction that must be confirmed, or that is a lease: a process of its own. Called after the journal is on disk and
   * before the first change; when it throws, nothing is changed.
   */
  readonly guard?: (id: number) => Promise<void>;
  /** Takes the place of the component's transaction that is in force, if there is one: what both change goes from one value to the other. */
  readonly replace?: boolean;
  /** Makes it a lease of this process: `guard` rolls it back when the process has ended, and the next start does when the guard was killed. */
  readonly lease?: ProcessIdentity;
  /** Rolls back when it is aborted before all changes are made. */
  readonly signal?: AbortSignal;
}

/**
 * Makes all changes of a plan, or none. The caller holds the lock, and has recovered what was unfinished.
 * Rejects before the first write with the first obstacle; with ROLLED_BACK when a change failed and all were undone.
 */
export async function applyPlan(context: Context, plan: Plan, applier: Applier, options: ApplyOptions = {}): Promise<Transaction> {
  const { store, host } = context;
  refuseBadTime(options.confirm);
  const refusal = refusalOf(await previewPlan(context, plan));
  if (refusal) throw refusal;
  const live = readLive(context);
  const id = (store.ids().at(-1) ?? 0) + 1;
  const time = host.clock.now();
  store.append(id, {
    type: 'begin',
    version: 1,
    time,
    boot: bootId(host),
    plan,
    pid: applier.pid,
    started: applier.started,
    deadline: options.confirm === undefined ? null : time + options.confirm,
    replaces: options.replace ? newestOf(live, plan.component) : null,
    lease: options.lease ?? null,
  });
  try {
    await options.guard?.(id);
    const tasks: Task[] = [];
    for (const [step, { action }] of plan.changes.entries()) tasks.push(await noteTask(context, id, step, action));
    store.append(id, { type: 'start' });
    for (const task of tasks) {
      options.signal?.throwIfAborted();
      if (await makeChange(context, task)) store.append(id, { type: 'done', step: task.step });
    }
    await settle(context, tasks);
    store.append(id, { type: 'applied', time: host.clock.now() });
  } catch (error) {
    throw await undoFailed(context, id, error);
  }
  if (options.confirm === undefined) refuseFailures(await endReplaced(context, readTransaction(store.read(id))));
  return readTransaction(store.read(id));
}

/** A deadline that is no time would be none: what was to be confirmed would stay. */
function refuseBadTime(confirm: number | undefined): void {
  if (confirm === undefined || (Number.isFinite(confirm) && confirm > 0)) return;
  throw new HecateError('INVALID', `${confirm} is no number of seconds to wait for a confirmation.`, { hint: 'Nothing was changed.' });
}

/** A change that is to be made. */
interface Task {
  readonly step: number;
  readonly action: Action;
  readonly handler: ActionHandler;
  readonly was: Json;
  readonly wanted: Json;
}

/** Writes to the journal how something is, and what it shall be. That is done for all before the first write, which may move others. */
async function noteTask({ host, handlers, store }: Context, id: number, step: number, action: Action): Promise<Task> {
  const handler = handlerOf(handlers, action.kind);
  const was = await handler.current(host, action);
  const wanted = await handler.wanted(action, was, host);
  const device = handler.device?.(host, action) ?? null;
  store.append(id, isSame(was, wanted) ? { type: 'same', step, was, device } : { type: 'intent', step, was, wanted, device });
  return { step, action, handler, was, wanted };
}

/** Makes a change and reads it back, unless it is as wanted. Answers whether it was made. */
async function makeChange({ host }: Context, { action, handler, was, wanted }: Task): Promise<boolean> {
  if (isSame(await handler.current(host, action), wanted)) return !isSame(was, wanted);
  await handler.apply(host, action, was);
  refuseOther(handler, action, wanted, await handler.current(host, action));
  return true;
}

function refuseOther(handler: ActionHandler, action: Action, wanted: Json, now: Json): void {
  if (isAsWanted(handler, now, wanted)) return;
  throw new HecateError('FAILED', `${handler.target(action)} was set to ${JSON.stringify(wanted)} and reads ${JSON.stringify(now)}.`);
}

/**
 * Looks at everything again, for writing one thing may move another (some attributes of a disk reset its read-ahead). What was moved is set
 * once more, in the order of the plan; things that go on moving one another cannot be had together.
 */
async function settle(context: Context, tasks: readonly Task[]): Promise<void> {
  const { host } = context;
  const isMoved = async ({ handler, action, wanted }: Task): Promise<boolean> =>
    !isAsWanted(handler, await handler.current(host, action), wanted);
  let moved = false;
  for (const task of tasks) {
    if (!(await isMoved(task))) continue;
    moved = true;
    await makeChange(context, task);
  }
  if (!moved) return;
  for (const { handler, action, wanted } of tasks) refuseOther(handler, action, wanted, await handler.current(host, action));
}

/** Undoes what was made before a failure, and says both. */
async function undoFailed(context: Context, id: number, error: unknown): Promise<HecateError> {
  const why = messageOf(error);
  const hint = 'Run: hecate changes recover';
  try {
    const rollback = await rollBack(context, id, why);
    if (rollback.failures.length === 0)
      return new HecateError('ROLLED_BACK', why, { hint: 'Everything is as it was before.', cause: error });
    return new HecateError('FAILED', `${why} Of what was changed before, not all could be undone: ${sentencesOf(rollback)}`, {
      hint,
      cause: error,
    });
  } catch (trouble) {
    const told = trouble instanceof HecateError ? trouble.hint : undefined;
    return new HecateError('FAILED', `${why} ${messageOf(trouble)}`, { hint: told ?? hint, cause: trouble });
  }
}
