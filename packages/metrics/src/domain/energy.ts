import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';

/**
 * What a zone measures. `package` is a whole socket and holds its `core` and `uncore`; `psys` is the platform and holds the
 * packages; `dram` stands beside the package. On Apple silicon a package holds `cpu`, `gpu` and `ane` (the neural engine), a `cpu` holds
 * its `cluster`s, and `dram` and `gpu-sram` stand beside. So energies of zones must not be added up, except of zones of one kind.
 */
export type EnergyZoneKind = 'package' | 'core' | 'uncore' | 'dram' | 'psys' | 'cpu' | 'gpu' | 'ane' | 'gpu-sram' | 'cluster' | 'other';

/** A limit on the power of a zone. */
export interface PowerConstraint {
  /** `long_term`, `short_term`, `peak_power`. */
  readonly name: string;
  /** Watts; null when it cannot be read. */
  readonly limit: number | null;
  /** Seconds over which the power is averaged; null for a peak. */
  readonly timeWindow: number | null;
  /** The highest limit that may be set, watts; null when the hardware does not say. */
  readonly max: number | null;
}

/** A zone whose energy is counted (kernel: Documentation/power/powercap/powercap.rst). */
export interface EnergyZone {
  /** `intel-rapl:0:1`; AMD's are named so too. `DIE_0_CPU Energy` on Apple silicon. */
  readonly zone: string;
  /** `package-0`, `core`, `dram`; `cpu`, `gpu`, `ane` on Apple silicon. */
  readonly name: string;
  readonly kind: EnergyZoneKind;
  /** The zone that holds this one; null for a topmost one. */
  readonly parent: string | null;
  /** Number in the name (`package-0`), the die, or which one of its name it is: node_exporter's label. */
  readonly index: number;
  /** Directory of the zone; empty on Apple silicon. */
  readonly path: string;
  /** Joules since the counter began; it starts over at `maxEnergy`. Null when it may not be read: since Linux 5.10 by root only. */
  readonly energy: number | null;
  /** Joules at which the counter starts over; null when unknown. */
  readonly maxEnergy: number | null;
  /** Whether its limits are enforced; null when it does not say. */
  readonly enabled: boolean | null;
  readonly constraints: readonly PowerConstraint[];
}

/** All zones; none where the processor has no such counters, as in virtual machines. */
export interface EnergyReading {
  readonly zones: readonly EnergyZone[];
}

/** Power of a zone between two readings. */
export interface ZonePower {
  readonly zone: string;
  readonly name: string;
  readonly kind: EnergyZoneKind;
  readonly parent: string | null;
  /** Watts; null when its energy is unknown, or its counter was set anew. */
  readonly power: number | null;
}

/** Watts between two readings. */
export interface EnergyRates {
  /** Each zone on its own. Do not add them up: see {@link EnergyZoneKind}. */
  readonly zones: readonly ZonePower[];
  /** All packages together, each once; null when there are none, or one is unknown. */
  readonly packagePower: number | null;
  /**
   * Share of its power that the neural engine took, 0 to 1: an estimate, because nothing counts how busy it is. See
   * {@link ANE_ASSUMED_MAXIMUM}. Null when its power is unknown; absent without a neural engine.
   */
  readonly aneUtilizationEstimate?: number | null;
}

/** Watts that a neural engine is assumed to take when it is busy all the time: nobody publishes it, and chips differ. */
export const ANE_ASSUMED_MAXIMUM = 8;

/** What a name says: `package-0`, `package-1-die-0`, `core`, `psys`. */
export function energyKindOf(name: string): EnergyZoneKind {
  if (name.startsWith('package')) return 'package';
  return name === 'core' || name === 'uncore' || name === 'dram' || name === 'psys' ? name : 'other';
}

/** More watts than one counter can mean: a counter that seems to have gone round was set anew. */
const MOST_WATTS = 20_000;

/** Joules between two readings of a counter that starts over at `max`; null when it was set anew. */
function energyBetween(before: number, after: number, max: number | null, elapsed: number): number | null {
  const grown = after >= before ? after - before : max === null ? -1 : after + max - before;
  return grown >= 0 && grown <= MOST_WATTS * elapsed ? grown : null;
}

/** Control type of a zone: `intel-rapl` of `intel-rapl:0:1`. */
const typeOf = (zone: string): string => zone.split(':', 1)[0]!;

/** The packages, each once: `intel-rapl-mmio` counts the same energy as `intel-rapl` through another register. */
function packagesOf(zones: readonly ZonePower[]): ZonePower[] {
  const packages = zones.filter(({ kind }) => kind === 'package');
  const direct = new Set(packages.filter(({ zone }) => typeOf(zone) === 'intel-rapl').map(({ name }) => name));
  return packages.filter(({ zone, name }) => typeOf(zone) === 'intel-rapl' || !direct.has(name));
}

/** Watts between two readings `elapsed` seconds apart, counters that went round included. Null without any zone, or when no time passed. */
export function energyRates(before: EnergyReading, after: EnergyReading, elapsed: number): EnergyRates | null {
  if (elapsed <= 0 || after.zones.length === 0) return null;
  const earlier = new Map(before.zones.map((zone) => [zone.zone, zone]));
  const zones = after.zones.map(({ zone, name, kind, parent, energy, maxEnergy }): ZonePower => {
    const was = earlier.get(zone);
    const known = was && was.name === name && was.energy !== null && energy !== null;
    const grown = known ? energyBetween(was.energy, energy, maxEnergy, elapsed) : null;
    return { zone, name, kind, parent, power: grown === null ? null : grown / elapsed };
  });
  const ane = zones.filter(({ kind }) => kind === 'ane').map(({ power }) => power);
  const anePower = ane.includes(null) ? null : ane.reduce<number>((sum, power) => sum + power!, 0);
  const estimate = anePower === null ? null : Math.min(1, anePower / ANE_ASSUMED_MAXIMUM);
  const more = ane.length === 0 ? {} : { aneUtilizationEstimate: estimate };
  let packagePower: number | null = null;
  for (const { power } of packagesOf(zones)) {
    if (power === null) return { zones, packagePower: null, ...more };
    packagePower = (packagePower ?? 0) + power;
  }
  return { zones, packagePower, ...more };
}

