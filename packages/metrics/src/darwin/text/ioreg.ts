import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isDictionary } from '../core-foundation/dictionary.ts';
import type { CfDictionary, CfValue } from '../core-foundation/value.ts';
import { askProgram, notUnderstood } from './program.ts';
import { parsePropertyList } from './property-list.ts';
import { dictionariesAt } from './property-list/dictionaries.ts';

/** Reads what `ioreg -a` prints: the entries that it begins with. No entry matched: it prints nothing at all. Throws FAILED. */
export function parseIoreg(text: string): CfDictionary[] {
  if (text.trim() === '') return [];
  const found = parsePropertyList(text);
  const entries: readonly CfValue[] = Array.isArray(found) ? (found as readonly CfValue[]) : [found];
  if (!entries.every((entry) => isDictionary(entry))) throw notUnderstood('ioreg', text);
  return [...entries];
}

/** The entries right below one. */
export function childrenOf(entry: CfDictionary): CfDictionary[] {
  return dictionariesAt(entry, 'IORegistryEntryChildren');
}

/** Every entry of these trees with those above it, the topmost first. */
export function* entriesOf(
  roots: readonly CfDictionary[],
  above: readonly CfDictionary[] = [],
): Generator<[CfDictionary, readonly CfDictionary[]]> {
  for (const entry of roots) {
    yield [entry, above];
    yield* entriesOf(childrenOf(entry), [...above, entry]);
  }
}

/**
 * The entries of a class (or of one made from it) with all that is below them, by `ioreg -a -l -r -c CLASS`; null: the whole registry, by
 * `ioreg -a -l`, about ten megabytes. An entry below another one of its class is in both. With `depth` no more levels than that.
 * Throws as {@link askProgram} and {@link parseIoreg}, and INVALID for a class that is no name.
 */
export async function readIoreg(host: Host, className: string | null, depth?: number): Promise<CfDictionary[]> {
  if (className !== null && !/^[A-Za-z_]\w*$/.test(className)) throw new HecateError('INVALID', `${className} is no name of a class.`);
  const chosen = className === null ? [] : ['-r', '-c', className];
  const levels = depth === undefined ? [] : ['-d', String(depth)];
  const argv = ['/usr/sbin/ioreg', '-a', '-l', ...chosen, ...levels] as const;
  return parseIoreg(await askProgram(host, { argv, timeout: className === null ? 20 : 10, maxBytes: 32 * 1024 * 1024 }));
}
