import type { ByteCursor } from '../../model/cursor.ts';

const NEWLINE = 10;

/** A key as {@link keyedNumber} looks for it. */
export function keyOf(name: string): Buffer {
  return Buffer.from(`${name} `);
}

/**
 * The number after a key in a file of lines `key value` (kernel: Documentation/admin-guide/cgroup-v2.rst, "Flat keyed");
 * null when the key is not there. Searches bytes: of fifty lines three are wanted. Throws FAILED when no number follows.
 */
export function keyedNumber(cursor: ByteCursor, key: Buffer): number | null {
  for (let from = 0; ;) {
    const at = cursor.bytes.indexOf(key, from);
    if (at < 0 || at + key.length > cursor.end) return null;
    if (at === 0 || cursor.bytes[at - 1] === NEWLINE) {
      cursor.at = at + key.length;
      return cursor.integer();
    }
    from = at + 1;
  }
}

/** The first number of a file; null for `max`, which says that there is no limit. Throws FAILED for anything else. */
export function numberOrMax(cursor: ByteCursor): number | null {
  return cursor.skipSpaces().match('max') ? null : cursor.integer();
}

/** How many numbers a list of ranges names: `0-3,8` are 5; an empty list is 0. Throws FAILED when it is no such list. */
export function countRanges(cursor: ByteCursor): number {
  let count = 0;
  while (!cursor.lineDone) {
    const first = cursor.integer();
    const last = cursor.match('-') ? cursor.integer() : first;
    count += Math.max(0, last - first + 1);
    if (!cursor.match(',')) break;
  }
  return count;
}
