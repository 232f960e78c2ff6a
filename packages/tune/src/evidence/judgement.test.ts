import { describe, expect, it } from 'vitest';
import { jitter } from './fake-machine.testing.ts';
import { judge } from './judgement.ts';
import type { Judgement, Round } from './judgement.ts';
import { planLooks } from './looks.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

const RULES = { better: 'lower', margin: 0.01 } as const;

/** One experiment as a contest runs it: rounds up to a look, until there is a finding. */
function experiment(rounds: number, alpha: number, draw: (round: number) => Round): Judgement {
  const measured: Round[] = [];
  let judgement: Judgement | undefined;
  for (const look of planLooks(rounds, alpha)) {
    while (measured.length < look.rounds) measured.push(draw(measured.length));
    judgement = judge(measured, RULES, look);
    if (judgement.finding !== 'too-noisy') break;
  }
  return judgement!;
}

type Noise = (random: Random) => number;
const NOISES: Readonly<Record<string, Noise>> = {
  'even noise': (random) => jitter(random, 0.05),
  'a long tail': (random) => jitter(random, 0.02) * (1 + 0.1 * -Math.log(1 - random.next())),
  'one run in ten three times as long': (random) => jitter(random, 0.03) * (random.next() < 0.1 ? 3 : 1),
  'ticks of a coarse clock': (random) => Math.max(1, Math.round(jitter(random, 0.05) * 40)),
};

/** Runs before, after, after, before, or the other way round, on a machine that gets slower; `ratio` is what the change makes of a time. */
function drawRound(random: Random, noise: Noise, ratio: number, slowdown: number, round: number): Round {
  const drawn = { before: [] as number[], after: [] as number[] };
  const order = random.next() < 0.5 ? (['before', 'after', 'after', 'before'] as const) : (['after', 'before', 'before', 'after'] as const);
  for (const [run, side] of order.entries()) {
    drawn[side].push(noise(random) * (side === 'after' ? ratio : 1) * Math.exp(slowdown * (round * 4 + run)));
  }
  return drawn;
}

describe('a change that does nothing', () => {
  it.each(Object.keys(NOISES))('is called better or worse in at most 5 % of all experiments: %s', (name) => {
    const random = createRandom(11);
    const experiments = 1200;
    let wrong = 0;
    for (let count = 0; count < experiments; count++) {
      const { finding } = experiment(30, 0.05, (round) => drawRound(random, NOISES[name]!, 1, 0.002, round));
      if (finding === 'better' || finding === 'worse') wrong++;
    }
    expect(wrong / experiments).toBeLessThanOrEqual(0.05);
  });
});

describe('a change that helps', () => {
  it('by 5 % at 2 % noise is found in nearly every experiment, at the first look, and the interval holds', () => {
    const random = createRandom(12);
    const gain = 1 / 0.95 - 1;
    let found = 0;
    let held = 0;
    let rounds = 0;
    for (let count = 0; count < 1000; count++) {
      const judgement = experiment(30, 0.05, (round) => drawRound(random, (chance) => jitter(chance, 0.02), 0.95, 0, round));
      if (judgement.finding === 'better') found++;
      if (judgement.interval[0] <= gain && gain <= judgement.interval[1]) held++;
      rounds += judgement.rounds;
    }
    expect(found).toBeGreaterThan(990);
    expect(held).toBeGreaterThan(950);
    expect(rounds / 1000).toBeLessThan(9);
  });

  it('by as much as is said to be visible is found in about four of five experiments', () => {
    const random = createRandom(13);
    const draw =
      (ratio: number) =>
      (round: number): Round =>
        drawRound(random, (chance) => jitter(chance, 0.1), ratio, 0, round);
    const only = (rounds: number, ratio: number): Judgement =>
      judge(
        Array.from({ length: rounds }, (_, round) => draw(ratio)(round)),
        RULES,
        { rounds, alpha: 0.0125 },
      );
    const visible = Array.from({ length: 300 }, () => only(30, 1).visible).reduce((sum, value) => sum + value, 0) / 300;
    const found = Array.from({ length: 1000 }, () => only(30, 1 / (1 + visible))).filter(({ finding }) => finding === 'better').length;
    expect(found / 1000).toBeGreaterThan(0.7);
    expect(found / 1000).toBeLessThan(0.9);
  });
});

