import { describe, expect, it } from 'vitest';
import { leastRounds, MOST_ROUNDS, planLooks } from './looks.ts';

describe('looks', () => {
  it('are few, the last is at the end, and each can decide something', () => {
    expect(planLooks(30, 0.05).map(({ rounds }) => rounds)).toEqual([8, 13, 20, 30]);
    for (const alpha of [0.2, 0.05, 0.01, 0.001]) {
      for (let rounds = leastRounds(alpha); rounds <= MOST_ROUNDS; rounds++) {
        const looks = planLooks(rounds, alpha);
        expect(looks.at(-1)?.rounds).toBe(rounds);
        expect(looks.reduce((sum, look) => sum + look.alpha, 0)).toBeCloseTo(alpha, 12);
        for (const look of looks) expect(look.rounds).toBeGreaterThanOrEqual(leastRounds(look.alpha));
      }
    }
  });

  it('need rounds enough for the confidence', () => {
    expect(leastRounds(0.05)).toBe(6);
    expect(leastRounds(0.01)).toBe(8);
    expect(() => planLooks(5, 0.05)).toThrow('5 rounds cannot be measured: with a confidence of 0.95 it takes 6 to 100.');
    expect(() => planLooks(101, 0.05)).toThrow('it takes 6 to 100');
    expect(() => planLooks(8.5, 0.05)).toThrow('8.5 rounds');
    expect(() => planLooks(30, 0)).toThrow('The confidence must lie between 0 and 1');
    expect(() => planLooks(30, Number.NaN)).toThrow('The confidence must lie between 0 and 1');
  });
});
