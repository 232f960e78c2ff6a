import { processGroups } from '../domain/process-fields.ts';
import type { ProcessTable } from '../domain/process.ts';
import type { Collector } from '../model/collector.ts';
import { openProcessTable } from './process/table.ts';
import { openReader } from './reader.ts';

/** The process table. */
export const processes: Collector<'processes', ProcessTable> = {
  name: 'processes',
  lane: 'fast',
  sources: ['sysctl KERN_PROC_ALL and KERN_PROCARGS2', 'proc_pidinfo(PROC_PIDTASKINFO)', 'proc_pid_rusage(RUSAGE_INFO_V4)'],
  permission: "Everyone, but CPU, memory and I/O of other users' processes only root.",
  remedy: 'Run as root to read what the processes of other users use.',
  groups: processGroups,
  open: (machine) => openReader(machine, openProcessTable),
};
