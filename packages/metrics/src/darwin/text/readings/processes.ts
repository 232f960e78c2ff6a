import { createProcessGrouper } from '../../../domain/process-groups.ts';
import { createProcessTable } from '../../../domain/process-table.ts';
import type { ProcessIdentity, ProcessTable } from '../../../domain/process.ts';
import { psState } from '../ps.ts';
import type { PsProcess } from '../ps.ts';

/** Seconds by which two looks may differ on when a process started: ps tells whole seconds. */
const SLACK = 2;

/** What ps does not tell of any process. */
export const UNTOLD_BY_PS: readonly string[] = [
  ...['command', 'user', 'gid', 'threads', 'priority', 'minorFaults', 'majorFaults', 'readBytes', 'writeBytes', 'footprint'],
  ...['voluntarySwitches', 'involuntarySwitches', 'maxPids', 'maxThreads'],
];

interface Known {
  readonly identity: ProcessIdentity;
  readonly row: number;
}

/** The last part of a path, as names are; `(old)` is what ps makes of a process without one. */
const nameOf = (command: string): string => command.slice(command.lastIndexOf('/') + 1).replace(/^\((.*)\)$/, '$1');

/** When a process started, on the wall clock; it is not told from another one with its number without. */
type Aged = PsProcess & { readonly elapsed: number };

/**
 * Makes tables of what ps(1) prints, again and again. Filled: numbers, parent, user as a number, name, state, nice, CPU time, memory,
 * start (to a second). NaN or null is all of {@link UNTOLD_BY_PS}. `at` is when ps was asked, on both clocks. A process whose age ps
 * does not tell is left out.
 */
export function openPsTable(): (rows: readonly PsProcess[], at: { readonly time: number; readonly monotonic: number }) => ProcessTable {
  const grouper = createProcessGrouper();
  let known = new Map<number, Known>();
  let before: ProcessTable | null = null;

  const identify = (process: Aged, startTime: number, boot: number): ProcessIdentity => {
    const was = known.get(process.pid)?.identity;
    const identity: ProcessIdentity =
      was && Math.abs(was.startTime - startTime) <= SLACK
        ? was
        : {
            ...{ pid: process.pid, startTime, startedAfterBoot: Math.max(0, startTime - boot), ppid: process.ppid, name: '' },
            ...{ command: null, uid: null, user: null, gid: null, kernel: process.pid === 0 },
            ...{ cgroup: null, unit: null, slice: null, container: null },
          };
    identity.ppid = process.ppid;
    identity.uid = process.uid;
    return identity;
  };

  return (told, { time, monotonic }) => {
    const rows = told.filter((process): process is Aged => process.elapsed !== null).toSorted((a, b) => a.pid - b.pid);
    const { length } = rows;
    const first = rows.find(({ pid }) => pid === 1);
    const boot = first ? time - first.elapsed : Number.NaN;
    const column = (value: (process: Aged) => number | null): Float64Array => Float64Array.from(rows, (row) => value(row) ?? Number.NaN);
    const unknown = new Float64Array(length).fill(Number.NaN);
    const next = new Map<number, Known>();
    const renamed: number[] = [];
    const identities = rows.map((process, row) => {
      const identity = identify(process, time - process.elapsed, boot);
      const name = nameOf(process.command);
      if (identity.name !== name) renamed.push(row);
      identity.name = name;
      next.set(process.pid, { identity, row });
      return identity;
    });
    const parts = {
      ...{ length, identities, route: 'ps' as const, detour: 'The libraries were refused.' },
      time: new Float64Array(length).fill(monotonic),
      state: column(({ state }) => psState(state).charCodeAt(0)),
      cpuUser: column(({ cpuUser }) => cpuUser),
      cpuSystem: column(({ cpu, cpuUser }) => (cpu === null || cpuUser === null ? null : Math.max(0, cpu - cpuUser))),
      rss: column(({ resident }) => resident),
      virtual: column(({ virtual }) => virtual),
      nice: column(({ nice }) => nice),
      ...{ cpuExact: unknown, threads: unknown, priority: unknown, minorFaults: unknown, majorFaults: unknown, footprint: unknown },
      ...{ readBytes: unknown, writeBytes: unknown, ioTime: unknown },
      ...{ earlierReadBytes: unknown, earlierWriteBytes: unknown, earlierIoTime: unknown },
      ...{ voluntarySwitches: unknown, involuntarySwitches: unknown, switchTime: unknown },
      ...{ earlierVoluntarySwitches: unknown, earlierInvoluntarySwitches: unknown, earlierSwitchTime: unknown },
      ...{ maxPids: null, maxThreads: null },
    };
    if (before) for (const [pid, { identity, row }] of known) if (next.get(pid)?.identity !== identity) grouper.end(before, row);
    known = next;
    for (const row of renamed) grouper.assign(parts, row);
    before = createProcessTable(parts, grouper.snapshot(parts));
    return before;
  };
}
