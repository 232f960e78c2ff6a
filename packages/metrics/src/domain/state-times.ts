/** A state that something is in now and then, as a core or a GPU is. */
interface TimedState {
  readonly state: string;
  /** Whether it works in it. */
  readonly active: boolean;
  /** Hertz; null for sleep, and where nobody tells. */
  readonly frequency: number | null;
}

/** Where the time between two readings went. */
export interface StateTimes {
  /** Share of the time in states in which it works, 0 to 1. */
  readonly active: number;
  /** Mean frequency in those states, weighed by time; null when it was in none of them, or in one whose frequency is unknown. */
  readonly frequency: number | null;
  /** Share of the time in each state, in the order of the states. */
  readonly shares: readonly number[];
}

/**
 * Where the time of something with states went between two readings, by the counters of its states. Null when they cannot be compared:
 * other states, a counter that went back, or no time at all.
 */
export function stateTimes<State extends TimedState>(
  before: readonly State[],
  after: readonly State[],
  timeIn: (state: State) => number,
): StateTimes | null {
  if (before.length !== after.length) return null;
  const grown: number[] = [];
  let [whole, busy, cycles, isKnown] = [0, 0, 0, true];
  for (const [index, one] of after.entries()) {
    const was = before[index]!;
    const time = timeIn(one) - timeIn(was);
    if (was.state !== one.state || time < 0) return null;
    grown.push(time);
    whole += time;
    if (!one.active) continue;
    busy += time;
    if (one.frequency !== null) cycles += time * one.frequency;
    else if (time > 0) isKnown = false;
  }
  if (whole <= 0) return null;
  return { active: busy / whole, frequency: busy > 0 && isKnown ? cycles / busy : null, shares: grown.map((time) => time / whole) };
}
