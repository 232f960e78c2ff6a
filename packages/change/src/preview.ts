import { errnoOf, HecateError, messageOf } from '@hecate/host';
import type { Json } from './action.ts';
import type { Context } from './context.ts';
import type { DeviceIdentity, Obstacle } from './handler.ts';
import { handlerOf, refuseTwice } from './plan.ts';
import type { Change, Plan } from './plan.ts';
import { isSame } from './transaction.ts';

/** What applying a change would do now. */
export interface PreviewStep {
  readonly change: Change;
  /** The thing that is changed. */
  readonly target: string;
  /** `same`: nothing to do. `change`: from `was` to `wanted`. `impossible`: see `obstacle`. */
  readonly verdict: 'same' | 'change' | 'impossible';
  readonly was: Json;
  readonly wanted: Json;
  readonly device: DeviceIdentity | null;
  readonly obstacle: Obstacle | null;
  readonly sideEffect: string | null;
}

/** What a thrown error means for a plan; rethrows what is no error of the machine or the plan. */
function obstacleOf(error: unknown): Obstacle {
  if (error instanceof HecateError) return { code: error.code, sentence: error.message };
  const errno = errnoOf(error);
  if (errno === undefined) throw error;
  if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') return { code: 'DENIED', sentence: messageOf(error) };
  return { code: errno === 'ENOENT' || errno === 'ENODEV' ? 'UNAVAILABLE' : 'FAILED', sentence: messageOf(error) };
}

/** Looks what a plan would do, without writing. Throws INVALID for a plan that changes one thing twice. */
export async function previewPlan(context: Context, plan: Plan): Promise<PreviewStep[]> {
  refuseTwice(plan, context.handlers);
  const steps: PreviewStep[] = [];
  for (const change of plan.changes) steps.push(await previewChange(context, change));
  return steps;
}

async function previewChange({ host, handlers }: Context, change: Change): Promise<PreviewStep> {
  const { action } = change;
  const handler = handlerOf(handlers, action.kind);
  const sideEffect = handler.sideEffect?.(action) ?? null;
  const about = { change, target: handler.target(action), sideEffect };
  let was: Json = null;
  let wanted: Json = null;
  let device: DeviceIdentity | null = null;
  try {
    device = handler.device?.(host, action) ?? null;
    was = await handler.current(host, action);
    wanted = await handler.wanted(action, was, host);
    if (isSame(was, wanted)) return { ...about, verdict: 'same', was, wanted, device, obstacle: null };
    await handler.check(host, action, was);
    return { ...about, verdict: 'change', was, wanted, device, obstacle: null };
  } catch (error) {
    return { ...about, verdict: 'impossible', was, wanted, device, obstacle: obstacleOf(error) };
  }
}

/** The first obstacle of a plan as an error, or null when every change can be made. */
export function refusalOf(steps: readonly PreviewStep[]): HecateError | null {
  const first = steps.find(({ obstacle }) => obstacle !== null);
  if (!first?.obstacle) return null;
  const more = steps.filter(({ obstacle }) => obstacle !== null).length - 1;
  return new HecateError(first.obstacle.code, first.obstacle.sentence, {
    hint: `Nothing was changed.${more > 0 ? ` ${more} more ${more === 1 ? 'change is' : 'changes are'} impossible too.` : ''}`,
  });
}
