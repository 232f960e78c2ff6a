import { bootId } from '@hecate/host';
import type { Context } from './context.ts';
import { readLive } from './read.ts';
import { reasonToUndo } from './reason.ts';
import { endReplaced } from './replace.ts';
import { rollBack } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import { isInForce, isLive, readTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/**
 * Finishes what was left unfinished: transactions whose process was killed are rolled back, those whose time for confirmation or whose lease
 * is over too, and those of which a reboot has left nothing are ended. The caller holds the lock, so nobody is in the middle of one.
 * Throws FAILED when a journal cannot be written, and leaves earlier ones alone: what the later one still holds is not known then.
 */
export async function recoverAll(context: Context, say: (sentence: string) => void = () => undefined): Promise<Rollback[]> {
  const rollbacks: Rollback[] = [];
  // The latest first: it restores what the ones before it set.
  for (const { id } of readLive(context, say).reverse()) {
    // Read again: a later one may have ended it a moment ago.
    const transaction = readTransaction(context.store.read(id));
    if (!isLive(transaction)) continue;
    if (transaction.damaged > 0)
      say(`The journal of change ${id} has ${transaction.damaged} damaged lines; what they tell of is not undone.`);
    rollbacks.push(...(await recoverOne(context, transaction)));
  }
  return rollbacks;
}

async function recoverOne(context: Context, transaction: Transaction): Promise<Rollback[]> {
  const why = reasonToUndo(context, transaction) ?? (hasExpired(context, transaction) ? 'A reboot took back all of it.' : null);
  if (why !== null) return [await rollBack(context, transaction.id, why)];
  return transaction.phase === 'active' ? endReplaced(context, transaction) : [];
}

/** Whether nothing of a transaction can be in force any more. What a handler that is not here did may be. */
function hasExpired({ host, handlers }: Context, { boot, steps }: Transaction): boolean {
  return boot !== bootId(host) && steps.filter(isInForce).every(({ change }) => handlers.get(change.action.kind)?.persists === false);
}
