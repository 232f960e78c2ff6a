import { HecateError, nearestNames } from '@hecate/host';

/** Something with a name that a user types. */
interface Named {
  /** `nct6798/fan2`. */
  readonly id: string;
  readonly label: string | null;
}

/**
 * What a user means: a whole name, a label, or the end of a name. Throws INVALID, with what there is, when there is none of that, or more
 * than one.
 */
export function findNamed<Thing extends Named>(word: string, things: readonly Thing[], what: 'fan' | 'temperature'): Thing {
  const lower = word.toLowerCase();
  const found = [
    things.filter(({ id }) => id === word),
    things.filter(({ label }) => label?.toLowerCase() === lower),
    things.filter(({ id }) => id.toLowerCase().endsWith(`/${lower}`)),
  ].find(({ length }) => length > 0);
  if (found?.length === 1) return found[0]!;
  const names = (found ?? things).map(({ id, label }) => (label === null ? id : `${id} (${label})`));
  const list =
    names.length === 0 ? `There is no ${what} here.` : `There ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 20).join(', ')}.`;
  if (found) throw new HecateError('INVALID', `${JSON.stringify(word)} is more than one ${what}.`, { hint: list });
  const [near] = nearestNames(
    word,
    things.flatMap(({ id, label }) => [id, id.slice(id.indexOf('/') + 1), ...(label === null ? [] : [label])]),
  );
  throw new HecateError('INVALID', `There is no ${what} ${JSON.stringify(word)}.`, {
    hint: near === undefined ? list : `Did you mean ${near}? ${list}`,
  });
}
