import { findConflicts, withoutDecided } from '@hecate/change';
import type { Conflict, Plan, PreviewStep } from '@hecate/change';
import { HecateError, systemName } from '@hecate/host';
import type { Host } from '@hecate/host';
import { classify, createLook, detect, loadProfile, planProfile, withoutMissing } from '@hecate/tune';
import type { Classification, HostFacts, Profile, SkippedKnob } from '@hecate/tune';
import type { Changes } from '../changes/open.ts';
import { profileDirectories } from './profile-directories.ts';

/** What would be done to a machine, with all that there is to say about it. Nothing is done yet. */
export interface HostProposal {
  readonly facts: HostFacts;
  /** What the machine looks like; null when the profile was named. */
  readonly classification: Classification | null;
  readonly profile: Profile;
  readonly plan: Plan;
  /** What each change of the plan would do now. */
  readonly steps: readonly PreviewStep[];
  /** What the profile wants and the machine does not get, with the reason. */
  readonly skipped: readonly SkippedKnob[];
  /** Who else has a say in what is changed. */
  readonly conflicts: readonly Conflict[];
}

/** Throws UNSUPPORTED for a machine whose system has none of what profiles set: nothing that is said of it would be true. */
export function refuseOtherSystems({ platform }: Pick<Host, 'platform'>): void {
  if (platform !== 'linux') throw new HecateError('UNSUPPORTED', `hecate cannot tune ${systemName(platform)} yet.`);
}

/** Works out what a profile means on a machine: the one that is named, or the one that fits the machine. Reads only. */
export async function proposeProfile({ host, engine, handlers }: Changes, name: string | undefined): Promise<HostProposal> {
  refuseOtherSystems(host);
  const facts = await detect(host);
  const classification = name === undefined ? classify(facts) : null;
  const profile = loadProfile(classification?.profile ?? name!, profileDirectories());
  const wanted = planProfile(facts, profile, createLook(host));
  const possible = withoutMissing(wanted, await engine.preview(wanted.plan));
  const conflicts = findConflicts(host, possible.plan);
  // An administrator who set something in a file has decided; we would only contradict until the next boot.
  const plan = withoutDecided(possible.plan, conflicts);
  const decided = conflicts.filter(({ kind }) => kind === 'administrator');
  const skipped = [
    ...possible.skipped,
    ...decided.map(({ action, sentence, hint }) => ({
      knob: handlers.get(action.kind)?.describe(action) ?? action.kind,
      why: `${sentence} ${hint}`,
    })),
  ];
  const left = conflicts.filter((conflict) => !decided.includes(conflict));
  return { facts, classification, profile, plan, steps: await engine.preview(plan), skipped, conflicts: left };
}
