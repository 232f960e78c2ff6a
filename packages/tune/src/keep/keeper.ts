import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@hecate/host';
import { isLive } from '@hecate/change';
import type { Engine, Plan, Transaction, Verification } from '@hecate/change';

/** What a keeper tells, as it happens. */
export type TuneEvent =
  /** What a killed process or a reboot left was finished. */
  | { readonly kind: 'recovered'; readonly id: number; readonly why: string; readonly failures: readonly string[] }
  /** A profile was applied, or is in force since before. */
  | { readonly kind: 'tuned'; readonly id: number; readonly title: string; readonly changes: number; readonly isNew: boolean }
  /** It could not be applied, or made the machine worse and was undone. */
  | { readonly kind: 'refused'; readonly title: string; readonly reason: string }
  /** Somebody changed what we had set. Told once for each new value. */
  | { readonly kind: 'drift'; readonly id: number; readonly target: string; readonly wanted: unknown; readonly now: unknown };

/** What a keeper works with. */
export interface KeeperOptions {
  readonly engine: Engine;
  /** What is to be in force; made once, some seconds after the start. Null: only drift of what is in force is watched. */
  readonly plan: (() => Promise<Plan>) | null;
  /** Applies the plan in place of the component's earlier one. */
  readonly apply: (plan: Plan) => Promise<Transaction>;
  /** Seconds from the start to the plan: services of the boot have set their own values by then. Default 20, at most 60. */
  readonly settle?: number;
  /** Seconds between two looks for drift. Default 60. */
  readonly period?: number;
  readonly say: (event: TuneEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Keeps a machine tuned while a daemon runs: finishes what was left unfinished, brings its profile in force within a minute,
 * and tells when somebody changes what it set. Resolves when the signal is aborted; what is in force stays.
 */
export async function keepTuned({ engine, plan, apply, settle = 20, period = 60, say, signal }: KeeperOptions): Promise<void> {
  try {
    for (const { transaction, failures } of await engine.recover()) {
      say({
        kind: 'recovered',
        id: transaction.id,
        why: transaction.why ?? '',
        failures: failures.map(({ sentence }) => sentence),
      });
    }
    if (plan) {
      await pause(Math.min(settle, 60), signal);
      if (!signal.aborted) await bringInForce(engine, plan, apply, say);
    }
    const watch = createDriftWatch(say);
    while (!signal.aborted) {
      watch(await engine.verify());
      await pause(period, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function bringInForce(
  engine: Engine,
  make: () => Promise<Plan>,
  apply: (plan: Plan) => Promise<Transaction>,
  say: (event: TuneEvent) => void,
): Promise<void> {
  let title = 'tuning';
  try {
    const plan = await make();
    title = plan.title;
    const there = engine.list().findLast((transaction) => isLive(transaction) && transaction.plan.component === plan.component);
    if (there?.plan.title === plan.title && (await engine.preview(plan)).every(({ verdict }) => verdict === 'same')) {
      return say({ kind: 'tuned', id: there.id, title, changes: plan.changes.length, isNew: false });
    }
    const { id, steps } = await apply(plan);
    say({ kind: 'tuned', id, title, changes: steps.filter(({ state }) => state === 'done').length, isNew: true });
  } catch (error) {
    say({ kind: 'refused', title, reason: messageOf(error) });
  }
}

/** Tells each drift once, and again when the value changes once more. */
function createDriftWatch(say: (event: TuneEvent) => void): (found: readonly Verification[]) => void {
  let told = new Map<string, string>();
  return (found) => {
    const now = new Map<string, string>();
    for (const { transaction, target, verdict, step, now: value } of found) {
      if (verdict !== 'drifted') continue;
      const key = `${transaction.id} ${target}`;
      const text = JSON.stringify(value);
      now.set(key, text);
      if (told.get(key) !== text) say({ kind: 'drift', id: transaction.id, target, wanted: step.wanted, now: value });
    }
    told = now;
  };
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
}
