import type { ProcessGroupReading } from './process-groups.ts';
import { processState } from './process.ts';
import type { ProcessIdentity, ProcessReading, ProcessTable } from './process.ts';

/** Everything of a table but what is made of it. */
export type ProcessTableParts = Omit<ProcessTable, 'row' | 'groups' | 'toJSON'>;

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** A table of these columns, which belong to it from now on; its groups are made when somebody asks. */
export function createProcessTable(parts: ProcessTableParts, groups: () => readonly ProcessGroupReading[]): ProcessTable {
  return {
    ...parts,
    get groups() {
      return groups();
    },
    row: (index) => processRow(parts, index),
    toJSON: () => Array.from({ length: parts.length }, (_, index) => processRow(parts, index)),
  };
}

/** Row `index` as an object. */
function processRow(table: ProcessTableParts, index: number): ProcessReading {
  const identity: ProcessIdentity = table.identities[index]!;
  return {
    // Named one by one: a spread costs ten times as much where code is not optimised (the daemon).
    pid: identity.pid,
    startedAfterBoot: identity.startedAfterBoot,
    startTime: identity.startTime,
    ppid: identity.ppid,
    name: identity.name,
    command: identity.command,
    uid: identity.uid,
    user: identity.user,
    gid: identity.gid,
    kernel: identity.kernel,
    cgroup: identity.cgroup,
    unit: identity.unit,
    slice: identity.slice,
    container: identity.container,
    state: processState(table.state[index]!),
    cpuUser: table.cpuUser[index]!,
    cpuSystem: table.cpuSystem[index]!,
    rss: table.rss[index]!,
    virtual: table.virtual[index]!,
    threads: table.threads[index]!,
    nice: table.nice[index]!,
    priority: known(table.priority[index]!),
    minorFaults: table.minorFaults[index]!,
    majorFaults: table.majorFaults[index]!,
    voluntarySwitches: known(table.voluntarySwitches[index]!),
    involuntarySwitches: known(table.involuntarySwitches[index]!),
    readBytes: known(table.readBytes[index]!),
    writeBytes: known(table.writeBytes[index]!),
    ...(table.footprint ? { footprint: known(table.footprint[index]!) } : {}),
  };
}
