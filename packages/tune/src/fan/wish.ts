import { HecateError } from '@hecate/host';
import { followCurve } from './curve.ts';
import type { Curve, CurveState } from './curve.ts';
import type { Fan, FanControl, FanReading } from './fan-driver.ts';
import { clampLevel, levelOfDuty } from './speed.ts';

/** What a fan shall do now. */
export interface FanWish {
  readonly level: number;
  /** Why it shall be full speed; null when it need not. */
  readonly alarm: string | null;
}

/**
 * Says at each reading what a fan shall do. `level` is what it was set to, null at the beginning; `elapsed` the seconds since the reading
 * before. Throws UNAVAILABLE when what it needs is gone for good: then the fan is given back.
 */
export type WishMaker = (reading: FanReading, fan: Fan, level: number | null, elapsed: number) => FanWish;

/** The same level all the time. */
export const steadyWish =
  (level: number): WishMaker =>
  () => ({ level, alarm: null });

/** Duty that is added at most at a time on the way to a number of turns. */
const MOST_STEP = 0.05;
/** Turns count as right when they are so near to what was wanted, as a share; a fan's count wavers. */
const NEAR = 0.03;

/** The duty that brings a fan nearer to its turns: a part of what is missing, so that a fan that is slow to follow is not overshot. */
export function dutyTowards(duty: number, rpm: number, wanted: number): number {
  if (Math.abs(rpm - wanted) <= wanted * NEAR) return duty;
  const missing = rpm === 0 ? MOST_STEP : duty * (wanted / rpm - 1) * 0.5;
  return duty + Math.min(MOST_STEP, Math.max(-MOST_STEP, missing));
}

/** So many turns a minute, by what the fan counts; null where nobody counts is an alarm. */
export function turningWish(rpm: number, control: FanControl): WishMaker {
  return (_reading, fan, level) => {
    if (fan.rpm === null) return { level: control.most, alarm: `the turns of ${fan.id} cannot be read` };
    const duty = level ?? fan.duty ?? control.most;
    return { level: clampLevel(dutyTowards(Math.max(duty, control.least), fan.rpm, rpm), control, false).level, alarm: null };
  };
}

/** What a curve follows. */
export interface CurveWish {
  readonly curve: Curve;
  /** Id of the temperature. */
  readonly sensor: string;
  /** From where on it is full speed. */
  readonly critical: number;
  readonly allowStop: boolean;
}

/** A curve over one temperature. One that cannot be read, or is critical, means full speed; one that is gone ends it. */
export function curveWish({ curve, sensor, critical, allowStop }: CurveWish, control: FanControl): WishMaker {
  let state: CurveState | null = null;
  return ({ temperatures }, _fan, _level, elapsed) => {
    const found = temperatures.find(({ id }) => id === sensor);
    if (!found) throw new HecateError('UNAVAILABLE', `The temperature ${sensor} is not there any more.`);
    const { celsius } = found;
    if (celsius === null || celsius >= critical) {
      // From there it goes down with the rate of the curve.
      state = { celsius: celsius ?? state?.celsius ?? critical, duty: 1 };
      return { level: control.most, alarm: celsius === null ? `${sensor} cannot be read` : `${sensor} is critically hot` };
    }
    state = followCurve(curve, state, celsius, elapsed);
    return { level: clampLevel(levelOfDuty(state.duty, control), control, allowStop).level, alarm: null };
  };
}
