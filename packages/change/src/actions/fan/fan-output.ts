import type { WritableHost } from '@hecate/host';
import type { Json } from '../../action.ts';

/**
 * One way in which fans are driven: PWM outputs of hwmon chips, the keys of a system management controller. Whose an output is says its
 * name. A state is plain data, and says who decides about the speed; while it is the chip, the speed of the moment is no part of it.
 */
export interface FanOutput {
  /** Whether an output is named so here. */
  owns(output: string): boolean;
  /** Whether a state is one of this way: no two ways have states of one shape. */
  knows(state: Json): boolean;
  /** The highest level that there is. Levels are whole numbers from 0. */
  readonly most: number;
  /** For people: `pwm2 of nct6775.656`. */
  describe(output: string): string;
  /** How it is now. Throws UNAVAILABLE where there is none, UNSUPPORTED, DENIED. */
  current(host: WritableHost, output: string): Json | Promise<Json>;
  /** The state while it is held at a level, from `was`. */
  held(was: Json, level: number): Json;
  /** Whether a state is one in which we decide, at whatever level. */
  isHeld(now: Json, wanted: Json): boolean;
  /** Whether a state came from us, wholly or in part. Default: it is held. */
  isOurs?(now: Json, wanted: Json): boolean;
  /** Whether a restore has brought `was` back. */
  isRestored(now: Json, was: Json): boolean;
  /** Looks, without writing, whether it can be written: throws DENIED or UNSUPPORTED. */
  check(host: WritableHost, output: string): void | Promise<void>;
  /** Takes it and sets it. Throws CONFLICT when the firmware does not let go of it, or does not take the level. */
  take(host: WritableHost, output: string, level: number): void | Promise<void>;
  /** Sets one that is held. Throws CONFLICT when it is not held any more, or the level does not read back. */
  set(host: WritableHost, output: string, level: number): void | Promise<void>;
  /** Gives it back as it was. */
  restore(host: WritableHost, output: string, was: Json): void | Promise<void>;
}
