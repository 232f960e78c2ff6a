import type { ProcessColumns } from './route.ts';
import type { Mutable } from '../../model/mutable.ts';

type ColumnArray = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Name of a column that is a typed array. */
export type ColumnName = { [Name in keyof ProcessColumns]: ProcessColumns[Name] extends ColumnArray ? Name : never }[keyof ProcessColumns];

/** How the columns that are not of doubles are made. */
const WHOLE: Partial<Record<ColumnName, new (length: number) => ColumnArray>> = {
  pid: Int32Array,
  ppid: Int32Array,
  state: Uint8Array,
  flags: Uint32Array,
  threads: Int32Array,
  nice: Int32Array,
};
const DOUBLE: readonly ColumnName[] = [
  'time',
  'startTicks',
  'priority',
  'cpuUser',
  'cpuSystem',
  'cpuExact',
  'minorFaults',
  'majorFaults',
  'voluntarySwitches',
  'involuntarySwitches',
  'rss',
  'virtual',
  'readBytes',
  'writeBytes',
  'uid',
  'gid',
  'cgroupId',
];

type Writable = Mutable<ProcessColumns>;

/** Working memory for a route: empty columns with room for `rows`. */
export function createColumns(rows: number = 64): ProcessColumns {
  const columns = { length: 0, capacity: 0, names: [] } as unknown as Writable;
  const arrays = columns as unknown as Record<ColumnName, ColumnArray | undefined>;
  const names = [...(Object.keys(WHOLE) as ColumnName[]), ...DOUBLE];
  columns.reserve = (wanted) => {
    if (wanted <= columns.capacity) return;
    // A quarter more than asked, so that a machine that slowly fills does not make all anew each time.
    const capacity = Math.max(64, Math.ceil(wanted * 1.25));
    for (const name of names) {
      const Whole = WHOLE[name];
      const made = Whole ? new Whole(capacity) : new Float64Array(capacity).fill(Number.NaN);
      const old = arrays[name];
      if (old) made.set(old);
      arrays[name] = made;
    }
    columns.capacity = capacity;
  };
  columns.reserve(rows);
  return columns;
}
