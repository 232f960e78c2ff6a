import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { openEventFiles } from './event-files.ts';
import { createEventRing } from './event-log.ts';
import type { EventLog } from './event-log.ts';

/** Systems that tell what happens. */
const WATCHED: ReadonlySet<NodeJS.Platform> = new Set(['linux', 'darwin']);

/** What an event log is made of. */
export interface EventLogOptions {
  readonly host: Host;
  /** Told of trouble, in sentences. */
  readonly log: (text: string) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Events kept in memory. Default 1000. */
  readonly capacity?: number;
  /** Where events are kept for later; null: nowhere. */
  readonly directory: string | null;
}

/** An event log that watches a machine. */
export interface WatchedEventLog extends EventLog {
  /** Writes what has not been written. */
  close(): Promise<void>;
}

/**
 * Watches what happens to a machine, in the kinds that are watched when none is named. Where it cannot be watched that is told
 * once, and there are no events; a machine of files and other systems than Linux and macOS have none, and that goes without saying.
 */
export function openEventLog({ host, log, signal, capacity = 1000, directory }: EventLogOptions): WatchedEventLog {
  const ring = createEventRing(capacity, (error) => log(sentenceOf(error)));
  const files = directory === null ? null : openEventFiles({ directory, log });
  const follow = async (): Promise<void> => {
    const { followEvents } = await import('./machine-events.ts');
    await followEvents(host, signal, (event) => {
      ring.add(event);
      // What could not be watched is news today, and the same at every start.
      if (event.kind !== 'unavailable') files?.add(event);
    });
  };
  if (host.kind === 'real' && WATCHED.has(host.platform))
    follow().catch((error: unknown) => log(`There are no events. ${sentenceOf(error)}`));
  return {
    since: ring.since,
    subscribe: ring.subscribe,
    get newest() {
      return ring.newest;
    },
    ...(files ? { past: files.read } : {}),
    close: async () => files?.close(),
  };
}
