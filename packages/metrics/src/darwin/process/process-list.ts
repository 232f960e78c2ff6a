import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { readField, readText } from '../layout/layout.ts';
import { PROCESS_ENTRY } from '../layout/process.ts';
import { openSysctl } from '../libsystem/sysctl.ts';

const ALL = [APPLE.CTL_KERN, APPLE.KERN_PROC, APPLE.KERN_PROC_ALL] as const;
const MICRO = 1e6;
/** More entries than there are in any list: what a key that sorts by process id has room for. */
const PLACES = 2 ** 20;
const { fields, texts, size } = PROCESS_ENTRY;

/**
 * What everyone may know of all processes, as the kernel gave it. Each figure is read when it is asked for, of the entry that begins at
 * `base`; only what changed becomes an object. It is valid until the next list is read.
 */
export interface ProcessList {
  /** Where the entries begin, in ascending order of process ids. */
  readonly bases: readonly number[];
  pid(base: number): number;
  ppid(base: number): number;
  uid(base: number): number;
  gid(base: number): number;
  /** Seconds since the epoch, to the microsecond. With the id it names the process. */
  startTime(base: number): number;
  /** The kernel's name, cut at 16 bytes. */
  name(base: number): string;
  /** S-number of sys/proc.h. It tells zombies and stopped ones; of a living one it says nothing about whether it runs. */
  state(base: number): number;
  nice(base: number): number;
  /** Whether the kernel's name is this one: without making a text of it. */
  isNamed(base: number, name: string): boolean;
}

/** Where the entries begin, sorted by process id: as plain numbers, which need no function that compares two. */
function sortedBases(entries: Buffer): number[] {
  const keys = new Float64Array(Math.floor(entries.length / size));
  for (let index = 0; index < keys.length; index++) keys[index] = readField(entries, fields.pid, index * size) * PLACES + index;
  return Array.from(keys.sort(), (key) => (key - Math.floor(key / PLACES) * PLACES) * size);
}

/** Whether a text of plain letters and its NUL lie at `at`; false also for other texts. */
function isText(bytes: Buffer, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return bytes[at + text.length] === 0;
}

/** Reads the list of processes again and again, into the same memory. Throws the system's error. */
export function openProcessList(darwin: Darwin): () => ProcessList {
  const read = openSysctl(darwin, ALL);
  return () => {
    const entries = read();
    return {
      bases: sortedBases(entries),
      pid: (base) => readField(entries, fields.pid, base),
      ppid: (base) => readField(entries, fields.ppid, base),
      uid: (base) => readField(entries, fields.uid, base),
      gid: (base) => readField(entries, fields.gid, base),
      startTime: (base) => readField(entries, fields.startSeconds, base) + readField(entries, fields.startMicroseconds, base) / MICRO,
      name: (base) => readText(entries, texts.name, base),
      state: (base) => readField(entries, fields.state, base),
      nice: (base) => readField(entries, fields.nice, base),
      isNamed: (base, name) => isText(entries, base + texts.name[1], name) || readText(entries, texts.name, base) === name,
    };
  };
}
