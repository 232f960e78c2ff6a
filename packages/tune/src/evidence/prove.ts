import { HecateError, messageOf } from '@hecate/host';
import { refusalOf } from '@hecate/change';
import type { Plan, PreviewStep } from '@hecate/change';
import { runContest } from './contest.ts';
import type { ContestProgress, ContestResult } from './contest.ts';
import type { Conditions } from './conditions.ts';
import type { Judgement } from './judgement.ts';
import { planLooks } from './looks.ts';
import { readMeasuring, withBench } from './measuring.ts';
import type { MeasuringOptions } from './measuring.ts';
import { singleOut } from './single-out.ts';
import type { Candidate, ChangeEvidence, SingledOut } from './single-out.ts';
import { directionOf } from './workload.ts';
import type { Workload } from './workload.ts';

/** What is proven, and what becomes of it. */
export interface ProveOptions extends MeasuringOptions {
  readonly plan: Plan;
  /** Leaves the changes in force that won; without it everything is taken back. */
  readonly keep?: boolean;
  /** Finds out which of several changes matter when together they win. Default true. */
  readonly singleOut?: boolean;
  /** Told before each round. */
  readonly progress?: (progress: ProveProgress) => void;
}

/** How far a proof is. */
export interface ProveProgress extends ContestProgress {
  /** `together`: all changes; `single`: all but one; `winners`: those that are left. */
  readonly part: 'together' | 'single' | 'winners';
  /** What is left out; null but for `single`. */
  readonly target: string | null;
}

/** What was found, as data. */
export interface Proof {
  readonly title: string;
  readonly workload: Workload;
  readonly confidence: number;
  readonly margin: number;
  readonly seed: number;
  /** All changes together against the machine as it was. */
  readonly together: ContestResult;
  readonly changes: readonly ChangeEvidence[];
  /** Of what is left when changes that win nothing are left out; null when that is everything. */
  readonly winners: ContestResult | null;
  /** The transaction that stays; null when nothing was to be kept, or nothing won. */
  readonly kept: number | null;
  /** Why what won is not in force although it was to be kept: making it failed in the end. Null in all other cases. */
  readonly notKept: string | null;
  readonly conditions: { readonly before: Conditions; readonly after: Conditions };
  /** How long it took. */
  readonly seconds: number;
}

/** The comparison that stands for the whole proof: of the changes that a winner is kept with. */
export const verdictOf = ({ together, winners }: Proof): Judgement => (winners ?? together).judgement;

/**
 * Measures whether changes help a workload: runs it with and without them in turn, and says how much they win, with an interval.
 * Everything is written through the engine, in transactions that are leased to this process. Rejects before the first change with
 * INVALID (options, a plan that changes nothing, or not without a restart), CONFLICT (a busy machine) or the plan's first obstacle;
 * after it with the workload's failure or the signal's reason, and then the machine is as it was.
 */
export async function proveChanges(options: ProveOptions): Promise<Proof> {
  const { engine, plan, workload, signal, progress = () => undefined } = options;
  const measuring = readMeasuring(options);
  planLooks(measuring.rounds, measuring.alpha);
  signal?.throwIfAborted();
  const preview = await engine.preview(plan);
  const candidates = checkPlan(preview);
  const { result, conditions, seconds } = await withBench(options, plan, measuring.seed, async (bench) => {
    const together = await runContest(bench, {
      ...measuring,
      better: directionOf(workload),
      before: [],
      after: candidates.map(({ change }) => change),
      progress: (state) => progress({ part: 'together', target: null, ...state }),
    });
    const isSeveral = candidates.length > 1 && options.singleOut !== false && together.judgement.finding === 'better';
    const single = isSeveral
      ? await singleOut(bench, candidates, { ...measuring, better: directionOf(workload) }, (leftOut, state) =>
          progress({ part: leftOut ? 'single' : 'winners', target: leftOut?.target ?? null, ...state }),
        )
      : asOne(candidates, together);
    return { together, single };
  });
  const { together, single } = result;
  signal?.throwIfAborted();
  const isKept = options.keep === true && single.winners.length > 0;
  const { kept, notKept } = isKept ? await keep(engine, { ...plan, changes: single.winners }) : { kept: null, notKept: null };
  return {
    title: plan.title,
    workload,
    confidence: 1 - measuring.alpha,
    margin: measuring.margin,
    seed: measuring.seed,
    together,
    changes: [...single.evidence, ...unchangedOf(preview)],
    winners: single.chosen,
    kept,
    notKept,
    conditions,
    seconds,
  };
}

/** Makes the changes stay. That it fails is told, not thrown: what was measured for an hour must not be lost. */
async function keep(engine: ProveOptions['engine'], plan: Plan): Promise<Pick<Proof, 'kept' | 'notKept'>> {
  try {
    return { kept: (await engine.apply(plan)).id, notKept: null };
  } catch (error) {
    return { kept: null, notKept: messageOf(error) };
  }
}

/** Changes that are judged together. */
function asOne(candidates: readonly Candidate[], { judgement }: ContestResult): SingledOut {
  const isWin = judgement.finding === 'better';
  return {
    evidence: candidates.map((candidate) => ({ ...candidate, role: isWin ? 'wins' : 'no-gain', judgement: null })),
    winners: isWin ? candidates.map(({ change }) => change) : [],
    chosen: null,
  };
}

/** The changes that can be measured. Throws when one cannot be made, when none is left, or when one takes effect later only. */
function checkPlan(preview: readonly PreviewStep[]): Candidate[] {
  const refusal = refusalOf(preview);
  if (refusal) throw refusal;
  const real = preview.filter(({ verdict }) => verdict === 'change');
  if (real.length === 0) {
    throw new HecateError('INVALID', 'There is nothing to prove: the machine is as these changes want it already.');
  }
  const late = real.find(({ change }) => change.risk !== 'live');
  if (late) {
    throw new HecateError('INVALID', `${late.target} takes effect after a ${late.change.risk} only, so it cannot be measured in turn.`, {
      hint: 'Leave it out of what is proven.',
    });
  }
  return real.map(({ change, target }) => ({ change, target }));
}

const unchangedOf = (preview: readonly PreviewStep[]): ChangeEvidence[] =>
  preview.filter(({ verdict }) => verdict === 'same').map(({ change, target }) => ({ change, target, role: 'unchanged', judgement: null }));
