import { HecateError } from '@hecate/host';
import type { Expansion } from './variables.ts';
import { cpuinfoText, unameText } from './machine.ts';
import type { TunedMachine } from './machine.ts';
import { tunedPattern } from './pattern.ts';
import { TUNED_PLUGINS } from './plugins/index.ts';
import type { TunedUnit } from './unit.ts';

/** A unit, and why it does not hold on this machine; null when it does. */
export interface JudgedUnit {
  readonly unit: TunedUnit;
  readonly off: string | null;
}

const PRIORITY = 'priority';

/**
 * The units in the order in which tuned sets them, by `priority`. Variables are put into the expressions that choose machines and
 * devices.
 */
export function judgeUnits(units: Iterable<TunedUnit>, machine: TunedMachine, expand: (text: string) => Expansion): JudgedUnit[] {
  const judged = [...units].map((unit) => judge(unit, machine, expand));
  return judged.sort((one, other) => priorityOf(one.unit) - priorityOf(other.unit));
}

function priorityOf({ settings }: TunedUnit): number {
  const text = settings.get(PRIORITY)?.value ?? '';
  return /^-?\d{1,9}$/.test(text) ? Number(text) : 0;
}

function judge(written: TunedUnit, machine: TunedMachine, expand: (text: string) => Expansion): JudgedUnit {
  let unknown: string | null = null;
  const put = (text: string): string => {
    const expansion = expand(text);
    unknown ??= expansion.unknown;
    return expansion.text;
  };
  const unit: TunedUnit = {
    ...written,
    devices: put(written.devices),
    cpuinfoRegex: written.cpuinfoRegex === null ? null : put(written.cpuinfoRegex),
    unameRegex: written.unameRegex === null ? null : put(written.unameRegex),
  };
  return { unit, off: unknown ?? whyOff(unit, machine) };
}

function whyOff(unit: TunedUnit, machine: TunedMachine): string | null {
  if (!TUNED_PLUGINS.has(unit.type)) return `There is no plugin ${unit.type}.`;
  if (!unit.enabled) return 'The profile switches its unit off.';
  if (unit.udevRegex !== null) return `It is for devices of which udev says ${unit.udevRegex}; that is not looked at.`;
  return (
    whyOther(unit.unameRegex, 'kernels', () => unameText(machine)) ?? whyOther(unit.cpuinfoRegex, 'processors', () => cpuinfoText(machine))
  );
}

/** Why a machine is none of those that a pattern is for. */
function whyOther(pattern: string | null, what: string, read: () => string): string | null {
  if (pattern === null) return null;
  try {
    return tunedPattern(pattern).test(read()) ? null : `It is for other ${what} than this one: ${pattern}.`;
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return error.message;
  }
}
