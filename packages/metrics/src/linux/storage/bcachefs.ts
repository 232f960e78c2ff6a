import type { BcachefsCompression, BcachefsError, BcachefsIo, BcachefsWrites } from '../../domain/bcachefs.ts';

const LETTERS = 'kMGTPE';

/** A number as bcachefs writes it (kernel: lib/string_helpers.c): `512`, `1.26k`, `21.5P`; in powers of 1024. Null for anything else. */
export function parseShortNumber(text: string | undefined): number | null {
  const [, digits, letter] = /^(\d{1,20}(?:\.\d{1,6})?)([kMGTPE]?)$/.exec(text ?? '') ?? [];
  if (digits === undefined) return null;
  return Math.trunc(Number(digits) * (letter ? 1024 ** (LETTERS.indexOf(letter) + 1) : 1));
}

const rowsOf = (content: string): string[][] => content.split('\n').map((line) => line.trim().split(/\s+/));

/** A table: a heading, then a name, compressed and uncompressed bytes a line. */
export function parseCompression(content: string): BcachefsCompression[] {
  return rowsOf(content)
    .slice(1)
    .flatMap(([name = '', first, second]) => {
      const [compressed, uncompressed] = [parseShortNumber(first), parseShortNumber(second)];
      return compressed === null || uncompressed === null ? [] : [{ algorithm: name.replace(/:$/, ''), compressed, uncompressed }];
    });
}

/** A name, how often, and when last, a line. */
export function parseErrors(content: string): BcachefsError[] {
  return rowsOf(content).flatMap(([error = '', text]) => {
    const count = text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : null;
    return count === null ? [] : [{ error, count }];
  });
}

/** A heading, then `initial: 3298401 100k` a line. */
export function parseWrites(content: string): BcachefsWrites[] {
  return rowsOf(content)
    .slice(1)
    .flatMap(([type = '', first, second]) => {
      const [count, size] = [parseShortNumber(first), parseShortNumber(second)];
      return count === null || size === null ? [] : [{ type: type.replace(/:$/, ''), count, size }];
    });
}

/** The number of a line `since filesystem creation: 44.5T`; null when there is no such line. */
export function parseCounter(content: string): number | null {
  return parseShortNumber(/^since filesystem creation:\s*(\S+)\s*$/m.exec(content)?.[1]);
}

/** Headings `read:` and `write:`, each with lines `user : 1024` after it. */
export function parseIoDone(content: string): BcachefsIo[] {
  const io: BcachefsIo[] = [];
  let operation: 'read' | 'write' | null = null;
  for (const line of content.split('\n')) {
    const [, heading] = /^(read|write):\s*$/.exec(line) ?? [];
    if (heading !== undefined) operation = heading === 'read' ? 'read' : 'write';
    const [, data, digits] = /^\s*([a-z_]+)\s*:\s*(\d{1,20})\s*$/.exec(line) ?? [];
    if (operation !== null && data !== undefined) io.push({ operation, data, bytes: Number(digits) });
  }
  return io;
}

/** Lines `read: 0` after the heading that says `since filesystem creation`, up to the next heading. */
export function parseIoErrors(content: string): Record<string, number> {
  const errors: Record<string, number> = {};
  let isOfAll = false;
  for (const line of content.split('\n')) {
    if (/^\S/.test(line)) isOfAll = line.includes('since filesystem creation');
    const [, type, digits] = /^\s+(read|write|checksum)\s*:\s*(\d{1,20})\s*$/.exec(line) ?? [];
    if (isOfAll && type !== undefined) errors[type] = Number(digits);
  }
  return errors;
}
