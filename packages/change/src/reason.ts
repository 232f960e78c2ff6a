import { bootId } from '@hecate/host';
import type { Context } from './context.ts';
import { isLeaseOver } from './lease.ts';
import type { Transaction } from './transaction.ts';

/** Why a transaction must be rolled back at a start; null when it may stay. */
export function reasonToUndo(context: Context, transaction: Transaction): string | null {
  const { phase, deadline, boot } = transaction;
  switch (phase) {
    case 'applying':
      return 'It was not finished: the process that applied it ended.';
    case 'undoing':
      return 'Rolling back was not finished.';
    case 'unconfirmed':
      if (boot !== bootId(context.host)) return 'It was not confirmed before the machine was started anew.';
      if (deadline !== null && context.host.clock.now() >= deadline) return 'It was not confirmed in time.';
      return isLeaseOver(transaction) ? 'The process that it was made for has ended.' : null;
    case 'active':
      return isLeaseOver(transaction) ? 'The process that it was made for has ended.' : null;
    case 'ended':
      return null;
  }
}
