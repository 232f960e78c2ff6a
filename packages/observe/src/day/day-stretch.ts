import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import { parseCsvHeader } from './csv-header.ts';
import { createRowParser } from './csv-row.ts';
import type { RowBlock } from './csv-row.ts';
import { fileError } from './day-csv.ts';
import { createTimestampReader } from './timestamp.ts';

const NEWLINE = 10;
const COMMA = 44;
/** Bytes that are read together. A longer line ends the reading. */
const CHUNK = 64 * 1024;
/** Lines between two pauses. */
const PIECE = 16;
/** Rows that are handed on together at most, and the distance from one column of the block to the next. */
export const STRETCH_ROWS: number = 64;

/** Rows of a stretch: the names of the columns and a block of rows, valid during the call. */
export type TakeRows = (columns: readonly string[], block: RowBlock) => void;

/**
 * Reads the rows of a day's CSV between two moments (seconds since the epoch, `to` is not included), without reading the rest: the
 * beginning is found by halving the file, because rows are in order. After a clock was set back within the day it finds the rows
 * from before or those from after. Works in pieces. A missing file has no rows. Throws as day-csv.ts.
 */
export function* readDayStretch(file: string, from: number, to: number, take: TakeRows): Generator<void> {
  let descriptor: number;
  try {
    // Not blocking: a FIFO in this place must not hang the daemon.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return;
    throw fileError(file, error);
  }
  try {
    yield* readStretch(descriptor, file, from * 1000, to * 1000, take);
  } catch (error) {
    throw fileError(file, error);
  } finally {
    closeSync(descriptor);
  }
}

function* readStretch(descriptor: number, file: string, from: number, to: number, take: TakeRows): Generator<void> {
  const stat = fstatSync(descriptor);
  const size = stat.isFile() ? stat.size : 0;
  const buffer = Buffer.allocUnsafeSlow(CHUNK);
  const stamp = createTimestampReader();
  const fill = (at: number): Buffer => buffer.subarray(0, readSync(descriptor, buffer, 0, Math.min(CHUNK, size - at), at));

  const headerEnd = fill(0).indexOf(NEWLINE) + 1;
  if (headerEnd === 0) return;
  const names = parseCsvHeader(buffer.toString('utf8', 0, headerEnd - 1), file);

  /** The first whole line at or behind a place, with a time: where it begins. Null when there is none in the next chunk. */
  const timeBehind = (place: number): { at: number; time: number } | null => {
    const bytes = fill(place);
    for (let start = place === headerEnd ? 0 : bytes.indexOf(NEWLINE) + 1; start >= 0 && start < bytes.length;) {
      if (start === 0 && place !== headerEnd) return null;
      const end = bytes.indexOf(COMMA, start);
      if (end < 0) return null;
      if (stamp.read(bytes, start, end)) return { at: place + start, time: stamp.time };
      start = bytes.indexOf(NEWLINE, start) + 1;
      if (start === 0) return null;
    }
    return null;
  };
  let low = headerEnd;
  for (let high = size; high - low > CHUNK / 4;) {
    const middle = low + Math.floor((high - low) / 2);
    const found = timeBehind(middle);
    if (found === null || found.time >= from) high = middle;
    else low = found.at;
  }
  yield;

  const parser = createRowParser(STRETCH_ROWS);
  parser.begin();
  parser.map(
    Int32Array.from(names, (_, index) => index),
    names.length,
  );
  const hand = (): void => {
    if (parser.block.rows > 0) take(names, parser.block);
    parser.clear();
  };
  let lines = 0;
  for (let at = low; at < size;) {
    const bytes = fill(at);
    const stop = bytes.lastIndexOf(NEWLINE) + 1;
    if (stop === 0) break;
    let start = 0;
    while (start < stop) {
      start = parser.parse(bytes, start);
      const { rows, times } = parser.block;
      if (rows > 0 && times[rows - 1]! < from) parser.block.rows--;
      else if (rows > 0 && times[rows - 1]! >= to) {
        parser.block.rows--;
        hand();
        return;
      }
      if (parser.block.rows === STRETCH_ROWS) {
        hand();
        yield;
      }
      if (++lines % PIECE === 0) yield;
    }
    at += stop;
  }
  hand();
}
