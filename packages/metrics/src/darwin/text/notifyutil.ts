import type { Host } from '@hecate/host';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** Reads what `notifyutil -g NAME` prints: the name and its state. Throws FAILED for anything else. */
export function parseNotifyutil(text: string, name: string): number {
  const [said, number, ...rest] = text.trim().split(/\s+/);
  const state = countOf(number);
  if (said !== name || state === null || rest.length > 0) throw notUnderstood('notifyutil', text);
  return state;
}

/** The state of a name of notify(3); 0 also where nobody ever posted it. Throws as {@link askProgram} and {@link parseNotifyutil}. */
export async function readNotifyState(host: Host, name: string): Promise<number> {
  return parseNotifyutil(await askProgram(host, { argv: ['/usr/bin/notifyutil', '-g', name] }), name);
}
