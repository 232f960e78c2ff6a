import { errnoOf } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Handlers } from './handler.ts';
import type { JournalStore } from './journal/store.ts';

/** What every part of the engine works with. */
export interface Context {
  readonly host: WritableHost;
  readonly handlers: Handlers;
  readonly store: JournalStore;
}

/** The id of the running boot; null where the system has none. */
export function readBoot(host: WritableHost): string | null {
  try {
    return host.readText('/proc/sys/kernel/random/boot_id').trim();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}
