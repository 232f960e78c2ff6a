import { describe, expect, it } from 'vitest';
import { gainOf, halve } from './halving.ts';
import { createRandom } from './random.ts';

const always = (): boolean => true;

describe('halving', () => {
  it('spends most measurements on the best, and finds it', async () => {
    const random = createRandom(2);
    const counts = new Map<number, number>();
    const evaluate = (setting: number): Promise<number> => {
      counts.set(setting, (counts.get(setting) ?? 0) + 1);
      return Promise.resolve(setting / 10 + (random.next() - 0.5) / 20);
    };
    const trials = await halve([3, 1, 8, 5, 2, 7, 4, 6], { random, evaluate, goesOn: always });
    expect(trials.map(({ setting }) => setting)[0]).toBe(8);
    expect(trials).toHaveLength(8);
    expect([...counts.values()].sort()).toEqual([16, 2, 2, 2, 2, 4, 4, 8].sort());
  });

  it('leaves out what cannot be used', async () => {
    const trials = await halve(['good', 'bad', 'fair'], {
      random: createRandom(1),
      evaluate: (setting) => Promise.resolve(setting === 'bad' ? null : setting === 'good' ? 1 : 0),
      goesOn: always,
    });
    expect(trials.map(({ setting }) => setting)).toEqual(['good', 'fair']);
    expect(await halve(['bad'], { random: createRandom(1), evaluate: () => Promise.resolve(null), goesOn: always })).toEqual([]);
  });

  it('ends with the budget, and knows only what was measured', async () => {
    let left = 3;
    const trials = await halve([1, 2, 3, 4, 5, 6], {
      random: createRandom(1),
      evaluate: (setting) => Promise.resolve(setting),
      goesOn: () => left-- > 0,
    });
    expect(trials).toHaveLength(3);
    expect(gainOf(trials[0]!)).toBeGreaterThan(gainOf(trials[2]!));
    expect(gainOf({ setting: 0, gains: [] })).toBe(-Infinity);
  });
});
