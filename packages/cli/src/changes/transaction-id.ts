import { HecateError } from '@hecate/host';

/** The number of a change that a user typed. Throws INVALID when there is none, or it is no number. */
export function parseTransactionId(words: readonly string[]): number {
  const [word, ...surplus] = words;
  if (word === undefined) {
    throw new HecateError('INVALID', 'The number of a change is missing.', { hint: 'hecate changes list shows the numbers.' });
  }
  refuseSurplus(surplus);
  if (!/^[1-9]\d{0,8}$/.test(word)) {
    throw new HecateError('INVALID', `${JSON.stringify(word)} is no number of a change.`, {
      hint: 'hecate changes list shows the numbers.',
    });
  }
  return Number(word);
}

/** Throws INVALID when there are words that mean nothing. */
export function refuseSurplus(words: readonly string[]): void {
  if (words.length > 0) throw new HecateError('INVALID', `${words.map((word) => JSON.stringify(word)).join(' ')} is too much here.`);
}
