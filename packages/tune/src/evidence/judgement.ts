import { driftOf } from './drift.ts';
import type { Look } from './looks.ts';
import { medianOf, shiftOf } from './signed-rank.ts';

/** Whether a greater or a smaller value is good. */
export type Direction = 'lower' | 'higher';

/** What was measured in one round: each side twice, in an order that slow changes of the machine cancel out in. */
export interface Round {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * - `better`, `worse`: the interval leaves no doubt about the direction
 * - `same`: if there is an effect, it is smaller than what counts
 * - `too-noisy`: an effect that counts may be there or not; so many rounds of so much noise cannot tell
 */
export type Finding = 'better' | 'worse' | 'same' | 'too-noisy';

/** How two sides compare. Shares: 0.25 is a quarter more speed (or of whatever is measured), and greater than 0 is always better. */
export interface Judgement {
  readonly finding: Finding;
  /** Best estimate of what the change wins. */
  readonly gain: number;
  /** The true gain lies in it with the confidence that was asked for, also when the comparison ended early. */
  readonly interval: readonly [low: number, high: number];
  /** The smallest gain that so many rounds of so much noise would have found in four of five experiments. */
  readonly visible: number;
  readonly rounds: number;
  /** Rounds in which the change was ahead. */
  readonly wins: number;
  /** How far a single round lies from the others, typically (1.4826 times the median distance from the median). */
  readonly noise: number;
  /** Rounds further off than five times that. They are counted, never left out. */
  readonly outliers: number;
  /** How much better the machine as it is got from the first half of the rounds to the second; null when it did not change clearly. */
  readonly drift: number | null;
  /** The same of the gain: a change that helps at first only. */
  readonly fading: number | null;
  /** Median of all measured values, in the unit of the metric. */
  readonly medians: { readonly before: number; readonly after: number };
}

/** What counts as a finding. */
export interface Rules {
  readonly better: Direction;
  /** Gains smaller than this share do not count: 0.01. */
  readonly margin: number;
}

/** A standard deviation in median distances from the median, of a normal distribution. */
const DEVIATION = 1.4826;
/** Standard errors that an effect must lie beyond the bound, to be found in four of five experiments. */
const POWER_DEVIATES = 0.8416;
/** A drift is told when chance alone does it in one run of a hundred. */
const DRIFT_CHANCE = 0.01;

const share = (logarithm: number): number => Math.expm1(logarithm);

/** Judges the rounds that were measured up to a look. All values must be greater than 0. */
export function judge(rounds: readonly Round[], { better, margin }: Rules, { alpha }: Look): Judgement {
  const sign = better === 'higher' ? 1 : -1;
  const before = rounds.map((round) => sign * levelOf(round.before));
  const differences = rounds.map((round, index) => sign * levelOf(round.after) - before[index]!);
  const { estimate, low, high, deviates } = shiftOf(differences, alpha);
  const noise = DEVIATION * medianOf(differences.map((difference) => Math.abs(difference - estimate)));
  return {
    finding: findingOf(low, high, Math.log1p(margin)),
    gain: share(estimate),
    interval: [share(low), share(high)],
    visible: share(((high - low) / 2) * (1 + POWER_DEVIATES / deviates)),
    rounds: rounds.length,
    wins: differences.filter((difference) => difference > 0).length,
    noise: share(noise),
    outliers: differences.filter((difference) => Math.abs(difference - estimate) > 5 * noise && noise > 0).length,
    drift: clearDrift(before),
    fading: clearDrift(differences),
    medians: { before: medianOf(rounds.flatMap((round) => round.before)), after: medianOf(rounds.flatMap((round) => round.after)) },
  };
}

/** The mean of the logarithms: what is compared are ratios, so that 5 % are 5 % of a second and of an hour. */
const levelOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;

function findingOf(low: number, high: number, margin: number): Finding {
  if (low > -margin && high < margin) return 'same';
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'too-noisy';
}

function clearDrift(values: readonly number[]): number | null {
  const { shift, chance } = driftOf(values);
  return chance < DRIFT_CHANCE ? share(shift) : null;
}
