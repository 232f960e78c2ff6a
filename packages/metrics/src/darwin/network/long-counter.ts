const AROUND = 2 ** 32;
const LITTLE = 2 ** 16;

/**
 * Makes counters of 32 bits go on where the kernel's begin again. Each is known by its name, `key`; what it gives for it is the kernel's
 * number, and 2^32 more for each time that it began again since the first. What fell by less than half did not begin again:
 * the kernel took something back, and so does this.
 */
export function openLongCounters(): (key: string, now: number) => number {
  const known = new Map<string, { last: number; rounds: number }>();
  return (key, now) => {
    const counter = known.get(key) ?? { last: now, rounds: 0 };
    if (counter.last - now > AROUND / 2) counter.rounds++;
    // One that is made of others may go back a little, over the edge too.
    else if (now - counter.last > AROUND - LITTLE && counter.rounds > 0) counter.rounds--;
    counter.last = now;
    known.set(key, counter);
    return counter.rounds * AROUND + now;
  };
}

/** Counters by their names, made to go on by `long`; what is not counted stays null. `part` tells them from others of the same names. */
export function longCounts<Counts extends object>(counts: Counts, part: string, long: (key: string, now: number) => number): Counts {
  const whole = Object.entries(counts).map(([name, count]: [string, number | null]) => [
    name,
    count === null ? null : long(`${part} ${name}`, count),
  ]);
  return Object.fromEntries(whole) as Counts;
}

/** A difference, or a sum, of counters of 32 bits, as one of 32 bits. */
export const aroundOf = (value: number): number => ((value % AROUND) + AROUND) % AROUND;
