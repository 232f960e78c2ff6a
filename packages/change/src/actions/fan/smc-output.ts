import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, messageOf } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Json } from '../../action.ts';
import type { FanOutput } from './fan-output.ts';
import { withSmcFan } from './smc-fan.ts';
import type { SmcFan } from './smc-fan.ts';

/**
 * A fan of the system management controller of a Mac. `control` is who decides about it: the firmware (modes 0 and 3), or somebody
 * (mode 1, on older Intel Macs a bit of `FS! `). `target` is in turns a minute, and not there while the firmware decides.
 * `unlocked`: the firmware was told to let go of fans, and no other fan is held that would need it.
 */
interface SmcState {
  readonly control: 'automatic' | 'manual';
  readonly target?: number;
  readonly unlocked?: true;
}

const OUTPUT = /^AppleSMC\/F(?<number>\d)$/;
/** Turns that no fan reaches: a plan is checked without its machine. */
const MOST = 20_000;
/** Turns by which what was set may read otherwise: types with few bits, and what a fan can step by. */
const TOLERANCE = 25;
/** What was read once can be had again, but for what a type loses. */
const ROUNDING = 1;
/** Firmware that was told to let go takes some seconds: so many tries, with so many milliseconds between them. */
const TRIES = 100;
const PAUSE = 100;

/** Fans of the system management controller of a Mac. */
export const smcOutput: FanOutput = {
  owns: (output) => OUTPUT.test(output),
  knows: (state) => typeof state === 'object' && state !== null && 'control' in state,
  most: MOST,
  describe: (output) => `fan ${numberOf(output)} of the SMC`,
  current: (host, output) => withFan(host, output, stateOf) as unknown as Json,
  held(was, level) {
    const { unlocked } = was as unknown as SmcState;
    return { control: 'manual', target: level, ...(unlocked ? { unlocked } : {}) };
  },
  isHeld: (now) => (now as unknown as SmcState).control === 'manual',
  // Killed between the two writes of taking it, or of giving it back, it is unlocked, and the firmware has it.
  isOurs: (now) => (now as unknown as SmcState).control === 'manual' || (now as unknown as SmcState).unlocked === true,
  isRestored(now, was) {
    const [is, before] = [now, was] as unknown as [SmcState, SmcState];
    if (is.control !== before.control || (is.unlocked && !before.unlocked)) return false;
    return is.control === 'automatic' || Math.abs((is.target ?? 0) - (before.target ?? 0)) <= ROUNDING;
  },
  async check(host, output) {
    // Who may write shows only at a write. What stands in for a machine says so itself.
    if (!host.libraries && process.geteuid?.() !== 0)
      throw new HecateError('DENIED', 'Only root may write to the system management controller.');
    await withFan(host, output, () => undefined);
  },
  take: (host, output, level) =>
    withFan(host, output, async (fan) => {
      refuseOutside(fan, level);
      await becomeManual(fan);
      setTarget(fan, level);
    }),
  set: (host, output, level) =>
    withFan(host, output, (fan) => {
      refuseOutside(fan, level);
      if (!fan.isManual()) throw new HecateError('CONFLICT', `The firmware, or another program, has taken ${fan.name} back.`);
      setTarget(fan, level);
    }),
  restore: (host, output, was) => withFan(host, output, (fan) => giveBack(fan, was as unknown as SmcState)),
};

const numberOf = (output: string): number => Number(OUTPUT.exec(output)?.groups?.['number'] ?? Number.NaN);
const withFan = <Result>(host: WritableHost, output: string, use: (fan: SmcFan) => Result | Promise<Result>): Promise<Result> =>
  withSmcFan(host, output, numberOf(output), use);

function stateOf(fan: SmcFan): SmcState {
  const unlocked = fan.unlocked() === true && !fan.isAnotherManual() ? ({ unlocked: true } as const) : {};
  return fan.isManual() ? { control: 'manual', target: fan.target(), ...unlocked } : { control: 'automatic', ...unlocked };
}

/** The controller keeps to no bounds: it lets a fan stand when it is told so. */
function refuseOutside({ name, least, most }: SmcFan, level: number): void {
  if (level >= least && level <= most) return;
  throw new HecateError('INVALID', `${name} turns ${Math.round(least)} to ${Math.round(most)} times a minute: ${level} is outside.`);
}

/** Writes that it is ours; false when the controller refuses, or does not do it. */
function tryManual(fan: SmcFan): boolean {
  try {
    fan.setManual(true);
  } catch (error) {
    if (!(error instanceof HecateError) || error.code === 'DENIED') throw error;
    return false;
  }
  return fan.isManual();
}

/** Takes a fan from the firmware; on M3 and M4 that has to be told first to let go, and does so after some seconds. */
async function becomeManual(fan: SmcFan): Promise<void> {
  if (fan.isManual() || tryManual(fan)) return;
  if (fan.unlocked() !== null) {
    fan.setUnlocked(true);
    for (let time = 0; time < TRIES; time++) {
      if (tryManual(fan)) return;
      await sleep(PAUSE);
    }
  }
  throw new HecateError('CONFLICT', `The firmware does not let go of ${fan.name}: it was set to manual, and reads otherwise.`);
}

function setTarget(fan: SmcFan, level: number): void {
  if (fan.target() !== level) fan.setTarget(level);
  const now = fan.target();
  if (Math.abs(now - level) <= TOLERANCE) return;
  throw new HecateError('CONFLICT', `${fan.name} was set to ${level} turns a minute, and reads ${now}: the firmware decides about it.`);
}

/**
 * Hands over to whoever decided before, and locks fans again with the last one. A fan that cannot be given back shall at least run: the
 * failure is told all the same.
 */
async function giveBack(fan: SmcFan, was: SmcState): Promise<void> {
  try {
    if (was.control === 'manual') {
      await becomeManual(fan);
      if (fan.target() !== was.target) fan.setTarget(was.target ?? fan.most);
      return;
    }
    if (fan.isManual()) fan.setManual(false);
    if (fan.unlocked() === true && was.unlocked !== true && !fan.isAnotherManual()) fan.setUnlocked(false);
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    try {
      if (fan.isManual()) fan.setTarget(fan.most);
    } catch (second) {
      throw new HecateError('FAILED', `${messageOf(error)} And full speed was not taken either: ${messageOf(second)}`, { cause: error });
    }
    throw error;
  }
}
