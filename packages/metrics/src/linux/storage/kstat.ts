/** A named kstat: its numbers by name, its texts by name. */
export interface Kstat {
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
}

/** Types of the values of a named kstat (OpenZFS: include/os/linux/spl/sys/kstat.h): signed and unsigned 64 bits, and text. */
const INT64 = '3';
const UINT64 = '4';
const STRING = '7';

/** A line `name  type  value`; a text may hold spaces. */
const LINE = /^(\S+)\s+(\d+)\s+(\S.*?)\s*$/;

/** A number as it is written there; null for anything else. */
function number(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : null;
}

/** A file of named numbers below /proc/spl/kstat: a line about the file, a line `name type data`, then a line each. */
export function parseNamedKstat(content: string): Kstat {
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const lines = content.split('\n');
  const heading = lines.findIndex((line) => /^name\s+type\s+data\s*$/.test(line));
  for (const line of heading < 0 ? [] : lines.slice(heading + 1)) {
    const [, name, type, text] = LINE.exec(line) ?? [];
    if (name === undefined || text === undefined) continue;
    const value = type === UINT64 || type === INT64 ? number(text) : null;
    if (value !== null) numbers.set(name, value);
    else if (type === STRING) texts.set(name, text);
  }
  return { numbers, texts };
}

/**
 * The counters of a pool: a line about the file, a line of names, a line of numbers (kstat of type I/O).
 * Null when it is not that.
 */
export function parseIoKstat(content: string): Record<string, number> | null {
  const [, names = '', values = ''] = content.split('\n');
  const keys = names.trim().split(/\s+/);
  const numbers = values.trim().split(/\s+/).map(number);
  if (keys[0] !== 'nread') return null;
  const counters: Record<string, number> = {};
  for (const [index, key] of keys.entries()) {
    const value = numbers[index];
    if (value !== null && value !== undefined && /^[a-z_]+$/.test(key)) counters[key] = value;
  }
  return counters;
}
