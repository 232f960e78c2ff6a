import type { BlockReading } from '../domain/block.ts';
import type { CpuReading } from '../domain/cpu.ts';
import type { DiskReading } from '../domain/disk.ts';
import type { FilesystemReading } from '../domain/filesystem.ts';
import type { HostReading } from '../domain/host.ts';
import type { InterfaceReading } from '../domain/interface.ts';
import type { LoadReading } from '../domain/load.ts';
import type { MemoryReading } from '../domain/memory.ts';
import type { NetworkReading } from '../domain/network.ts';
import type { PressureReading } from '../domain/pressure.ts';
import type { ProcessTable } from '../domain/process.ts';
import type { Collector } from './collector.ts';
import type { Gap } from './gap.ts';

/** What each collector reads, by its name. A platform offers some or all of these. */
export interface Readings {
  readonly host: HostReading;
  readonly cpu: CpuReading;
  readonly load: LoadReading;
  readonly pressure: PressureReading;
  readonly memory: MemoryReading;
  readonly disk: readonly DiskReading[];
  readonly block: readonly BlockReading[];
  readonly filesystem: readonly FilesystemReading[];
  readonly network: readonly NetworkReading[];
  readonly interface: readonly InterfaceReading[];
  readonly processes: ProcessTable;
}

/** Name of a collector. */
export type CollectorName = keyof Readings;

/** Collectors that have to wait for the machine; a read of theirs is a promise. */
export type AsynchronousName = 'filesystem';

/** A collector of any name, with its reading. */
export type AnyCollector = { [Name in CollectorName]: Collector<Name, Readings[Name]> }[CollectorName];

/** How one collector fared: part of every snapshot, because a collector that fails must be seen. */
export interface CollectorRun {
  readonly collector: CollectorName;
  /** Seconds that its last read took. */
  readonly seconds: number;
  /** Whether it read anything. */
  readonly success: boolean;
  /** Monotonic time of the read; slow collectors are older than the snapshot. */
  readonly readAt: number;
}

/** Raw readings of one moment. A reading is null when its collector could not read or was not asked; `gaps` says why. */
export interface Snapshot extends Readonly<{ [Name in CollectorName]: Readings[Name] | null }> {
  /** Seconds since the epoch. */
  readonly time: number;
  /** Seconds on the clock that rates divide by. */
  readonly monotonic: number;
  readonly gaps: readonly Gap[];
  readonly runs: readonly CollectorRun[];
}
