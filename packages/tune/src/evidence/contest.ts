import { setTimeout as wait } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import type { Change } from '@hecate/change';
import { judge } from './judgement.ts';
import type { Judgement, Round, Rules } from './judgement.ts';
import { planLooks } from './looks.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

/** How things are measured, whatever is compared. */
export interface Bench {
  readonly stage: Stage;
  /** Measures once. */
  readonly measure: () => Promise<number>;
  readonly random: Random;
  /** Seconds between a change and the measurement that follows. */
  readonly settle: number;
  readonly signal?: AbortSignal;
}

/** Two sides and how long they are compared. */
export interface Contest extends Rules {
  /** What is in force on the side that has to be beaten; empty: the machine as it is. */
  readonly before: readonly Change[];
  readonly after: readonly Change[];
  readonly rounds: number;
  /** The probability of a wrong verdict. */
  readonly alpha: number;
  /** Runs of each side before anything counts. */
  readonly warmUp: number;
  /** Told before each round, and of what is known by then. */
  readonly progress?: (progress: ContestProgress) => void;
}

/** How far a contest is. */
export interface ContestProgress {
  /** Rounds done; null while it warms up. */
  readonly round: number | null;
  readonly of: number;
  /** Of the last look. */
  readonly judgement: Judgement | null;
}

/** What came of a contest. */
export interface ContestResult {
  readonly judgement: Judgement;
  /** Every measured value, in the unit of the metric. */
  readonly rounds: readonly Round[];
}

/** Measures one side once. */
export async function measureSide({ stage, measure, settle, signal }: Bench, side: readonly Change[]): Promise<number> {
  await stage.set(side);
  if (settle > 0) await wait(settle * 1000, undefined, signal ? { signal } : {});
  return measure();
}

/** Puts one side on the stage; false when the machine refuses it, and then nothing of it is in force. */
export async function isPossible({ stage }: Bench, side: readonly Change[]): Promise<boolean> {
  try {
    await stage.set(side);
    return true;
  } catch (error) {
    // What could not be undone, or is changed by somebody else, is no property of this side.
    if (error instanceof HecateError && error.code !== 'CONFLICT' && error.code !== 'FAILED') return false;
    throw error;
  }
}

/**
 * Compares two sides in rounds of before, after, after, before, or the other way round as a coin falls: what changes slowly beside (heat,
 * caches, others' load) falls on both sides alike, and no pattern of the machine can keep in step with ours. Because of the coin, the two
 * sides of a round could as well be exchanged if nothing differs, which is all that the exactness of the interval rests on.
 * It ends at the first look with a finding other than `too-noisy`. At the end the stage has one of the sides on it.
 */
export async function runContest(bench: Bench, contest: Contest): Promise<ContestResult> {
  const { progress = () => undefined } = contest;
  const looks = planLooks(contest.rounds, contest.alpha);
  let judgement: Judgement | null = null;
  const tell = (round: number | null): void => progress({ round, of: contest.rounds, judgement });
  tell(null);
  for (const side of [contest.before, contest.after]) {
    for (let run = 0; run < contest.warmUp; run++) await measureSide(bench, side);
  }
  const rounds: Round[] = [];
  for (const look of looks) {
    while (rounds.length < look.rounds) {
      tell(rounds.length);
      rounds.push(await measureRound(bench, contest));
    }
    judgement = judge(rounds, contest, look);
    if (judgement.finding !== 'too-noisy') break;
  }
  tell(rounds.length);
  return { judgement: judgement!, rounds };
}

async function measureRound(bench: Bench, { before, after }: Contest): Promise<Round> {
  const round = { before: [] as number[], after: [] as number[] };
  const outer = bench.random.next() < 0.5 ? 'before' : 'after';
  const inner = outer === 'before' ? 'after' : 'before';
  const sides = { before, after };
  for (const side of [outer, inner, inner, outer] as const) round[side].push(await measureSide(bench, sides[side]));
  return round;
}
