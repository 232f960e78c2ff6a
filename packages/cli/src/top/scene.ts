import type { Alert } from '@hecate/observe';
import type { MachineEvent } from '@hecate/metrics';
import type { ProcessIdentity } from '@hecate/metrics';

/** What stays the same while a machine runs. Null: it is not known. */
export interface MachineFacts {
  readonly hostname: string;
  /** `Debian GNU/Linux 12 (bookworm)`. */
  readonly system: string | null;
  /** `Linux 6.1.0-18-amd64`. */
  readonly kernel: string | null;
  /** `AMD Ryzen 9 5950X 16-Core Processor`. */
  readonly cpuModel: string | null;
  readonly cores: number | null;
  /** Seconds since the epoch. */
  readonly bootTime: number | null;
}

/** A mounted file system, in bytes. */
export interface SceneMount {
  readonly mountpoint: string;
  readonly device: string;
  readonly type: string;
  readonly size: number | null;
  readonly used: number | null;
  readonly available: number | null;
}

/** What a battery or a power supply says. Null: it does not tell. */
export interface ScenePower {
  readonly onBattery: boolean | null;
  /** 0 to 1. */
  readonly charge: number | null;
  readonly watts: number | null;
  readonly secondsLeft: number | null;
}

/** Figures of processes, each a column; NaN where it is not known. */
export const PROCESS_FIGURES = [
  /** Share of one core: 2 is two cores busy. */
  'cpu',
  /** Seconds of CPU since it started. */
  'cpuTime',
  /** Bytes in memory, and of address space. */
  'rss',
  'virtual',
  'threads',
  'nice',
  'priority',
  /** Bytes a second from and to storage, and since it started. */
  'readRate',
  'writeRate',
  'readBytes',
  'writeBytes',
  /** A second. */
  'majorFaults',
  'switches',
  /** Watts of the CPUs, where the system measures them for each process (macOS). */
  'power',
] as const;

/** One of {@link PROCESS_FIGURES}. */
export type ProcessFigure = (typeof PROCESS_FIGURES)[number];

/** The processes of a moment, in columns: row `i` of each is the same process. */
export interface SceneProcesses {
  readonly length: number;
  readonly identities: readonly ProcessIdentity[];
  /** Letters of /proc/PID/stat, as character codes. */
  readonly state: ArrayLike<number>;
  readonly figures: Readonly<Record<ProcessFigure, Float64Array>>;
}

/**
 * What the screen shows of one moment, from wherever it comes: this machine, a recording, another machine's daemon. It is never changed.
 */
export interface Scene {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly machine: MachineFacts;
  /**
   * The series of this moment by id, as the daemon's history has them: `cpu_usage_percent`, `core.0.usage_percent`,
   * `disk.sda.read_bytes_per_second`; seriesMeta of @hecate/observe says what each is. What is unknown is absent or null.
   */
  readonly values: ReadonlyMap<string, number | null>;
  /** Hertz that cores run at, by number; empty where it is not told. */
  readonly frequencies: ReadonlyMap<number, number>;
  /** Null: not known at this moment. */
  readonly mounts: readonly SceneMount[] | null;
  readonly power: ScenePower | null;
  /** Null: not known, and `gaps` says why. */
  readonly processes: SceneProcesses | null;
  /** What is wrong at this moment, the worst first; null where nothing judges. */
  readonly alerts: readonly Alert[] | null;
  /** What happened lately, the newest last. */
  readonly events: readonly MachineEvent[];
  /** Sentences about what could not be read, for a person. */
  readonly gaps: readonly string[];
}

/** The process that is meant, for as long as it lives: its number alone is given to another one some day. */
export interface ProcessKey {
  readonly pid: number;
  readonly startedAfterBoot: number;
}

/** The row of a process in the list; -1 when it is gone. */
export function rowOfProcess({ identities }: SceneProcesses, { pid, startedAfterBoot }: ProcessKey): number {
  return identities.findIndex((identity) => identity.pid === pid && Math.abs(identity.startedAfterBoot - startedAfterBoot) < 0.005);
}
