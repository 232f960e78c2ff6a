import { HecateError } from '@hecate/host';
import type { Context } from './context.ts';
import { readLive } from './read.ts';
import { rollBack } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import type { Transaction } from './transaction.ts';

/** The newest transaction that one of this component takes the place of; null when nothing of it is in force. A lease lies on top: its end is its process's. */
export const newestOf = (live: readonly Transaction[], component: string): number | null =>
  live.findLast((other) => other.plan.component === component && other.lease === null)?.id ?? null;

/**
 * Rolls back what a transaction took the place of: what both changed is now the newer one's to restore. That is all of its component
 * that was in force then: one that was never confirmed lies on top of the one that it was to replace.
 */
export async function endReplaced(context: Context, { id, replaces, plan }: Transaction): Promise<Rollback[]> {
  if (replaces === null) return [];
  const rollbacks: Rollback[] = [];
  for (const other of readLive(context).reverse()) {
    if (other.id > replaces || other.plan.component !== plan.component || other.lease !== null) continue;
    rollbacks.push(await rollBack(context, other.id, `Change ${id} took its place.`));
  }
  return rollbacks;
}

/** Throws FAILED when a rollback is not whole. */
export function refuseFailures(rollbacks: readonly Rollback[]): void {
  const failed = rollbacks.find(({ failures }) => failures.length > 0);
  if (!failed) return;
  throw new HecateError('FAILED', `Change ${failed.transaction.id} could not be undone wholly: ${sentencesOf(failed)}`, {
    hint: 'Run: hecate changes recover',
  });
}

/** What could not be restored, as one text. */
export const sentencesOf = ({ failures }: Rollback): string => failures.map(({ sentence }) => sentence).join(' ');
