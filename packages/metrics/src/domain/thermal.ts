import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { CoreThrottle, FrequencyReading } from './frequency.ts';

/** A temperature at which a zone does something (kernel: Documentation/driver-api/thermal/sysfs-api.rst). */
export interface TripPoint {
  readonly trip: number;
  /** `active` (fans), `passive` (slow down), `hot`, `critical` (switch off). */
  readonly type: string | null;
  /** Celsius; null when it is not set. */
  readonly temperature: number | null;
  /** Kelvin below the trip point at which it ends. */
  readonly hysteresis: number | null;
}

/** A part of the machine whose temperature the kernel watches and acts on. */
export interface ThermalZone {
  readonly zone: number;
  /** `x86_pkg_temp`, `acpitz`, `cpu-thermal`; several zones may share one. */
  readonly type: string | null;
  /** Celsius; null with a gap when the zone cannot be read now. */
  readonly temperature: number | null;
  /** Whether the kernel watches it; null when it does not say. */
  readonly enabled: boolean | null;
  /** Name of the governor: `step_wise`. */
  readonly policy: string | null;
  readonly tripPoints: readonly TripPoint[];
}

/** Something that cools: a fan, or a processor that is slowed down. */
export interface CoolingDevice {
  readonly device: number;
  /** `Processor`, `Fan`, `intel_powerclamp`. */
  readonly type: string | null;
  /** 0 cools nothing, `maxState` as much as it can. */
  readonly state: number | null;
  readonly maxState: number | null;
  /** Changes of the state since boot; null when the kernel keeps no statistics (CONFIG_THERMAL_STATISTICS). */
  readonly transitions: number | null;
}

/** Zones and what cools them; both empty where there are none, as in most virtual machines. */
export interface ThermalReading {
  readonly zones: readonly ThermalZone[];
  readonly coolingDevices: readonly CoolingDevice[];
  /** What macOS says in their place; absent on other systems. */
  readonly apple?: AppleThermal;
}

/** How hard heat can press on a Mac, by the number that macOS has for it, from 0 on (libkern/OSThermalNotification.h). */
export const THERMAL_LEVELS = ['nominal', 'moderate', 'heavy', 'trapping', 'sleeping'] as const;

/** How hard heat presses on a Mac. Its temperatures are sensors: macOS shows no zones. */
export interface AppleThermal {
  /**
   * What macOS does about heat (libkern/OSThermalNotification.h): nothing; a little, as fans that turn faster; from `heavy` on it slows
   * programs down; `trapping` and `sleeping` end in sleep. Null with a gap where macOS does not say.
   */
  readonly pressure: (typeof THERMAL_LEVELS)[number] | null;
  /** The kernel's thermal level of an Intel CPU, 0 for none; null with a gap on Apple silicon. */
  readonly cpuLevel: number | null;
}

/** Fields of {@link ThermalReading}. */
export const thermalGroups = (): readonly Group<ThermalReading>[] => [
  group<ThermalReading, ThermalZone>({
    name: 'thermal.zones',
    source: '/sys/class/thermal/thermal_zone*',
    rows: (reading) => reading.zones,
    labels: { zone: 'zone', type: 'type' },
    fields: [
      {
        key: 'temperature',
        kind: 'gauge',
        unit: 'celsius',
        help: 'Temperature of the zone.',
        nullWhen: 'the zone cannot be read now, or says what means no temperature',
        prometheus: { name: 'node_thermal_zone_temp' },
        otel: { name: 'hw.temperature' },
      },
      { key: 'enabled', kind: 'gauge', unit: 'none', help: 'Whether the kernel watches the zone.', nullWhen: 'it does not say' },
      { key: 'policy', kind: 'info', unit: 'none', help: 'Name of the governor.', nullWhen: 'it does not say' },
    ],
  }),
  group<ThermalReading, TripPoint & { readonly zone: number; readonly zoneType: string | null }>({
    name: 'thermal.tripPoints',
    json: 'thermal.zones[].tripPoints[]',
    source: '/sys/class/thermal/thermal_zone*/trip_point_*',
    rows: (reading) =>
      reading.zones.flatMap(({ zone, type, tripPoints }) => tripPoints.map((point) => ({ ...point, zone, zoneType: type }))),
    labels: { zone: 'zone', zone_type: 'zoneType', trip: 'trip', type: 'type' },
    fields: [
      {
        key: 'temperature',
        kind: 'gauge',
        unit: 'celsius',
        help: 'Temperature at which the zone acts.',
        nullWhen: 'it is not set',
        prometheus: { name: 'hecate_thermal_trip_point_celsius' },
        otel: { name: 'hw.temperature.limit' },
      },
      { key: 'hysteresis', kind: 'gauge', unit: 'celsius', help: 'How far below it ends.', nullWhen: 'it is not set' },
    ],
  }),
  group<ThermalReading, CoolingDevice>({
    name: 'thermal.coolingDevices',
    source: '/sys/class/thermal/cooling_device*',
    rows: (reading) => reading.coolingDevices,
    labels: { name: 'device', type: 'type' },
    fields: [
      {
        key: 'state',
        kind: 'gauge',
        unit: 'none',
        help: 'How much it cools now: 0 is not at all.',
        nullWhen: 'it cannot be read',
        prometheus: { name: 'node_cooling_device_cur_state' },
      },
      {
        key: 'maxState',
        kind: 'gauge',
        unit: 'none',
        help: 'The state at which it cools most.',
        nullWhen: 'it cannot be read',
        prometheus: { name: 'node_cooling_device_max_state' },
      },
      {
        key: 'transitions',
        kind: 'counter',
        unit: 'count',
        help: 'Changes of the state since boot.',
        nullWhen: 'the kernel keeps no statistics',
        prometheus: { name: 'hecate_cooling_device_transitions_total' },
      },
    ],
  }),
  group<ThermalReading, AppleThermal>({
    name: 'thermal.apple',
    source: 'notify com.apple.system.thermalpressurelevel',
    rows: (reading) => (reading.apple ? [reading.apple] : []),
    fields: [
      {
        key: 'pressure',
        kind: 'info',
        unit: 'none',
        help: 'What macOS does about heat: nominal, moderate, heavy, trapping or sleeping.',
        nullWhen: 'macOS does not say',
        prometheus: { name: 'hecate_thermal_pressure_info', properties: { level: 'pressure' } },
      },
      {
        key: 'cpuLevel',
        kind: 'gauge',
        unit: 'none',
        help: 'Thermal level of an Intel CPU, 0 for none (macOS).',
        nullWhen: 'the processor is none of Intel',
        prometheus: { name: 'hecate_thermal_cpu_level' },
      },
    ],
  }),
];

