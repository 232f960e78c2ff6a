import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { criticalSum, medianOf, shiftOf } from './signed-rank.ts';

const PYTHON = '/usr/bin/python3';
const scipy = spawnSync(PYTHON, ['-c', 'import scipy.stats']).status === 0;
if (!scipy) console.warn('Skipped: scipy as a judge of the signed-rank interval: python3-scipy is not installed.');

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([])).toBeNaN();
  });
});

describe('the critical sum of ranks', () => {
  it('is that of the published tables (two-sided 0.05 and 0.01)', () => {
    expect([5, 6, 7, 8, 9, 10, 15, 20, 25].map((count) => criticalSum(count, 0.05))).toEqual([-1, 0, 2, 3, 5, 8, 25, 52, 89]);
    expect([7, 8, 9, 10, 15, 20, 25].map((count) => criticalSum(count, 0.01))).toEqual([-1, 0, 1, 3, 15, 37, 68]);
  });

  it('leaves exactly the probability that counting all signs gives', () => {
    for (let count = 1; count <= 12; count++) {
      const sums = Array.from({ length: 2 ** count }, (_, signs) =>
        Array.from({ length: count }, (__, bit) => ((signs >> bit) & 1) * (bit + 1)).reduce((sum, rank) => sum + rank, 0),
      );
      const critical = criticalSum(count, 0.1);
      const share = (limit: number): number => sums.filter((sum) => sum <= limit).length / sums.length;
      expect(share(critical)).toBeLessThanOrEqual(0.05);
      expect(share(critical + 1)).toBeGreaterThan(0.05);
    }
  });
});

describe('the shift', () => {
  it('is worked out by hand for three differences', () => {
    // Means of pairs: 1, 2, 4, 1.5, 2.5, 3.
    // All three on one side happens in 1 of 8 experiments, on either side in 1 of 4; the sum of ranks is 0 or 1 in 2 of 8.
    expect(shiftOf([1, 2, 4], 0.25)).toMatchObject({ estimate: 2.25, low: 1, high: 4 });
    expect(shiftOf([1, 2, 4], 0.5)).toMatchObject({ estimate: 2.25, low: 1.5, high: 3 });
  });

  it('has no bounds when there are too few differences', () => {
    expect(shiftOf([1, 2, 3], 0.05)).toMatchObject({ estimate: 2, low: -Infinity, high: Infinity });
  });

  it('is not moved by one wild value', () => {
    const calm = Array.from({ length: 29 }, (_, index) => 0.9 + index / 100);
    const tame = shiftOf([...calm, 1.19], 0.01);
    const wild = shiftOf([...calm, 1e9], 0.01);
    expect(wild.estimate).toBeCloseTo(tame.estimate, 1);
    expect(wild.low).toBeCloseTo(tame.low, 1);
    expect(wild.high).toBeCloseTo(tame.high, 1);
  });

  it.skipIf(!scipy)('agrees with scipy: the bounds are where the test changes its mind', () => {
    const random = createRandom(1);
    const samples = [6, 7, 8, 10, 13, 20, 30, 45].map((count) => Array.from({ length: count }, () => random.next() ** 2 - 0.2));
    const alpha = 0.05;
    const program = [
      'import json, sys',
      'from scipy.stats import wilcoxon',
      'import numpy as np',
      'out = []',
      'for row in json.load(sys.stdin):',
      '    values = np.array(row["values"])',
      '    p = lambda shift: wilcoxon(values - shift, mode="exact").pvalue',
      '    pairs = [(values[i] + values[j]) / 2 for i in range(len(values)) for j in range(i, len(values))]',
      '    out.append({"median": float(np.median(pairs)), "p": [p(row["low"] - 1e-9), p(row["low"] + 1e-9), p(row["high"] - 1e-9), p(row["high"] + 1e-9)]})',
      'print(json.dumps(out))',
    ].join('\n');
    const shifts = samples.map((values) => ({ values, ...shiftOf(values, alpha) }));
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', program], { input: JSON.stringify(shifts), encoding: 'utf8' });
    const judged = JSON.parse(stdout || `"${stderr}"`) as { median: number; p: [number, number, number, number] }[];
    expect(judged).toHaveLength(samples.length);
    for (const [index, { median, p }] of judged.entries()) {
      expect(shifts[index]!.estimate).toBeCloseTo(median, 12);
      expect(p[0]).toBeLessThanOrEqual(alpha);
      expect(p[1]).toBeGreaterThan(alpha);
      expect(p[2]).toBeGreaterThan(alpha);
      expect(p[3]).toBeLessThanOrEqual(alpha);
    }
  });
});
