import { HecateError } from '@hecate/host';
import type { FanAction, Json } from '../action.ts';
import { deviceOf } from '../device.ts';
import type { ActionHandler } from '../handler.ts';
import { expectProperties, lineOf, quote } from './raw-action.ts';
import type { FanOutput } from './fan/fan-output.ts';
import { pwmOutput } from './fan/pwm-output.ts';
import { smcOutput } from './fan/smc-output.ts';

/** Every way in which fans are driven, one file each. */
const OUTPUTS: readonly FanOutput[] = [pwmOutput, smcOutput];

/** The way in which an output is driven. Throws INVALID for a name that none knows. */
function outputOf(output: string): FanOutput {
  const found = OUTPUTS.find(({ owns }) => owns(output));
  if (!found) throw new HecateError('INVALID', `${quote(output)} is no output that drives a fan.`);
  return found;
}

/** The way that a state is of; the one that its change was made by, as states of two ways are never compared. */
const wayOf = (state: Json): FanOutput | undefined => OUTPUTS.find(({ knows }) => knows(state));

/** Outputs that drive fans. While one is held its level may be adjusted: every level is ours then. */
export const fan: ActionHandler<FanAction> = {
  kind: 'fan',
  persists: false,

  parse(raw) {
    expectProperties(raw, 'fan', ['output', 'level']);
    const output = lineOf(raw, 'output', 'fan');
    const { most } = outputOf(output);
    const { level } = raw;
    if (typeof level !== 'number' || !Number.isInteger(level) || level < 0 || level > most) {
      throw new HecateError(
        'INVALID',
        `The level of a change of kind fan must be a whole number from 0 to ${most}, and is ${quote(level)}.`,
      );
    }
    return { kind: 'fan', output, level };
  },

  target: ({ output }) => output,
  describe: ({ output }) => outputOf(output).describe(output),
  // The controller of a Mac is soldered to it.
  device: (host, { output }) => (output.startsWith('/') ? deviceOf(host, output) : null),
  current: (host, { output }) => outputOf(output).current(host, output),
  wanted: ({ output, level }, was) => outputOf(output).held(was, level),
  check: (host, { output }) => outputOf(output).check(host, output),
  apply: (host, { output, level }) => outputOf(output).take(host, output, level),
  adjust: (host, { output, level }) => outputOf(output).set(host, output, level),
  restore: (host, { output }, was) => outputOf(output).restore(host, output, was),
  isOurs(now, wanted) {
    const way = wayOf(wanted);
    return way ? (way.isOurs ?? way.isHeld)(now, wanted) : false;
  },
  isWanted: (now, wanted) => wayOf(wanted)?.isHeld(now, wanted) === true,
  isRestored: (now, was) => wayOf(was)?.isRestored(now, was) === true,
};
