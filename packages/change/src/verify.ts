import { bootId, HecateError, errnoOf, sentenceOf } from '@hecate/host';
import type { Json } from './action.ts';
import type { Context } from './context.ts';
import { keyOf } from './plan.ts';
import { readLive } from './read.ts';
import { isAsWanted, isInForce } from './transaction.ts';
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
  const live = readLive(context);
  const owner = new Map<string, number>();
  for (const { id, steps } of live)
    for (const step of steps) if (isInForce(step)) owner.set(keyOf(context.handlers, step.change.action), id);
  const found: Verification[] = [];
  for (const transaction of live) {
    if (only !== undefined && transaction.id !== only) continue;
    for (const step of transaction.steps) {
      if (!isInForce(step) || owner.get(keyOf(context.handlers, step.change.action)) !== transaction.id) continue;
      found.push(await verifyStep(context, transaction, step));
    }
  }
  return found;
}

async function verifyStep({ host, handlers }: Context, transaction: Transaction, step: Step): Promise<Verification> {
  const { action } = step.change;
  const handler = handlers.get(action.kind);
  const about = { transaction, step, target: handler?.target(action) ?? action.kind, now: null, detail: null };
  if (!handler) return { ...about, verdict: 'gone', detail: `Nobody here can look at a change of the kind ${action.kind}.` };
  if (!handler.persists && bootId(host) !== transaction.boot) return { ...about, verdict: 'expired' };
  try {
    if (step.device && handler.device?.(host, action)?.id !== step.device.id) {
      return { ...about, verdict: 'gone', detail: `${step.device.name} is not the device any more that it was.` };
    }
    const now = await handler.current(host, action);
    return { ...about, verdict: isAsWanted(handler, now, step.wanted) ? 'kept' : 'drifted', now };
  } catch (error) {
    if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
    return { ...about, verdict: 'gone', detail: sentenceOf(error) };
  }
}
