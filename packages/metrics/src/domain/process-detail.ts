import type { Gap } from '../model/gap.ts';
import type { ProcessState } from './process.ts';

/** The four users or groups that a process acts as. */
export interface ProcessIds {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly filesystem: number;
}

/** Memory of one process, in bytes. Null: the kernel does not tell it (threads of the kernel and zombies have none). */
export interface ProcessMemory {
  readonly rss: number | null;
  readonly virtual: number | null;
  /** Resident pages that a file or shared memory backs. */
  readonly shared: number | null;
  /** Code. */
  readonly text: number | null;
  /** Data and stack. */
  readonly data: number | null;
  /** The most that was ever resident, and the largest address space. */
  readonly peakRss: number | null;
  readonly peakVirtual: number | null;
  readonly anonymous: number | null;
  readonly file: number | null;
  readonly shmem: number | null;
  readonly swap: number | null;
  readonly locked: number | null;
  readonly pageTables: number | null;
}

/** What only a walk over all pages tells, in bytes. */
export interface ProcessPages {
  /** Its share: each page divided by the number of processes that map it. */
  readonly proportional: number;
  /** Pages that it alone maps: what ending it would free. */
  readonly unique: number;
  readonly proportionalSwap: number;
}

/** All that a process read and wrote. */
export interface ProcessIo {
  /** Bytes through read and write calls, from caches, pipes and sockets too. */
  readonly readChars: number;
  readonly writeChars: number;
  readonly readCalls: number;
  readonly writeCalls: number;
  /** Bytes from and to storage. */
  readonly readBytes: number;
  readonly writeBytes: number;
  /** Bytes that need not be written after all, because their file was cut. */
  readonly cancelledWriteBytes: number;
}

/** CPU time and faults, in seconds and counts. */
export interface ProcessUsage {
  readonly cpuUser: number;
  readonly cpuSystem: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
}

/** One limit of a process; null: unlimited. */
export interface ProcessLimit {
  /** As the kernel names it: `Max open files`. */
  readonly name: string;
  readonly soft: number | null;
  readonly hard: number | null;
  readonly unit: string;
}

/** What a descriptor stands for. */
export type DescriptorKind = 'file' | 'directory' | 'device' | 'socket' | 'pipe' | 'memory' | 'anonymous' | 'other';

/** One open file of a process. */
export interface ProcessDescriptor {
  readonly number: number;
  /** A path, or what the kernel says: `socket:[4711]`, `anon_inode:[eventpoll]`; null when it may not be known. */
  readonly target: string | null;
  readonly kind: DescriptorKind;
  /** Position in the file; null when it may not be read. */
  readonly position: number | null;
  /** Flags of open(2) as a number; null when they may not be read. */
  readonly flags: number | null;
  readonly access: 'read' | 'write' | 'both' | null;
}

/** One thread of a process. */
export interface ProcessThread {
  readonly tid: number;
  readonly name: string;
  readonly state: ProcessState;
  readonly cpuUser: number;
  readonly cpuSystem: number;
  /** The CPU on which it ran last; null where the kernel does not tell. */
  readonly processor: number | null;
}

/** Sets of capabilities as masks in hexadecimal digits (capabilities(7)). */
export interface ProcessCapabilities {
  readonly inheritable: string;
  readonly permitted: string;
  readonly effective: string;
  readonly bounding: string;
  readonly ambient: string;
}

/** Everything that is known of one process at one moment. What is null has a gap, or a reason in its own words. */
export interface ProcessDetail {
  readonly pid: number;
  readonly ppid: number;
  /** Ticks after boot: with the id the identity of the process. */
  readonly startTicks: number;
  /** Seconds since boot, and since the epoch. */
  readonly startedAfterBoot: number;
  readonly startTime: number;
  readonly name: string;
  readonly state: ProcessState;
  readonly kernel: boolean;
  /** Path of the program; null for threads of the kernel. */
  readonly program: string | null;
  /** Whether the program's file was removed or replaced since it started. */
  readonly programDeleted: boolean | null;
  readonly workingDirectory: string | null;
  readonly root: string | null;
  readonly arguments: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>> | null;
  readonly processGroup: number;
  readonly session: number;
  /** The controlling terminal: `/dev/pts/3`; null when it has none. */
  readonly terminal: string | null;
  readonly users: ProcessIds | null;
  readonly user: string | null;
  readonly groups: ProcessIds | null;
  readonly supplementaryGroups: readonly number[] | null;
  /** File mode mask, as a number. */
  readonly umask: number | null;
  readonly nice: number;
  readonly priority: number;
  /** Scheduling policy: `other`, `fifo`, `round-robin`, `batch`, `idle`, `deadline`, `ext`; null where the kernel does not tell. */
  readonly policy: string | null;
  readonly realtimePriority: number | null;
  /** I/O priority: no file tells it, so always null, with its gap. */
  readonly ioPriority: null;
  /** CPUs that it may run on. */
  readonly affinity: readonly number[] | null;
  /** The CPU on which it ran last. */
  readonly processor: number | null;
  readonly usage: ProcessUsage;
  /** Of children that it waited for. */
  readonly childUsage: ProcessUsage;
  /** Seconds on a CPU, to the nanosecond; of its main thread. */
  readonly runTime: number | null;
  /** Seconds that its main thread was ready and waited for a CPU. */
  readonly runDelay: number | null;
  /** Seconds that it waited for block I/O; 0 where delay accounting is off. */
  readonly blockDelay: number | null;
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  readonly memory: ProcessMemory;
  /** Null unless it was asked for. */
  readonly pages: ProcessPages | null;
  readonly io: ProcessIo | null;
  readonly limits: readonly ProcessLimit[] | null;
  readonly descriptors: readonly ProcessDescriptor[] | null;
  readonly threads: readonly ProcessThread[] | null;
  readonly children: readonly number[] | null;
  readonly oomScore: number | null;
  readonly oomScoreAdjust: number | null;
  /** 0 off, 1 strict, 2 filter. */
  readonly seccomp: number | null;
  readonly noNewPrivileges: boolean | null;
  readonly capabilities: ProcessCapabilities | null;
  /** Inode numbers of its namespaces by name: `net`, `pid`. */
  readonly namespaces: Readonly<Record<string, number>> | null;
  readonly cgroup: string | null;
  readonly unit: string | null;
  readonly slice: string | null;
  readonly container: string | null;
  readonly gaps: readonly Gap[];
}
