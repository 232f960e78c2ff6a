import { energyRateFields, energyRates } from '../domain/energy.ts';
import type { EnergyRates } from '../domain/energy.ts';
import { gpuProcessRateFields, gpuProcessRates } from '../domain/gpu-processes.ts';
import type { GpuProcessRates } from '../domain/gpu-processes.ts';
import { gpuRateFields, gpuRates } from '../domain/gpu.ts';
import type { GpuRates } from '../domain/gpu.ts';
import { cpuRateFields, cpuRates } from '../domain/cpu.ts';
import type { CpuRates } from '../domain/cpu.ts';
import { diskRateFields, disksRates } from '../domain/disk.ts';
import type { DisksRates } from '../domain/disk.ts';
import { filesystemRateFields, filesystemRates } from '../domain/filesystem.ts';
import type { FilesystemRates } from '../domain/filesystem.ts';
import { networkRateFields, networksRates } from '../domain/network.ts';
import type { NetworksRates } from '../domain/network.ts';
import { interruptsRateFields, interruptsRates } from '../domain/interrupts.ts';
import type { InterruptsRates } from '../domain/interrupts.ts';
import { nfsRateFields, nfsRates } from '../domain/nfs.ts';
import type { NfsRates } from '../domain/nfs.ts';
import { softirqsRateFields, softirqsRates } from '../domain/softirqs.ts';
import type { SoftirqsRates } from '../domain/softirqs.ts';
import { schedulerRateFields, schedulerRates } from '../domain/scheduler.ts';
import type { SchedulerRates } from '../domain/scheduler.ts';
import { frequencyRateFields, frequencyRates } from '../domain/frequency.ts';
import type { FrequencyRates } from '../domain/frequency.ts';
import { pagingRateFields, pagingRates } from '../domain/paging.ts';
import type { PagingRates } from '../domain/paging.ts';
import { numaRateFields, numaRates } from '../domain/numa.ts';
import type { NumaRate } from '../domain/numa.ts';
import { pressureRateFields, pressureRates } from '../domain/pressure.ts';
import type { PressureRates } from '../domain/pressure.ts';
import { processRateFields, processRates } from '../domain/process-rates.ts';
import type { ProcessRates } from '../domain/process-rates.ts';
import { protocolsRateFields, protocolsRates } from '../domain/protocols-rates.ts';
import type { ProtocolsRates } from '../domain/protocols-rates.ts';
import { zfsRateFields, zfsRates } from '../domain/zfs.ts';
import type { ZfsRates } from '../domain/zfs.ts';
import { cgroupRateFields, cgroupRates } from '../domain/cgroup.ts';
import type { CgroupRates } from '../domain/cgroup.ts';
import { containersRateFields, containersRates } from '../domain/containers.ts';
import type { ContainerRates } from '../domain/containers.ts';
import { unitsRateFields, unitsRates } from '../domain/units.ts';
import type { UnitRates } from '../domain/units.ts';
import type { Gap, GapReason } from './gap.ts';
import type { RateField } from './rate-field.ts';
import type { CollectorName, Snapshot } from './snapshot.ts';

/** What is derived of each collector that has rates, by its name. */
export interface RatesByName {
  readonly cpu: CpuRates;
  readonly pressure: PressureRates;
  readonly interrupts: InterruptsRates;
  readonly softirqs: SoftirqsRates;
  readonly scheduler: SchedulerRates;
  readonly frequency: FrequencyRates;
  readonly paging: PagingRates;
  readonly numa: readonly NumaRate[];
  readonly disk: DisksRates;
  readonly nfs: NfsRates;
  readonly filesystem: readonly FilesystemRates[];
  readonly zfs: ZfsRates;
  readonly network: NetworksRates;
  readonly protocols: ProtocolsRates;
  readonly energy: EnergyRates;
  readonly gpu: readonly GpuRates[];
  readonly gpuprocesses: readonly GpuProcessRates[];
  readonly cgroup: CgroupRates;
  readonly containers: readonly ContainerRates[];
  readonly units: readonly UnitRates[];
  /** Rates of the process in row `index` of the later snapshot's table. */
  readonly processes: (index: number) => ProcessRates;
}

/** Name of a collector that has rates. */
export type RatedName = keyof RatesByName;

/**
 * The pure functions that derive rates from two readings `elapsed` seconds apart.
 * Null from one: nothing can be said (its counters did not move, or started over).
 */
const DERIVE: { readonly [Name in RatedName]: (before: never, after: never, elapsed: number) => RatesByName[Name] | null } = {
  cpu: cpuRates,
  pressure: pressureRates,
  interrupts: interruptsRates,
  softirqs: softirqsRates,
  scheduler: schedulerRates,
  frequency: frequencyRates,
  paging: pagingRates,
  numa: numaRates,
  disk: disksRates,
  nfs: nfsRates,
  filesystem: filesystemRates,
  zfs: zfsRates,
  network: networksRates,
  protocols: protocolsRates,
  energy: energyRates,
  gpu: gpuRates,
  gpuprocesses: gpuProcessRates,
  cgroup: cgroupRates,
  containers: containersRates,
  units: unitsRates,
  processes: processRates,
};

