import { errnoOf, HecateError, messageOf } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Json } from '../../action.ts';
import { checkValueFile, expectInside, readValueText, writeValue } from '../value-file.ts';
import { missing } from '../value-error.ts';
import type { FanOutput } from './fan-output.ts';

/**
 * A PWM output of a chip. `mode` is what `pwmN_enable` says: 0 is full speed, 1 is us, all above are the chip's own ways
 * (Documentation/hwmon/sysfs-interface.rst); null where the output has none. `duty` is 0 to 255, and is not there while the chip decides:
 * then it is a measurement.
 */
interface PwmState {
  readonly mode: string | null;
  readonly duty?: number;
}

const OUTPUT = /^\/sys\/(?:[^/]+\/)+pwm\d{1,3}$/;
const FULL = '0';
const MANUAL = '1';
/** Drivers round to what their chip knows; the coarsest (dell_smm) to three steps. Farther away, the chip has not taken it. */
const TOLERANCE = 64;
/** A duty that was read once can be had again, but for what a driver loses in its own arithmetic. */
const ROUNDING = 2;
/** Files `pwmN_enable` that mean something else: what happens at a duty of 0 (Documentation/hwmon/pwm-fan.rst). */
const NO_MODE = new Set(['pwmfan']);

/** PWM outputs of hwmon chips. */
export const pwmOutput: FanOutput = {
  owns: (output) => OUTPUT.test(output) && output.split('/').every((part) => part !== '.' && part !== '..'),
  knows: (state) => typeof state === 'object' && state !== null && 'mode' in state,
  most: 255,
  describe(output) {
    const [, device, name] = /\/([^/]+)(?:\/hwmon\/hwmon\d+)?\/(pwm\d+)$/.exec(output) ?? [];
    return `${name} of ${device}`;
  },
  current: (host, output) => stateOf(host, placeOf(host, output)) as unknown as Json,
  held: (was, level) => ({ mode: (was as unknown as PwmState).mode === null ? null : MANUAL, duty: level }),
  isHeld(now, wanted) {
    const [is, ours] = [now, wanted] as unknown as [PwmState, PwmState];
    return is.mode === ours.mode || (ours.mode === MANUAL && isFull(is));
  },
  isRestored(now, was) {
    const [is, before] = [now, was] as unknown as [PwmState, PwmState];
    return is.mode === before.mode && (!isSetting(before) || Math.abs((is.duty ?? 0) - (before.duty ?? 0)) <= ROUNDING);
  },
  check(host, output) {
    const place = placeOf(host, output);
    checkValueFile(host, fileAt(place));
    if (hasMode(host, place)) checkValueFile(host, modeAt(place));
  },
  take(host, output, level) {
    const place = placeOf(host, output);
    const isOurs = (): boolean => isInHand(stateOf(host, place));
    // Many drivers refuse a duty while the chip decides, others keep it for later: first who decides, then the duty.
    if (hasMode(host, place) && modeOf(host, place) !== MANUAL) writeValue(host, modeAt(place), MANUAL);
    if (!isOurs()) {
      throw new HecateError(
        'CONFLICT',
        `The firmware does not let go of ${pwmOutput.describe(output)}: it was set to manual, and reads otherwise.`,
      );
    }
    setDuty(host, output, level);
  },
  set(host, output, level) {
    const place = placeOf(host, output);
    if (!isInHand(stateOf(host, place)))
      throw new HecateError('CONFLICT', `The firmware, or another program, has taken ${pwmOutput.describe(output)} back.`);
    setDuty(host, output, level);
  },
  restore(host, output, was) {
    const before = was as unknown as PwmState;
    const { mode, duty } = before;
    const place = placeOf(host, output);
    if (mode !== null && modeOf(host, place) !== mode) giveBack(host, place, mode);
    if (isSetting(before) && dutyOf(host, place) !== duty) writeValue(host, fileAt(place), String(duty));
  },
};

/** Whether the duty is what somebody set. */
const isSetting = ({ mode }: PwmState): boolean => mode === null || mode === MANUAL;
/** Some chips (nct6775) have no mode of full speed: with all of the duty, manual reads as that. */
const isFull = ({ mode, duty }: PwmState): boolean => mode === FULL && duty === 255;
/** Whether it is for us to set the duty. */
const isInHand = (state: PwmState): boolean => isSetting(state) || isFull(state);

const fileAt = (place: string): { path: string; name: string } => ({ path: place, name: place });
const modeAt = (place: string): { path: string; name: string } => fileAt(`${place}_enable`);

/** Where an output is now: a driver that was loaded again has another number. */
function placeOf(host: WritableHost, output: string): string {
  expectInside(host, output, '/sys');
  if (isThere(host, output)) return output;
  const [, before, after] = /^(.*\/hwmon\/)hwmon\d+(\/pwm\d+)$/.exec(output) ?? [];
  if (before === undefined || after === undefined) throw missing(output);
  const places = namesIn(host, before)
    .filter((name) => /^hwmon\d+$/.test(name))
    .map((name) => `${before}${name}${after}`)
    .filter((place) => isThere(host, place));
  if (places.length !== 1) throw missing(output);
  return places[0]!;
}

const isThere = (host: WritableHost, file: string): boolean => host.status(file) !== null;

function namesIn(host: WritableHost, directory: string): string[] {
  try {
    return host.list(directory);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

/** Whether the output has a file that says who decides. */
function hasMode(host: WritableHost, place: string): boolean {
  if (!isThere(host, `${place}_enable`)) return false;
  const name = `${place.slice(0, place.lastIndexOf('/'))}/name`;
  return !isThere(host, name) || !NO_MODE.has(host.readText(name).trim());
}

const modeOf = (host: WritableHost, place: string): string => readValueText(host, modeAt(place)).trim();

function dutyOf(host: WritableHost, place: string): number {
  const text = readValueText(host, fileAt(place)).trim();
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new HecateError('UNSUPPORTED', `${place} holds ${JSON.stringify(text)}, which is no duty.`);
}

function stateOf(host: WritableHost, place: string): PwmState {
  const mode = hasMode(host, place) ? modeOf(host, place) : null;
  return mode === null || mode === MANUAL || mode === FULL ? { mode, duty: dutyOf(host, place) } : { mode };
}

function setDuty(host: WritableHost, output: string, level: number): void {
  const place = placeOf(host, output);
  if (dutyOf(host, place) !== level) writeValue(host, fileAt(place), String(level));
  const now = dutyOf(host, place);
  if (Math.abs(now - level) <= TOLERANCE) return;
  throw new HecateError(
    'CONFLICT',
    `${pwmOutput.describe(output)} was set to ${level} of 255, and reads ${now}: the firmware decides about it.`,
  );
}

/** Hands over to whoever decided before. A fan that cannot be given back shall at least run: the failure is told all the same. */
function giveBack(host: WritableHost, place: string, mode: string): void {
  try {
    writeValue(host, modeAt(place), mode);
  } catch (error) {
    if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
    try {
      writeValue(host, fileAt(place), '255');
    } catch (second) {
      throw new HecateError('FAILED', `${messageOf(error)} And full speed was not taken either: ${messageOf(second)}`, { cause: error });
    }
    throw error;
  }
}
