import type { ProcessIdentity, ProcessTable } from '@hecate/metrics';
import type { ByteWriter } from './bytes.ts';
import { codeOf, columnsOf, RECORDED_COLUMNS } from './recorded-column.ts';
import { copyMutable, MOST_IN_RECORD, MUTABLE, putMutable, putProcess, RECORD, SAMPLE_FLAG } from './record.ts';
import type { WrittenIdentity } from './record.ts';

/** A process table and when it was read. */
export interface ProcessSample {
  /** Seconds since the epoch. */
  readonly time: number;
  /** Seconds on a clock that never steps. */
  readonly monotonic: number;
  readonly table: ProcessTable;
}

/** Where records go. */
export interface RecordSink {
  readonly writer: ByteWriter;
  /** Called after each record: here what was written may be cut off into a block. */
  endRecord(): void;
}

/** Makes records of tables that follow each other. After a generator was left before its end, only a whole table may follow. */
export interface TableEncoder {
  /** The sample that was encoded last, or null. */
  readonly last: ProcessSample | null;
  /** All of a table, `every` seconds before the next one. `repeated`: the one that was encoded last, once more. */
  whole(sample: ProcessSample, every: number, repeated: boolean): Generator<undefined, void, undefined>;
  /** What is different in a table to the one before. */
  difference(sample: ProcessSample): Generator<undefined, void, undefined>;
}

/** Rows between two chances to give way; processes that are new are dearer. */
const STRIDE = 128;
const NEW_STRIDE = 16;
const ms = (seconds: number): number => Math.round(seconds * 1000);

/** The rows of two tables that are of one process. */
interface RowMatch {
  /** For each row the one that it was in, -1: it is new. Null: all are where they were. */
  readonly from: Int32Array | null;
  readonly gone: readonly number[];
}

/** Finds the processes of a table in the one before. Both are in the order of their ids; in another order more counts as new. */
function matchRows(before: readonly ProcessIdentity[], after: readonly ProcessIdentity[]): RowMatch {
  if (before === after) return { from: null, gone: [] };
  const from = new Int32Array(after.length);
  const gone: number[] = [];
  let isSame = before.length === after.length;
  let was = 0;
  for (let row = 0; row < after.length; row++) {
    const process = after[row]!;
    while (was < before.length && before[was] !== process && before[was]!.pid <= process.pid) gone.push(was++);
    const isFound = was < before.length && before[was] === process;
    from[row] = isFound ? was++ : -1;
    if (!isFound) isSame = false;
  }
  while (was < before.length) gone.push(was++);
  return { from: isSame && gone.length === 0 ? null : from, gone };
}

