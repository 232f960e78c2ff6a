import { describe, expect, test } from 'vitest';
import { compareBlocks } from './block-difference.ts';
import type { BlockSeries } from './block-means.ts';
import { createChance, madeBlocks } from './chance.testing.ts';
import type { Made } from './chance.testing.ts';
import { compareByRanks, effectiveCount } from './rank-comparison.ts';
import { criticalT } from './student.ts';

const BLOCK = 600;

/** Shares of verdicts over many seeds. */
function verdicts(first: Made, second: Made, seeds: number): Record<string, number> {
  const shares: Record<string, number> = { higher: 0, lower: 0, same: 0, unclear: 0 };
  for (let seed = 0; seed < seeds; seed += 1) {
    const chance = createChance(seed * 7919 + 3);
    const { verdict } = compareBlocks(madeBlocks(chance, first), madeBlocks(chance, second), BLOCK);
    shares[verdict] = shares[verdict]! + 1 / seeds;
  }
  return shares;
}

const series = (blocks: readonly number[], means: readonly number[]): BlockSeries => ({
  blocks: Int32Array.from(blocks),
  means: Float64Array.from(means),
});

describe('too little', () => {
  test('of data is unclear: nothing, one value, five, no hour of the day that both have', () => {
    const long = series([...Array(20).keys()], [...Array(20).keys()]);
    for (const count of [0, 1, 5]) {
      const few = series([...Array(count).keys()], Array(count).fill(3) as number[]);
      expect(compareBlocks(few, long, BLOCK).verdict).toBe('unclear');
      expect(compareBlocks(long, few, BLOCK).verdict).toBe('unclear');
    }
    const [night, day] = [
      madeBlocks(createChance(1), { days: 7, hours: [0, 6], level: 10 }),
      madeBlocks(createChance(2), { days: 7, hours: [9, 17], level: 50 }),
    ];
    expect(compareBlocks(night, day, BLOCK)).toEqual({ verdict: 'unclear', delta: null, effective: null });
  });
});

describe('no change', () => {
  test.each([
    [{ days: 7 }, { days: 7 }],
    [
      { days: 7, alikeHours: 2, rhythm: 5 },
      { days: 7, alikeHours: 2, rhythm: 5 },
    ],
    [
      { days: 1, alikeHours: 0.5, rhythm: 5 },
      { days: 1, alikeHours: 0.5, rhythm: 5 },
    ],
    [
      { days: 1, alikeHours: 0.5, rhythm: 5 },
      { days: 7, alikeHours: 0.5, rhythm: 5 },
    ],
    [
      { days: 7, alikeHours: 6 },
      { days: 7, alikeHours: 6 },
    ],
    // A morning beside whole days: what the afternoon was like makes no difference.
    [
      { days: 7, alikeHours: 1, rhythm: 20 },
      { days: 7, alikeHours: 1, rhythm: 20, hours: [8, 12] as const },
    ],
  ])('is told as one in at most 4 of 100 cases (%j, %j)', (first, second) => {
    const { higher, lower } = verdicts(first, second, 120);
    expect(higher! + lower!).toBeLessThanOrEqual(0.04);
  });

  test('of constants is none, however they were rounded', () => {
    const blocks = [...Array(300).keys()];
    const constant = (value: number): BlockSeries => series(blocks, Array(300).fill(value) as number[]);
    expect(compareBlocks(constant(0.1), constant(0.1), BLOCK)).toMatchObject({ verdict: 'same', delta: 0 });
    expect(compareBlocks(constant(8), constant(16), BLOCK)).toMatchObject({ verdict: 'higher', delta: 1 });
    expect(compareBlocks(constant(16), constant(8), BLOCK)).toMatchObject({ verdict: 'lower', delta: -1 });
  });
});

describe('a planted change', () => {
  test.each([
    [{ days: 7, alikeHours: 0.5, rhythm: 5 }, 1, 0.99],
    [{ days: 7, alikeHours: 2, rhythm: 5 }, 1, 0.75],
    [{ days: 1, alikeHours: 0.25, rhythm: 5 }, 1.5, 0.9],
    [{ days: 28, alikeHours: 6 }, 1, 0.95],
  ])('is found, in its direction (%j, %d)', (made, change, least) => {
    const up = verdicts(made, { ...made, level: 30 + change }, 60);
    expect(up['higher']).toBeGreaterThanOrEqual(least);
    expect(up['lower']).toBe(0);
    expect(verdicts({ ...made, level: 30 + change }, made, 60)['lower']).toBeGreaterThanOrEqual(least);
  });

  test('of a metric that moves slowly is one when the two are never alike, not when they are', () => {
    const ramp = (from: number): BlockSeries => {
      const blocks = [...Array(7 * 144).keys()];
      return series(
        blocks,
        blocks.map((block) => from + block / 200),
      );
    };
    expect(compareBlocks(ramp(40), ramp(50), BLOCK).verdict).toBe('higher');
    expect(compareBlocks(ramp(40), ramp(41), BLOCK).verdict).toBe('unclear');
  });
});

describe('the parts', () => {
  test('delta is that of all pairs, counted by hand', () => {
    // Of nine pairs six are greater, one is equal, two are less.
    expect(compareByRanks(Float64Array.of(1, 4, 5), Float64Array.of(2, 5, 6)).delta).toBeCloseTo((6 - 2) / 9, 12);
    expect(compareByRanks(Float64Array.of(1), Float64Array.of(1)).delta).toBe(0);
  });

  test('neighbours that are alike are worth little', () => {
    const values = (alikeHours: number): Float64Array => madeBlocks(createChance(5), { days: 20, alikeHours }).means;
    expect(effectiveCount(values(0))).toBeGreaterThan(2000);
    // 2,880 values with an autocorrelation time of 12: about 240 independent ones.
    const alike = effectiveCount(values(1));
    expect(alike).toBeGreaterThan(120);
    expect(alike).toBeLessThan(480);
    expect([effectiveCount(Float64Array.of()), effectiveCount(Float64Array.of(1, 2))]).toEqual([0, 2]);
  });

  test('the bound is that of tables of Student’s t', () => {
    expect([0, Number.NaN, 0.5].map(criticalT)).toEqual([Infinity, Infinity, Infinity]);
    expect([criticalT(1), criticalT(10.9), criticalT(30)]).toEqual([63.657, 3.169, 2.75]);
    // 2.617 for 120 degrees, 2.576 for ever more.
    expect(criticalT(120)).toBeCloseTo(2.617, 2);
    expect(criticalT(1e9)).toBeCloseTo(2.576, 3);
  });
});
