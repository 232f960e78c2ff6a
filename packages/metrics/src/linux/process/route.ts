import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';

/**
 * Where a route writes what one pass over all processes gave: row `i` of every column is one process, in ascending order of ids
 * where that costs nothing. The memory is the table's own; it is used again at every pass and grows when a route asks for it
 * ({@link ProcessColumns.reserve}). Cells keep what was written in them at the last pass, so a route need not write again what did
 * not change in a row that did not move. What a route does not give on this pass must be NaN: the table keeps the last value that
 * was given. Columns of whole numbers must always be given.
 */
export interface ProcessColumns {
  /** Rows that are filled. A route sets it at the end of its pass. */
  length: number;
  /** Rows that fit. */
  readonly capacity: number;
  /** Makes room for so many rows; what is written stays. Columns are other arrays afterwards: take them from here again. */
  reserve(rows: number): void;
  /** Monotonic clock of the host, in seconds, when the row was read; the same for rows that were read together. */
  readonly time: Float64Array;
  /** Process id as /proc of this host shows it. */
  readonly pid: Int32Array;
  /** Process id of the parent; 0 for none and for one outside of the pid namespace. */
  readonly ppid: Int32Array;
  /** When it started: ticks of USER_HZ after boot (field 22 of stat), rounded down. With `pid` the identity of a process. */
  readonly startTicks: Float64Array;
  /** Character code of the state letter, as in field 3 of stat. */
  readonly state: Uint8Array;
  /** PF_ flags of include/linux/sched.h. */
  readonly flags: Uint32Array;
  readonly threads: Int32Array;
  /** -20 to 19. */
  readonly nice: Int32Array;
  /** The kernel's priority, field 18 of stat: 0 to 39, or -1 - rt_priority. NaN where not given. */
  readonly priority: Float64Array;
  /** Seconds in user mode, scaled by the kernel's cputime_adjust as in field 14 of stat; dead threads included, children not. */
  readonly cpuUser: Float64Array;
  /** The same in the kernel, field 15. */
  readonly cpuSystem: Float64Array;
  /** Seconds of CPU in all, exact to the nanosecond (sum_exec_runtime, dead threads included). NaN where not given. */
  readonly cpuExact: Float64Array;
  /** Page faults without and with reading from storage, dead threads included, children not (fields 10 and 12). */
  readonly minorFaults: Float64Array;
  readonly majorFaults: Float64Array;
  /** Context switches of the main thread alone (the leader's own nvcsw), as /proc/PID/status tells them. NaN where not given on this pass. */
  readonly voluntarySwitches: Float64Array;
  readonly involuntarySwitches: Float64Array;
  /** Bytes in memory, as in field 24 of stat. */
  readonly rss: Float64Array;
  /** Bytes of address space, field 23. */
  readonly virtual: Float64Array;
  /** Bytes from and to storage, as in /proc/PID/io (dead threads and waited-for children included). NaN where not given on this pass. */
  readonly readBytes: Float64Array;
  readonly writeBytes: Float64Array;
  /** Effective user and group. NaN where the route does not give them: the table then reads them itself. */
  readonly uid: Float64Array;
  readonly gid: Float64Array;
  /** Id of its cgroup in the unified hierarchy (inode number of the directory). NaN where not given: the table reads the path itself. */
  readonly cgroupId: Float64Array;
  /** Name as in field 2 of stat, without the parentheses; the same string as before where it did not change. */
  readonly names: string[];
}

/** Which route reads the processes. */
export type ProcessRouteName = 'proc' | 'bpf';

/** One way to read all processes: over /proc, or with a BPF task iterator. It owns its descriptors. */
export interface ProcessRoute {
  readonly name: ProcessRouteName;
  /**
   * Makes one pass and fills `columns`, one row a living process, zombies and kernel threads too, no process twice.
   * Counters of one process never go back, and a process that ended while it was read is left out.
   * Yields at least once a millisecond of work. Throws when nothing could be read at all; the pass after that may succeed.
   */
  pass(columns: ProcessColumns, gaps: GapSink): Sliced<void>;
  /**
   * After a pass: 1 for each row in which a value changed since the pass before, 0 where all but the time is as it was.
   * Null when that is not known, or when the rows are not those of the same processes in the same places. Valid until the next pass.
   */
  changedRows?(): Uint8Array | null;
  close(): void;
}