/** What the rates of each collector are made of, by its name. */
export const RATE_FIELDS: { readonly [Name in RatedName]: () => readonly RateField[] } = {
  cpu: cpuRateFields,
  pressure: pressureRateFields,
  interrupts: interruptsRateFields,
  softirqs: softirqsRateFields,
  scheduler: schedulerRateFields,
  frequency: frequencyRateFields,
  paging: pagingRateFields,
  numa: numaRateFields,
  disk: diskRateFields,
  nfs: nfsRateFields,
  filesystem: filesystemRateFields,
  zfs: zfsRateFields,
  network: networkRateFields,
  protocols: protocolsRateFields,
  energy: energyRateFields,
  gpu: gpuRateFields,
  gpuprocesses: gpuProcessRateFields,
  cgroup: cgroupRateFields,
  containers: containersRateFields,
  units: unitsRateFields,
  processes: processRateFields,
};

const RATED = Object.keys(DERIVE) as RatedName[];

type Derive = (before: unknown, after: unknown, elapsed: number) => unknown;

/**
 * Whether a reading has nothing to derive, as where there is no such hardware: then even it and itself give nothing.
 * CPU times that stand still give nothing too, but every machine has some.
 */
function hasNothing(name: RatedName, reading: unknown): boolean {
  return name !== 'cpu' && (DERIVE[name] as unknown as Derive)(reading, reading, 1) === null;
}

/**
 * What happened between two snapshots, per second or as a share of the time.
 * Null members have a gap `rates.<name>`, but those of a machine that has nothing of the kind.
 */
export type Rates = { readonly [Name in RatedName]: RatesByName[Name] | null } & {
  /** Seconds between the two, on the monotonic clock; null when there was no earlier one. */
  readonly elapsed: number | null;
  readonly gaps: readonly Gap[];
};

function none(elapsed: number | null, reason: GapReason, detail: string): Rates {
  const gaps = RATED.map((name) => ({ field: `rates.${name}`, reason, detail }));
  return { ...(Object.fromEntries(RATED.map((name) => [name, null])) as { [Name in RatedName]: null }), elapsed, gaps };
}

/** The moment at which a collector was read: sliced reading spreads a snapshot over some milliseconds, and slow ones are older. */
function readAt(snapshot: Snapshot, name: CollectorName): number {
  for (const run of snapshot.runs) if (run.collector === name) return run.readAt;
  return snapshot.monotonic;
}

/**
 * The seconds between two readings above which the machine is taken to have slept: three of what is usual (`interval`, in seconds),
 * and never less than 3, for a busy machine keeps a sampler of ten readings a second waiting longer than that.
 */
export const longestBetween = (interval: number): number => Math.max(3, interval * 3);

/**
 * Derives rates from two snapshots; pure. Without an earlier one, or when more than `longest` seconds lie between
 * (the machine slept), everything is null: an average over a sleep means nothing.
 * `last` are the rates at `before`: what was not read again in between (slow collectors) keeps them.
 */
export function deriveRates(
  before: Snapshot | null,
  after: Snapshot,
  longest: number = Number.POSITIVE_INFINITY,
  last: Rates | null = null,
): Rates {
  if (!before) return none(null, 'no-baseline', 'A rate needs two readings.');
  const elapsed = after.monotonic - before.monotonic;
  if (elapsed > longest) return none(elapsed, 'suspended', `${elapsed.toFixed(0)} s lie between the two readings.`);
  if (elapsed <= 0) return none(elapsed, 'no-baseline', 'No time passed between the two readings.');
  const gaps: Gap[] = [];
  const rates: Partial<Record<RatedName, unknown>> = {};
  for (const name of RATED) {
    const was = before[name];
    const is = after[name];
    const derive = DERIVE[name] as unknown as Derive;
    const isSame = was === is;
    const rate = !was || !is ? null : isSame ? (last?.[name] ?? null) : derive(was, is, readAt(after, name) - readAt(before, name));
    rates[name] = rate;
    if (rate !== null || !is || hasNothing(name, is)) continue;
    const field = `rates.${name}`;
    // What was not read again is null for the reason that it was null for before.
    const known = isSame ? last?.gaps.find((gap) => gap.field === field) : undefined;
    const detail = was && !isSame ? 'Its counters did not move, or started over.' : 'It has not been read twice yet.';
    gaps.push(known ?? { field, reason: 'no-baseline', detail });
  }
  return { elapsed, gaps, ...(rates as { [Name in RatedName]: Rates[Name] }) };
}
