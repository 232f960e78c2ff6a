import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, messageOf } from '@hecate/host';
import type { ApplyOptions, Engine, Plan, Transaction } from '@hecate/change';
import type { Snapshot } from '@hecate/metrics';
import type { Verdict } from '../host/verdict.ts';

/** How a plan is applied under watch. */
export interface WatchedApplyOptions {
  /** A snapshot of now. */
  readonly look: () => Promise<Snapshot>;
  /** Compares two of them. */
  readonly judge: (before: Snapshot, after: Snapshot) => Verdict;
  /** Seconds after which it is judged; it is looked at each second, and undone at the first bad verdict. */
  readonly seconds: number;
  /** Starts the process that undoes it when this one is killed while it watches. */
  readonly guard: NonNullable<ApplyOptions['guard']>;
  /** Takes the place of what the component has in force. */
  readonly replace?: boolean;
  /** Undoes it when it is aborted before the verdict. */
  readonly signal?: AbortSignal;
}

/** Seconds beyond the watch after which the guard undoes what nobody confirmed. */
const GRACE = 10;

/**
 * Applies a plan and keeps it only if the machine stays well. Until the verdict it is unconfirmed, so a kill undoes it too.
 * Rejects as `Engine.apply` does, and with ROLLED_BACK when the machine got worse.
 */
export async function applyWatched(engine: Engine, plan: Plan, options: WatchedApplyOptions): Promise<Transaction> {
  const { look, judge, seconds, guard, replace = false, signal } = options;
  const before = await look();
  const { id } = await engine.apply(plan, { confirm: seconds + GRACE, guard, replace, ...(signal ? { signal } : {}) });
  const undo = async (why: string, cause?: unknown): Promise<never> => {
    const { failures } = await engine.rollBack(id, why);
    if (failures.length > 0) {
      throw new HecateError('FAILED', `${why} Not all could be undone: ${failures.map(({ sentence }) => sentence).join(' ')}`, {
        hint: 'Run: hecate changes recover',
        cause,
      });
    }
    throw new HecateError('ROLLED_BACK', why, { hint: 'Everything is as it was before.', cause });
  };
  try {
    for (let second = 0; second < seconds; second++) {
      await sleep(Math.min(1, seconds - second) * 1000, undefined, signal ? { signal } : {});
      const { healthy, reason } = judge(before, await look());
      if (!healthy) return await undo(reason ?? 'The machine got worse.');
    }
  } catch (error) {
    if (error instanceof HecateError && error.code === 'ROLLED_BACK') throw error;
    return undo(
      signal?.aborted ? 'It was stopped before the machine was judged.' : `The machine could not be judged: ${messageOf(error)}`,
      error,
    );
  }
  return engine.confirm(id);
}
