import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import { processGroupFields } from './process-group-fields.ts';
import { countProcesses } from './process.ts';
import type { ProcessReading, ProcessTable } from './process.ts';

interface StateCount {
  readonly state: string;
  readonly count: number;
}
interface ProcessTotals {
  readonly pids: number;
  readonly threads: number | null;
  readonly maxPids: number | null;
  readonly maxThreads: number | null;
}

const UNREAD = 'it belongs to another user (macOS)';

/** Fields of the `processes` collector. Single processes are no Prometheus series: there would be too many. */
export const processGroups = (): readonly Group<ProcessTable>[] => [
  group<ProcessTable, StateCount>({
    name: 'processes.states',
    json: null,
    source: '/proc/PID/stat',
    labels: { state: 'state' },
    rows: (table) => Object.entries(countProcesses(table).states).map(([state, count]) => ({ state, count })),
    fields: [
      { key: 'count', kind: 'gauge', unit: 'count', help: 'Processes in each state.', prometheus: { name: 'node_processes_state' } },
    ],
  }),
  group<ProcessTable, ProcessTotals>({
    name: 'processes',
    json: null,
    source: '/proc/PID/stat, /proc/sys/kernel',
    rows: (table) => [{ pids: table.length, threads: countProcesses(table).threads, maxPids: table.maxPids, maxThreads: table.maxThreads }],
    fields: [
      { key: 'pids', kind: 'gauge', unit: 'count', help: 'Processes.', prometheus: { name: 'node_processes_pids' } },
      {
        key: 'threads',
        kind: 'gauge',
        unit: 'count',
        help: 'Threads of all processes.',
        nullWhen: 'those of a process may not be read (macOS)',
        prometheus: { name: 'node_processes_threads' },
      },
      {
        key: 'maxPids',
        kind: 'gauge',
        unit: 'count',
        help: 'The largest process id the kernel gives.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'node_processes_max_processes' },
      },
      {
        key: 'maxThreads',
        kind: 'gauge',
        unit: 'count',
        help: 'The most threads the kernel allows.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'node_processes_max_threads' },
      },
    ],
  }),
  processGroupFields,
  group<ProcessTable, ProcessReading>({
    name: 'processes.list',
    json: 'processes[]',
    source: '/proc/PID/{stat,io,cmdline,status,cgroup}',
    rows: (table) => Array.from({ length: table.length }, (_, index) => table.row(index)),
    fields: [
      { key: 'pid', kind: 'gauge', unit: 'none', help: 'Process id; unique together with startedAfterBoot.' },
      { key: 'ppid', kind: 'gauge', unit: 'none', help: 'Process id of the parent.' },
      { key: 'name', kind: 'info', unit: 'none', help: "The kernel's name, completed from the command line where it was cut." },
      { key: 'command', kind: 'info', unit: 'none', help: 'Command line.', nullWhen: 'it may not be read' },
      { key: 'state', kind: 'info', unit: 'none', help: 'State letter as in ps.' },
      { key: 'uid', kind: 'gauge', unit: 'none', help: 'Effective user, as a number.', nullWhen: 'it may not be read' },
      { key: 'user', kind: 'info', unit: 'none', help: 'User name.', nullWhen: 'it may not be read' },
      { key: 'gid', kind: 'gauge', unit: 'none', help: 'Effective group, as a number.', nullWhen: 'it may not be read' },
      { key: 'cgroup', kind: 'info', unit: 'none', help: 'Path of its control group.', nullWhen: 'it may not be read' },
      { key: 'unit', kind: 'info', unit: 'none', help: 'Unit of the service manager.', nullWhen: 'it belongs to none' },
      { key: 'slice', kind: 'info', unit: 'none', help: 'Slice of the service manager.', nullWhen: 'it belongs to none' },
      { key: 'container', kind: 'info', unit: 'none', help: 'Id of its container.', nullWhen: 'it runs in none' },
      {
        key: 'cpuUser',
        kind: 'counter',
        unit: 'seconds',
        help: 'CPU time in user mode.',
        nullWhen: UNREAD,
        otel: { name: 'process.cpu.time', attributes: { 'cpu.mode': 'user' } },
      },
      {
        key: 'cpuSystem',
        kind: 'counter',
        unit: 'seconds',
        help: 'CPU time in the kernel.',
        nullWhen: UNREAD,
        otel: { name: 'process.cpu.time', attributes: { 'cpu.mode': 'system' } },
      },
      { key: 'rss', kind: 'gauge', unit: 'bytes', help: 'Bytes in memory.', nullWhen: UNREAD, otel: { name: 'process.memory.usage' } },
      {
        key: 'virtual',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Bytes of address space.',
        nullWhen: UNREAD,
        otel: { name: 'process.memory.virtual' },
      },
      { key: 'threads', kind: 'gauge', unit: 'count', help: 'Threads.', nullWhen: UNREAD, otel: { name: 'process.thread.count' } },
      { key: 'nice', kind: 'gauge', unit: 'none', help: 'Niceness, -20 to 19.' },
      {
        key: 'priority',
        kind: 'gauge',
        unit: 'none',
        help: "The kernel's priority: 0 to 39, or -1 - the real-time priority.",
        nullWhen: 'the route does not tell it',
      },
      {
        key: 'minorFaults',
        kind: 'counter',
        unit: 'count',
        help: 'Page faults that needed no storage.',
        nullWhen: UNREAD,
        otel: { name: 'process.paging.faults', attributes: { 'system.paging.fault.type': 'minor' } },
      },
      {
        key: 'majorFaults',
        kind: 'counter',
        unit: 'count',
        help: 'Page faults that read from storage.',
        nullWhen: UNREAD,
        otel: { name: 'process.paging.faults', attributes: { 'system.paging.fault.type': 'major' } },
      },
      {
        key: 'voluntarySwitches',
        kind: 'counter',
        unit: 'count',
        help: 'Times that its main thread gave the CPU up; read in turns.',
        nullWhen: 'it may not be read',
        otel: { name: 'process.context_switches', attributes: { 'process.context_switch.type': 'voluntary' } },
      },
      {
        key: 'involuntarySwitches',
        kind: 'counter',
        unit: 'count',
        help: 'Times that its main thread had the CPU taken; read in turns.',
        nullWhen: 'it may not be read',
        otel: { name: 'process.context_switches', attributes: { 'process.context_switch.type': 'involuntary' } },
      },
      { key: 'startedAfterBoot', kind: 'gauge', unit: 'seconds', help: 'When it started, seconds since boot.' },
      { key: 'kernel', kind: 'info', unit: 'none', help: 'Whether it is a thread of the kernel.' },
      { key: 'startTime', kind: 'gauge', unit: 'seconds', help: 'When it started, seconds since the epoch.' },
      {
        key: 'readBytes',
        kind: 'counter',
        unit: 'bytes',
        help: 'Bytes it caused to be read from storage.',
        nullWhen: 'it belongs to another user',
        otel: { name: 'process.disk.io', attributes: { 'disk.io.direction': 'read' } },
      },
      {
        key: 'writeBytes',
        kind: 'counter',
        unit: 'bytes',
        help: 'Bytes it caused to be written to storage.',
        nullWhen: 'it belongs to another user',
        otel: { name: 'process.disk.io', attributes: { 'disk.io.direction': 'write' } },
      },
    ],
  }),
  group<ProcessTable, ProcessReading>({
    name: 'processes.apple',
    json: 'processes[]',
    source: 'proc_pid_rusage',
    rows: (table) => (table.energy || table.footprint ? Array.from({ length: table.length }, (_, index) => table.row(index)) : []),
    fields: [
      {
        key: 'footprint',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Bytes that it is held to account for, compressed and swapped ones included: "Memory" of Activity Monitor. macOS only.',
        nullWhen: 'it belongs to another user',
      },
      {
        key: 'energy',
        kind: 'counter',
        unit: 'joules',
        help: 'Energy that the CPUs took for it since it started. macOS only.',
        nullWhen: 'it belongs to another user, macOS is older than 13, or the processor does not measure it',
      },
    ],
  }),
];
