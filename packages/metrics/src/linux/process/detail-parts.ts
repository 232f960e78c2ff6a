import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ProcessDescriptor, ProcessMemory, ProcessThread } from '../../domain/process-detail.ts';
import { processState } from '../../domain/process.ts';
import type { Sliced } from '../../model/collector.ts';
import type { KernelSizes } from '../auxv.ts';
import type { DetailSource } from './detail-source.ts';
import { descriptorKind, kilobytes, parseLines, parseNumbers, wholeNumber } from './detail-text.ts';
import { isGone } from './gone.ts';
import { parsePids } from './pid-list.ts';
import { ALL_NUMBERS, createStatLine, parseProcessStat, STAT } from './stat.ts';
import type { StatLine } from './stat.ts';

/** How many files are read between two turns. */
const STRIDE = 16;

/** Something of each member that is still there when its turn comes, of `most` at most; null and a gap when the list cannot be read. */
function* each<Value>(
  source: DetailSource,
  field: string,
  list: () => readonly number[],
  read: (member: number) => Value | null,
  most: number = Infinity,
): Sliced<Value[] | null> {
  const all = source.attempt(field, list);
  if (!all) return null;
  const members = all.slice(0, most);
  if (members.length < all.length) {
    source.sink.add(`${field}.rest`, 'unsupported', `Of ${all.length} the first ${members.length} are told.`);
  }
  const values: Value[] = [];
  for (const [index, member] of members.entries()) {
    try {
      const value = read(member);
      if (value !== null) values.push(value);
    } catch (error) {
      // It was closed, or it ended.
      if (!isGone(errnoOf(error))) source.sink.addError(field, error);
    }
    if (index % STRIDE === STRIDE - 1) yield;
  }
  return values;
}

/** What a descriptor stands for; null and a gap when that may not be known. Throws when it was closed. */
function readTarget(host: Host, path: string, source: DetailSource): string | null {
  try {
    return host.readLink(path);
  } catch (error) {
    if (isGone(errnoOf(error)) || errnoOf(error) === undefined) throw error;
    source.sink.addError('descriptors.target', error);
    return null;
  }
}

/** The open files of a process, `most` at most. */
export function readDescriptors(host: Host, pid: number, source: DetailSource, most?: number): Sliced<ProcessDescriptor[] | null> {
  const numbers = (): number[] =>
    host
      .list(`/proc/${pid}/fd`)
      .flatMap((name) => wholeNumber(name) ?? [])
      .toSorted((a, b) => a - b);
  const read = (number: number): ProcessDescriptor => {
    const target = readTarget(host, `/proc/${pid}/fd/${number}`, source);
    const lines = source.attempt('descriptors.flags', () => parseLines(host.readText(`/proc/${pid}/fdinfo/${number}`)));
    const flags = wholeNumber(lines?.get('flags'), 8);
    const access = flags === null ? null : ((['read', 'write', 'both'] as const)[flags & 3] ?? null);
    return {
      number,
      target,
      kind: target === null ? 'other' : descriptorKind(target, flags),
      position: wholeNumber(lines?.get('pos')),
      flags,
      access,
    };
  };
  return each(source, 'descriptors', numbers, read, most);
}

/** A stat line of a process or a thread, and the name in it. */
export function readStatLine(host: Host, path: string): StatLine & { readonly name: string } {
  const { buffer, length } = host.read(path);
  const line = parseProcessStat(buffer, length, createStatLine(), ALL_NUMBERS);
  return { ...line, name: buffer.toString('utf8', line.nameStart, line.nameEnd) };
}

/** One of the later numbers of a stat line; null where an older kernel has not so many. */
export const laterNumber = ({ numbers, count }: StatLine, at: number): number | null => (at < count ? numbers[at]! : null);

/** The threads of a process, `most` at most. */
export function readThreads(
  host: Host,
  pid: number,
  { userHz }: KernelSizes,
  source: DetailSource,
  most?: number,
): Sliced<ProcessThread[] | null> {
  return each(
    source,
    'threads',
    () => parsePids(host.list(`/proc/${pid}/task`)),
    (tid) => {
      const line = readStatLine(host, `/proc/${pid}/task/${tid}/stat`);
      return {
        tid,
        name: line.name,
        state: processState(line.state),
        cpuUser: line.numbers[STAT.userTicks]! / userHz,
        cpuSystem: line.numbers[STAT.systemTicks]! / userHz,
        processor: laterNumber(line, STAT.processor),
      };
    },
    most,
  );
}

/** Children of a process: the kernel's own list where it keeps one (CONFIG_PROC_CHILDREN), otherwise all processes are asked for their parent. */
export function* readChildren(host: Host, pid: number, source: DetailSource): Sliced<number[] | null> {
  const tasks = source.attempt('children', () => parsePids(host.list(`/proc/${pid}/task`)));
  if (!tasks) return null;
  const children: number[] = [];
  for (const [index, tid] of tasks.entries()) {
    if (index % STRIDE === STRIDE - 1) yield;
    try {
      children.push(...parseNumbers(host.readText(`/proc/${pid}/task/${tid}/children`)));
    } catch (error) {
      if (!isGone(errnoOf(error))) throw error;
      if (tid === pid) return yield* searchChildren(host, pid, source);
    }
  }
  return children.toSorted((a, b) => a - b);
}

const searchChildren = (host: Host, parent: number, source: DetailSource): Sliced<number[] | null> =>
  each(
    source,
    'children',
    () => parsePids(host.list('/proc')),
    (pid) => (readStatLine(host, `/proc/${pid}/stat`).numbers[STAT.ppid] === parent ? pid : null),
  );

/** Memory from status and statm (kernel: Documentation/filesystems/proc.rst, tables 1-2 and 1-3). */
export function readMemory(source: DetailSource, { pageSize }: KernelSizes, kernel: boolean): ProcessMemory {
  const pages = source.text('memory', 'statm', (text) => {
    const numbers = parseNumbers(text);
    return numbers.length >= 6 ? numbers : null;
  });
  const page = (at: number): number | null => (pages ? pages[at]! * pageSize : null);
  // Threads of the kernel have no memory of their own; that is no gap.
  const line = (field: string, key: string): number | null => (kernel ? null : source.line(`memory.${field}`, key, kilobytes));
  return {
    rss: page(1),
    virtual: page(0),
    shared: page(2),
    text: page(3),
    data: page(5),
    peakRss: line('peakRss', 'VmHWM'),
    peakVirtual: line('peakVirtual', 'VmPeak'),
    anonymous: line('anonymous', 'RssAnon'),
    file: line('file', 'RssFile'),
    shmem: line('shmem', 'RssShmem'),
    swap: line('swap', 'VmSwap'),
    locked: line('locked', 'VmLck'),
    pageTables: line('pageTables', 'VmPTE'),
  };
}
