import type { Risk } from '@hecate/change';
import type { Conditions } from './conditions.ts';
import type { Bound, KnobValue, Scalar } from './value.ts';

/** What a profile wants of one thing of the machine. */
export interface KnobEntry {
  /** One of the names of the registry (knobs/index.ts). */
  readonly knob: string;
  /** Options of that knob: the `key` of sysctl, the `disks` of disk-scheduler. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Null for knobs that have options only. */
  readonly value: KnobValue | null;
  /** Null: the value is set whatever is there. */
  readonly bound: Bound | null;
  /** All must hold; otherwise the entry is left out. */
  readonly when: Conditions;
  /** One sentence: what it wins here, and what it costs where that is not obvious. */
  readonly why: string;
  /** Where that is from: a document of the kernel, a vendor's guide, a measurement. */
  readonly source: string;
  readonly risk: Risk;
  /** True: a machine without it cannot have the profile. False: it is left out there, and the plan says so. */
  readonly required: boolean;
}

/** What an option can be. */
export type OptionValue = Scalar | readonly Scalar[] | Readonly<Record<string, Scalar>>;

/** A profile: what a kind of machine should be set to. Plain data. */
export interface Profile {
  /** Kebab-case, the name of its file. */
  readonly name: string;
  /** Its name for people. */
  readonly title: string;
  /** One or two sentences: for which machines, what it wins, what it costs. */
  readonly summary: string;
  /** The profile that this one builds on; null for none. `loadProfile` has its knobs in `knobs` already. */
  readonly include: string | null;
  /** Identities of knobs of the included profile that this one does without. */
  readonly without: readonly string[];
  /** In the order in which they are set. */
  readonly knobs: readonly KnobEntry[];
}

/** What a profile can be called. Nothing that is a path. */
export const PROFILE_NAME: RegExp = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
