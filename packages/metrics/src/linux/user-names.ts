import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** /etc/passwd: number to name. A malformed line is skipped; the first name of a number wins. */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name && uid !== undefined && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

/** Looks users up. The file is read again after `maxAge` seconds, because accounts come and go. */
export function openUserNames(host: Host, maxAge: number = 60): (uid: number) => string {
  let names = new Map<number, string>();
  let readAt = -Infinity;
  return (uid) => {
    const now = host.clock.monotonic();
    if (now - readAt > maxAge) {
      readAt = now;
      try {
        names = parsePasswd(host.readText('/etc/passwd'));
      } catch (error) {
        // No file, no names: numbers serve.
        if (errnoOf(error) === undefined) throw error;
        names = new Map();
      }
    }
    return names.get(uid) ?? String(uid);
  };
}
