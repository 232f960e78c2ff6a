import type { Change } from '@hecate/change';
import { isPossible, runContest } from './contest.ts';
import type { Bench, ContestProgress, ContestResult } from './contest.ts';
import type { Direction, Judgement } from './judgement.ts';
import { leastRounds } from './looks.ts';
import type { Measuring } from './measuring.ts';

/** A change and what it is a change of. */
export interface Candidate {
  readonly change: Change;
  /** `vm.swappiness`. */
  readonly target: string;
}

/** What is known of one change of several. */
export interface ChangeEvidence extends Candidate {
  /**
   * - `wins`: without it something is lost, or it is the last that is left
   * - `no-gain`: without it nothing is lost that could be seen
   * - `needed`: without it the others cannot be made
   * - `unchanged`: the machine is as it wants already
   */
  readonly role: 'wins' | 'no-gain' | 'needed' | 'unchanged';
  /** All against all but this one; null when that was not measured. */
  readonly judgement: Judgement | null;
}

/** Which of several changes matter. */
export interface SingledOut {
  readonly evidence: readonly ChangeEvidence[];
  readonly winners: readonly Change[];
  /** The winners against the machine as it is; null when they are all changes, or when they did not win by themselves. */
  readonly chosen: ContestResult | null;
}

/** Told before each round: which change is left out, null while the winners are compared. */
export type SingleOutProgress = (leftOut: Candidate | null, progress: ContestProgress) => void;

/**
 * Finds which of several changes matter, when together they win. One after the other is left out, and stays out unless that loses
 * something: of two that do the same, one remains. Each of these comparisons may be wrong with an equal share of alpha. What remains
 * must beat the machine as it is once more, in measurements of its own; if it does not, all changes are the winners, as was proven.
 */
export async function singleOut(
  bench: Bench,
  candidates: readonly Candidate[],
  { better, ...measuring }: Measuring & { readonly better: Direction },
  progress: SingleOutProgress = () => undefined,
): Promise<SingledOut> {
  const all = candidates.map(({ change }) => change);
  const alpha = measuring.alpha / candidates.length;
  const rules = { better, margin: measuring.margin, warmUp: measuring.warmUp };
  let left = all;
  const evidence: ChangeEvidence[] = [];
  for (const candidate of candidates) {
    const others = left.filter((change) => change !== candidate.change);
    if (others.length === 0) {
      evidence.push({ ...candidate, role: 'wins', judgement: null });
      continue;
    }
    if (!(await isPossible(bench, others))) {
      evidence.push({ ...candidate, role: 'needed', judgement: null });
      continue;
    }
    const rounds = Math.max(measuring.rounds, leastRounds(alpha));
    const contest = {
      ...rules,
      before: others,
      after: left,
      rounds,
      alpha,
      progress: (state: ContestProgress) => progress(candidate, state),
    };
    const { judgement } = await runContest(bench, contest);
    const role = judgement.finding === 'better' ? 'wins' : 'no-gain';
    evidence.push({ ...candidate, role, judgement });
    if (role === 'no-gain') left = others;
  }
  if (left.length === all.length) return { evidence, winners: all, chosen: null };
  const chosen = await runContest(bench, {
    ...rules,
    before: [],
    after: left,
    rounds: measuring.rounds,
    alpha: measuring.alpha,
    progress: (state) => progress(null, state),
  });
  return chosen.judgement.finding === 'better' ? { evidence, winners: left, chosen } : { evidence, winners: all, chosen: null };
}
