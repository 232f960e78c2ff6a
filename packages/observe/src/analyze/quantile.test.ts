import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactQuantiles } from './quantile.ts';
import { createSketch, SKETCH_ERROR } from './sketch.ts';

/** Type 7 over sorted values, as the definition says it. */
function byDefinition(values: readonly number[], probability: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = probability * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] as number;
  return low + ((sorted[Math.ceil(rank)] as number) - low) * (rank - Math.floor(rank));
}

describe('exact quantiles', () => {
  test.each([
    [[3], [0, 0.5, 1], [3, 3, 3]],
    [
      [1, 2],
      [0.25, 0.5, 0.95],
      [1.25, 1.5, 1.95],
    ],
    [
      [4, 1, 3, 2],
      [0.5, 0.75],
      [2.5, 3.25],
    ],
    // numpy.percentile([15, 20, 35, 40, 50], 40) is 29.
    [[50, 15, 40, 20, 35], [0.4], [29]],
    [
      [-1, 0, -1, 5, 5, 5],
      [0, 0.5, 0.99],
      [-1, 2.5, 5],
    ],
  ])('%j at %j are %j', (values, probabilities, wanted) => {
    const found = exactQuantiles(Float64Array.from(values), values.length, probabilities);
    expect(found.map((value) => Math.round(value * 1e9) / 1e9)).toEqual(wanted);
  });

  test('are those of the sorted values', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 700 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (values, probabilities) => {
          const found = exactQuantiles(Float64Array.from([...values, 1e300]), values.length, probabilities);
          for (const [index, probability] of probabilities.entries())
            expect(found[index]).toBeCloseTo(byDefinition(values, probability), 5);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['ascending', (index: number) => index],
    ['descending', (index: number) => -index],
    ['equal', () => 42],
    ['organ pipe', (index: number) => Math.min(index, 200_000 - index)],
    ['two values', (index: number) => index % 2],
    ['a saw', (index: number) => index % 1000],
  ])('of 200000 %s values are right, without taking squares of time', (_, value) => {
    const values = Array.from({ length: 200_000 }, (__, index) => value(index));
    const found = exactQuantiles(Float64Array.from(values), values.length, [0.5, 0.75, 0.95, 0.99]);
    expect(found.map((one) => Math.round(one * 1e6))).toEqual(
      [0.5, 0.75, 0.95, 0.99].map((probability) => Math.round(byDefinition(values, probability) * 1e6)),
    );
  });
});

describe('the sketch', () => {
  const value = fc.oneof(
    fc.constant(0),
    fc.double({ noNaN: true, min: 1e-6, max: 1e15 }),
    fc.double({ noNaN: true, min: -1e15, max: -1e-6 }),
    fc.integer({ min: 0, max: 100 }),
  );

  test('is within its error of a value of that rank', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, probability) => {
        const sketch = createSketch();
        for (const one of values) sketch.add(one);
        const sorted = Float64Array.from(values).sort();
        const [found = Number.NaN] = sketch.quantiles([probability], sorted[0] as number, sorted.at(-1) as number);
        const rank = probability * (sorted.length - 1);
        const [low, high] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
        expect(found).toBeGreaterThanOrEqual(low - Math.abs(low) * SKETCH_ERROR);
        expect(found).toBeLessThanOrEqual(high + Math.abs(high) * SKETCH_ERROR);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps 0 apart from the least values, and both ends exact', () => {
    const sketch = createSketch();
    for (const one of [0, 0, 0, 0.001, 7.123]) sketch.add(one);
    const [least, middle, most] = sketch.quantiles([0, 0.5, 1], 0, 7.123);
    expect([least, middle, most]).toEqual([0, 0, 7.123]);
  });
});