/** An encoder. `withCommands` false leaves command lines out. */
export function createTableEncoder({ writer, endRecord }: RecordSink, withCommands: boolean): TableEncoder {
  let last: ProcessSample | null = null;
  /** What was written of each row of the last table: identities change in place. */
  let written: WrittenIdentity[] = [];
  const rows = new Int32Array(MOST_IN_RECORD);
  const steps = new Float64Array(MOST_IN_RECORD);

  const putGone = (gone: readonly number[]): void => {
    for (let at = 0; at < gone.length; at += MOST_IN_RECORD) {
      let row = -1;
      const part = gone.slice(at, at + MOST_IN_RECORD);
      writer.number(RECORD.GONE);
      writer.number(part.length);
      for (const next of part) {
        writer.number(next - row);
        row = next;
      }
      endRecord();
    }
  };

  /** The processes that are new, and what was written of the others in the order of their rows now. */
  function* putNew(identities: readonly ProcessIdentity[], from: Int32Array, repeated: boolean): Generator<undefined, void, undefined> {
    const next: WrittenIdentity[] = Array.from({ length: identities.length });
    let lastNew = -1;
    for (let row = 0; row < identities.length; row++) {
      if (row % NEW_STRIDE === NEW_STRIDE - 1) yield;
      const was = from[row]!;
      if (was >= 0) {
        next[row] = written[was]!;
        continue;
      }
      const identity = identities[row]!;
      // What is repeated is said as it was said: it may have another name by now.
      const now = repeated ? written[row]! : copyMutable(identity, withCommands);
      writer.number(RECORD.NEW);
      writer.number(row - lastNew);
      putProcess(writer, identity, now);
      endRecord();
      lastNew = row;
      next[row] = now;
    }
    written = next;
  }

  function* putChangedIdentities(identities: readonly ProcessIdentity[]): Generator<undefined, void, undefined> {
    let lastChanged = -1;
    for (let row = 0; row < identities.length; row++) {
      if (row % STRIDE === STRIDE - 1) yield;
      const is = identities[row]!;
      const was = written[row]!;
      let mask = 0;
      for (let bit = 0; bit < MUTABLE.length; bit++) {
        const name = MUTABLE[bit]!;
        if (is[name] !== was[name] && (withCommands || name !== 'command')) mask |= 1 << bit;
      }
      if (mask === 0) continue;
      const now = copyMutable(is, withCommands);
      writer.number(RECORD.IDENTITY);
      writer.number(row - lastChanged);
      writer.number(mask);
      for (let bit = 0; bit < MUTABLE.length; bit++) if ((mask & (1 << bit)) !== 0) putMutable(writer, now, MUTABLE[bit]!);
      endRecord();
      lastChanged = row;
      written[row] = now;
    }
  }

  /** What changed in one column. */
  function* putColumn(
    index: number,
    now: ArrayLike<number>,
    was: ArrayLike<number> | null,
    length: number,
    from: Int32Array | null,
  ): Generator<undefined, void, undefined> {
    if (now === was && !from) return;
    const column = RECORDED_COLUMNS[index]!;
    let count = 0;
    const put = (): void => {
      let base = -1;
      writer.number(RECORD.CHANGES);
      writer.number(index);
      writer.number(count);
      for (let i = 0; i < count; i++) {
        writer.number(rows[i]! - base);
        writer.signed(steps[i]!);
        base = rows[i]!;
      }
      endRecord();
      count = 0;
    };
    for (let row = 0; row < length; row++) {
      if (row % STRIDE === STRIDE - 1) yield;
      const before = from ? from[row]! : row;
      const value = now[row]!;
      const earlier = was && before >= 0 ? was[before]! : Number.NaN;
      if (value === earlier || (Number.isNaN(value) && Number.isNaN(earlier))) continue;
      const step = codeOf(value, column) - codeOf(earlier, column);
      if (step === 0) continue;
      rows[count] = row;
      steps[count++] = step;
      if (count === MOST_IN_RECORD) put();
    }
    if (count > 0) put();
  }

  function* putSample(sample: ProcessSample, before: ProcessTable | null, repeated: boolean): Generator<undefined, void, undefined> {
    const { table } = sample;
    const { from, gone } = before
      ? matchRows(before.identities, table.identities)
      : { from: new Int32Array(table.length).fill(-1), gone: [] };
    putGone(gone);
    if (from) yield* putNew(table.identities, from, repeated);
    if (before) yield* putChangedIdentities(table.identities);
    const columns = columnsOf(table);
    const earlier = before && columnsOf(before);
    for (let index = 0; index < columns.length; index++) {
      yield* putColumn(index, columns[index]!, earlier && earlier[index]!, table.length, from);
    }
    // No block is cut after it: who asked for the sample knows when it ends in one.
    writer.number(RECORD.END);
    last = sample;
    yield;
  }

  return {
    get last() {
      return last;
    },
    *whole(sample, every, repeated) {
      const [first] = sample.table.identities;
      // In milliseconds: what their difference has beyond them is noise.
      const boot = first ? ms(first.startTime - first.startedAfterBoot) / 1000 : 0;
      writer.number(RECORD.SAMPLE);
      writer.number(SAMPLE_FLAG.WHOLE | (repeated ? SAMPLE_FLAG.REPEATED : 0));
      writer.number(ms(sample.time));
      writer.number(ms(sample.monotonic));
      writer.double(every);
      writer.double(boot);
      yield* putSample(sample, null, repeated);
    },
    *difference(sample) {
      const before = last!;
      writer.number(RECORD.SAMPLE);
      writer.number(0);
      writer.number(ms(sample.time) - ms(before.time));
      writer.number(ms(sample.monotonic) - ms(before.monotonic));
      yield* putSample(sample, before.table, false);
    },
  };
}
