import { HecateError } from '@hecate/host';
import type { Plan } from '@hecate/change';
import { PROFILE_NAME } from '../host/profile.ts';
import type { Profile } from '../host/profile.ts';
import { isPossible, measureSide } from './contest.ts';
import type { Bench } from './contest.ts';
import { gainOf, halve } from './halving.ts';
import type { Trial } from './halving.ts';
import { learnedProfile } from './learned-profile.ts';
import { planLooks } from './looks.ts';
import { readMeasuring, withBench } from './measuring.ts';
import type { MeasuringOptions } from './measuring.ts';
import { proveChanges, verdictOf } from './prove.ts';
import type { Proof, ProveProgress } from './prove.ts';
import { SAFE_SET } from './search-space.ts';
import type { Dimension } from './search-space.ts';
import { drawSettings, readChoices, settingChanges } from './settings.ts';
import type { Choices, PlanKnobs, Setting, Skipped } from './settings.ts';
import { directionOf } from './workload.ts';

/** What is searched, for how long, and what becomes of it. */
export interface LearnOptions extends MeasuringOptions {
  /** Of the profile: kebab-case. */
  readonly name: string;
  readonly planKnobs: PlanKnobs;
  /** Default: {@link SAFE_SET}. */
  readonly space?: readonly Dimension[];
  /** The search ends when one of them is used up; the proof comes on top. Default: 200 runs of the workload. */
  readonly budget?: { readonly runs?: number; readonly seconds?: number };
  /** Told before each measurement. */
  readonly progress?: (progress: LearnProgress) => void;
}

/** How far learning is. */
export type LearnProgress =
  | {
      readonly part: 'search';
      /** Runs of the workload done. */ readonly runs: number;
      /** Typical gain of the best setting, a share; null before. */ readonly best: number | null;
    }
  | { readonly part: 'proof'; readonly proof: ProveProgress };

/** What was learned. */
export interface Learning {
  /** Null when nothing that was tried is proven to win. */
  readonly profile: Profile | null;
  /** The profile as a file, with its evidence; null when there is none. */
  readonly text: string | null;
  /** Of the best setting against the machine as it is, in measurements of its own; null when none looked better. */
  readonly proof: Proof | null;
  /** What was tried last, best first: the gains here flatter, as the best of many always looks better than it is. */
  readonly trials: readonly Trial<Setting>[];
  readonly skipped: readonly Skipped[];
  /** Runs of the workload that the search took. */
  readonly runs: number;
  readonly seed: number;
}

/** Settings that are compared in one round of halving. */
const FIELD = 8;

/**
 * Searches settings that make a workload better: rounds of successive halving, each with the best so far, neighbours of it and settings by
 * chance, every measurement beside one of the machine as it is. The best is then proven anew, and only what matters of it becomes the
 * profile. Writes and refuses as `proveChanges` does; a setting that cannot be made, or under which the workload fails, is out.
 */
export async function learn(options: LearnOptions): Promise<Learning> {
  const { engine, progress = () => undefined, space = SAFE_SET } = options;
  const measuring = readMeasuring(options);
  planLooks(measuring.rounds, measuring.alpha);
  if (!PROFILE_NAME.test(options.name)) {
    throw new HecateError('INVALID', `${JSON.stringify(options.name)} is no name of a profile.`, {
      hint: 'Use small letters, digits and hyphens.',
    });
  }
  checkBudget(options.budget);
  const choices = await readChoices(space, options.planKnobs, engine);
  const { skipped } = choices;
  if (choices.dimensions.length === 0) {
    throw new HecateError('UNSUPPORTED', 'There is nothing to search: this machine offers none of the values that may be tried.', {
      ...(skipped[0] ? { hint: `${skipped[0].choice}: ${skipped[0].why}` } : {}),
    });
  }
  const title = `search for profile ${options.name}`;
  const about: Pick<Plan, 'component' | 'title'> = { component: 'tune', title };
  const { result } = await withBench(options, about, measuring.seed, (bench) => search(bench, choices, options));
  const found = { trials: result.trials, runs: result.runs, skipped, seed: measuring.seed };
  const [best] = result.trials;
  if (!best || gainOf(best) <= 0) return { ...found, profile: null, text: null, proof: null };
  const proof = await proveChanges({
    ...options,
    // The workload itself has kept the machine busy.
    force: true,
    seed: measuring.seed,
    plan: { ...about, title: `profile ${options.name}`, changes: settingChanges(best.setting) },
    progress: (state) => progress({ part: 'proof', proof: state }),
  });
  if (verdictOf(proof).finding !== 'better') return { ...found, profile: null, text: null, proof };
  return { ...found, proof, ...learnedProfile(options.name, best.setting, proof, result.runs) };
}

function checkBudget({ runs, seconds }: NonNullable<LearnOptions['budget']> = {}): void {
  if (runs !== undefined && !(Number.isInteger(runs) && runs >= 4))
    throw new HecateError('INVALID', `${runs} runs are no budget: it takes 4 at least.`);
  if (seconds !== undefined && !(seconds > 0)) throw new HecateError('INVALID', `${seconds} seconds are no budget.`);
}

async function search(bench: Bench, choices: Choices, options: LearnOptions): Promise<{ trials: Trial<Setting>[]; runs: number }> {
  const { budget = {}, progress = () => undefined, workload, host } = options;
  const most = budget.runs ?? (budget.seconds === undefined ? 200 : Infinity);
  const end = host.clock.monotonic() + (budget.seconds ?? Infinity);
  const sign = directionOf(workload) === 'higher' ? 1 : -1;
  const goesOn = (): boolean => runs + 2 <= most && host.clock.monotonic() < end;
  let runs = 0;
  let trials: Trial<Setting>[] = [];

  const evaluate = async (setting: Setting): Promise<number | null> => {
    progress({ part: 'search', runs, best: trials[0] ? Math.expm1(gainOf(trials[0])) : null });
    runs += 2;
    const gain = await measurePair(bench, setting);
    return gain === null ? null : sign * gain;
  };
  for (const _ of [0, 1]) await measureSide(bench, []);
  while (goesOn()) {
    const settings = drawSettings(choices, FIELD, trials[0]?.setting ?? null, bench.random);
    const halved = await halve(settings, { random: bench.random, evaluate, goesOn });
    // Cut short by the budget, a round may not have come to the best of the one before.
    if (trials.length === 0 || goesOn()) trials = halved;
    // Nothing can be used, or there is nothing to choose from.
    if (halved.length === 0 || settings.length === 1) break;
  }
  return { trials, runs };
}

/** The logarithm of the ratio with a setting to without it, measured one after the other in an order by chance; null when it cannot be used. */
async function measurePair(bench: Bench, setting: Setting): Promise<number | null> {
  const changes = settingChanges(setting);
  const isFirst = bench.random.next() < 0.5;
  const early = isFirst ? null : Math.log(await measureSide(bench, []));
  if (!(await isPossible(bench, changes))) return null;
  let level: number;
  try {
    level = Math.log(await measureSide(bench, changes));
  } catch (error) {
    bench.signal?.throwIfAborted();
    if (error instanceof HecateError) return null;
    throw error;
  }
  return level - (early ?? Math.log(await measureSide(bench, [])));
}
