import { readBoot } from './context.ts';
import type { Context } from './context.ts';
import { endReplaced } from './apply.ts';
import { handlerOf } from './plan.ts';
import { readAll, rollBack } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import { isInForce, isLive } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** Why a transaction must be rolled back at a start; null when it may stay. */
function reasonToUndo(context: Context, { phase, deadline, boot }: Transaction): string | null {
  switch (phase) {
    case 'applying':
      return 'It was not finished: the process that applied it ended.';
    case 'undoing':
      return 'Rolling back was not finished.';
    case 'unconfirmed':
      if (boot !== readBoot(context.host)) return 'It was not confirmed before the machine was started anew.';
      return deadline !== null && context.host.clock.now() >= deadline ? 'It was not confirmed in time.' : null;
    default:
      return null;
  }
}

/**
 * Finishes what was left unfinished: transactions whose process was killed are rolled back, those whose time for confirmation is over too,
 * and those of which a reboot has left nothing are ended. The caller holds the lock, so nobody is in the middle of one.
 */
export async function recoverAll(context: Context, say: (sentence: string) => void = () => undefined): Promise<Rollback[]> {
  const rollbacks: Rollback[] = [];
  // The latest first: it restores what the ones before it set.
  for (const transaction of readAll(context, say).filter(isLive).reverse()) {
    if (transaction.damaged > 0) say(`The journal of change ${transaction.id} has ${transaction.damaged} damaged lines; what they tell of is not undone.`);
    const why = reasonToUndo(context, transaction) ?? (hasExpired(context, transaction) ? 'A reboot took back all of it.' : null);
    if (why !== null) rollbacks.push(await rollBack(context, transaction.id, why));
    else if (transaction.phase === 'active') await endReplaced(context, transaction.id);
  }
  return rollbacks;
}

/** Whether nothing of a transaction can be in force any more. */
function hasExpired({ host, handlers }: Context, { boot, steps }: Transaction): boolean {
  return boot !== readBoot(host) && steps.filter(isInForce).every(({ change }) => !handlerOf(handlers, change.action.kind).persists);
}
