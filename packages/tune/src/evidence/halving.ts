import type { Random } from './random.ts';
import { medianOf } from './signed-rank.ts';

/** Something that is tried, and what was measured of it so far: logarithms of gains. */
export interface Trial<Setting> {
  readonly setting: Setting;
  readonly gains: readonly number[];
}

/** How halving measures. */
export interface HalvingOptions<Setting> {
  readonly random: Random;
  /** Measures one setting once; null when it cannot be used: it is out. */
  readonly evaluate: (setting: Setting) => Promise<number | null>;
  /** Whether there is budget for one more measurement. */
  readonly goesOn: () => boolean;
}

/** Measurements of each setting before the first half is dropped. */
const FIRST_ROUNDS = 2;

/**
 * Successive halving: all settings are measured a little, the better half is measured twice as often, and so on until one is left, so
 * that most of the budget goes to settings that are worth it. Within a round the order is shuffled. Best first; a setting that could not be
 * used is not among them, nor is one that the budget did not reach. Source: Jamieson and Talwalkar, Non-stochastic Best Arm Identification
 * and Hyperparameter Optimization, 2016.
 */
export async function halve<Setting>(settings: readonly Setting[], options: HalvingOptions<Setting>): Promise<Trial<Setting>[]> {
  const dropped: Trial<Setting>[] = [];
  let left: Trial<Setting>[] = settings.map((setting) => ({ setting, gains: [] }));
  for (let rounds = FIRST_ROUNDS; left.length > 0; rounds *= 2) {
    left = byGain(await measureUpTo(rounds, left, options));
    if (left.length <= 1 || !options.goesOn()) break;
    dropped.unshift(...left.splice(Math.ceil(left.length / 2)));
  }
  return [...left, ...dropped].filter(({ gains }) => gains.length > 0);
}

/** The typical gain of a trial, as a logarithm; worse than any when nothing was measured. */
export const gainOf = ({ gains }: Trial<unknown>): number => (gains.length === 0 ? -Infinity : medianOf(gains));

const byGain = <Setting>(trials: readonly Trial<Setting>[]): Trial<Setting>[] =>
  [...trials].sort((one, other) => gainOf(other) - gainOf(one));

async function measureUpTo<Setting>(
  rounds: number,
  trials: readonly Trial<Setting>[],
  { random, evaluate, goesOn }: HalvingOptions<Setting>,
): Promise<Trial<Setting>[]> {
  const measured = new Map(trials.map(({ setting, gains }) => [setting, [...gains]]));
  const least = (): number => Math.min(...[...measured.values()].map((gains) => gains.length));
  while (measured.size > 0 && least() < rounds) {
    for (const setting of random.shuffle([...measured.keys()])) {
      if (!goesOn()) return [...measured].map(([one, gains]) => ({ setting: one, gains }));
      const gain = await evaluate(setting);
      if (gain === null) measured.delete(setting);
      else measured.get(setting)!.push(gain);
    }
  }
  return [...measured].map(([setting, gains]) => ({ setting, gains }));
}
