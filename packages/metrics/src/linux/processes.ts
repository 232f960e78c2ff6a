import type { Collector } from '../model/collector.ts';
import type { ProcessTable } from '../domain/process.ts';
import { processGroups } from '../domain/process-fields.ts';
import { openBpfRoute } from './bpf/task-route.ts';
import { openProcRoute } from './process/proc-route.ts';
import { openProcessTable } from './process/table.ts';

/** The process table: every process, zombies and kernel threads too. */
export const processes: Collector<'processes', ProcessTable> = {
  name: 'processes',
  lane: 'fast',
  sources: ['/proc/PID/stat', '/proc/PID/io', '/proc/PID/status', '/proc/PID/cmdline', '/proc/PID/cgroup', '/etc/passwd'],
  permission: "Everyone, but the I/O of other users' processes only root; a /proc with hidepid shows only own ones.",
  remedy: 'Run as root to read the I/O of all processes; a /proc mounted with hidepid shows only your own.',
  groups: processGroups,
  open: (host) => openProcessTable(host, { plain: openProcRoute, fast: host.kind === 'real' ? openBpfRoute : null }),
};
