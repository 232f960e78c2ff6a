import { closeSync, fsyncSync, ftruncateSync, fstatSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, flushDirectory, makeDirectories } from '@hecate/host';
import { encodeRecord, parseRecord } from './record.ts';
import type { JournalRecord } from './record.ts';

/** What a journal holds. */
export interface JournalContent {
  /** Numbered from 1 in the order in which they began. */
  readonly id: number;
  readonly records: readonly JournalRecord[];
  /** Lines that could not be read, a last one that was cut short excepted: the disk is at fault. */
  readonly damaged: number;
}

/** Where journals are kept. When a call returns, the disk has it. */
export interface JournalStore {
  /** Ids, oldest first. */
  ids(): number[];
  read(id: number): JournalContent;
  /** Adds a record; the first one makes the journal. */
  append(id: number, record: JournalRecord): void;
}

const NAME = /^(\d{6,})\.journal$/;
const fileName = (id: number): string => `${String(id).padStart(6, '0')}.journal`;

/** Journals as files of a directory, one a transaction, a record a line. The directory is made when it is written to first, for its owner only. */
export function openJournalStore(directory: string): JournalStore {
  return {
    ids() {
      let names: string[];
      try {
        names = readdirSync(directory);
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return [];
        throw error;
      }
      return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
    },
    read(id) {
      return parseJournal(id, readFileSync(path.join(directory, fileName(id)), 'utf8'));
    },
    append(id, record) {
      const line = Buffer.from(encodeRecord(record));
      if (record.type === 'begin') makeDirectories(directory);
      const file = path.join(directory, fileName(id));
      const descriptor = openSync(file, record.type === 'begin' ? 'wx+' : 'r+', 0o600);
      try {
        appendLine(descriptor, line);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      if (record.type === 'begin') flushDirectory(directory);
    },
  };
}

/** The records of a journal's text. A last line without its newline was cut short by a kill, before what it tells of happened. */
export function parseJournal(id: number, text: string): JournalContent {
  const lines = text.split('\n');
  const rest = lines.pop();
  const records: JournalRecord[] = [];
  let damaged = 0;
  for (const line of lines) {
    const record = parseRecord(line);
    if (record) records.push(record);
    else damaged++;
  }
  // Whole but for its newline: it counts, for nobody can say that it was not seen.
  const last = rest ? parseRecord(rest) : null;
  if (last) records.push(last);
  return { id, records, damaged };
}

/** Writes a line at the end; one that was cut short there is written over first. */
function appendLine(descriptor: number, line: Buffer): void {
  const end = wholeLength(descriptor);
  ftruncateSync(descriptor, end);
  for (let at = 0; at < line.length; ) at += writeSync(descriptor, line, at, line.length - at, end + at);
}

/** Bytes up to and with the last newline. */
function wholeLength(descriptor: number): number {
  const { size } = fstatSync(descriptor);
  if (size === 0) return 0;
  const text = readFileSync(descriptor);
  const rest = text.subarray(text.lastIndexOf(10) + 1);
  if (rest.length === 0) return size;
  if (parseRecord(rest.toString('utf8')) === null) return size - rest.length;
  writeSync(descriptor, '\n', size);
  return size + 1;
}
