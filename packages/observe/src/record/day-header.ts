import { readSync } from 'node:fs';
import { HecateError } from '@hecate/host';
import { TIMESTAMP_COLUMN } from '../day/day-file.ts';

const NEWLINE = 10;
const LONGEST_HEADER = 65_536;
const NAME = /^[^\s",]+$/;

/** The first line of a day file that exists. */
export interface DayHeader {
  /** The columns after `timestamp`, in the file's order. */
  readonly names: readonly string[];
  /** Bytes of the line, its newline included. */
  readonly length: number;
}

/** The header line of these columns, with its newline. */
export function encodeDayHeader(names: readonly string[]): string {
  return `${[TIMESTAMP_COLUMN, ...names].join(',')}\n`;
}

/** Reads the first line of an open file. Throws INVALID when it is not the header of a day file: then nothing may be added to it. */
export function readDayHeader(descriptor: number, path: string): DayHeader {
  const buffer = Buffer.allocUnsafe(LONGEST_HEADER);
  const length = readSync(descriptor, buffer, 0, LONGEST_HEADER, 0);
  const end = buffer.subarray(0, length).indexOf(NEWLINE);
  // mactop-report's files end their lines with \r\n.
  const [first, ...names] = buffer.toString('utf8', 0, Math.max(end, 0)).replace(/\r$/, '').split(',');
  const sound = end >= 0 && first === TIMESTAMP_COLUMN && names.every((name) => NAME.test(name)) && new Set(names).size === names.length;
  if (!sound) throw foreignFile(path);
  return { names, length: end + 1 };
}

/** The error for a file in a day file's place that is none: nothing is written to it. */
export function foreignFile(path: string): HecateError {
  return new HecateError('INVALID', `${path} is no day file: its first line is not a header that starts with "${TIMESTAMP_COLUMN}".`, {
    hint: 'Move it away, or choose another place with --data-dir. It was not changed.',
  });
}
