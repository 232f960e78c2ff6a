import type { ProcessTable } from '../../domain/process.ts';
import { psState } from '../text/ps.ts';
import type { ToldUsage } from './others.ts';

/** Columns that ps fills for a process that this user may not read. */
type Filled = Readonly<Record<'cpuUser' | 'cpuSystem' | 'rss' | 'virtual' | 'time' | 'state', Float64Array>>;

/** What the rows of one pass have of ps. */
export interface Told {
  /** Writes what ps told into a row; `isUnknown`: the state is not known otherwise. */
  write(row: number, usage: ToldUsage, isUnknown: boolean): void;
  /** How many rows were written. */
  count(): number;
  /** The columns of the CPU time before, for `length` rows; none where no row was written. */
  columns(length: number): Pick<ProcessTable, 'earlierCpu' | 'earlierCpuTime'>;
}

/** Writes into the columns of a pass with `room` rows. The columns that most passes do not need are made with the first row. */
export function writeTold(columns: Filled, room: number): Told {
  let earlierCpu: Float64Array | undefined;
  let earlierCpuTime: Float64Array | undefined;
  let count = 0;
  return {
    write(row, { process, at, before }, isUnknown) {
      count++;
      earlierCpu ??= new Float64Array(room).fill(Number.NaN);
      earlierCpuTime ??= new Float64Array(room).fill(Number.NaN);
      const { cpu, cpuUser, resident, virtual, state } = process;
      if (cpu !== null && cpuUser !== null) {
        columns.cpuUser[row] = cpuUser;
        columns.cpuSystem[row] = Math.max(0, cpu - cpuUser);
      }
      columns.rss[row] = resident;
      columns.virtual[row] = virtual;
      columns.time[row] = at;
      earlierCpu[row] = before?.cpu ?? Number.NaN;
      earlierCpuTime[row] = before?.at ?? at;
      if (isUnknown) columns.state[row] = psState(state).charCodeAt(0);
    },
    count: () => count,
    columns: (length) =>
      earlierCpu && earlierCpuTime
        ? { earlierCpu: earlierCpu.subarray(0, length), earlierCpuTime: earlierCpuTime.subarray(0, length) }
        : {},
  };
}

/** What this user may not read of other users' `refused` processes; of `told` of them ps has told. */
export function missingOf(refused: number, told: number, refusal: string | null): string {
  if (told > 0) return `Threads, faults, energy and I/O of ${refused} processes of other users can only be read as root.`;
  const sentence = `CPU, memory and I/O of ${refused} processes of other users can only be read as root.`;
  return `${sentence} ${refusal ?? 'ps is asked for CPU and memory; it has not answered yet.'}`;
}
