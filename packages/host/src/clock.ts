/** The clocks of a machine. A recorded machine has a standing one. */
export interface Clock {
  /** Wall-clock time, seconds since the epoch. Steps when the clock is set. */
  now(): number;
  /** Seconds on a clock that never steps; its zero means nothing. Rates divide by its differences. */
  monotonic(): number;
  /** True for the clock of a machine that was recorded: whoever waited for it would wait for ever. */
  readonly stands?: true;
}

/** The clocks of the running machine. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  monotonic: () => performance.now() / 1000,
};

/** A clock that stands still at `time` (seconds since the epoch), for a machine that was recorded. */
export function standingClock(time: number): Clock {
  return { now: () => time, monotonic: () => 0, stands: true };
}
