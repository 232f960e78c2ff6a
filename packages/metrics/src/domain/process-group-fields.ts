import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import type { ProcessGroupReading } from './process-groups.ts';
import type { ProcessTable } from './process.ts';

type Key = keyof ProcessGroupReading & string;

/** process-exporter's name of a family. */
const family = (name: string): string => `namedprocess_namegroup_${name}`;

/** Processes in one state. */
const state = (key: Key, label: string, help: string): Field<ProcessGroupReading> => ({
  key,
  kind: 'gauge',
  unit: 'count',
  help,
  prometheus: { name: family('states'), labels: { state: label }, help: 'Processes of the group in each state.' },
});

/** A counter that is one of several in its family. */
const counter = (
  key: Key,
  unit: 'seconds' | 'bytes' | 'count',
  help: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Field<ProcessGroupReading> => ({ key, kind: 'counter', unit, help, prometheus: { name: family(name), labels } });

const UNREAD = { nullWhen: 'it may not be read of any member' } as const;

/** Groups of processes under the names of process-exporter: a bounded number of series, whatever runs. */
export const processGroupFields: Group<ProcessTable> = group<ProcessTable, ProcessGroupReading>({
  name: 'processes.groups',
  json: null,
  source: '/proc/PID/{stat,io,status}',
  labels: { groupname: 'name' },
  rows: (table) => table.groups,
  fields: [
    {
      key: 'processes',
      kind: 'gauge',
      unit: 'count',
      help: 'Processes of the group.',
      prometheus: { name: family('num_procs') },
    },
    { key: 'threads', kind: 'gauge', unit: 'count', help: 'Threads of the group.', ...UNREAD, prometheus: { name: family('num_threads') } },
    state('running', 'Running', 'Members that run or could run.'),
    state('sleeping', 'Sleeping', 'Members that sleep or are idle.'),
    state('waiting', 'Waiting', 'Members that wait for storage.'),
    state('zombie', 'Zombie', 'Members that ended and were not waited for.'),
    state('otherStates', 'Other', 'Members in another state: stopped, traced, dead.'),
    {
      key: 'oldestStartTime',
      kind: 'gauge',
      unit: 'seconds',
      help: 'When the oldest member started, seconds since the epoch.',
      nullWhen: 'it has no member now',
      prometheus: { name: family('oldest_start_time_seconds') },
    },
    {
      key: 'rss',
      kind: 'gauge',
      unit: 'bytes',
      help: 'Bytes in memory; shared pages count in each member.',
      ...UNREAD,
      prometheus: { name: family('memory_bytes'), labels: { memtype: 'resident' }, help: 'Memory of the group by kind.' },
    },
    {
      key: 'virtual',
      kind: 'gauge',
      unit: 'bytes',
      help: 'Bytes of address space.',
      ...UNREAD,
      prometheus: { name: family('memory_bytes'), labels: { memtype: 'virtual' }, help: 'Memory of the group by kind.' },
    },
    {
      ...counter('cpuUser', 'seconds', 'CPU time in user mode, with that of ended members.', 'cpu_seconds_total', { mode: 'user' }),
      ...UNREAD,
    },
    {
      ...counter('cpuSystem', 'seconds', 'CPU time in the kernel, with that of ended members.', 'cpu_seconds_total', { mode: 'system' }),
      ...UNREAD,
    },
    { ...counter('minorFaults', 'count', 'Page faults that needed no storage.', 'minor_page_faults_total'), ...UNREAD },
    { ...counter('majorFaults', 'count', 'Page faults that read from storage.', 'major_page_faults_total'), ...UNREAD },
    { ...counter('readBytes', 'bytes', 'Bytes that members caused to be read from storage.', 'read_bytes_total'), ...UNREAD },
    { ...counter('writeBytes', 'bytes', 'Bytes that members caused to be written to storage.', 'write_bytes_total'), ...UNREAD },
    {
      ...counter('voluntarySwitches', 'count', 'Times that main threads gave the CPU up.', 'context_switches_total', {
        ctxswitchtype: 'voluntary',
      }),
      ...UNREAD,
    },
    {
      ...counter('involuntarySwitches', 'count', 'Times that main threads had the CPU taken.', 'context_switches_total', {
        ctxswitchtype: 'nonvoluntary',
      }),
      ...UNREAD,
    },
  ],
});
