import type { ProcessIdentity } from '@hecate/metrics';
import { TornBlockError, takeVarint } from '../day/varint.ts';
import type { ByteCursor } from '../day/varint.ts';
import { takeDouble, takeText } from './bytes.ts';
import type { ByteWriter } from './bytes.ts';

/**
 * What stands in a block. Rows are counted as in the process table, and what is said of them is said in this order:
 * - SAMPLE flags, time and monotonic time (ms, differences to the sample before; from 0 in a whole one).
 *   A whole one begins with an empty table, and has the seconds between two samples and the time of boot (doubles).
 * - GONE count, then rows of the table before, each as the distance to the one before.
 * - NEW distance to the row before that is new, then the process.
 * - IDENTITY distance to the row before that has changed, a mask of {@link MUTABLE}, then those that changed.
 * - CHANGES column, count, then for each the distance to the row before and the difference to its code.
 * - END.
 */
export const RECORD = { SAMPLE: 1, GONE: 2, NEW: 3, IDENTITY: 4, CHANGES: 5, END: 6 } as const;

/** Flags of a sample. REPEATED: it was told before, and only stands here so that the one after it has rates. */
export const SAMPLE_FLAG = { WHOLE: 1, REPEATED: 2 } as const;

/** The most rows of GONE and CHANGES: what is longer is said in several records, so that blocks can be cut between them. */
export const MOST_IN_RECORD: number = 1024;

/** No table with more processes is kept. */
export const MOST_PROCESSES: number = 131_072;

/** Characters of a text that are kept; the kernel's own limit of a command line is megabytes. */
export const MOST_TEXT: number = 4096;

/** What can change while a process lives, in the order of the mask. */
export const MUTABLE = ['ppid', 'name', 'command', 'uid', 'user', 'gid', 'cgroup', 'unit', 'slice', 'container'] as const;

/** What is known of a process beside numbers that change, as it was written. */
export type WrittenIdentity = Pick<ProcessIdentity, (typeof MUTABLE)[number]>;

/** A copy of what can change. Without commands, the command line stays away. */
export function copyMutable(identity: ProcessIdentity, withCommand: boolean): WrittenIdentity {
  const { ppid, name, uid, user, gid, cgroup, unit, slice, container } = identity;
  const command = withCommand ? identity.command : null;
  return { ppid, name, command, uid, user, gid, cgroup, unit, slice, container };
}

const cut = (text: string | null): string | null => (text !== null && text.length > MOST_TEXT ? text.slice(0, MOST_TEXT) : text);
const NUMBERS: ReadonlySet<string> = new Set(['ppid', 'uid', 'gid']);

/** Writes one property that can change. */
export function putMutable(writer: ByteWriter, of: WrittenIdentity, name: (typeof MUTABLE)[number]): void {
  const value = of[name];
  if (NUMBERS.has(name)) writer.number(value === null ? 0 : (value as number) + 1);
  else writer.text(cut(value as string | null));
}

/** Reads one into `into`. Throws {@link TornBlockError}. */
export function takeMutable(cursor: ByteCursor, into: ProcessIdentity, name: (typeof MUTABLE)[number]): void {
  if (name === 'ppid') into.ppid = Math.max(0, takeVarint(cursor) - 1);
  else if (name === 'uid' || name === 'gid') {
    const code = takeVarint(cursor);
    into[name] = code === 0 ? null : code - 1;
  } else if (name === 'name') into.name = takeText(cursor) ?? '';
  else into[name] = takeText(cursor);
}

const KERNEL = 1;
/** Its start is no whole number of hundredths: it stands as a double. */
const ODD_START = 2;

/** Writes a process that is new. */
export function putProcess(writer: ByteWriter, { pid, kernel, startedAfterBoot }: ProcessIdentity, written: WrittenIdentity): void {
  const hundredths = Math.round(startedAfterBoot * 100);
  const isOdd = hundredths < 0 || hundredths / 100 !== startedAfterBoot;
  writer.number((kernel ? KERNEL : 0) | (isOdd ? ODD_START : 0));
  writer.number(pid);
  if (isOdd) writer.double(startedAfterBoot);
  else writer.number(hundredths);
  for (const name of MUTABLE) putMutable(writer, written, name);
}

/** Reads one; `boot` is seconds since the epoch. Throws {@link TornBlockError}. */
export function takeProcess(cursor: ByteCursor, boot: number): ProcessIdentity {
  const flags = takeVarint(cursor);
  if (flags > (KERNEL | ODD_START)) throw new TornBlockError('a process has flags that are not known');
  const pid = takeVarint(cursor);
  const startedAfterBoot = (flags & ODD_START) !== 0 ? takeDouble(cursor) : takeVarint(cursor) / 100;
  const identity: ProcessIdentity = {
    pid,
    ppid: 0,
    startedAfterBoot,
    startTime: boot + startedAfterBoot,
    name: '',
    command: null,
    uid: null,
    user: null,
    gid: null,
    kernel: (flags & KERNEL) !== 0,
    cgroup: null,
    unit: null,
    slice: null,
    container: null,
  };
  for (const name of MUTABLE) takeMutable(cursor, identity, name);
  return identity;
}
