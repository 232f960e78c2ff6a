import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import { knownSysctl } from '../../known-sysctls.ts';
import { normaliseValue, readValueText, writeValue } from '../value-file.ts';
import type { ValueFile } from '../value-file.ts';
import { keyPath } from './key.ts';

/** The file of a key. */
export const fileOfKey = (key: string): ValueFile => ({ path: keyPath(key), name: key });

/** A value as the kernel prints it. Texts keep their white space but for the line's end: `kernel.core_pattern` is a command line. */
export const formOfValue = (key: string, text: string): string =>
  knownSysctl(key)?.type === 'text' ? text.replace(/\n+$/, '') : normaliseValue(text);

/** The value of a key. */
export const readKey = (host: WritableHost, key: string): string => formOfValue(key, readValueText(host, fileOfKey(key)));

/** The values of those keys that this kernel has, in their order. */
export function readKeys(host: WritableHost, keys: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const key of keys) {
    try {
      values[key] = readKey(host, key);
    } catch (error) {
      if (!(error instanceof HecateError && error.code === 'UNAVAILABLE')) throw error;
    }
  }
  return values;
}

/** Writes a value, unless the key has it: some sysctls act when they are written, also with the value that they have. */
export function writeKey(host: WritableHost, key: string, value: string): void {
  if (readKey(host, key) !== value) writeValue(host, fileOfKey(key), value);
}
