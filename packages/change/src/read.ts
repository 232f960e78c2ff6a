import { HecateError } from '@hecate/host';
import type { Context } from './context.ts';
import { isEmpty } from './journal/store.ts';
import { isLive, readTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** All transactions of a store, oldest first. Those whose beginning is damaged are told to `say` and left out. */
export const readAll = ({ store }: Context, say: (sentence: string) => void = () => undefined): Transaction[] =>
  readSome(store, store.ids(), say);

/** Those that are not over, oldest first. However many have ended, this costs little. */
export const readLive = ({ store }: Context, say: (sentence: string) => void = () => undefined): Transaction[] =>
  readSome(store, store.live(), say).filter(isLive);

function readSome(store: Context['store'], ids: readonly number[], say: (sentence: string) => void): Transaction[] {
  return ids.flatMap((id) => {
    const content = store.read(id);
    // Killed before its first record was on disk: nothing was changed.
    if (isEmpty(content)) return [];
    try {
      return [readTransaction(content)];
    } catch (error) {
      if (!(error instanceof HecateError)) throw error;
      say(`${error.message} ${error.hint ?? ''}`);
      return [];
    }
  });
}
