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

/** What is told of a daemon that listens. */
export interface Listening {
  readonly serving: Serving;
  readonly settings: ServeSettings;
  /** Where it speaks gRPC; null where it does not. */
  readonly grpcUrl: string | null;
  /** The directory that it records to; null where it does not. */
  readonly recordingTo: string | null;
}

/** Says where the daemon is to be found, and what is to be minded there. Tokens are told on standard output, once, and to no log. */
export function tellAddress(listening: Listening, format: 'text' | 'json', log: (text: string) => void): void {
  const { address, tls } = listening.settings;
  process.stdout.write(format === 'json' ? jsonOf(listening) : textOf(listening));
  if (tls === null && !isLoopback(address)) {
    log('Everyone who can reach this address and knows the token can watch; the connection is not encrypted.');
  }
}

/** Under systemd standard output is the journal, which others can read (systemd.exec(5), $JOURNAL_STREAM). */
const isKept = (): boolean => process.env['JOURNAL_STREAM'] !== undefined;

function jsonOf({ serving: { url, token, actToken }, grpcUrl, recordingTo }: Listening): string {
  const shown = (text: string | null): string | null => (isKept() ? null : text);
  const data = { url: reachableAt(url), token: shown(token), actToken: shown(actToken), grpcUrl, recordingTo };
  return `${JSON.stringify(data)}\n`;
}

function textOf({ serving: { url, token, actToken }, grpcUrl, recordingTo }: Listening): string {
  const place = reachableAt(url);
  const kept = isKept();
  const withToken = (text: string | null): string => (text === null || kept ? place : `${place}?token=${text}`);
  return [
    `hecate watches this machine: ${withToken(token)}`,
    ...(token !== null && kept ? ['Its token: hecate token'] : []),
    ...(actToken === null ? [] : [`To act on its processes too: ${kept ? 'hecate token act' : withToken(actToken)}`]),
    ...(grpcUrl === null ? [] : [`gRPC: ${grpcUrl}`]),
    ...(recordingTo === null ? [] : [`Recording to ${recordingTo}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
