import { HecateError } from '@hecate/host';
import type { Bytes } from '@hecate/host';
import type { CpuTable } from '../../domain/cpu-table.ts';
import type { Sliced } from '../../model/collector.ts';
import { ByteCursor } from '../../model/cursor.ts';

const COLON = 58;
const NEWLINE = 10;
const ZERO = 48;

/** Bytes of a number as the kernel pads it (`%10u` and a space), where it does. */
const CELL = 11;

/** Numbers that are compared at once: mostly a few CPUs serve an interrupt, and the others stand still. */
const GROUP = 16;

/** Bytes that are worked on at a stretch: well under a millisecond also where code is not optimised. */
const STRETCH = 8192;

/** What a table file says: the counters, and lines that are one number for the whole machine (`ERR: 0`). */
export interface ParsedTable<Line> extends CpuTable<Line> {
  readonly singles: ReadonlyMap<string, number>;
}

/** Reads the same file again and again. Lines whose bytes did not change are not looked at. */
export interface TableParser<Line> {
  /** The bytes are copied at once, so that others may read on between the steps. Throws as the header does: see `parseHeader`. */
  parse(source: Bytes): Sliced<ParsedTable<Line>>;
}

/** Where a line of the table lies in the text. */
interface Place {
  readonly start: number;
  /** Where the numbers begin, and the text behind them. */
  readonly numbers: number;
  readonly tail: number;
  readonly end: number;
  /** Whether each {@link GROUP} of numbers ends where it does when all are {@link CELL} bytes long. */
  readonly isEven: boolean;
}

/** A text with what was found in it; kept for the next one to be compared with. */
interface Pass<Line> {
  readonly text: Buffer;
  /** Where the header ends. */
  readonly header: number;
  readonly cpus: readonly number[];
  readonly places: Place[];
  readonly lines: Line[];
  readonly singles: Map<string, number>;
  counts: Float64Array;
}

/** The numbers of the CPUs in a header: `CPU0 CPU1 CPU3`. Throws FAILED when there is none, UNAVAILABLE when there is nothing at all. */
function parseHeader(text: Buffer, end: number): number[] {
  // Container runtimes put /dev/null over /proc/interrupts.
  if (end === 0) throw new HecateError('UNAVAILABLE', 'The file is empty: something hides it here.');
  const numbers = [...text.toString('latin1', 0, end).matchAll(/\bCPU(\d{1,6})\b/g)].map((match) => Number(match[1]));
  if (numbers.length === 0) throw new HecateError('FAILED', 'The table has no header of CPUs.');
  return numbers;
}

/**
 * A parser for tables of counters by CPU (kernel: `show_interrupts` in kernel/irq/proc.c and `show_softirqs` in fs/proc/softirqs.c):
 * a header with the CPUs that have a column, then lines `name: count … tail`. `describe` makes what a line is from its name and tail;
 * undefined: the line is not one of the table. Lines with fewer numbers than CPUs are singles.
 */
