import type { TunedMachine } from '../machine.ts';
import type { TunedUnit } from '../unit.ts';

/** A knob as a profile's file has it, without `why` and `source`. */
export type DraftKnob = Readonly<Record<string, unknown>> & { readonly knob: string };

/** One setting of a unit that holds on this machine. */
export interface PluginRequest {
  /** The name of the setting. */
  readonly name: string;
  /** Its value with variables and functions put in. */
  readonly value: string;
  readonly unit: TunedUnit;
  /** Expressions of devices of the units of this plugin that come before: what they take is not left for this one. */
  readonly earlier: readonly string[];
  readonly machine: TunedMachine;
}

/** Knobs that do what a setting does, or a sentence that says why none does. */
export type PluginOutcome = readonly DraftKnob[] | string;

/** How the settings of one plugin of tuned are said as knobs. Source: tuned-profiles(7) and the plugin's own description. */
export interface TunedPlugin {
  readonly name: string;
  /** What a unit does even without a setting, a sentence that says why it is not done; null when it does nothing. */
  readonly alone: string | null;
  knobs(request: PluginRequest): PluginOutcome;
}

/** Ways of one setting to become knobs, by its name. */
export type Mappings = Readonly<Record<string, (request: PluginRequest) => PluginOutcome>>;

/** The sentence for a setting that we have never heard of; tuned itself leaves those out. */
export const UNKNOWN_SETTING = 'Its plugin has no such setting.';

/** A plugin whose settings are known one by one. */
export const pluginOf = (name: string, mappings: Mappings, alone: string | null = null): TunedPlugin => ({
  name,
  alone,
  knobs: (request) => (Object.hasOwn(mappings, request.name) ? mappings[request.name]!(request) : UNKNOWN_SETTING),
});

/** A setting that is never done. */
export const never =
  (why: string): (() => string) =>
  () =>
    why;
