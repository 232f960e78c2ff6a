import { HecateError } from '@hecate/host';
import type { Action, ActionKind } from './action.ts';
import type { Handlers } from './handler.ts';

/** What must happen for a change to take effect. */
export type Risk = 'live' | 'restart' | 'reboot';

/** One change with its reason. */
export interface Change {
  readonly action: Action;
  /** One sentence: what it is good for on this machine. */
  readonly why: string;
  /** Where that is from: a document of the kernel, a measurement, the name of a profile. */
  readonly source: string;
  readonly risk: Risk;
}

/** Changes that are made together, or not at all. Plain data. */
export interface Plan {
  /** Whose it is: `tune`, `security`. One transaction of a component can replace the one before. */
  readonly component: string;
  /** One line for people: `profile server`. */
  readonly title: string;
  readonly changes: readonly Change[];
}

const RISKS: readonly unknown[] = ['live', 'restart', 'reboot'];
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The handler of an action's kind. Throws INVALID for a kind that nobody handles. */
export function handlerOf(handlers: Handlers, kind: unknown): NonNullable<ReturnType<Handlers['get']>> {
  const handler = handlers.get(kind as ActionKind);
  if (!handler) {
    throw new HecateError('INVALID', `${JSON.stringify(kind)} is no kind of change.`, {
      hint: `The kinds are ${[...handlers.keys()].join(', ')}.`,
    });
  }
  return handler;
}

function textOf(raw: Readonly<Record<string, unknown>>, name: string, place: string): string {
  const value = raw[name];
  if (typeof value !== 'string' || value.trim() === '') throw new HecateError('INVALID', `${place} has no ${name}.`);
  return value;
}

/**
 * A plan of what a file or another program says. Throws INVALID with a sentence that names the change: a kind that is not known,
 * a property that is missing or of the wrong type, a path that escapes, two changes of the same thing.
 */
export function parsePlan(raw: unknown, handlers: Handlers): Plan {
  if (!isRecord(raw) || !Array.isArray(raw['changes'])) throw new HecateError('INVALID', 'A plan is an object with a list of changes.');
  const changes = raw['changes'].map((entry: unknown, index): Change => {
    const place = `Change ${index + 1}`;
    if (!isRecord(entry) || !isRecord(entry['action'])) throw new HecateError('INVALID', `${place} has no action.`);
    const risk = entry['risk'] ?? 'live';
    if (!RISKS.includes(risk)) throw new HecateError('INVALID', `${place} has an unknown risk ${JSON.stringify(risk)}.`);
    const action = handlerOf(handlers, entry['action']['kind']).parse(entry['action']);
    return { action, why: textOf(entry, 'why', place), source: textOf(entry, 'source', place), risk: risk as Risk };
  });
  const plan = { component: textOf(raw, 'component', 'The plan'), title: textOf(raw, 'title', 'The plan'), changes };
  refuseTwice(plan, handlers);
  return plan;
}

/** Throws INVALID when two changes of a plan are of one target: the same thing, or things that exclude one another. */
export function refuseTwice(plan: Plan, handlers: Handlers): void {
  const seen = new Set<string>();
  for (const { action } of plan.changes) {
    const key = keyOf(handlers, action);
    if (seen.has(key)) throw new HecateError('INVALID', `One plan changes ${handlerOf(handlers, action.kind).target(action)} twice.`);
    seen.add(key);
  }
}

/** What an action owns when it is done. One of a kind that nobody handles here (a journal may tell of it) owns just itself. */
export function keyOf(handlers: Handlers, action: Action): string {
  const handler = handlers.get(action.kind);
  return handler ? `${handler.things ?? action.kind} ${handler.target(action)}` : `${action.kind} ${JSON.stringify(action)}`;
}
