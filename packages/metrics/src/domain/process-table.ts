import type { ProcessGroupReading } from './process-groups.ts';
import { knownFigure, processState } from './process.ts';
import type { ProcessIdentity, ProcessReading, ProcessTable } from './process.ts';

/** Everything of a table but what is made of it. */
export type ProcessTableParts = Omit<ProcessTable, 'row' | 'groups' | 'toJSON'>;

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
    cpuUser: knownFigure(table.cpuUser[index]!),
    cpuSystem: knownFigure(table.cpuSystem[index]!),
    rss: knownFigure(table.rss[index]!),
    virtual: knownFigure(table.virtual[index]!),
    threads: knownFigure(table.threads[index]!),
    nice: table.nice[index]!,
    priority: knownFigure(table.priority[index]!),
    minorFaults: knownFigure(table.minorFaults[index]!),
    majorFaults: knownFigure(table.majorFaults[index]!),
    voluntarySwitches: knownFigure(table.voluntarySwitches[index]!),
    involuntarySwitches: knownFigure(table.involuntarySwitches[index]!),
    readBytes: knownFigure(table.readBytes[index]!),
    writeBytes: knownFigure(table.writeBytes[index]!),
    ...(table.footprint ? { footprint: knownFigure(table.footprint[index]!) } : {}),
    ...(table.energy ? { energy: knownFigure(table.energy[index]!) } : {}),
  };
}
