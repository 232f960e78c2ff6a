import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeSupply, summarizePower } from './power.ts';
import type { PowerSummary } from './power.ts';

const battery = (numbers: Record<string, number>, words: Record<string, string> = {}): ReturnType<typeof describeSupply> =>
  describeSupply('BAT0', { numbers, words: { type: 'Battery', ...words } });
const supply = (type: string, online: number): ReturnType<typeof describeSupply> =>
  describeSupply(type, { numbers: { online }, words: { type } });
const sourceOf = (...supplies: ReturnType<typeof describeSupply>[]): PowerSummary['source'] => summarizePower(supplies).source;

describe('signs', () => {
  test('the status decides, as drivers disagree', () => {
    const power = (power_now: number, status: string): number | null => battery({ power_now }, { status }).power;
    expect([power(5e6, 'Discharging'), power(-5e6, 'Discharging'), power(-5e6, 'Charging'), power(5e6, 'Charging')]).toEqual([
      -5, -5, 5, 5,
    ]);
    expect(power(-5e6, 'Unknown')).toBe(-5);
    expect(Object.is(power(0, 'Discharging'), 0)).toBe(true);
  });
});

test('a temperature that no battery has is none', () => {
  expect([-5, 312, -2731].map((temp) => battery({ temp }).temperature)).toEqual([-0.5, 31.2, null]);
});

describe('time left', () => {
  const full = { energy_now: 10e6, energy_full: 20e6, power_now: 5e6 };

  test('the word of the driver, else energy over power', () => {
    expect(battery(full, { status: 'Discharging' })).toMatchObject({ timeToEmpty: 7200, timeToFull: null });
    expect(battery(full, { status: 'Charging' })).toMatchObject({ timeToEmpty: null, timeToFull: 7200 });
    expect(battery({ ...full, time_to_empty_now: 100 }, { status: 'Discharging' }).timeToEmpty).toBe(100);
    expect(battery({ ...full, time_to_empty_avg: 200 }, { status: 'Discharging' }).timeToEmpty).toBe(200);
  });

  test('never negative, never for ever', () => {
    expect(battery({ ...full, time_to_empty_now: -1 }, { status: 'Discharging' }).timeToEmpty).toBe(7200);
    expect(battery({ ...full, power_now: 0 }, { status: 'Discharging' }).timeToEmpty).toBeNull();
    expect(battery({ ...full, power_now: 1 }, { status: 'Discharging' }).timeToEmpty).toBeNull();
    expect(battery({ ...full, energy_now: 25e6 }, { status: 'Charging' }).timeToFull).toBe(0);
  });

  test('any numbers give finite numbers or null', () => {
    const names = [
      'energy_now',
      'energy_full',
      'charge_now',
      'voltage_now',
      'power_now',
      'current_now',
      'capacity',
      'time_to_empty_now',
      'temp',
    ];
    const numbers = fc.dictionary(fc.constantFrom(...names), fc.maxSafeInteger());
    const status = fc.constantFrom('Charging', 'Discharging', 'Full', 'Unknown');
    fc.assert(
      fc.property(numbers, status, (some, word) => {
        const row = battery({ ...some }, { status: word });
        for (const value of Object.values(row)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        expect(row.charge ?? 0).toBeLessThanOrEqual(1);
        expect(row.timeToEmpty ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('what the machine runs on', () => {
  const draining = battery({ capacity: 50 }, { status: 'Discharging' });

  test('mains before all; a battery that is drained before a USB port that may feed others', () => {
    expect(sourceOf(supply('Mains', 1), draining)).toBe('ac');
    expect(sourceOf(supply('Mains', 0), draining)).toBe('battery');
    expect(sourceOf(supply('USB', 1), draining)).toBe('battery');
    expect(sourceOf(supply('USB', 1))).toBe('ac');
    expect(sourceOf(supply('Mains', 0), battery({}, { status: 'Charging' }))).toBe('ac');
    expect(sourceOf(battery({}, { status: 'Unknown' }))).toBe('unknown');
    expect(sourceOf()).toBe('unknown');
  });

  test('batteries of devices, and empty bays, are not the machine', () => {
    const mouse = battery({ capacity: 5 }, { status: 'Discharging', scope: 'Device' });
    const bay = battery({ present: 0 }, { status: 'Discharging' });
    expect(summarizePower([mouse])).toMatchObject({ source: 'unknown', batteries: [], charge: null });
    expect(summarizePower([bay, supply('Mains', 0)])).toMatchObject({ batteries: [], charge: null });
  });

  test('charges of batteries that say no energy are averaged', () => {
    expect(summarizePower([battery({ capacity: 50 }), battery({ capacity: 100 })]).charge).toBe(0.75);
  });
});
