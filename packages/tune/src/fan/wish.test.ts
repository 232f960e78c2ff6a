import { describe, expect, it } from 'vitest';
import { parsePoints } from './curve.ts';
import type { Fan, FanControl, FanReading } from './fan-driver.ts';
import { curveWish, dutyTowards, turningWish } from './wish.ts';

const control: FanControl = { unit: 'duty', least: 0.2, most: 1, mayStop: false };
const fanOf = (rpm: number | null): Fan => ({
  id: 'chip/fan1',
  label: null,
  rpm,
  leastRpm: null,
  mostRpm: null,
  duty: 0.5,
  mode: 'manual',
  follows: null,
  control,
  why: null,
});
const readingOf = (celsius: number | null): FanReading => ({
  fans: [fanOf(1000)],
  temperatures: [{ id: 'cpu/temp1', label: 'Tctl', celsius, critical: 95 }],
  none: null,
});

describe('a number of turns', () => {
  /** A fan that does not turn below 15 %, is not straight, and follows with inertia. */
  const turnsAt = (duty: number): number => (duty < 0.15 ? 0 : 3000 * Math.sqrt((duty - 0.1) / 0.9));

  it.each([600, 1200, 1800, 2500, 2900])('of %d is found and kept, without ever leaving the bounds', (wanted) => {
    const wish = turningWish(wanted, control);
    let [rpm, level] = [1900, null as number | null];
    for (let time = 0; time < 60; time++) {
      level = wish(readingOf(50), fanOf(Math.round(rpm)), level, 2).level;
      expect(level).toBeGreaterThanOrEqual(control.least);
      expect(level).toBeLessThanOrEqual(control.most);
      rpm += (turnsAt(level) - rpm) * 0.7;
    }
    const reachable = Math.min(Math.max(wanted, turnsAt(control.least)), turnsAt(control.most));
    expect(Math.abs(rpm - reachable) / reachable).toBeLessThan(0.05);
  });

  it('is left alone when it is near, and approached in small steps', () => {
    expect(dutyTowards(0.5, 1010, 1000)).toBe(0.5);
    expect(dutyTowards(0.5, 0, 1000)).toBeCloseTo(0.55);
    expect(dutyTowards(0.5, 10, 1000)).toBeCloseTo(0.55);
    expect(dutyTowards(0.5, 9000, 1000)).toBeCloseTo(0.45);
  });

  it('is full speed while nobody counts', () => {
    expect(turningWish(1000, control)(readingOf(50), fanOf(null), 0.5, 2)).toEqual({
      level: 1,
      alarm: 'the turns of chip/fan1 cannot be read',
    });
  });
});

describe('a curve over a temperature', () => {
  const wishOf = () =>
    curveWish(
      {
        curve: { points: parsePoints('40:10,60:50,80:100'), hysteresis: 2, rate: 0.1 },
        sensor: 'cpu/temp1',
        critical: 90,
        allowStop: false,
      },
      control,
    );

  it('is inside of the bounds of the fan', () => {
    expect(wishOf()(readingOf(30), fanOf(500), null, 0)).toEqual({ level: 0.2, alarm: null });
  });

  it.each([
    [null, 'cpu/temp1 cannot be read'],
    [90, 'cpu/temp1 is critically hot'],
  ])('is full speed at once at %s, and goes down from there with its rate', (celsius, alarm) => {
    const wish = wishOf();
    expect(wish(readingOf(60), fanOf(1000), null, 0).level).toBeCloseTo(0.5);
    expect(wish(readingOf(celsius), fanOf(1000), 0.5, 1)).toEqual({ level: 1, alarm });
    const after = wish(readingOf(60), fanOf(2000), 1, 1);
    expect(after.level).toBeCloseTo(0.9);
    expect(after.alarm).toBeNull();
  });

  it('ends when its sensor is gone', () => {
    expect(() => wishOf()({ ...readingOf(50), temperatures: [] }, fanOf(1000), 0.5, 2)).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringContaining('cpu/temp1') }),
    );
  });
});
