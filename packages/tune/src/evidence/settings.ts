import { HecateError } from '@hecate/host';
import { refusalOf } from '@hecate/change';
import type { Change, Engine } from '@hecate/change';
import type { KnobEntry } from '../host/profile.ts';
import type { Random } from './random.ts';
import type { Dimension } from './search-space.ts';

/** A knob with a value, and the changes that it means on this machine. */
export interface Choice {
  readonly knob: KnobEntry;
  readonly changes: readonly Change[];
}

/** A choice, or null for "as it is", for each dimension of a search. */
export type Setting = readonly (Choice | null)[];

/** Something that cannot be tried here. */
export interface Skipped {
  /** `vm.swappiness = 10`. */
  readonly choice: string;
  readonly why: string;
}

/** What a search can choose from on this machine. */
export interface Choices {
  /** Choices by dimension; dimensions without any are left out. */
  readonly dimensions: readonly (readonly Choice[])[];
  readonly skipped: readonly Skipped[];
}

/** What knobs of a profile come to on a machine: the planner of profiles. */
export type PlanKnobs = (knobs: readonly KnobEntry[]) => readonly Change[];

/** Finds out, without writing, which values of a search space this machine offers. What it has already is no choice. */
export async function readChoices(space: readonly Dimension[], planKnobs: PlanKnobs, engine: Pick<Engine, 'preview'>): Promise<Choices> {
  const dimensions: Choice[][] = [];
  const skipped: Skipped[] = [];
  for (const { knob, values } of space) {
    const choices: Choice[] = [];
    for (const value of values) {
      const chosen = { ...knob, value };
      const changes = await changesOf(chosen, planKnobs, engine);
      if (typeof changes === 'string') skipped.push({ choice: nameOf(chosen), why: changes });
      else choices.push({ knob: chosen, changes });
    }
    if (choices.length > 0) dimensions.push(choices);
  }
  return { dimensions, skipped };
}

/** The changes that a knob means, or why it is no choice. */
async function changesOf(knob: KnobEntry, planKnobs: PlanKnobs, engine: Pick<Engine, 'preview'>): Promise<readonly Change[] | string> {
  try {
    const planned = planKnobs([knob]);
    const preview = await engine.preview({ component: 'tune', title: nameOf(knob), changes: planned });
    const refusal = refusalOf(preview);
    if (refusal) return refusal.message;
    const changes = preview.filter(({ verdict }) => verdict === 'change').map(({ change }) => change);
    if (changes.length === 0) return planned.length === 0 ? 'This machine has no such knob.' : 'It is so already.';
    return changes.every(({ risk }) => risk === 'live') ? changes : 'It takes effect after a restart only.';
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return error.message;
  }
}

/** A knob with its value, for people. */
export function nameOf({ knob, options, value }: KnobEntry): string {
  const subject = [...('key' in options || 'path' in options ? [] : [knob]), ...Object.values(options).map(textOf)].join(' ');
  return `${subject} = ${textOf(value)}`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The changes of a setting. */
export const settingChanges = (setting: Setting): readonly Change[] => setting.flatMap((choice) => choice?.changes ?? []);

const keyOf = (setting: Setting): string => setting.map((choice) => (choice ? nameOf(choice.knob) : '')).join('\n');

/**
 * Settings to begin a round of halving with, no two alike, none of them "all as it is": `best` again (measured anew, so that it cannot
 * rest on luck), some that differ from it in one or two knobs, and the others by chance. Fewer than `count` when there are no more.
 */
export function drawSettings({ dimensions }: Choices, count: number, best: Setting | null, random: Random): Setting[] {
  const drawn = new Map<string, Setting>();
  const add = (setting: Setting): void => {
    if (setting.some((choice) => choice !== null)) drawn.set(keyOf(setting), setting);
  };
  const any = (choices: readonly Choice[]): Choice | null => (random.next() < 0.5 ? null : choices[random.below(choices.length)]!);
  const near = (setting: Setting): Setting => {
    const moved = [...setting];
    for (let left = 1 + random.below(2); left > 0; left--) {
      const at = random.below(dimensions.length);
      moved[at] = any(dimensions[at]!);
    }
    return moved;
  };
  if (best) add(best);
  for (let tries = count * 20; drawn.size < count && tries > 0; tries--) {
    add(best && drawn.size <= count / 2 ? near(best) : dimensions.map(any));
  }
  return [...drawn.values()];
}
