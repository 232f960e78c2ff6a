import { HecateError, errnoOf, messageOf } from '@hecate/host';
import type { Json } from './action.ts';
import { readBoot } from './context.ts';
import type { Context } from './context.ts';
import { handlerOf, keyOf } from './plan.ts';
import { readAll } from './rollback.ts';
import { isInForce, isLive, isSame } from './transaction.ts';
import type { Step, Transaction } from './transaction.ts';

/** How a change that is in force is now. */
export interface Verification {
  readonly transaction: Transaction;
  readonly step: Step;
  readonly target: string;
  /**
   * - `kept`: as we set it
   * - `drifted`: somebody changed it since
   * - `expired`: a reboot took it back
   * - `gone`: it cannot be read any more; see `detail`
   */
  readonly verdict: 'kept' | 'drifted' | 'expired' | 'gone';
  /** What it is now; null when it is not known. */
  readonly now: Json;
  readonly detail: string | null;
}

/** Looks at everything that transactions hold, without writing. What a later transaction changed again is looked at there. */
export async function verifyAll(context: Context, only?: number): Promise<Verification[]> {
  const { host, handlers } = context;
  const boot = readBoot(host);
  const live = readAll(context).filter(isLive);
  const owner = new Map<string, number>();
  for (const { id, steps } of live) for (const step of steps) if (isInForce(step)) owner.set(keyOf(handlers, step.change.action), id);
  const found: Verification[] = [];
  for (const transaction of live) {
    if (only !== undefined && transaction.id !== only) continue;
    for (const step of transaction.steps) {
      const { action } = step.change;
      if (!isInForce(step) || owner.get(keyOf(handlers, action)) !== transaction.id) continue;
      const handler = handlerOf(handlers, action.kind);
      const about = { transaction, step, target: handler.target(action) };
      if (!handler.persists && boot !== transaction.boot) {
        found.push({ ...about, verdict: 'expired', now: null, detail: null });
        continue;
      }
      try {
        const now = await handler.current(host, action);
        found.push({ ...about, verdict: isSame(now, step.wanted) ? 'kept' : 'drifted', now, detail: null });
      } catch (error) {
        if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
        found.push({ ...about, verdict: 'gone', now: null, detail: messageOf(error) });
      }
    }
  }
  return found;
}
