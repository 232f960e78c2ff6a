import type { Unit } from './field.ts';

/**
 * One figure that is derived from two readings, declared once beside the function that derives it: `docs/metrics.md` is made from
 * this, and a test holds the two together. Declarations are functions, so that nothing of them is in memory where nobody asks.
 */
export interface RateField {
  /**
   * Where it is in the rates of its collector: `devices[].queue`; `[].growth` where the rates are a list. One field may stand for
   * everything below its path, where that is the same once more (`cores[]`).
   */
  readonly path: string;
  readonly unit: Unit;
  /** How it is computed. Δ is the later value less the earlier one; `elapsed` are the seconds between the two readings. */
  readonly formula: string;
  /** When it is null, or left out; absent when it never is. */
  readonly nullWhen?: string;
  /** The one system that has it; absent where every one may. */
  readonly platform?: 'darwin';
}

/** The growth of a counter per second: `readsPerSecond` of `reads`. */
export function perSecond(
  path: string,
  counter: string,
  unit: 'count/second' | 'bytes/second' = 'count/second',
  nullWhen: string = 'the counter is unknown or went back',
): RateField {
  return { path, unit, formula: `Δ ${counter} / elapsed`, nullWhen };
}

/** The growth per second of each of these counters, all alike: `reads` is the counter of `readsPerSecond`. */
export function eachPerSecond(prefix: string, counters: readonly string[], nullWhen?: string): RateField[] {
  return counters.map((counter) =>
    perSecond(`${prefix}${counter}PerSecond`, counter, /bytes/i.test(counter) ? 'bytes/second' : 'count/second', nullWhen),
  );
}