export function createTableParser<Line>(describe: (name: string, tail: string) => Line | undefined): TableParser<Line> {
  let earlier: Pass<Line> | undefined;
  let spare: Buffer = Buffer.alloc(0);
  const cursor = new ByteCursor();
  /** What was read of a line, until it is known to be one. */
  const columns: number[] = [];
  const values: number[] = [];

  const take = (column: number): boolean => {
    if (!cursor.numberNext) return false;
    columns.push(column);
    values.push(cursor.integer());
    return true;
  };

  /** Reads all numbers of a line; says how many columns there were, and whether every group ends where it would if all were padded. */
  const readAll = (at: number, width: number): { count: number; isEven: boolean } => {
    columns.length = values.length = 0;
    let count = 0;
    let isEven = true;
    while (count < width && take(count)) {
      count++;
      if (count % GROUP === 0 || count === width) isEven &&= cursor.at === at + count * CELL;
    }
    return { count, isEven };
  };

  /** Reads the groups of numbers that differ from those of the same line before; false when they are not padded any more. */
  const readChanged = (now: Pass<Line>, at: number, was: Pass<Line>, wasAt: number): boolean => {
    const width = now.cpus.length;
    columns.length = values.length = 0;
    for (let column = 0; column < width; column += GROUP) {
      const from = column * CELL;
      const until = Math.min(column + GROUP, width);
      const size = (until - column) * CELL;
      if (isSame(was.text, wasAt + from, now.text, at + from, size)) continue;
      cursor.at = at + from;
      // The number before it may have grown into this group.
      if (from > 0 && isDigit(cursor.peek())) return false;
      for (let i = column; i < until; i++) if (!take(i)) return false;
      if (cursor.at !== at + from + size) return false;
    }
    cursor.at = at + width * CELL;
    return !isDigit(cursor.peek());
  };

  /** Reads one line into `now`; `was` is the pass before, where its header was the same. */
  const readLine = (now: Pass<Line>, start: number, end: number, was: Pass<Line> | undefined): void => {
    const { text, lines, places } = now;
    const row = lines.length;
    const width = now.cpus.length;
    const old = was?.places[row];
    if (was && old && old.end - old.start === end - start && isSame(was.text, old.start, text, start, end - start)) {
      const moved = start - old.start;
      lines.push(was.lines[row]!);
      places.push({ ...old, start, end, numbers: old.numbers + moved, tail: old.tail + moved });
      return;
    }
    cursor.reset({ buffer: text, length: end }).at = start;
    const colon = cursor.skipSpaces().find(COLON);
    if (colon < 0) return;
    const nameAt = cursor.at;
    const at = colon + 1;
    const wasNamed = was && old && old.numbers - old.start === at - start && isSame(was.text, old.start, text, start, at - start);
    const isShort = wasNamed && old.isEven && at + width * CELL <= end && readChanged(now, at, was, old.numbers);
    cursor.at = isShort ? at + width * CELL : at;
    const { count, isEven } = isShort ? { count: width, isEven: true } : readAll(at, width);
    const tail = cursor.skipSpaces().at;
    const name = (): string => text.toString('utf8', nameAt, colon).trimEnd();
    if (count < width) {
      if (count > 0 && tail === end) now.singles.set(name(), values[0]!);
      return;
    }
    const isSameTail = wasNamed && old.end - old.tail === end - tail && isSame(was.text, old.tail, text, tail, end - tail);
    const line = isSameTail ? was.lines[row] : describe(name(), cursor.text(tail, end).trimEnd());
    if (line === undefined) {
      if (tail === end) now.singles.set(name(), values[0]!);
      return;
    }
    for (let i = 0; i < columns.length; i++) now.counts[row * width + columns[i]!] = values[i]!;
    lines.push(line);
    places.push({ start, numbers: at, tail, end, isEven });
  };

  return {
    *parse({ buffer, length }) {
      if (spare.length < length) spare = Buffer.allocUnsafeSlow(length + 1024);
      buffer.copy(spare, 0, 0, length);
      const text = spare;
      const header = cursor.reset({ buffer: text, length }).nextLine().at;
      const was = earlier && earlier.header === header && isSame(earlier.text, 0, text, 0, header) ? earlier : undefined;
      const cpus = was?.cpus ?? parseHeader(text, header);
      const counts = new Float64Array((countLines(text, header, length) + 1) * cpus.length);
      // One copy brings what did not change; what did is written over.
      if (was) counts.set(was.counts.subarray(0, counts.length));
      const now: Pass<Line> = { text, header, cpus, places: [], lines: [], singles: new Map(), counts };
      let pause = header + STRETCH;
      for (let start = header; start < length;) {
        if (start > pause) {
          pause = start + STRETCH;
          yield;
        }
        const newline = text.indexOf(NEWLINE, start);
        const end = newline < 0 || newline >= length ? length : newline;
        readLine(now, start, end, was);
        start = end + 1;
      }
      now.counts = counts.slice(0, now.lines.length * cpus.length);
      spare = earlier?.text ?? Buffer.alloc(0);
      earlier = now;
      return { cpus, lines: now.lines, counts: now.counts, singles: now.singles };
    },
  };
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= ZERO + 9;

function isSame(a: Buffer, aStart: number, b: Buffer, bStart: number, size: number): boolean {
  return a.compare(b, bStart, bStart + size, aStart, aStart + size) === 0;
}

function countLines(text: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf(NEWLINE, start); at >= 0 && at < end; at = text.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
