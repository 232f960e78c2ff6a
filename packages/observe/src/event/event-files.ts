import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { errnoOf } from '@hecate/host';
import type { MachineEvent } from '@hecate/metrics';
import { oldestOver } from '../day/oldest-over.ts';
import { pathOf, writeError } from '../record/write-error.ts';
import type { PastStretch } from './event-log.ts';

/** Months with events that are kept, the one that runs included. */
const MONTHS = 25;
/** Bytes of one month: some hundred thousand events. What comes after that is not kept on disk. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Events that wait while they cannot be written. */
const MOST_WAITING = 1000;
/** Milliseconds that events are collected for one write; what a kill can lose. */
const COLLECT = 200;
/** Milliseconds until what failed is tried again. */
const RETRY = 30_000;
const NAME = /^events-(\d{4})-(\d{2})\.jsonl$/;
const NEWLINE = 10;

/** Where events are kept for later: one file of JSON lines a month. */
export interface EventFiles {
  /** Takes one; it is written soon, and nothing waits for it. */
  add(event: MachineEvent): void;
  /** The last events of a stretch, oldest first. Lines that are no events are skipped. */
  read(stretch: PastStretch): Promise<MachineEvent[]>;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** What files are kept with. */
export interface EventFilesOptions {
  /** Made when the first event is written. */
  readonly directory: string;
  /** Told of trouble, once, and when it is over. */
  readonly log: (text: string) => void;
  readonly mostBytes?: number;
  readonly months?: number;
}

/** The month of a moment, by number and as the name of its file: of UTC, so that no time zone makes one twice as long. */
function monthOf(time: number): { readonly number: number; readonly file: string } {
  const date = new Date(time * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { number: year * 12 + month, file: `events-${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}.jsonl` };
}

/** The event that a line of a file says; null for anything else. */
function parseLine(line: string): MachineEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'time' in value && 'kind' in value;
    return isEvent && typeof value.time === 'number' && typeof value.kind === 'string' ? (value as MachineEvent) : null;
  } catch {
    // Torn by a crash, or written by somebody else.
    return null;
  }
}

/** Appends to a file that may end in the middle of a line; takes back what was written when not all of it could be. */
async function append(path: string, text: string, mostBytes: number): Promise<boolean> {
  // Names of processes may stand in it: it is for its owner, as the kernel's own log is.
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    if (size + text.length > mostBytes) return false;
    const last = Buffer.alloc(1, NEWLINE);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    try {
      await file.appendFile(last[0] === NEWLINE ? text : `\n${text}`);
    } catch (error) {
      await file.truncate(size);
      throw error;
    }
    return true;
  } finally {
    await file.close();
  }
}

/** Keeps events in `directory`. Nothing is opened or made before the first one comes. */
export function openEventFiles({ directory, log, mostBytes = MOST_BYTES, months = MONTHS }: EventFilesOptions): EventFiles {
  let waiting: { readonly file: string; readonly line: string }[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let failed = false;
  let fullFile: string | null = null;
  let tidied: string | null = null;

  const filesThere = async (): Promise<{ readonly file: string; readonly number: number }[]> => {
    const names = await readdir(directory).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    });
    return names.flatMap((file) => {
      const [, year, month] = NAME.exec(file) ?? [];
      return year === undefined ? [] : [{ file, number: Number(year) * 12 + Number(month) - 1 }];
    });
  };

  const tidy = async (file: string): Promise<void> => {
    if (tidied === file) return;
    tidied = file;
    try {
      const kept = (await filesThere()).sort((a, b) => a.number - b.number).map((one) => ({ name: one.file, bytes: 0 }));
      const bounds = { files: months, bytes: Number.POSITIVE_INFINITY };
      for (const old of oldestOver(kept, bounds, (name) => name === file)) await rm(join(directory, old), { force: true });
    } catch (error) {
      log(`Old events could not be removed. ${writeError(error, pathOf(error) ?? directory).message}`);
    }
  };

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const { file } = waiting[0]!;
      const other = waiting.findIndex((line) => line.file !== file);
      const lines = waiting.slice(0, other < 0 ? waiting.length : other);
      const path = join(directory, file);
      try {
        await mkdir(directory, { recursive: true });
        const fits = await append(path, lines.map(({ line }) => line).join(''), mostBytes);
        if (!fits && fullFile !== file) log(`${path} is full: further events of this month are not kept on disk.`);
        fullFile = fits ? fullFile : file;
      } catch (error) {
        if (!failed) log(`Events are not kept on disk. ${writeError(error, path).message}`);
        failed = true;
        schedule(RETRY);
        return;
      }
      if (failed) log('Events are kept on disk again.');
      failed = false;
      // The oldest may have been dropped meanwhile.
      const written = new Set(lines);
      waiting = waiting.filter((line) => !written.has(line));
      await tidy(file);
    }
  };

  /** One writes at a time; who comes meanwhile writes what has come since. */
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };

  const schedule = (milliseconds: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, milliseconds).unref();
  };

  return {
    add(event) {
      waiting.push({ file: monthOf(event.time).file, line: `${JSON.stringify(event)}\n` });
      if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING);
      schedule(failed ? RETRY : COLLECT);
    },
    async read({ from, to, limit }) {
      await flush();
      const [first, last] = [monthOf(from).number, monthOf(to).number];
      const wanted = (await filesThere()).filter(({ number }) => number >= first && number <= last).sort((a, b) => b.number - a.number);
      const parts: MachineEvent[][] = [];
      let left = limit;
      // The newest file first: what is left of the limit is looked for in the one before it.
      for (const { file } of wanted) {
        if (left <= 0) break;
        const part = await readFile(join(directory, file), { from, to, limit: left });
        left -= part.length;
        parts.unshift(part);
      }
      return parts.flat();
    },
    close: flush,
  };
}

async function readFile(path: string, { from, to, limit }: PastStretch): Promise<MachineEvent[]> {
  let found: MachineEvent[] = [];
  const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const event = parseLine(line);
    if (event === null || event.time < from || event.time > to) continue;
    found.push(event);
    if (found.length > 2 * limit) found = found.slice(-limit);
  }
  return found.slice(-limit);
}
