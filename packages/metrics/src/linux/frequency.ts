import { frequencyGroups } from '../domain/frequency.ts';
import type { FrequencyClock, FrequencyReading } from '../domain/frequency.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { createClockReader } from './frequency/clock.ts';
import { createPolicyReader } from './frequency/policy-reader.ts';
import { readBoost } from './frequency/policy.ts';
import { findThrottles, readThrottles } from './frequency/throttle.ts';
import type { ThrottlePlace } from './frequency/throttle.ts';
import { readAttribute } from './attribute.ts';

/** Frequencies, governors and thermal throttling. */
export const frequency: Collector<'frequency', FrequencyReading> = {
  name: 'frequency',
  lane: 'slow',
  sources: ['/sys/devices/system/cpu/cpufreq', '/sys/devices/system/cpu/cpu*/thermal_throttle', '/proc/cpuinfo'],
  remedy: 'Mount /proc and /sys; most virtual machines have no frequencies of their own.',
  groups: frequencyGroups,
  open(host) {
    const policies = createPolicyReader(host);
    let places: readonly ThrottlePlace[] | undefined;
    let online: string | null = null;

    const clockReader = createClockReader(host);
    function* readClocks(gaps: GapSink): Sliced<readonly FrequencyClock[]> {
      try {
        return yield* clockReader.read();
      } catch (error) {
        gaps.addError('frequency.clocks', error);
        return [];
      }
    }

    return {
      *read(gaps) {
        // CPUs come and go, and their policies with them.
        const now = readAttribute(host, '/sys/devices/system/cpu/online');
        if (now !== online) {
          policies.forget();
          clockReader.forget();
          places = undefined;
          online = now;
        }
        const clocks = yield* readClocks(gaps);
        places ??= yield* findThrottles(host, gaps);
        return {
          clocks,
          policies: yield* policies.read(clocks, gaps),
          boost: readBoost(host, gaps),
          ...(yield* readThrottles(host, places, gaps)),
        };
      },
      close: policies.forget,
    };
  },
};
