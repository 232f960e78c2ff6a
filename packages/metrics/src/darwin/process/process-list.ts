import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { readField, readText } from '../layout/layout.ts';
import { PROCESS_ENTRY } from '../layout/process.ts';
import { sysctlBytes } from '../libsystem/sysctl.ts';

const ALL = [APPLE.CTL_KERN, APPLE.KERN_PROC, APPLE.KERN_PROC_ALL] as const;
const MICRO = 1e6;

/** What everyone may know of a process. */
export interface ListedProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch, to the microsecond. With `pid` it names the process. */
  readonly startTime: number;
  /** The kernel's name, cut at 16 bytes. */
  readonly name: string;
  /** S-number of sys/proc.h. It tells zombies and stopped ones; of a living one it says nothing about whether it runs. */
  readonly state: number;
  readonly nice: number;
}

function entryAt(list: Buffer, base: number): ListedProcess {
  const field = (name: keyof typeof PROCESS_ENTRY.fields): number => readField(list, PROCESS_ENTRY.fields[name], base);
  return {
    pid: field('pid'),
    ppid: field('ppid'),
    uid: field('uid'),
    gid: field('gid'),
    startTime: field('startSeconds') + field('startMicroseconds') / MICRO,
    name: readText(list, PROCESS_ENTRY.texts.name, base),
    state: field('state'),
    nice: field('nice'),
  };
}

/** All processes, in ascending order of ids. Throws the system's error. */
export function listProcesses(darwin: Darwin): ListedProcess[] {
  const list = sysctlBytes(darwin, ALL);
  return Array.from({ length: Math.floor(list.length / PROCESS_ENTRY.size) }, (_, index) => entryAt(list, index * PROCESS_ENTRY.size)).sort(
    (a, b) => a.pid - b.pid,
  );
}
