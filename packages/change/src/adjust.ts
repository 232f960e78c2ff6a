import { HecateError } from '@hecate/host';
import type { Action } from './action.ts';
import type { Context } from './context.ts';
import { handlerOf, keyOf } from './plan.ts';
import { readLive } from './read.ts';
import { isInForce } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/**
 * Gives what a transaction holds another value. It takes no lock, for what is adjusted is often urgent, and who has the lock may be slow:
 * nothing is lost by that, because only a value of ours is replaced, and the journal has what was there before it.
 * Throws CONFLICT when the transaction does not hold it (any more), INVALID for a kind that cannot be adjusted.
 */
export async function adjustStep(context: Context, transaction: Transaction, action: Action): Promise<void> {
  const { host, handlers } = context;
  const handler = handlerOf(handlers, action.kind);
  if (!handler.adjust) throw new HecateError('INVALID', `A change of kind ${action.kind} cannot be adjusted.`);
  const key = keyOf(handlers, action);
  const holds = ({ phase, steps }: Transaction): boolean =>
    (phase === 'active' || phase === 'unconfirmed') &&
    steps.some((step) => isInForce(step) && keyOf(handlers, step.change.action) === key && isThere(step.device?.id));
  const isThere = (device: string | undefined): boolean => device === undefined || handler.device?.(host, action)?.id === device;
  const { id, why } = transaction;
  if (!holds(transaction)) {
    throw new HecateError('CONFLICT', `Change ${id} does not hold ${handler.target(action)} any more.${why === null ? '' : ` ${why}`}`);
  }
  const later = readLive(context).find((other) => other.id > id && holds(other));
  if (later) throw new HecateError('CONFLICT', `Change ${later.id} (${later.plan.title}) has taken ${handler.target(action)} over.`);
  await handler.adjust(host, action);
}
