import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
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

/** Where journals are kept. */
export interface JournalStore {
  /** Ids, oldest first. */
  ids(): number[];
  /** Those that have not ended, oldest first: what may be in force is in these. */
  live(): number[];
  /** Without records when there is none with that id. */
  read(id: number): JournalContent;
  /**
   * Adds a record; the first one makes the journal. When the call returns the disk has it, those excepted that
   * {@link isFlushed} names: they reach the disk with the next one. When it throws, the journal is as before.
   */
  append(id: number, record: JournalRecord): void;
  /** Removes the oldest journals of transactions that have ended, those of leases first, so that `kept` of them are left. */
  prune(kept: number): void;
}

/** Records that need not be on the disk at once: before the first write there is a `start`, and of what only says how far one got nothing is lost. */
const UNFLUSHED: ReadonlySet<JournalRecord['type']> = new Set(['same', 'intent', 'done', 'undone']);

/** Whether a record, and all before it, is on the disk when `append` returns. */
export const isFlushed = ({ type }: JournalRecord): boolean => !UNFLUSHED.has(type);

const NAME = /^(\d{6,})\.journal$/;
const fileName = (id: number): string => `${String(id).padStart(6, '0')}.journal`;
const NEWLINE = 10;

/** Journals as files of a directory, one a transaction, a record a line. The directory is made when it is written to first, for its owner only. */
export function openJournalStore(directory: string): JournalStore {
  const fileOf = (id: number): string => path.join(directory, fileName(id));
  const ids = (): number[] => {
    let names: string[];
    try {
      names = readdirSync(directory);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
    return names
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  };
  /** What has ended stays so, and is looked at once. */
  const known = new Set<number>();
  const hasEnded = (id: number): boolean => {
    if (!known.has(id) && lastRecord(fileOf(id))?.type === 'ended') known.add(id);
    return known.has(id);
  };
  const read = (id: number): JournalContent => {
    try {
      return parseJournal(id, readFileSync(fileOf(id), 'utf8'));
    } catch (error) {
      // Readers take no lock: another process may have pruned it since it was listed.
      if (errnoOf(error) === 'ENOENT') return { id, records: [], damaged: 0 };
      throw error;
    }
  };
  /** Makes the journal with its first line. Where that fails none is left: nothing has begun. */
  const begin = (file: string, line: Buffer): void => {
    makeDirectories(directory);
    const descriptor = openSync(file, 'wx', 0o600);
    try {
      writeWhole(descriptor, line, 0);
      fsyncSync(descriptor);
      flushDirectory(directory);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
  };

  return {
    ids,
    live: () => ids().filter((id) => !hasEnded(id)),
    read,
    append(id, record) {
      const line = Buffer.from(encodeRecord(record));
      if (record.type === 'begin') return begin(fileOf(id), line);
      const descriptor = openSync(fileOf(id), 'r+');
      try {
        const end = trimmedLength(descriptor);
        try {
          writeWhole(descriptor, line, end);
          if (isFlushed(record)) fsyncSync(descriptor);
        } catch (error) {
          // What the caller is told is not written must not be read later.
          ftruncateSync(descriptor, end);
          throw error;
        }
      } finally {
        closeSync(descriptor);
      }
    },
    prune(kept) {
      const all = ids();
      if (all.length <= kept) return;
      const ended = all.filter((id) => hasEnded(id) || isEmpty(read(id)));
      const surplus = ended.length - kept;
      if (surplus <= 0) return;
      // A proof makes dozens of leases: they must not push out what somebody wanted to stay.
      const leases = new Set(ended.filter((id) => isLease(read(id))));
      const order = [...leases, ...ended.filter((id) => !leases.has(id))];
      for (const id of order.slice(0, surplus)) {
        // The newest stays in any case: its number must not be given twice.
        if (id !== all.at(-1)) rmSync(fileOf(id), { force: true });
      }
    },
  };
}

const isLease = ({ records: [first] }: JournalContent): boolean => first?.type === 'begin' && first.lease !== null;

/** Whether a journal never began: it was cut short before its first record was whole. */
export const isEmpty = ({ records, damaged }: JournalContent): boolean => records.length === 0 && damaged === 0;

/** Bytes that hold the last line of a journal that has ended: that line is short. */
const TAIL = 128;

/** The record of a journal's last line; null when it is not whole, or long, or when there is none. */
function lastRecord(file: string): JournalRecord | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(TAIL);
    const length = readSync(descriptor, tail, 0, TAIL, Math.max(0, size - TAIL));
    return parseRecord(tail.toString('utf8', 0, length).split('\n').at(-2) ?? '');
  } finally {
    closeSync(descriptor);
  }
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

function writeWhole(descriptor: number, line: Buffer, position: number): void {
  for (let at = 0; at < line.length;) at += writeSync(descriptor, line, at, line.length - at, position + at);
}

/** Bytes of a journal up to and with its last newline. A last line that was cut short is cut off, and one that is whole gets its newline. */
function trimmedLength(descriptor: number): number {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  if (size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === NEWLINE)) return size;
  const text = readFileSync(descriptor);
  const rest = text.subarray(text.lastIndexOf(NEWLINE) + 1);
  if (parseRecord(rest.toString('utf8')) === null) {
    ftruncateSync(descriptor, size - rest.length);
    return size - rest.length;
  }
  writeSync(descriptor, '\n', size);
  return size + 1;
}
