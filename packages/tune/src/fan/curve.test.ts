import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dutyAt, followCurve, parsePoints } from './curve.ts';
import type { CurveState } from './curve.ts';

describe('points of a curve', () => {
  it.each([
    ['', 'is no point of a curve'],
    ['40', 'is no point of a curve'],
    ['40:20', 'two points at least'],
    ['40:20,60:fast', '"60:fast" is no point'],
    ['40:20,,60:50', '"" is no point'],
    ['-40:20,60:50', 'is no point'],
    ['40:20,400:50', 'hotter than any point'],
    ['40:20,60:101', 'more than all'],
    ['60:20,40:50', '40 °C stands behind 60 °C'],
    ['40:20,40:50', '40 °C stands behind 40 °C'],
    ['40:50,60:20', 'slower at 60 °C'],
    [Array.from({ length: 21 }, (_, index) => `${40 + index}:50`).join(','), '20 points at most'],
  ])('%s is refused', (text, why) => {
    expect(() => parsePoints(text)).toThrow(expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(why) }));
  });

  it('may have blanks and percent signs', () => {
    expect(parsePoints(' 40:20%, 60.5:50 ,80:100')).toEqual([
      { celsius: 40, duty: 0.2 },
      { celsius: 60.5, duty: 0.5 },
      { celsius: 80, duty: 1 },
    ]);
  });
});

const points = parsePoints('40:20,60:50,80:100');

describe('a curve', () => {
  it.each([
    [-10, 0.2],
    [40, 0.2],
    [50, 0.35],
    [60, 0.5],
    [70, 0.75],
    [80, 1],
    [120, 1],
  ])('is at %d °C at %d', (celsius, duty) => expect(dutyAt(points, celsius)).toBeCloseTo(duty, 9));

  it('is followed at once upwards, and downwards when it has become clearly cooler', () => {
    const curve = { points, hysteresis: 4, rate: 1 };
    const walk = (temperatures: readonly number[]): number[] => {
      let state: CurveState | null = null;
      return temperatures.map((celsius) => Math.round((state = followCurve(curve, state, celsius, 1)).celsius));
    };
    expect(walk([50, 60, 58, 57, 60, 55, 50, 53, 51, 55])).toEqual([50, 60, 60, 60, 60, 59, 54, 54, 54, 55]);
  });

  it('never leaves its bounds nor its rate, and comes to rest where it belongs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 130, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (temperatures, hysteresis, rate) => {
          const curve = { points, hysteresis, rate };
          let state: CurveState | null = null;
          for (const celsius of temperatures) {
            const before: CurveState | null = state;
            state = followCurve(curve, before, celsius, 2);
            expect(state.duty).toBeGreaterThanOrEqual(0.2 - 1e-9);
            expect(state.duty).toBeLessThanOrEqual(1 + 1e-9);
            if (before) expect(Math.abs(state.duty - before.duty)).toBeLessThanOrEqual(rate * 2 + 1e-9);
            // It is never slower than the temperature wants, but for the rate; never faster than the hysteresis explains.
            expect(state.celsius).toBeGreaterThanOrEqual(celsius);
            expect(state.celsius).toBeLessThanOrEqual(Math.max(celsius + hysteresis, celsius));
          }
          for (let time = 0; time < 100; time++) state = followCurve(curve, state, 90, 2);
          expect(state!.duty).toBeCloseTo(1, 6);
        },
      ),
    );
  });
});
