import { HecateError } from '@hecate/host';
import { entryOf } from '../entry.ts';
import { knobOf } from '../knobs/index.ts';
import { identityOf } from '../knobs/knob.ts';
import type { KnobEntry } from '../profile.ts';
import type { JudgedUnit } from './active-units.ts';
import { settingText } from './ignored.ts';
import type { Ignored } from './ignored.ts';
import type { TunedMachine } from './machine.ts';
import { TUNED_PLUGINS } from './plugins/index.ts';
import type { DraftKnob, PluginOutcome } from './plugins/plugin.ts';
import type { TunedSetting, TunedUnit } from './unit.ts';
import type { Expansion } from './variables.ts';

/** What units come to. Every setting is in one of the two. */
export interface CollectedKnobs {
  readonly knobs: readonly KnobEntry[];
  readonly ignored: readonly Ignored[];
}

/** A knob and the setting that it is from. */
interface Found {
  readonly entry: KnobEntry;
  readonly place: string;
  readonly setting: string;
}

const SCRIPTS: ReadonlySet<string> = new Set(['script_pre', 'script_post']);
const RUNS = 'It is a program, and the programs of a profile are never run.';

/** Makes knobs of units, in their order. Where two set one thing the later decides, as in tuned. */
export function collectKnobs(units: readonly JudgedUnit[], machine: TunedMachine, expand: (text: string) => Expansion): CollectedKnobs {
  const found = new Map<string, Found>();
  const ignored: Ignored[] = [];
  const add = (one: Found): void => {
    const identity = identityOf(knobOf(one.entry.knob), one.entry);
    const covered = found.get(identity);
    if (covered) ignored.push({ place: covered.place, setting: covered.setting, why: `${one.place} comes later and decides.` });
    // At the end: what is set last is set last.
    found.delete(identity);
    found.set(identity, one);
  };
  const earlier = new Map<string, string[]>();
  for (const { unit, off } of units) {
    const before = earlier.get(unit.type) ?? [];
    const alone = off === null ? TUNED_PLUGINS.get(unit.type)!.alone : null;
    if (alone !== null) ignored.push({ place: unit.place, setting: `[${unit.name}]`, why: alone });
    for (const [name, setting] of unit.settings) {
      const from = { place: setting.place, setting: settingText(name, setting.value) };
      const outcome = off ?? knobsOf({ unit, name, setting, earlier: before, machine }, expand);
      for (const result of typeof outcome === 'string' ? [outcome] : outcome.map((draft) => readEntry(draft, setting.place, name))) {
        if (typeof result === 'string') ignored.push({ ...from, why: result });
        else add({ ...from, entry: result });
      }
    }
    if (off === null) earlier.set(unit.type, [...before, unit.devices]);
  }
  return { knobs: [...found.values()].map(({ entry }) => entry), ignored };
}

interface Asked {
  readonly unit: TunedUnit;
  readonly name: string;
  readonly setting: TunedSetting;
  readonly earlier: readonly string[];
  readonly machine: TunedMachine;
}

/** What one setting comes to. */
function knobsOf({ unit, name, setting, earlier, machine }: Asked, expand: (text: string) => Expansion): PluginOutcome {
  if (name === 'priority') return 'It is the order in which tuned sets units, and is kept.';
  if (SCRIPTS.has(name)) return RUNS;
  const plugin = TUNED_PLUGINS.get(unit.type)!;
  let put: Expansion;
  try {
    put = expand(setting.value);
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return error.message;
  }
  if (put.unknown !== null) return put.unknown;
  const variable = /\$\{\w+\}/.exec(put.text)?.[0];
  if (variable !== undefined) return `The variable ${variable} has no value.`;
  const outcome = plugin.knobs({ name, value: put.text, unit, earlier, machine });
  return outcome.length === 0 ? 'It means nothing on this machine.' : outcome;
}

/** The checked entry of a knob, or the sentence that says why there can be none. */
function readEntry(draft: DraftKnob, place: string, name: string): KnobEntry | string {
  try {
    return entryOf({ ...draft, why: `tuned sets ${name} in this profile.`, source: place }, { file: place, line: null, what: 'It' });
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return `There can be no such knob: ${error.message.slice(place.length + 2)}`;
  }
}
