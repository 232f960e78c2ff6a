import { processGroups } from '../domain/process-fields.ts';
import type { ProcessTable } from '../domain/process.ts';
import type { Collector } from '../model/collector.ts';
import { withPrograms } from './fallback.ts';
import { openOthers } from './process/others.ts';
import { openProcessTable } from './process/table.ts';
import { openReader } from './reader.ts';
import { processesTier } from './text/tiers.ts';

/** The process table. */
export const processes: Collector<'processes', ProcessTable> = {
  name: 'processes',
  lane: 'fast',
  sources: ['sysctl KERN_PROC_ALL and KERN_PROCARGS2', 'proc_pidinfo(PROC_PIDTASKINFO)', 'proc_pid_rusage(RUSAGE_INFO_V6)'],
  permission: "Everyone, but threads, faults, energy and I/O of other users' processes only root; their CPU and memory are what ps tells.",
  remedy: 'Run as root to read what the processes of other users use.',
  groups: processGroups,
  open(machine) {
    const others = openOthers(machine);
    const reader = openReader(machine, (darwin, host) => openProcessTable(darwin, host, others));
    return withPrograms(machine, { ...reader, notes: others.notes, close: others.close }, processesTier());
  },
};
