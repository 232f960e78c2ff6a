import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ApplyOptions, Engine, Plan } from '@hecate/change';
import { readConditions, refuseBusy } from './conditions.ts';
import type { Conditions } from './conditions.ts';
import type { Bench } from './contest.ts';
import { createRandom } from './random.ts';
import { openStage } from './stage.ts';
import { checkWorkload, measure } from './workload.ts';
import type { Workload } from './workload.ts';

/** With what, and how, something is measured. */
export interface MeasuringOptions {
  /** The only one who writes. */
  readonly engine: Pick<Engine, 'preview' | 'apply' | 'rollBack' | 'show'>;
  /** The machine that the workload runs on: the one we run on. */
  readonly host: Host;
  readonly workload: Workload;
  /** The most rounds of one comparison. Default 30; each runs the workload four times. */
  readonly rounds?: number;
  /** That a verdict is right, 0 to 1. Default 0.95. */
  readonly confidence?: number;
  /** Gains smaller than this share do not count. Default 0.01. */
  readonly margin?: number;
  /** Runs of each side before anything counts. Default 1. */
  readonly warmUp?: number;
  /** Seconds between a change and the measurement that follows. Default 0. */
  readonly settle?: number;
  /** Decides the order of the measurements. Default: the time. */
  readonly seed?: number;
  /** Measures on a busy machine too. */
  readonly force?: boolean;
  /** Starts a process that takes a transaction back when this process is killed. Without it the next recovery does that. */
  readonly guard?: NonNullable<ApplyOptions['guard']>;
  /** Gives up: the machine is brought back to what it was, then the reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Options with their defaults. */
export interface Measuring {
  readonly rounds: number;
  readonly alpha: number;
  readonly margin: number;
  readonly warmUp: number;
  readonly seed: number;
}

/** The options that numbers can get wrong, checked. Throws INVALID. */
export function readMeasuring({
  workload,
  rounds = 30,
  confidence = 0.95,
  margin = 0.01,
  warmUp = 1,
  settle = 0,
  seed,
}: MeasuringOptions): Measuring {
  checkWorkload(workload);
  const refuse = (sentence: string): never => {
    throw new HecateError('INVALID', sentence);
  };
  if (!(confidence > 0 && confidence < 1)) refuse(`A confidence lies between 0 and 1, and ${confidence} does not.`);
  if (!(margin >= 0 && margin < 1)) refuse(`A margin lies between 0 and 1, and ${margin} does not.`);
  if (!Number.isInteger(warmUp) || warmUp < 0) refuse(`There cannot be ${warmUp} runs to warm up.`);
  if (!(settle >= 0 && settle <= 3600)) refuse(`${settle} seconds cannot be waited after a change.`);
  // 1 - 0.95 is 0.050000000000000044, which would be shown.
  const alpha = Number((1 - confidence).toPrecision(12));
  return { rounds, alpha, margin, warmUp, seed: seed ?? Date.now() % 2 ** 31 };
}

/** What was measured, and how the machine was before and after. */
export interface Measured<Result> {
  readonly result: Result;
  readonly conditions: { readonly before: Conditions; readonly after: Conditions };
  readonly seconds: number;
}

/** Measures, and brings the machine back to what it was, however that ends. Rejects with CONFLICT when the machine is too busy. */
export async function withBench<Result>(
  options: MeasuringOptions,
  about: Pick<Plan, 'component' | 'title'>,
  seed: number,
  work: (bench: Bench) => Promise<Result>,
): Promise<Measured<Result>> {
  const { engine, host, workload, settle = 0, signal } = options;
  const before = await readConditions(host);
  if (!options.force) refuseBusy(before);
  const began = host.clock.monotonic();
  const cancel = signal ? { signal } : {};
  const stage = openStage({ engine, ...about, ...(options.guard ? { guard: options.guard } : {}), ...cancel });
  const bench: Bench = { stage, measure: () => measure(host, workload, signal), random: createRandom(seed), settle, ...cancel };
  const result = await work(bench).catch(async (error: unknown) => {
    await stage.clear();
    signal?.throwIfAborted();
    throw error;
  });
  await stage.clear();
  return { result, conditions: { before, after: await readConditions(host) }, seconds: host.clock.monotonic() - began };
}
