import { readdirSync, readFileSync } from 'node:fs';
import { errnoOf, openHost } from '@hecate/host';
import { finish } from '../../model/collector.ts';
import { readKernelSizes } from '../auxv.ts';
import { createColumns } from '../process/columns.ts';
import type { ProcessColumns } from '../process/route.ts';
import { createStatLine, parseProcessStat, STAT } from '../process/stat.ts';
import type { Iterator } from './pass.ts';
import * as at from './task-layout.ts';
import { createTaskDecoder } from './task-records.ts';

/** What is compared. Counters must lie between two passes around the read of /proc, sizes too, in either order; the rest equal one of the two. */
const COUNTERS = ['minor', 'major', 'user', 'system', 'read', 'write'] as const;
const SIZES = ['threads', 'virtual', 'rss'] as const;
const OTHERS = ['name', 'state', 'ppid', 'nice', 'priority', 'start', 'uid', 'gid'] as const;
/** /proc knows them of live threads only: the iterator may have more. */
const LIVE_ONLY = ['exec', 'voluntary', 'involuntary'] as const;

type Field = (typeof COUNTERS)[number] | (typeof SIZES)[number] | (typeof OTHERS)[number] | (typeof LIVE_ONLY)[number];
type Values = Record<Field, number | string>;

/** A process of one pass. */
interface Seen extends Values {
  readonly flags: number;
  /** Whether it ever had one thread only, so that nothing is of dead ones. */
  readonly single: boolean;
}

const KERNEL_THREAD = 0x20_0000;
const sizes = readKernelSizes(openHost());
/** Another try where the process changed while it was looked at. */
const TRIES = 12;

/** Processes of which not all threads were seen. */
function tornOf(words: Uint32Array, length: number): Set<number> {
  const missing = new Map<number, number>();
  const add = (pid: number, count: number): void => void missing.set(pid, (missing.get(pid) ?? 0) + count);
  for (let word = 0; word < length >>> 2; word += words[word]! >>> 2) {
    add(words[word + at.AT_PROCESS]!, -1);
    if (words[word] === at.LEADER_BYTES) add(words[word + at.AT_PROCESS]!, words[word + at.AT_THREADS]!);
  }
  return new Set([...missing].filter(([, count]) => count !== 0).map(([pid]) => pid));
}

/** How the differential check looks at passes; mistakes are made here on purpose. */
export interface Options {
  readonly absent?: ReadonlySet<string>;
  /** Changes a pass's records before they are decoded. */
  readonly spoil?: (words: Uint32Array, length: number) => number;
}

/** One pass, decoded without a past; torn processes are left out. */
function look(iterator: Iterator, { absent = new Set(), spoil }: Options): Map<number, Seen> {
  const records = iterator.pass();
  const torn = tornOf(records.words, records.length);
  const columns = createColumns();
  const decoder = createTaskDecoder({ ...sizes, absent, kernelName: (_pid, short) => short });
  const length = spoil?.(records.words, records.length) ?? records.length;
  finish(decoder.decode({ ...records, length }, columns, 0));
  const rows = new Map<number, Seen>();
  for (let row = 0; row < columns.length; row++) if (!torn.has(columns.pid[row]!)) rows.set(columns.pid[row]!, seenOf(columns, row));
  return rows;
}

function seenOf(columns: ProcessColumns, row: number): Seen {
  const ticks = (seconds: number): number => Math.floor(Math.round(seconds * 1e9) / (1e9 / sizes.userHz));
  const flags = columns.flags[row]!;
  return {
    flags,
    single: (flags & KERNEL_THREAD) !== 0,
    name: columns.names[row]!,
    state: String.fromCharCode(columns.state[row]!),
    ppid: columns.ppid[row]!,
    nice: columns.nice[row]!,
    priority: columns.priority[row]!,
    threads: columns.threads[row]!,
    start: columns.startTicks[row]!,
    virtual: columns.virtual[row]!,
    rss: columns.rss[row]!,
    uid: columns.uid[row]!,
    gid: columns.gid[row]!,
    minor: columns.minorFaults[row]!,
    major: columns.majorFaults[row]!,
    user: ticks(columns.cpuUser[row]!),
    system: ticks(columns.cpuSystem[row]!),
    exec: Math.round(columns.cpuExact[row]! * 1e9),
    voluntary: columns.voluntarySwitches[row]!,
    involuntary: columns.involuntarySwitches[row]!,
    read: columns.readBytes[row]!,
    write: columns.writeBytes[row]!,
  };
}

const line = createStatLine();

