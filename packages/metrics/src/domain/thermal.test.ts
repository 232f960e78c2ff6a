import { describe, expect, test } from 'vitest';
import { isThrottling } from './thermal.ts';
import type { CoolingDevice, ThermalZone, ThrottleEvidence } from './thermal.ts';

const zone = (temperature: number | null, passive: number | null, enabled: boolean | null = true): ThermalZone => ({
  zone: 0,
  type: 'acpitz',
  temperature,
  enabled,
  policy: null,
  tripPoints: passive === null ? [] : [{ trip: 0, type: 'passive', temperature: passive, hysteresis: null }],
});
const cooling = (type: string, state: number | null): CoolingDevice => ({ device: 0, type, state, maxState: 3, transitions: null });

/** Throttles by core and by package. */
const counts = (cores: Readonly<Record<number, number>>, packages: Readonly<Record<number, number>> = {}): ThrottleEvidence => ({
  frequency: {
    coreThrottles: Object.entries(cores).map(([core, throttles]) => ({ package: 0, core: Number(core), throttles, duration: null })),
    packageThrottles: Object.entries(packages).map(([id, throttles]) => ({ package: Number(id), throttles, duration: null })),
  },
  thermal: null,
});
const thermal = (zones: readonly ThermalZone[], coolingDevices: readonly CoolingDevice[] = []): ThrottleEvidence => ({
  frequency: null,
  thermal: { zones, coolingDevices },
});
const none: ThrottleEvidence = { frequency: null, thermal: null };

describe('throttling', () => {
  test('a counter that grew, of a core or a package', () => {
    expect(isThrottling(counts({ 0: 5, 1: 0 }, { 0: 9 }), counts({ 0: 5, 1: 0 }, { 0: 9 }))).toBe(false);
    expect(isThrottling(counts({ 0: 5, 1: 0 }), counts({ 0: 5, 1: 1 }))).toBe(true);
    expect(isThrottling(counts({ 0: 5 }, { 0: 9, 1: 9 }), counts({ 0: 5 }, { 0: 9, 1: 10 }))).toBe(true);
  });

  test('counters that are new, or went back, say nothing', () => {
    expect(isThrottling(counts({ 0: 5 }), counts({ 0: 1 }))).toBeNull();
    expect(isThrottling(counts({ 0: 5 }), counts({ 7: 70 }))).toBeNull();
    expect(isThrottling(counts({ 0: 5 }), counts({ 0: 5, 7: 70 }))).toBe(false);
    expect(isThrottling(none, counts({ 0: 5 }))).toBeNull();
  });

  test('a zone at its passive trip point, now', () => {
    expect(isThrottling(none, thermal([zone(95, 95)]))).toBe(true);
    expect(isThrottling(thermal([zone(99, 95)]), thermal([zone(94, 95)]))).toBe(false);
    for (const silent of [zone(null, 95), zone(99, null), zone(99, 0), zone(99, 95, false)])
      expect(isThrottling(none, thermal([silent]))).toBeNull();
  });

  test('a processor that serves as a cooling device, now; a fan that turns is none', () => {
    expect(isThrottling(none, thermal([], [cooling('Processor', 2)]))).toBe(true);
    expect(isThrottling(none, thermal([], [cooling('cpufreq-cpu0', 0)]))).toBe(false);
    expect(isThrottling(none, thermal([], [cooling('Fan', 1), cooling('Processor', null)]))).toBeNull();
  });

  test('nothing to tell it from', () => {
    expect(isThrottling(none, none)).toBeNull();
  });
});
