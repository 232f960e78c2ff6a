import { isDictionary } from '../../core-foundation/dictionary.ts';
import type { CfDictionary, CfValue } from '../../core-foundation/value.ts';

/** The dictionaries in a list of a dictionary; none when it has no list of that name. Other members are left out. */
export function dictionariesAt(dictionary: CfDictionary, key: string): CfDictionary[] {
  const list = dictionary[key];
  return Array.isArray(list) ? (list as readonly CfValue[]).filter((member) => isDictionary(member)) : [];
}
