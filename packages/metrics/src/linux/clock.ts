import { errnoOf, nativeBuffer, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import { clockGroups } from '../domain/clock.ts';
import type { ClockReading, ClockSource, ClockSync } from '../domain/clock.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { namesIn } from './device-files/device-path.ts';

const CLOCKSOURCE = '/sys/devices/system/clocksource';

/** Size of `struct timex` with 64-bit longs (linux/timex.h). */
const TIMEX_SIZE = 208;

/** State of a clock that nobody keeps right (TIME_ERROR of linux/timex.h). */
const TIME_ERROR = 5;

/** Flag: times are in nanoseconds, not microseconds (STA_NANO). */
const STA_NANO = 0x2000;

/** Frequencies are in parts per million with 16 bits of fraction. */
const PPM = 1e6 * 65_536;

/** `struct timex` as adjtimex(2) filled it in, and the state that it returned; 64-bit long, little-endian. */
export function parseTimex(timex: Buffer, state: number): ClockSync {
  const long = (at: number): number => Number(timex.readBigInt64LE(at));
  const status = timex.readInt32LE(40);
  const unit = (status & STA_NANO) === 0 ? 1e6 : 1e9;
  return {
    synchronized: state !== TIME_ERROR,
    offset: long(8) / unit,
    frequencyRatio: 1 + long(16) / PPM,
    maxError: long(24) / 1e6,
    estimatedError: long(32) / 1e6,
    status,
    loopTimeConstant: long(48),
    tick: long(88) / 1e6,
    ppsFrequency: long(96) / PPM,
    ppsJitter: long(104) / unit,
    ppsShift: timex.readInt32LE(112),
    ppsStability: long(120) / PPM,
    ppsJitterExceeded: long(128),
    ppsCalibrations: long(136),
    ppsErrors: long(144),
    ppsStabilityExceeded: long(152),
    taiOffset: timex.readInt32LE(160),
  };
}

/** Asks the kernel; a structure of zeros changes nothing and needs no privilege. */
function readSync(host: Host, timex: Buffer, gaps: GapSink): ClockSync | null {
  if (host.kind !== 'real') {
    gaps.add('clock.sync', 'unsupported', 'How a clock is steered is asked of its kernel, and this machine is only files.');
    return null;
  }
  try {
    timex.fill(0);
    return parseTimex(timex, openNative().syscall('adjtimex', timex));
  } catch (error) {
    gaps.addError('clock.sync', error);
    return null;
  }
}

function readSources(host: Host, gaps: GapSink): ClockSource[] {
  const sources: ClockSource[] = [];
  for (const name of namesIn(host, CLOCKSOURCE).toSorted()) {
    const device = /^clocksource(\d{1,6})$/.exec(name)?.[1];
    if (device === undefined) continue;
    const words = (file: string): string[] => {
      try {
        return host
          .readText(`${CLOCKSOURCE}/${name}/${file}`)
          .split(/\s+/)
          .filter((word) => word !== '');
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        gaps.addError(`clock.sources.${device}.${file}`, error);
        return [];
      }
    };
    sources.push({ device, current: words('current_clocksource')[0] ?? null, available: words('available_clocksource') });
  }
  return sources;
}

/** Whether the clock is right, and what it counts with. */
export const clock: Collector<'clock', ClockReading> = {
  name: 'clock',
  lane: 'slow',
  sources: ['adjtimex(2)', CLOCKSOURCE],
  remedy: 'Mount /sys, and allow the system call adjtimex.',
  groups: clockGroups,
  open(host) {
    const timex = nativeBuffer(TIMEX_SIZE);
    return {
      read: (gaps) => ({ sync: readSync(host, timex, gaps), sources: readSources(host, gaps) }),
      close: () => {},
    };
  },
};
