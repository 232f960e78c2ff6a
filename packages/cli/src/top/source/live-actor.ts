import { join } from 'node:path';
import type { Host } from '@hecate/host';
import { createProcessActor, openActLog } from '@hecate/observe';
import type { SceneActor } from '../source.ts';

/** Who acts, as the log of acts names it beside the addresses that ask the daemon. */
const HERE = { address: 'hecate top' };

/** What this user may do to processes of this machine, written down where the daemon's acts are. `say` hears what could not be. */
export function openLiveActor(host: Host, stateDir: string, say: (sentence: string) => void): SceneActor {
  // What was done is seen on the screen; only what could not be written down is news.
  const log = openActLog(join(stateDir, 'acts.jsonl'), (text) => {
    if (text.includes('could not be written down')) say(text);
  });
  const actor = createProcessActor(host, log, { self: 'this program', user: 'You' });
  return {
    signal: async (key, signal) => {
      actor.signal(key, signal, HERE);
    },
    setNice: async (key, nice) => {
      actor.setNice(key, nice, HERE);
    },
  };
}
