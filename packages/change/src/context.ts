import type { WritableHost } from '@hecate/host';
import type { Handlers } from './handler.ts';
import type { JournalStore } from './journal/store.ts';

/** What every part of the engine works with. */
export interface Context {
  readonly host: WritableHost;
  readonly handlers: Handlers;
  readonly store: JournalStore;
}
