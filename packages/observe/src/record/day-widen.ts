import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { writeAll } from '../day/write-whole.ts';
import { encodeDayHeader } from './day-header.ts';
import type { DayHeader } from './day-header.ts';

const NEWLINE = 10;
const RETURN = 13;

/**
 * Adds columns at the end of a day file that an older version began: every row that it holds gets empty cells there.
 * The new file replaces the old one in one step, so that a crash leaves one or the other, whole. The file must end with a newline.
 */
export function widenDayFile(path: string, header: DayHeader, added: readonly string[]): void {
  const source = openSync(path, 'r');
  const wider = `${path}.wider`;
  try {
    // A leftover of a crash holds nothing that the day file does not.
    rmSync(wider, { force: true });
    const target = openSync(wider, 'wx', 0o644);
    try {
      fchmodSync(target, fstatSync(source).mode & 0o777);
      writeAll(target, Buffer.from(encodeDayHeader([...header.names, ...added])));
      copyRows(source, target, header.length, Buffer.from(`${','.repeat(added.length)}\n`));
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
    renameSync(wider, path);
  } catch (error) {
    rmSync(wider, { force: true });
    throw error;
  } finally {
    closeSync(source);
  }
}

/** Copies all lines from `position` on, each with `ending` in place of its newline; empty lines stay empty. */
function copyRows(source: number, target: number, position: number, ending: Buffer): void {
  let buffer = Buffer.allocUnsafe(262_144);
  let kept = 0;
  for (;;) {
    const count = readSync(source, buffer, kept, buffer.length - kept, position);
    if (count === 0) return;
    position += count;
    const end = kept + count;
    const parts: Buffer[] = [];
    let start = 0;
    for (let newline = buffer.indexOf(NEWLINE); newline >= 0 && newline < end; newline = buffer.indexOf(NEWLINE, start)) {
      const last = newline > start && buffer[newline - 1] === RETURN ? newline - 1 : newline;
      parts.push(buffer.subarray(start, last), last === start ? ending.subarray(-1) : ending);
      start = newline + 1;
    }
    writeAll(target, Buffer.concat(parts));
    kept = end - start;
    if (start === 0 && end === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    else buffer.copyWithin(0, start, end);
  }
}
