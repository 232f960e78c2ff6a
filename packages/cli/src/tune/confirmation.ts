import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from '@hecate/change';
import { HecateError } from '@hecate/host';
import { encodeDuration } from '@hecate/observe';
import type { Changes, ChangeTarget } from '../changes/open.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import { say } from '../terminal/note.ts';
import type { TuneRequest } from './request.ts';

/** Seconds that the guard gets to finish what it has begun. */
const PATIENCE = 30;

/**
 * Asks whoever sits there whether a change shall stay, and says how to confirm it where nobody does. Rejects with ROLLED_BACK
 * when it did not stay. When this process is killed meanwhile, the guard does the rest.
 */
export async function awaitConfirmation(
  changes: Changes,
  request: TuneRequest,
  { id, deadline }: Transaction,
  signal: AbortSignal,
): Promise<void> {
  const { engine, host } = changes;
  const left = Math.max(0, (deadline ?? 0) - host.clock.now());
  if (!canAsk()) return say(`It goes back in ${encodeDuration(Math.ceil(left))} unless you say: ${confirmLine(id, request)}`);
  const late = AbortSignal.timeout(Math.ceil(left * 1000));
  const question = `Keep these changes? They go back in ${encodeDuration(Math.ceil(left))}.`;
  if (await ask(question, AbortSignal.any([signal, late]))) {
    await engine.confirm(id);
    return say(`Change ${id} stays.`);
  }
  const why = late.aborted ? 'It was not confirmed in time.' : 'It was not wanted.';
  await takeBack(changes, id, why);
  throw new HecateError('ROLLED_BACK', why, { hint: 'Everything is as it was before.' });
}

/** Undoes a change, or waits until the guard has done so. */
async function takeBack({ engine }: Changes, id: number, why: string): Promise<void> {
  for (const end = performance.now() + PATIENCE * 1000; ; await sleep(100)) {
    try {
      const { failures } = await engine.rollBack(id, why);
      if (failures.length === 0) return;
      throw new HecateError('FAILED', `${why} Not all could be undone: ${failures.map(({ sentence }) => sentence).join(' ')}`, {
        hint: 'It is tried again until it succeeds: hecate changes show tells how far it is.',
      });
    } catch (error) {
      const isHeld = error instanceof HecateError && error.code === 'CONFLICT';
      if (!isHeld || performance.now() > end) throw error;
    }
  }
}

/** The command line that confirms, for the same machine and journal. */
function confirmLine(id: number, { root, stateDir }: ChangeTarget): string {
  const quote = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return [
    `hecate changes confirm ${id}`,
    ...(root === undefined ? [] : [`--root ${quote(root)}`]),
    ...(stateDir === undefined ? [] : [`--state-dir ${quote(stateDir)}`]),
  ].join(' ');
}
