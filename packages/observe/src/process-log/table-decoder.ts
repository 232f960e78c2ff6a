import type { ProcessIdentity } from '@hecate/metrics';
import { takeVarint, TornBlockError } from '../day/varint.ts';
import type { ByteCursor } from '../day/varint.ts';
import { takeDouble, takeSigned } from './bytes.ts';
import { LARGEST_CODE, RECORDED_COLUMNS } from './recorded-column.ts';
import { MOST_PROCESSES, MUTABLE, RECORD, SAMPLE_FLAG, takeMutable, takeProcess } from './record.ts';

/** A table as it was kept: columns of codes (recorded-column.ts). */
export interface DecodedTable {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Milliseconds on a clock that never steps. */
  readonly monotonic: number;
  readonly identities: readonly ProcessIdentity[];
  /** In the order of the recorded columns. */
  readonly columns: readonly Float64Array[];
}

/** Reads the records of one run. */
export interface TableDecoder {
  /**
   * Reads records until there is nothing left, or until a sample begins that is later than `until` (ms): then it returns false.
   * Throws {@link TornBlockError} for bytes that no encoder wrote; what was whole before stays.
   */
  read(records: Uint8Array, until: number): Generator<undefined, boolean, undefined>;
  /** The last whole table, and the one before it; null where there is none. A repeated table is only ever the one before. */
  readonly now: DecodedTable | null;
  readonly before: DecodedTable | null;
  /** Seconds between two samples, as they were meant; NaN before the first. */
  readonly every: number;
}

interface Working {
  time: number;
  monotonic: number;
  repeated: boolean;
  identities: ProcessIdentity[];
  columns: Float64Array[];
  /** Rows that go and processes that come, until the first record of another kind. */
  gone: Set<number>;
  fresh: { readonly row: number; readonly identity: ProcessIdentity }[];
  /** The row of the last record of NEW, then of IDENTITY. */
  row: number;
}

/** Numbers and processes between two chances to give way. */
const STRIDE = 512;

const torn = (what: string): TornBlockError => new TornBlockError(what);

