import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { driftOf, rankSumChance } from './drift.ts';
import { createRandom } from './random.ts';

const PYTHON = '/usr/bin/python3';
const scipy = spawnSync(PYTHON, ['-c', 'import scipy.stats']).status === 0;
if (!scipy) console.warn('Skipped: scipy as a judge of the rank-sum test: python3-scipy is not installed.');

describe('the rank-sum test', () => {
  it('is worked out by hand: three against three that are all greater are two of twenty ways', () => {
    expect(rankSumChance([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 12);
    expect(rankSumChance([4, 5, 6], [1, 2, 3])).toBeCloseTo(0.1, 12);
  });

  it('is exact with ties: all equal proves nothing', () => {
    expect(rankSumChance([1, 1, 1], [1, 1, 1])).toBe(1);
    // Ways to choose two of {1, 1, 2, 2} with a sum as small as that of {1, 1}: 1 of 6.
    expect(rankSumChance([1, 1], [2, 2])).toBeCloseTo(2 / 6, 12);
  });

  it.skipIf(!scipy)('agrees with scipy', () => {
    const random = createRandom(3);
    const cases = [4, 5, 8, 12, 15, 20].map((count) => {
      const draw = (shift: number): number[] => Array.from({ length: count }, () => random.next() + shift);
      return [draw(0), draw(random.next() * 0.6)] as const;
    });
    const program =
      'import json, sys; from scipy.stats import mannwhitneyu; print(json.dumps([mannwhitneyu(a, b, method="exact").pvalue for a, b in json.load(sys.stdin)]))';
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', program], { input: JSON.stringify(cases), encoding: 'utf8' });
    expect(stderr).toBe('');
    const judged = JSON.parse(stdout) as number[];
    for (const [index, [one, other]] of cases.entries()) expect(rankSumChance(one, other)).toBeCloseTo(judged[index]!, 10);
  });
});

describe('drift', () => {
  it('tells how much the second half differs, and leaves out the one in the middle', () => {
    const { shift, chance } = driftOf([1, 1.1, 0.9, 1, 1.05, 99, 2, 2.1, 1.9, 2, 2.05]);
    expect(shift).toBeCloseTo(1, 10);
    expect(chance).toBeLessThan(0.01);
  });

  it('of two values, or of none, proves nothing', () => {
    expect(driftOf([1, 2]).chance).toBe(1);
    expect(driftOf([]).chance).toBe(1);
  });
});
