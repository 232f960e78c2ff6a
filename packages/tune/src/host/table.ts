import { HecateError, nearestNames } from '@hecate/host';

/** A table of TOML. */
export type Table = Readonly<Record<string, unknown>>;

/** Where something stands, for people. */
export interface Place {
  /** The file. */
  readonly file: string;
  /** The line that it begins at; null when that is not known. */
  readonly line: number | null;
  /** `The profile`, `Knob 3 (sysctl)`. */
  readonly what: string;
}

/** The place as a sentence begins with it. */
const placeText = ({ file, line, what }: Place): string => `${file}${line === null ? '' : `:${line}`}: ${what}`;

/** What is wrong with a profile: INVALID, one sentence that says where. */
export function complain(place: Place, wrong: string, hint?: string): HecateError {
  return new HecateError('INVALID', `${placeText(place)} ${wrong}.`, hint === undefined ? {} : { hint });
}

/** Whether a value is a table: no list, no date. */
export function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A name that is one of `names`. Throws INVALID that says which one was meant, or which there are. */
export function knownName<Name extends string>(name: string, names: readonly Name[], kind: string, place: Place): Name {
  if (names.includes(name as Name)) return name as Name;
  const [near] = nearestNames(name, names);
  const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
  throw complain(place, `has an unknown ${kind} ${JSON.stringify(name)}`, hint);
}

/** A text that must be there: one line, not empty. Throws INVALID. */
export function requireText(raw: Table, property: string, place: Place): string {
  const value = raw[property];
  if (value === undefined) throw complain(place, `has no ${property}`);
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 1000 && !/\p{Cc}/u.test(value)) return value;
  throw complain(place, `has a wrong ${property}: it must be a text of one line, at most 1000 letters`);
}
