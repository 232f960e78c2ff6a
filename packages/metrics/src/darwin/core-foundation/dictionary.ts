import type { CfDictionary, CfValue } from './value.ts';

/** Whether a value is a dictionary. */
export function isDictionary(value: CfValue | undefined): value is CfDictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** A number of a dictionary; null when it has none of that name. An integer above 2^53 becomes the nearest double. */
export function numberAt(dictionary: CfDictionary, key: string): number | null {
  const value = dictionary[key];
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'bigint' ? Number(value) : null;
}

/** A text of a dictionary; null when it has none of that name, and when it is empty. */
export function textAt(dictionary: CfDictionary, key: string): string | null {
  const value = dictionary[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A boolean of a dictionary; null when it has none of that name. */
export function booleanAt(dictionary: CfDictionary, key: string): boolean | null {
  const value = dictionary[key];
  return typeof value === 'boolean' ? value : null;
}

/** A dictionary in a dictionary; null when there is none of that name. */
export function dictionaryAt(dictionary: CfDictionary, key: string): CfDictionary | null {
  const value = dictionary[key];
  return isDictionary(value) ? value : null;
}