/** The same from /proc; throws when the process is gone. */
function ask(pid: number): Values {
  const text = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'latin1');
  const number = (from: string, key: string, word: number = 0): number =>
    Number(new RegExp(`^${key}:\\s+(.*)$`, 'm').exec(from)![1]!.split(/\s+/)[word]);
  const stat = readFileSync(`/proc/${pid}/stat`);
  parseProcessStat(stat, stat.length, line);
  const { numbers } = line;
  const io = text('io');
  const status = text('status');
  const sums = { exec: 0, voluntary: 0, involuntary: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const own = text(`task/${thread}/status`);
      const exec = Number(text(`task/${thread}/schedstat`).split(' ')[0]);
      sums.exec += exec;
      sums.voluntary += number(own, 'voluntary_ctxt_switches');
      sums.involuntary += number(own, 'nonvoluntary_ctxt_switches');
    } catch {
      // A thread that ended meanwhile is among the dead then.
    }
  }
  return {
    ...sums,
    name: stat.toString('utf8', line.nameStart, line.nameEnd),
    state: String.fromCharCode(line.state),
    ppid: numbers[STAT.ppid]!,
    nice: numbers[STAT.nice]!,
    priority: numbers[STAT.priority]!,
    threads: numbers[STAT.threads]!,
    start: numbers[STAT.startTicks]!,
    virtual: numbers[STAT.virtual]!,
    rss: numbers[STAT.rssPages]! * sizes.pageSize,
    uid: number(status, 'Uid', 1),
    gid: number(status, 'Gid', 1),
    minor: numbers[STAT.minorFaults]!,
    major: numbers[STAT.majorFaults]!,
    user: numbers[STAT.userTicks]!,
    system: numbers[STAT.systemTicks]!,
    read: number(io, 'read_bytes'),
    write: number(io, 'write_bytes'),
  };
}

/** The fields in which /proc fits neither pass. */
function differing(first: Seen, truth: Values, second: Seen): Field[] {
  const within = (field: Field): boolean => truth[field] >= first[field] && truth[field] <= second[field];
  const found: Field[] = COUNTERS.filter((field) => !within(field));
  found.push(...SIZES.filter((field) => !within(field) && !(truth[field] <= first[field] && truth[field] >= second[field])));
  for (const field of OTHERS) {
    // What /proc adds to the name of a kernel thread is no part of what the kernel keeps.
    const same = (seen: Seen): boolean =>
      field === 'name' && seen.single ? String(truth.name).startsWith(String(seen.name)) : truth[field] === seen[field];
    if (!same(first) && !same(second)) found.push(field);
  }
  for (const field of LIVE_ONLY) if (first.single ? !within(field) : truth[field] > second[field]) found.push(field);
  return found;
}

/** What a differential check found. */
export interface Comparison {
  readonly compared: number;
  /** Processes that live and could not be compared: the iterator does not show them, or /proc may not be read. */
  readonly hidden: readonly number[];
  /** `field pid(name): /proc's value, the first pass's, the second's`. */
  readonly differences: readonly string[];
  /** The fields among them. */
  readonly fields: ReadonlySet<string>;
}

/**
 * Compares every field of every process (or of those given) with /proc. A process that changed while it was looked at is looked at
 * again; what differs each time differs.
 */
export function compareWithProc(iterator: Iterator, options: Options = {}, only?: readonly number[]): Comparison {
  const pids =
    only ??
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  const differences: string[] = [];
  const fields = new Set<string>();
  const hidden: number[] = [];
  let compared = 0;
  for (const pid of pids) {
    let wrong: Field[] | undefined;
    let what = '';
    for (let tries = 0; tries < TRIES; tries++) {
      const first = look(iterator, options).get(pid);
      let truth: Values;
      try {
        truth = ask(pid);
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === 'EACCES') hidden.push(pid);
        else if (errno !== 'ENOENT' && errno !== 'ESRCH') throw error;
        break;
      }
      const second = look(iterator, options).get(pid);
      if (!first || !second) {
        if (tries === TRIES - 1 && !wrong) hidden.push(pid);
        continue;
      }
      const found = differing(first, truth, second);
      wrong = wrong ? wrong.filter((field) => found.includes(field)) : found;
      if (wrong.length === 0) break;
      what = wrong.map((field) => `${field} ${pid}(${truth.name}): ${truth[field]}, ${first[field]}, ${second[field]}`).join('; ');
    }
    if (!wrong) continue;
    compared++;
    for (const field of wrong) fields.add(field);
    if (wrong.length > 0) differences.push(what);
  }
  return { compared, hidden, differences, fields };
}
