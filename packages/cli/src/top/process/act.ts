import { HecateError } from '@hecate/host';
import { clean } from '@hecate/observe';
import type { SceneActor } from '../source.ts';
import type { Dialog } from '../state.ts';

/** A dialog that ends in something that is done to a process. */
type ActDialog = Extract<Dialog, { readonly kind: 'signal' | 'nice' }>;

/** Where acts go: the actor, or why there is none. */
export interface ActingSource {
  readonly actor: SceneActor | null;
  readonly whyNoActor: string | null;
}

/**
 * Does what was confirmed, to the process that was meant and to no other one: its start goes along with its number. Returns a sentence of
 * what was done or why it was not; it rejects for defects only.
 */
export async function performAct({ actor, whyNoActor }: ActingSource, dialog: ActDialog): Promise<string> {
  const who = `process ${dialog.of.pid} (${clean(dialog.name)})`;
  if (actor === null) return whyNoActor ?? 'Nothing can be done to processes from here.';
  try {
    if (dialog.kind === 'signal') {
      await actor.signal(dialog.of, dialog.chosen);
      return `${dialog.chosen} was sent to ${who}.`;
    }
    await actor.setNice(dialog.of, dialog.nice);
    return `The niceness of ${who} is ${dialog.nice} now.`;
  } catch (error) {
    if (error instanceof HecateError) return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    throw error;
  }
}
