import { constants } from 'node:os';
import { HecateError, runForeground } from '@hecate/host';
import { openChanges } from '../changes/open.ts';
import type { Changes } from '../changes/open.ts';
import { rollbackSentences } from '../terminal/change-panels.ts';
import { say } from '../terminal/note.ts';
import { leasePlan, processOf, refuseConflicts } from './apply.ts';
import { proposeProfile } from './host-proposal.ts';
import type { TuneRequest } from './request.ts';

/**
 * `hecate tune run --profile P -- CMD…`: a profile as long as a program runs. It ends as the program ends: with its status, or 128 and
 * the signal, as shells have it. The lease is this process's: when it is killed, the guard takes the profile back.
 */
export async function runUnderProfile(request: TuneRequest): Promise<void> {
  const [program, ...args] = request.words;
  if (program === undefined) {
    throw new HecateError('INVALID', 'There is nothing to run.', {
      hint: 'Write it after two dashes: hecate tune run --profile gaming -- PROGRAM',
    });
  }
  const changes = openChanges(request);
  const { engine, guard } = changes;
  const lease = processOf(process.pid);
  const proposal = await proposeProfile(changes, request.profile);
  refuseConflicts(proposal, request.force);
  const { id, plan, steps } = await engine.apply(leasePlan(proposal.plan, lease), { lease, guard });
  say(`${plan.title}: ${steps.filter(({ state }) => state === 'done').length} set until it ends.`);
  try {
    const { status, signal } = await runForeground([program, ...args]);
    process.exitCode = status ?? 128 + constants.signals[signal!];
  } finally {
    await takeBack(changes, id);
  }
}

/** Takes the profile back. What goes well needs no word: the program's output is what was asked for. */
async function takeBack({ engine, handlers }: Changes, id: number): Promise<void> {
  try {
    const done = await engine.rollBack(id, 'The program has ended.');
    for (const sentence of done.failures.length > 0 ? rollbackSentences(done, handlers) : []) say(sentence);
  } catch (error) {
    // The guard sees that this process ends, and waits for the lock as long as it takes.
    if (!(error instanceof HecateError) || error.code !== 'CONFLICT') throw error;
  }
}
