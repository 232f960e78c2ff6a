import { nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { readField } from '../layout/layout.ts';
import { RESOURCE_USAGE, TASK_INFO } from '../layout/process.ts';
import { systemError } from '../libsystem/system-error.ts';

/**
 * Columns that only a process's own user, and root, may read: seconds of CPU, bytes in memory, of address space, held to account for,
 * read and written, joules; and how many.
 */
export const USAGE_COLUMNS = [
  'cpuUser',
  'cpuSystem',
  'rss',
  'virtual',
  'threads',
  'minorFaults',
  'majorFaults',
  'priority',
  'footprint',
  'readBytes',
  'writeBytes',
  'energy',
] as const;

/** Those columns by their names. */
export type UsageColumns = Readonly<Record<(typeof USAGE_COLUMNS)[number], Float64Array>>;

/** What was found: a process whose threads run or sleep now, one that this user may not read, none. */
export type Found = 'running' | 'sleeping' | 'refused' | 'gone';

/** Reads what processes use. */
export interface UsageReader {
  /**
   * Writes what a process uses into a row of the columns; what it may not read stays as it is. Throws the system's error, but for
   * what is expected.
   */
  read(pid: number, columns: UsageColumns, row: number): Found;
  /** Whether the system tells the energy of processes at all: since macOS 13. Known after the first read. */
  readonly tellsEnergy: boolean;
}

const NANO = 1e9;
const task = nativeBuffer(TASK_INFO.size);
const resources = nativeBuffer(RESOURCE_USAGE.size);
const { fields: ofTask } = TASK_INFO;
const { fields: ofResources } = RESOURCE_USAGE;

/**
 * Opens a reader of usage. Times are Mach ticks, `frequency` of them a second (`hw.tbfrequency`; what mach_timebase_info says is
 * another thing under Rosetta). Where the processor does not measure energy the kernel tells 0 of all: `countsEnergy` is false.
 *
 * `ri_energy_nj` is all energy of the CPUs, that of the performance cores (`ri_penergy_nj`) is a part of it. `ri_billed_energy`,
 * which older systems have, is another thing: what others did for this process.
 */
export function openUsage({ libsystem, libraries }: Darwin, frequency: number, countsEnergy: boolean): UsageReader {
  let version: number = APPLE.RUSAGE_INFO_V6;

  const readResources = (pid: number): boolean => {
    if (libsystem.proc_pid_rusage(pid, version, resources) === 0) return true;
    if (version === APPLE.RUSAGE_INFO_V4 || libraries.errno() !== APPLE.EINVAL) return false;
    version = APPLE.RUSAGE_INFO_V4;
    return libsystem.proc_pid_rusage(pid, version, resources) === 0;
  };
  const isWhole = (): boolean => version === APPLE.RUSAGE_INFO_V6;

  return {
    get tellsEnergy() {
      return isWhole();
    },
    read(pid, columns, row) {
      const written = libsystem.proc_pidinfo(pid, APPLE.PROC_PIDTASKINFO, 0, task, task.length);
      if (written < TASK_INFO.size) {
        const errno = libraries.errno();
        if (errno === APPLE.ESRCH) return 'gone';
        if (errno === APPLE.EPERM || errno === APPLE.EACCES) return 'refused';
        throw systemError(errno, `proc_pidinfo ${pid}`);
      }
      const pageIns = readField(task, ofTask.pageIns);
      columns.cpuUser[row] = readField(task, ofTask.user) / frequency;
      columns.cpuSystem[row] = readField(task, ofTask.system) / frequency;
      columns.rss[row] = readField(task, ofTask.resident);
      columns.virtual[row] = readField(task, ofTask.virtual);
      columns.threads[row] = readField(task, ofTask.threads);
      // Faults are counted in all.
      columns.minorFaults[row] = Math.max(0, readField(task, ofTask.faults) - pageIns);
      columns.majorFaults[row] = pageIns;
      columns.priority[row] = readField(task, ofTask.priority);
      if (readResources(pid)) {
        columns.footprint[row] = readField(resources, ofResources.footprint);
        columns.readBytes[row] = readField(resources, ofResources.readBytes);
        columns.writeBytes[row] = readField(resources, ofResources.writeBytes);
        if (countsEnergy && isWhole()) columns.energy[row] = readField(resources, ofResources.energy) / NANO;
      }
      return readField(task, ofTask.running) > 0 ? 'running' : 'sleeping';
    },
  };
}
