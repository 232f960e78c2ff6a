import { HecateError } from '@hecate/host';
import type { ActionKind } from '../action.ts';

/** An action as a file or another program wrote it. */
export type RawAction = Readonly<Record<string, unknown>>;

/** The most characters of a text that is one line: a page less its end, which is what the files of /sys take at once. */
const MOST_CHARACTERS = 4095;

/** Throws INVALID unless `raw` has all `required` properties and beside them at most `optional` ones. `kind` is there always. */
export function expectProperties(raw: RawAction, kind: ActionKind, required: readonly string[], optional: readonly string[] = []): void {
  for (const name of required) {
    if (!(name in raw))
      throw new HecateError('INVALID', `A change of kind ${kind} has no ${name}.`, { hint: properties(required, optional) });
  }
  for (const name of Object.keys(raw)) {
    if (name === 'kind' || required.includes(name) || optional.includes(name)) continue;
    throw new HecateError('INVALID', `A change of kind ${kind} has no property ${quote(name)}.`, { hint: properties(required, optional) });
  }
}

/** A property that is one line of text, not empty and without control characters; tabs are allowed. Throws INVALID. */
export function lineOf(raw: RawAction, name: string, kind: ActionKind): string {
  const value = raw[name];
  const refuse = (why: string): never => {
    throw new HecateError('INVALID', `The ${name} of a change of kind ${kind} ${why}.`);
  };
  if (typeof value !== 'string') return refuse(`must be text, and is ${quote(value)}`);
  if (value.trim() === '') return refuse('is empty');
  if (value.length > MOST_CHARACTERS) return refuse(`has ${value.length} characters: ${MOST_CHARACTERS} are the most`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return refuse('has control characters, or more than one line');
  return value;
}

/** A property that is an absolute path without `.`, `..` and doubled slashes, so that it says where it leads. Throws INVALID. */
export function pathOf(raw: RawAction, name: string, kind: ActionKind): string {
  const value = lineOf(raw, name, kind);
  const isPlain =
    value.startsWith('/') &&
    value
      .slice(1)
      .split('/')
      .every((part) => part !== '' && part !== '.' && part !== '..');
  if (isPlain || value === '/') return value;
  throw new HecateError(
    'INVALID',
    `The ${name} of a change of kind ${kind} must be an absolute path without . and .., and is ${quote(value)}.`,
  );
}

/** What somebody wrote, for a sentence: short, and on one line. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const properties = (required: readonly string[], optional: readonly string[]): string =>
  `It has ${required.join(', ')}${optional.length > 0 ? ` and may have ${optional.join(', ')}` : ''}.`;
