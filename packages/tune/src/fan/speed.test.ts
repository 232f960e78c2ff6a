import { describe, expect, it } from 'vitest';
import type { FanControl } from './fan-driver.ts';
import { clampLevel, clampRpm, levelOfDuty, parseSpeed, percentOf } from './speed.ts';

describe('a speed', () => {
  it.each(['', 'fast', '40', '100', '0', '101%', '-5%', '4e3', '99999rpm', '1200 turns', '%', '40%%', 'NaN'])('%j is refused', (text) => {
    expect(() => parseSpeed(text)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });

  it.each([
    ['40%', { duty: 0.4 }],
    ['0%', { duty: 0 }],
    ['100 %', { duty: 1 }],
    ['1200', { rpm: 1200 }],
    ['1200RPM', { rpm: 1200 }],
    ['60 rpm', { rpm: 60 }],
  ])('%s is understood', (text, speed) => expect(parseSpeed(text)).toEqual(speed));
});

describe('the bounds of a fan', () => {
  const control: FanControl = { unit: 'duty', least: 0.2, most: 0.9, mayStop: false };

  it.each([
    [0.05, 0.2, true],
    [0.2, 0.2, false],
    [0.5, 0.5, false],
    [1, 0.9, true],
  ])('bring %d to %d', (wanted, level, isOther) => expect(clampLevel(wanted, control, false)).toEqual({ level, isOther }));

  it('let it stop only where the fan may, and somebody said so', () => {
    expect(() => clampLevel(0, { ...control, mayStop: true }, false)).toThrow(expect.objectContaining({ code: 'INVALID' }));
    expect(() => clampLevel(0, control, true)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    expect(clampLevel(0, { ...control, mayStop: true }, true)).toEqual({ level: 0, isOther: false });
    expect(clampLevel(0.01, { ...control, mayStop: true }, true).level).toBe(0.2);
  });

  it('are those of its turns where the chip says them', () => {
    expect(clampRpm(300, { leastRpm: 500, mostRpm: 2000 })).toBe(500);
    expect(clampRpm(3000, { leastRpm: 500, mostRpm: 2000 })).toBe(2000);
    expect(clampRpm(3000, { leastRpm: null, mostRpm: null })).toBe(3000);
  });

  it('are in turns where the fan is set in turns', () => {
    const turns: FanControl = { unit: 'rpm', least: 1000, most: 5000, mayStop: false };
    expect(levelOfDuty(0.5, turns)).toBe(2500);
    expect(percentOf(2500, turns)).toBe(50);
    expect(clampLevel(levelOfDuty(0.1, turns), turns, false).level).toBe(1000);
  });
});
