import { keyOf, openHandlers } from '@hecate/change';
import type { Change, Plan, PreviewStep } from '@hecate/change';
import { HecateError } from '@hecate/host';
import { unmetCondition } from './conditions.ts';
import type { Look } from './detect/look.ts';
import type { HostFacts } from './facts.ts';
import { knobOf } from './knobs/index.ts';
import { identityOf } from './knobs/knob.ts';
import type { KnobEntry, Profile } from './profile.ts';

/** Something of a profile that is not done on this machine. */
export interface SkippedKnob {
  /** What it would have set: `sysctl vm.swappiness`. */
  readonly knob: string;
  /** A sentence. */
  readonly why: string;
}

/** Where a change comes from. */
export interface ChangeOrigin {
  /** As in {@link SkippedKnob}. */
  readonly knob: string;
  /** Whether the profile insists on it. */
  readonly required: boolean;
}

/** What a profile does to a machine, and what it leaves alone. */
export interface HostPlan {
  readonly plan: Plan;
  /** Of each change of the plan, in its order. */
  readonly origins: readonly ChangeOrigin[];
  readonly skipped: readonly SkippedKnob[];
}

interface Planned {
  readonly change: Change;
  readonly origin: ChangeOrigin;
}

const HANDLERS = openHandlers();

/**
 * What a profile does to a machine of these facts. Reads through `look` only (`createLook`): what a number is now that may only be
 * raised or lowered; without it these are skipped. That a kernel lacks something is found by the preview: see {@link withoutMissing}.
 * Where two entries set one thing, the later one decides. Throws UNAVAILABLE when the machine lacks what the profile requires.
 */
export function planProfile(facts: HostFacts, profile: Profile, look: Look | null = null): HostPlan {
  const skipped: SkippedKnob[] = [];
  const entries = profile.knobs.filter(({ when }) => unmetCondition(when, facts) === null);
  const planned = new Map<string, Planned>();
  for (const entry of byPhase(profile.knobs)) {
    const origin = { knob: identity(entry), required: entry.required };
    const unmet = unmetCondition(entry.when, facts);
    if (unmet !== null) {
      skipped.push({ knob: origin.knob, why: unmet });
      continue;
    }
    const outcome = knobOf(entry.knob).plan({ entry, facts, look, entries });
    if (entry.required && outcome.actions.length === 0) throw lacks(profile, origin.knob, outcome.skipped.join(' '));
    for (const why of outcome.skipped) skipped.push({ knob: origin.knob, why });
    const { why, risk } = entry;
    for (const action of outcome.actions) {
      const key = keyOf(HANDLERS, action);
      const earlier = planned.get(key);
      if (earlier !== undefined) skipped.push({ knob: earlier.origin.knob, why: `${origin.knob} comes later and decides.` });
      planned.delete(key);
      planned.set(key, { change: { action, why, source: `profile ${profile.name}: ${entry.source}`, risk }, origin });
    }
  }
  return hostPlan(`profile ${profile.name}`, [...planned.values()], skipped);
}

const identity = (entry: KnobEntry): string => identityOf(knobOf(entry.knob), entry);

/** The order in which entries are set: that of the profile, but what others depend on comes first. */
function byPhase(entries: readonly KnobEntry[]): KnobEntry[] {
  const phase = ({ knob }: KnobEntry): number => knobOf(knob).phase ?? 1;
  return [...entries].sort((a, b) => phase(a) - phase(b));
}

const hostPlan = (title: string, planned: readonly Planned[], skipped: readonly SkippedKnob[]): HostPlan => ({
  plan: { component: 'tune', title, changes: planned.map(({ change }) => change) },
  origins: planned.map(({ origin }) => origin),
  skipped,
});

const lacks = ({ name }: Profile, knob: string, why: string): HecateError =>
  new HecateError('UNAVAILABLE', `The profile ${name} requires ${knob}: ${why}`, { hint: 'Choose another profile for this machine.' });

/**
 * The plan without those changes that the engine's preview found impossible because the machine has no such thing, unless the profile
 * requires them; without its module, nothing of an entry is left. Everything else that stands in the way stays, and makes the apply
 * refuse. `steps` are those of this plan.
 */
export function withoutMissing({ plan, origins, skipped }: HostPlan, steps: readonly PreviewStep[]): HostPlan {
  const planned = plan.changes.map((change, index) => ({ change, origin: origins[index]!, obstacle: steps[index]?.obstacle ?? null }));
  const missing = planned.filter(
    ({ origin, obstacle }) => !origin.required && (obstacle?.code === 'UNAVAILABLE' || obstacle?.code === 'UNSUPPORTED'),
  );
  const bare = new Set(missing.filter(({ change }) => change.action.kind === 'module').map(({ origin }) => origin.knob));
  return hostPlan(
    plan.title,
    planned.filter((one) => !missing.includes(one) && !bare.has(one.origin.knob)),
    [...skipped, ...missing.map(({ origin, obstacle }) => ({ knob: origin.knob, why: obstacle!.sentence }))],
  );
}
