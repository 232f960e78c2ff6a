import type { Action } from '@hecate/change';
import type { Look } from '../detect/look.ts';
import type { HostFacts } from '../facts.ts';
import type { KnobEntry } from '../profile.ts';
import type { Option, Rule } from '../rule.ts';
import { preferencesOf } from '../value.ts';
import type { KnobValue } from '../value.ts';

/** One thing of a machine that profiles can set. It decides what has to be done, from facts alone; it does nothing. */
export interface Knob {
  readonly name: string;
  /** One line for people. */
  readonly help: string;
  readonly options: Readonly<Record<string, Option>>;
  /** What the value is; null for a knob that has options only. */
  readonly value: KnobValueRule | null;
  /** Sentence that says what is wrong with options that are right one by one; null when nothing is. */
  refuse?(entry: KnobEntry): string | null;
  /** What it sets, so that an entry can replace another one: `vm.swappiness`. With the name of the knob it is its identity. */
  subject(entry: KnobEntry): string;
  /** When it has to be set: knobs of a lower phase come first. Default 1. */
  readonly phase?: number;
  plan(request: KnobRequest): KnobOutcome;
}

/** What a value of a knob may be. */
export interface KnobValueRule {
  readonly rule: Rule;
  /** Whether a list of preferences may be given. */
  readonly preferences: boolean;
  /** Whether a share of memory may be given. */
  readonly share: boolean;
  /** Whether `raise` and `lower` may be given. */
  readonly bounds: boolean;
}

/** What a knob decides from. */
export interface KnobRequest {
  readonly entry: KnobEntry;
  readonly facts: HostFacts;
  /** Values that facts do not hold; null: nothing can be looked up. */
  readonly look: Look | null;
  /** All entries of the profile whose conditions hold: some knobs depend on others. */
  readonly entries: readonly KnobEntry[];
}

/** What has to be done. */
export interface KnobOutcome {
  readonly actions: readonly Action[];
  /** Why something was left out, a sentence each. Nothing to do and nothing left out does not happen. */
  readonly skipped: readonly string[];
}

/** A value rule without extras. */
export const plain = (rule: Rule): KnobValueRule => ({ rule, preferences: false, share: false, bounds: false });

/** A value rule with preferences. */
export const preferred = (rule: Rule): KnobValueRule => ({ rule, preferences: true, share: false, bounds: false });

/** An outcome of some actions. */
export const does = (...actions: readonly Action[]): KnobOutcome => ({ actions, skipped: [] });

/** An outcome of nothing. */
export const skips = (why: string): KnobOutcome => ({ actions: [], skipped: [why] });

/** Writes a value file. */
export const setFile = (path: string, value: string): Action => ({ kind: 'sysfs', path, value });

/** Sets a sysctl. */
export const setSysctl = (key: string, value: string): Action => ({ kind: 'sysctl', key, value });

/** What identifies an entry: two entries of one identity set the same thing. */
export const identityOf = (knob: Knob, entry: KnobEntry): string => `${knob.name} ${knob.subject(entry)}`.trim();

/** The first preference that is offered; null when none is. */
export const firstOffered = (value: KnobValue | null, offered: readonly string[]): string | null =>
  preferencesOf(value)
    .map(String)
    .find((wish) => offered.includes(wish)) ?? null;

/** An option that the rules of the knob say is a text. */
export const textOption = ({ options }: KnobEntry, name: string): string => options[name] as string;