describe('a judgement', () => {
  const LOOK = { rounds: 10, alpha: 0.05 };
  const rounds = (before: number, after: (round: number) => number): Round[] =>
    Array.from({ length: 10 }, (_, round) => ({ before: [before + round / 1000, before], after: [after(round), after(round)] }));

  it('knows which direction is good, and gives the gain as a share', () => {
    const judged = judge(
      rounds(2, () => 1),
      RULES,
      LOOK,
    );
    expect(judged).toMatchObject({
      finding: 'better',
      wins: 10,
      rounds: 10,
      outliers: 0,
      drift: expect.anything() as number,
      fading: expect.anything() as number,
    });
    expect(judged.gain).toBeCloseTo(1, 2);
    expect(judged.medians.after).toBe(1);
    expect(
      judge(
        rounds(2, () => 1),
        { better: 'higher', margin: 0.01 },
        LOOK,
      ),
    ).toMatchObject({ finding: 'worse', wins: 0 });
    expect(
      judge(
        rounds(2, () => 1),
        { better: 'higher', margin: 0.01 },
        LOOK,
      ).gain,
    ).toBeCloseTo(-0.5, 2);
  });

  it('is the same when the whole interval lies within the margin, even if a difference is certain', () => {
    expect(
      judge(
        rounds(1, () => 0.995),
        RULES,
        LOOK,
      ).finding,
    ).toBe('same');
    expect(
      judge(
        rounds(1, () => 0.995),
        { ...RULES, margin: 0 },
        LOOK,
      ).finding,
    ).toBe('better');
    expect(
      judge(
        rounds(1, () => 1),
        { ...RULES, margin: 0.005 },
        LOOK,
      ).finding,
    ).toBe('same');
  });

  it('is too noisy when neither is certain, and says what would have been seen', () => {
    const judged = judge(
      rounds(1, (round) => (round % 2 === 0 ? 0.8 : 1.25)),
      RULES,
      LOOK,
    );
    expect(judged.finding).toBe('too-noisy');
    expect(judged.visible).toBeGreaterThan(0.2);
  });

  it('tells a machine that gets slower, and a gain that fades', () => {
    const slower = Array.from({ length: 12 }, (_, round) => ({ before: [1 + round / 10], after: [(1 + round / 10) / 2] }));
    expect(judge(slower, RULES, { rounds: 12, alpha: 0.05 })).toMatchObject({ finding: 'better', fading: null });
    expect(judge(slower, RULES, { rounds: 12, alpha: 0.05 }).drift).toBeLessThan(-0.2);
    const fading = Array.from({ length: 12 }, (_, round) => ({ before: [1 + (round % 2) / 100], after: [round < 6 ? 0.5 : 0.9] }));
    expect(judge(fading, RULES, { rounds: 12, alpha: 0.05 })).toMatchObject({ drift: null });
    expect(judge(fading, RULES, { rounds: 12, alpha: 0.05 }).fading).toBeLessThan(-0.3);
  });

  it('counts rounds that are far off, and is not moved by them', () => {
    const wild = Array.from({ length: 20 }, (_, round) => ({ before: [1], after: [round === 3 ? 50 : 0.5 + round / 10_000] }));
    const judged = judge(wild, RULES, { rounds: 20, alpha: 0.05 });
    expect(judged).toMatchObject({ finding: 'better', wins: 19, outliers: 1 });
    expect(judged.gain).toBeCloseTo(1, 1);
  });
});
