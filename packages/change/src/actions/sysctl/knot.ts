import type { WritableHost } from '@hecate/host';
import { CONGESTION } from './congestion.ts';
import { PAIRS } from './pairs.ts';
import { FORWARDING } from './forwarding.ts';

/** Values by key. */
export type Values = Readonly<Record<string, string>>;

/** Sysctls that the kernel changes together: they are one thing, and their state holds all of them. */
export interface Knot {
  /** Those that an action may name. */
  readonly keys: readonly string[];
  read(host: WritableHost): Values;
  /** All values after `key` is written. */
  after(key: string, value: string, was: Values): Values;
  /** Brings all values into a state. */
  write(host: WritableHost, state: Values): void;
  /** Whether `now` is a state that writing `was` passes through, beside mixtures of the two. */
  isPassing?(now: Values, was: Values): boolean;
  /** Throws UNSUPPORTED when writing would change what the state does not hold. */
  check?(host: WritableHost): void;
}

const KNOTS: readonly Knot[] = [...PAIRS, ...FORWARDING, CONGESTION];

/** What a key is tied to, or null. */
export const knotOf = (key: string): Knot | null => KNOTS.find(({ keys }) => keys.includes(key)) ?? null;

/** Whether a state may be of a write that was cut short: each value is the old or the new one, or it is one on the way. */
export function isMixture(now: Values, wanted: Values, was: Values): boolean {
  const knot = knotOf(Object.keys(was)[0]!);
  return Object.keys(now).every((key) => now[key] === wanted[key] || now[key] === was[key]) || knot?.isPassing?.(now, was) === true;
}
