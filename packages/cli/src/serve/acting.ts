import { join } from 'node:path';
import type { Host } from '@hecate/host';
import { createProcessActor, openActLog } from '@hecate/observe';
import type { ProcessActor } from '@hecate/observe';

/** What a daemon that may act does to processes; all of it is written to `acts.jsonl` in the directory of state, and told to `log`. */
export function serveActing(host: Host, state: string, log: (text: string) => void): ProcessActor {
  return createProcessActor(host, openActLog(join(state, 'acts.jsonl'), log));
}