/** Fields of {@link EnergyRates}. */
export const energyRateFields = (): readonly RateField[] => [
  {
    path: 'zones[].power',
    unit: 'watts',
    formula: 'Δ energy / elapsed; a counter that went round has grown by maxEnergy more',
    nullWhen: 'its energy may not be read, or the counter was set anew',
  },
  {
    path: 'packagePower',
    unit: 'watts',
    formula: 'sum over the packages, each once; on Apple silicon CPU + GPU + neural engine',
    nullWhen: 'the power of one is unknown',
  },
  {
    path: 'aneUtilizationEstimate',
    unit: 'ratio',
    formula: `watts of the neural engine / ${ANE_ASSUMED_MAXIMUM} W, 1 at most: an estimate, because nothing counts how busy it is`,
    nullWhen: 'its power is unknown',
    platform: 'darwin',
  },
];

/**
 * Watts that each process causes: an estimate, not a measurement.
 *
 *     power of a process = (packagePower - idlePower) x cpu of the process / busy
 *
 * The power above idle is given to who used the CPUs, in proportion to CPU time. It cannot tell a core at 5 GHz from one at
 * 1 GHz, vector code from waiting loops, and knows no GPU, disk or screen. `busy` is how many CPUs the whole machine kept
 * busy (1.5 is one and a half); where the processes together used more (times are read one after another), their sum
 * counts, so that no more power is given away than there is. What nobody here caused (interrupts, other containers) stays unattributed.
 * `idlePower` is what the packages take when nothing runs: the least that was seen, or 0.
 * Null without a package power (no RAPL), and for a process whose CPU is unknown.
 */
export function processPower(
  packagePower: number | null,
  busy: number,
  cpu: readonly (number | null)[],
  idlePower: number = 0,
): (number | null)[] {
  if (packagePower === null) return cpu.map(() => null);
  let sum = 0;
  for (const share of cpu) sum += Math.max(0, share ?? 0);
  const whole = Math.max(busy, sum);
  const dynamic = Math.max(0, packagePower - idlePower);
  return cpu.map((share) => (share === null ? null : whole > 0 ? (dynamic * Math.max(0, share)) / whole : 0));
}

/** node_exporter's part of the name of a zone's family: `package` of `package-0`, `package_0_die_1` of `package-0-die-1`. */
function familyOf(name: string): string {
  const plain = /^([^-]*)-\d+$/.exec(name)?.[1] ?? name;
  return `node_rapl_${plain.replaceAll(/_*[^0-9A-Za-z_]+_*/g, '_')}_joules_total`;
}

const SOURCE = '/sys/class/powercap/*';

/** Fields of {@link EnergyReading}. */
export const energyGroups = (): readonly Group<EnergyReading>[] => [
  group<EnergyReading, EnergyZone>({
    name: 'energy.zones',
    source: SOURCE,
    rows: (reading) => reading.zones,
    labels: { zone: 'zone', name: 'name' },
    fields: [
      {
        key: 'energy',
        kind: 'counter',
        unit: 'joules',
        help: 'Energy since the counter began; package holds core and uncore, psys holds the packages.',
        nullWhen: 'it may not be read: since Linux 5.10 by root only; or the counter of a Mac does not move',
        otel: { name: 'hw.energy' },
      },
      { key: 'maxEnergy', kind: 'gauge', unit: 'joules', help: 'Energy at which the counter starts over.', nullWhen: 'unknown' },
      { key: 'enabled', kind: 'gauge', unit: 'none', help: 'Whether the limits are enforced.', nullWhen: 'it does not say' },
    ],
  }),
  group<EnergyReading, PowerConstraint & { readonly zone: string; readonly zoneName: string }>({
    name: 'energy.constraints',
    json: 'energy.zones[].constraints[]',
    source: `${SOURCE}/constraint_*`,
    rows: (reading) =>
      reading.zones.flatMap(({ zone, name, constraints }) => constraints.map((limit) => ({ ...limit, zone, zoneName: name }))),
    labels: { zone: 'zone', name: 'zoneName', constraint: 'name' },
    fields: [
      {
        key: 'limit',
        kind: 'gauge',
        unit: 'watts',
        help: 'Limit on the power of the zone.',
        nullWhen: 'it cannot be read',
        prometheus: { name: 'hecate_power_limit_watts' },
      },
      { key: 'timeWindow', kind: 'gauge', unit: 'seconds', help: 'Time over which the power is averaged.', nullWhen: 'it is a peak' },
      { key: 'max', kind: 'gauge', unit: 'watts', help: 'The highest limit that may be set.', nullWhen: 'the hardware does not say' },
    ],
  }),
  group<EnergyReading, EnergyZone>({
    name: 'energy.counters',
    source: SOURCE,
    rows: (reading) => reading.zones.filter(({ energy, path }) => energy !== null && path !== ''),
    labels: { index: 'index', path: 'path' },
    fields: [],
    open: {
      pattern: 'node_rapl_<zone>_joules_total',
      name: (row) => familyOf(row.name),
      help: (row) => `Energy of the zone ${row.name} in joules.`,
      value: (row) => row.energy ?? 0,
      kind: 'counter',
    },
  }),
];
