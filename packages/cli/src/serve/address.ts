import { hostname, networkInterfaces } from 'node:os';
import { isLoopback } from '@hecate/observe';
import type { ServeSettings, Serving } from '@hecate/observe';

/** Where others reach a server that listens on every address: nobody can open 0.0.0.0 from elsewhere. */
function reachableAt(url: string): string {
  const place = new URL(url);
  if (place.hostname !== '0.0.0.0' && place.hostname !== '[::]') return url;
  const outside = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  place.hostname = outside.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? hostname();
  return place.href;
}

/** Says where the daemon is to be found, and what is to be minded there. Tokens are told on standard output, once, and to no log. */
export function tellAddress({ url, token, actToken }: Serving, { address, tls }: ServeSettings, log: (text: string) => void): void {
  const place = reachableAt(url);
  // Under systemd standard output is the journal, which others can read (systemd.exec(5), $JOURNAL_STREAM).
  const isKept = process.env['JOURNAL_STREAM'] !== undefined;
  const withToken = (text: string | null): string => (text === null || isKept ? place : `${place}?token=${text}`);
  process.stdout.write(`hecate watches this machine: ${withToken(token)}\n`);
  if (token !== null && isKept) process.stdout.write('Its token: hecate token\n');
  if (actToken !== null) process.stdout.write(`To act on its processes too: ${isKept ? 'hecate token act' : withToken(actToken)}\n`);
  if (tls === null && !isLoopback(address)) {
    log('Everyone who can reach this address and knows the token can watch; the connection is not encrypted.');
  }
}