/** What tells that a machine is slowed down by heat, at one moment; what is null is not asked. A snapshot is one. */
export interface ThrottleEvidence {
  /** The counters of cores and packages. */
  readonly frequency: Pick<FrequencyReading, 'coreThrottles' | 'packageThrottles'> | null;
  readonly thermal: ThermalReading | null;
}

/** Whether any counter that is in both grew; null when none is in both. A counter that went back (its CPU was away) says nothing. */
function hasGrown(
  before: readonly (Omit<CoreThrottle, 'core'> & { readonly core?: number })[],
  after: readonly (Omit<CoreThrottle, 'core'> & { readonly core?: number })[],
): boolean | null {
  const earlier = new Map(before.map((row) => [`${row.package} ${row.core ?? ''}`, row.throttles]));
  let known = false;
  for (const row of after) {
    const was = earlier.get(`${row.package} ${row.core ?? ''}`);
    if (was === undefined || row.throttles < was) continue;
    if (row.throttles > was) return true;
    known = true;
  }
  return known ? false : null;
}

/** Whether a zone is at a trip point at which the kernel slows things down; null when it has none, or is not watched. */
function isZoneThrottling({ temperature, enabled, tripPoints }: ThermalZone): boolean | null {
  if (temperature === null || enabled === false) return null;
  let known = false;
  for (const { type, temperature: limit } of tripPoints) {
    // A passive point at 0 degrees or below is a driver's way to say that it is unused.
    if (limit === null || limit <= 0 || (type !== 'passive' && type !== 'hot')) continue;
    if (temperature >= limit) return true;
    known = true;
  }
  return known ? false : null;
}

/** Cooling devices that cool by slowing processors down. */
const SLOWS_DOWN = /^(?:Processor|intel_powerclamp|(?:thermal-)?cpufreq-|thermal-cpuidle|thermal-idle)/;

function isDeviceThrottling({ type, state }: CoolingDevice): boolean | null {
  return state === null || type === null || !SLOWS_DOWN.test(type) ? null : state > 0;
}

/** Whether macOS slows programs down against heat; null where it does not say. */
function isAppleThrottling({ pressure }: AppleThermal): boolean | null {
  return pressure === null ? null : pressure !== 'nominal' && pressure !== 'moderate';
}

/**
 * Whether heat slowed the machine down between two moments: a throttle counter of a core or a package grew, a zone is at a
 * passive or hot trip point now, a processor serves as a cooling device now, or the thermal pressure of macOS is heavy now. Null when
 * there is nothing to tell it from.
 */
export function isThrottling(before: ThrottleEvidence, after: ThrottleEvidence): boolean | null {
  const was = before.frequency;
  const is = after.frequency;
  const signs = [
    ...(was && is ? [hasGrown(was.coreThrottles, is.coreThrottles), hasGrown(was.packageThrottles, is.packageThrottles)] : []),
    ...(after.thermal?.zones.map(isZoneThrottling) ?? []),
    ...(after.thermal?.coolingDevices.map(isDeviceThrottling) ?? []),
    ...(after.thermal?.apple ? [isAppleThrottling(after.thermal.apple)] : []),
  ];
  if (signs.includes(true)) return true;
  return signs.includes(false) ? false : null;
}
