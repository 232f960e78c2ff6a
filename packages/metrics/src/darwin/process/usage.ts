import { nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { readField } from '../layout/layout.ts';
import { RESOURCE_USAGE, TASK_INFO } from '../layout/process.ts';
import { systemError } from '../libsystem/system-error.ts';

/** What a process uses. */
export interface ProcessUsage {
  /** Seconds of CPU. */
  readonly user: number;
  readonly system: number;
  /** Bytes in memory, and of address space. */
  readonly resident: number;
  readonly virtual: number;
  readonly threads: number;
  /** Threads that run now. */
  readonly running: number;
  /** Page faults in all, and those of them that read from storage. */
  readonly faults: number;
  readonly pageIns: number;
  readonly priority: number;
  /** Bytes that it is held to account for, read and written; null where it may not be read. */
  readonly footprint: number | null;
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
}

/** Why the usage of a process is not known: it is gone, or this user may not read it. */
export type NoUsage = 'gone' | 'refused';

const task = nativeBuffer(TASK_INFO.size);
const resources = nativeBuffer(RESOURCE_USAGE.size);

/**
 * What one process uses. Times are Mach ticks, `frequency` of them a second (`hw.tbfrequency`; what mach_timebase_info says is
 * another thing under Rosetta). Throws the system's error, but for what is expected.
 */
export function readUsage({ libsystem, libraries }: Darwin, pid: number, frequency: number): ProcessUsage | NoUsage {
  const written = libsystem.proc_pidinfo(pid, APPLE.PROC_PIDTASKINFO, 0, task, task.length);
  if (written < TASK_INFO.size) {
    const errno = libraries.errno();
    if (errno === APPLE.ESRCH) return 'gone';
    if (errno === APPLE.EPERM || errno === APPLE.EACCES) return 'refused';
    throw systemError(errno, `proc_pidinfo ${pid}`);
  }
  const ofTask = (name: keyof typeof TASK_INFO.fields): number => readField(task, TASK_INFO.fields[name]);
  const usage = {
    user: ofTask('user') / frequency,
    system: ofTask('system') / frequency,
    resident: ofTask('resident'),
    virtual: ofTask('virtual'),
    threads: ofTask('threads'),
    running: ofTask('running'),
    faults: ofTask('faults'),
    pageIns: ofTask('pageIns'),
    priority: ofTask('priority'),
  };
  if (libsystem.proc_pid_rusage(pid, APPLE.RUSAGE_INFO_V4, resources) !== 0)
    return { ...usage, footprint: null, readBytes: null, writeBytes: null };
  const ofResources = (name: keyof typeof RESOURCE_USAGE.fields): number => readField(resources, RESOURCE_USAGE.fields[name]);
  return { ...usage, footprint: ofResources('footprint'), readBytes: ofResources('readBytes'), writeBytes: ofResources('writeBytes') };
}