/** A decoder; it must get the blocks of a run from the first on, in order. `take` is told of each table that became whole, repeated ones too. */
export function createTableDecoder(take?: (table: DecodedTable) => void): TableDecoder {
  let whole: Working | null = null;
  let earlier: Working | null = null;
  let working: Working | null = null;
  let every = Number.NaN;
  let boot = 0;

  const begin = (cursor: ByteCursor, until: number): boolean => {
    const flags = takeVarint(cursor);
    if (flags > (SAMPLE_FLAG.WHOLE | SAMPLE_FLAG.REPEATED) || flags === SAMPLE_FLAG.REPEATED)
      throw torn('a sample has flags that are not known');
    const isWhole = (flags & SAMPLE_FLAG.WHOLE) !== 0;
    if (!isWhole && !whole) throw torn('a difference has nothing before it');
    const time = takeVarint(cursor) + (isWhole ? 0 : whole!.time);
    const monotonic = takeVarint(cursor) + (isWhole ? 0 : whole!.monotonic);
    if (time > LARGEST_CODE || monotonic > LARGEST_CODE) throw torn('a time is impossible');
    if (isWhole) {
      every = takeDouble(cursor);
      boot = takeDouble(cursor);
    }
    const repeated = (flags & SAMPLE_FLAG.REPEATED) !== 0;
    if (time > until && !repeated) return false;
    const columns = isWhole ? RECORDED_COLUMNS.map(() => new Float64Array(0)) : whole!.columns.map((column) => column.slice());
    const identities = isWhole ? [] : [...whole!.identities];
    working = { time, monotonic, repeated, identities, columns, gone: new Set(), fresh: [], row: -1 };
    return true;
  };

  const takeGone = (cursor: ByteCursor, into: Working): void => {
    const count = takeVarint(cursor);
    if (count > into.identities.length) throw torn('more processes end than there were');
    for (let i = 0, row = -1; i < count; i++) {
      row += takeVarint(cursor);
      if (row < 0 || row >= into.identities.length) throw torn('a process ends that there was not');
      into.gone.add(row);
    }
  };

  const takeNew = (cursor: ByteCursor, into: Working): void => {
    const distance = takeVarint(cursor);
    into.row += distance;
    if (distance < 1 || into.row >= MOST_PROCESSES) throw torn('a row is impossible');
    into.fresh.push({ row: into.row, identity: takeProcess(cursor, boot) });
  };

  /** Takes out who is gone and puts in who is new. */
  const settle = (into: Working): void => {
    if (into.gone.size === 0 && into.fresh.length === 0) return;
    const length = into.identities.length - into.gone.size + into.fresh.length;
    const from = new Int32Array(length).fill(-1);
    const identities: (ProcessIdentity | undefined)[] = Array.from({ length });
    for (const { row, identity } of into.fresh) {
      if (row >= length) throw torn('a new process has no place');
      identities[row] = identity;
    }
    let was = 0;
    for (let row = 0; row < length; row++) {
      if (identities[row]) continue;
      while (into.gone.has(was)) was++;
      identities[row] = into.identities[was];
      from[row] = was++;
    }
    into.columns = into.columns.map((column) => Float64Array.from(from, (row) => (row < 0 ? 0 : column[row]!)));
    into.identities = identities as ProcessIdentity[];
    into.gone.clear();
    into.fresh = [];
    into.row = -1;
  };

  const takeIdentity = (cursor: ByteCursor, into: Working): void => {
    into.row += takeVarint(cursor);
    const mask = takeVarint(cursor);
    const identity = into.identities[into.row];
    if (!identity || mask >= 2 ** MUTABLE.length) throw torn('a process changes that there is not');
    // In place: it is the same process in the table before, and that is how it is found there.
    for (let bit = 0; bit < MUTABLE.length; bit++) if ((mask & (1 << bit)) !== 0) takeMutable(cursor, identity, MUTABLE[bit]!);
  };

  const takeChanges = (cursor: ByteCursor, into: Working): void => {
    // A column that this version does not know is read over: a later one wrote it.
    const column = into.columns[takeVarint(cursor)];
    const count = takeVarint(cursor);
    if (count > into.identities.length) throw torn('more changes than processes');
    for (let i = 0, row = -1; i < count; i++) {
      row += takeVarint(cursor);
      const step = takeSigned(cursor);
      if (row < 0 || row >= into.identities.length) throw torn('a figure of no process');
      if (!column) continue;
      const code = column[row]! + step;
      if (!(code >= 0 && code <= LARGEST_CODE)) throw torn('a figure is impossible');
      column[row] = code;
    }
  };

  function* read(records: Uint8Array, until: number): Generator<undefined, boolean, undefined> {
    const cursor: ByteCursor = { bytes: records, at: 0 };
    let done = 0;
    while (cursor.at < records.length) {
      const kind = takeVarint(cursor);
      if (kind === RECORD.SAMPLE) {
        if (working) throw torn('a sample begins in another');
        if (!begin(cursor, until)) return false;
        yield;
        continue;
      }
      const into = working;
      if (!into) throw torn('a record is outside of all samples');
      if (kind === RECORD.GONE) takeGone(cursor, into);
      else if (kind === RECORD.NEW) takeNew(cursor, into);
      else {
        settle(into);
        if (kind === RECORD.IDENTITY) takeIdentity(cursor, into);
        else if (kind === RECORD.CHANGES) takeChanges(cursor, into);
        else if (kind === RECORD.END) {
          earlier = whole;
          whole = into;
          working = null;
          take?.(into);
        } else throw torn('a record is of no known kind');
        done += STRIDE / 8;
      }
      if (++done >= STRIDE) {
        done = 0;
        yield;
      }
    }
    return true;
  }

  return {
    read,
    get now() {
      return whole?.repeated ? null : whole;
    },
    get before() {
      return whole?.repeated ? null : earlier;
    },
    get every() {
      return every;
    },
  };
}
