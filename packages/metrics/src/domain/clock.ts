import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** How the kernel's clock is steered, from adjtimex(2) (`struct timex` of linux/timex.h). */
export interface ClockSync {
  /** Whether something (an NTP or PTP daemon) keeps the clock right. */
  readonly synchronized: boolean;
  /** Seconds that the clock is still to be moved. */
  readonly offset: number;
  /** Speed of the clock over its own, 1 is unchanged. */
  readonly frequencyRatio: number;
  /** Seconds that it may be wrong at most, and is by estimate. */
  readonly maxError: number;
  readonly estimatedError: number;
  /** STA_* flags. */
  readonly status: number;
  /** Time constant of the loop that steers it. */
  readonly loopTimeConstant: number;
  /** Seconds between two ticks. */
  readonly tick: number;
  /** Seconds that atomic time (TAI) is ahead of UTC; 0 when nobody told the kernel. */
  readonly taiOffset: number;
  /** The rest is of a pulse-per-second source, 0 without one. Hertz. */
  readonly ppsFrequency: number;
  /** Seconds. */
  readonly ppsJitter: number;
  /** The interval is 2 to the power of this, seconds. */
  readonly ppsShift: number;
  /** Hertz. */
  readonly ppsStability: number;
  readonly ppsJitterExceeded: number;
  readonly ppsCalibrations: number;
  readonly ppsErrors: number;
  readonly ppsStabilityExceeded: number;
}

/** What the kernel counts time with. */
export interface ClockSource {
  /** Number of it; there is only 0 today. */
  readonly device: string;
  /** `tsc`, `kvm-clock`; null when it cannot be read. */
  readonly current: string | null;
  readonly available: readonly string[];
}

/** The clock of the machine. */
export interface ClockReading {
  /** Null with a gap for machines that are only files, and where system calls are forbidden. */
  readonly sync: ClockSync | null;
  readonly sources: readonly ClockSource[];
}

const field = (
  key: keyof ClockSync & string,
  name: string,
  unit: Field<ClockSync>['unit'],
  help: string,
  kind: 'gauge' | 'counter' = 'gauge',
): Field<ClockSync> => ({ key, kind, unit, help, prometheus: { name: `node_timex_${name}` } });

const SOURCES = '/sys/devices/system/clocksource';

/** Fields of {@link ClockReading}. */
export const clockGroups = (): readonly Group<ClockReading>[] => [
  group<ClockReading, ClockSync>({
    name: 'clock.sync',
    source: 'adjtimex(2)',
    rows: (reading) => (reading.sync ? [reading.sync] : []),
    fields: [
      field('synchronized', 'sync_status', 'none', 'Whether a daemon keeps the clock right.'),
      field('offset', 'offset_seconds', 'seconds', 'Time that the clock is still to be moved.'),
      field('frequencyRatio', 'frequency_adjustment_ratio', 'ratio', 'Speed of the clock over its own.'),
      field('maxError', 'maxerror_seconds', 'seconds', 'Time that the clock may be wrong at most.'),
      field('estimatedError', 'estimated_error_seconds', 'seconds', 'Time that the clock is wrong by estimate.'),
      field('status', 'status', 'none', 'Flags of the kernel (STA_*).'),
      field('loopTimeConstant', 'loop_time_constant', 'none', 'Time constant of the loop that steers the clock.'),
      field('tick', 'tick_seconds', 'seconds', 'Time between two ticks.'),
      field('taiOffset', 'tai_offset_seconds', 'seconds', 'Time that TAI is ahead of UTC.'),
      field('ppsFrequency', 'pps_frequency_hertz', 'hertz', 'Frequency of the pulse-per-second source.'),
      field('ppsJitter', 'pps_jitter_seconds', 'seconds', 'Jitter of the pulses.'),
      field('ppsShift', 'pps_shift_seconds', 'none', 'Interval of the pulses as a power of two.'),
      field('ppsStability', 'pps_stability_hertz', 'hertz', 'Stability of the pulses.'),
      field('ppsJitterExceeded', 'pps_jitter_total', 'count', 'Pulses whose jitter was too large.', 'counter'),
      field('ppsCalibrations', 'pps_calibration_total', 'count', 'Calibrations.', 'counter'),
      field('ppsErrors', 'pps_error_total', 'count', 'Calibrations that failed.', 'counter'),
      field('ppsStabilityExceeded', 'pps_stability_exceeded_total', 'count', 'Times that the stability was too low.', 'counter'),
    ],
  }),
  group<ClockReading, ClockSource>({
    name: 'clock.sources',
    source: SOURCES,
    rows: (reading) => reading.sources,
    labels: { device: 'device' },
    fields: [
      {
        key: 'current',
        kind: 'info',
        unit: 'none',
        help: 'What the kernel counts time with.',
        nullWhen: 'it cannot be read',
        prometheus: { name: 'node_time_clocksource_current_info', properties: { clocksource: 'current' } },
      },
    ],
  }),
  group<ClockReading, { readonly device: string; readonly available: string }>({
    name: 'clock.sources.available',
    json: null,
    source: SOURCES,
    rows: (reading) => reading.sources.flatMap(({ device, available }) => available.map((name) => ({ device, available: name }))),
    labels: { device: 'device' },
    fields: [
      {
        key: 'available',
        kind: 'info',
        unit: 'none',
        help: 'What the kernel could count time with.',
        prometheus: { name: 'node_time_clocksource_available_info', properties: { clocksource: 'available' } },
      },
    ],
  }),
];
