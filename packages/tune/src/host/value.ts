import type { HostFacts } from './facts.ts';

/** One value of a knob. */
export type Scalar = string | number | boolean;

/** Units that a share can be written in. */
export const SHARE_UNITS = ['bytes', 'KiB', 'MiB', 'pages'] as const;

/** A part of what the machine has. */
export interface Share {
  /** 0 to 1. */
  readonly share: number;
  readonly of: 'memory';
  /** Bytes that it is at least and at most; null: no bound. */
  readonly least: number | null;
  readonly most: number | null;
  /** What the number is written in. */
  readonly unit: (typeof SHARE_UNITS)[number];
}

/** What a profile wants of a knob: one value, a list of preferences of which the machine offers the first, or a share. */
export type KnobValue = Scalar | readonly Scalar[] | Share;

/** Which way a number may be moved: `raise` never lowers what is there. */
export type Bound = 'raise' | 'lower';

const SIZES: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
const TIMES: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };
const RATES: Readonly<Record<string, number>> = { Kbit: 1e3, Mbit: 1e6, Gbit: 1e9, Tbit: 1e12 };

/** A number with a unit, in the base unit; null for anything else. */
function measure(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z]+)$/.exec(text) ?? [];
  const factor = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit];
  return factor === undefined ? null : Number(digits) * factor;
}

/** Bytes of `64MiB`, rounded down; null for anything else. */
export function parseSize(text: string): number | null {
  const bytes = measure(text, SIZES);
  return bytes === null || bytes > Number.MAX_SAFE_INTEGER ? null : Math.floor(bytes);
}

/** Seconds of `10us`; null for anything else. */
export function parseDuration(text: string): number | null {
  const nanoseconds = measure(text, TIMES);
  // Divided, not multiplied by 1e-9: 10us is then the same number as 10 / 1e6.
  return nanoseconds === null ? null : nanoseconds / 1e9;
}

/** Bits a second of `10Gbit`; null for anything else. */
export const parseBitRate = (text: string): number | null => measure(text, RATES);

/** Whether a value is a {@link Share}. */
export const isShare = (value: KnobValue | null): value is Share => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The preferences of a value, the first one first; empty for a share and for no value. */
export function preferencesOf(value: KnobValue | null): readonly Scalar[] {
  if (value === null || isShare(value)) return [];
  return typeof value === 'object' ? value : [value];
}

/** Bytes that a share of this machine's memory is, within its bounds. */
export function shareBytes({ share, least, most }: Share, { memory }: HostFacts): number {
  return Math.floor(Math.min(most ?? Number.POSITIVE_INFINITY, Math.max(least ?? 0, memory.total * share)));
}

/** A share of this machine in its unit, rounded down. */
export function shareNumber(share: Share, facts: HostFacts): number {
  const units = { bytes: 1, KiB: 2 ** 10, MiB: 2 ** 20, pages: Math.max(1, facts.memory.pageSize) };
  return Math.floor(shareBytes(share, facts) / units[share.unit]);
}

/** How the kernel's files have a value: true is 1. */
export const scalarText = (value: Scalar): string => (typeof value === 'boolean' ? (value ? '1' : '0') : String(value));

/**
 * What has to be written so that no number of `wanted` moves the wrong way; several numbers are judged one by one
 * (`4096 131072 6291456`). Null when they cannot be compared: one is no whole number, or there are more of them on one side.
 */
export function boundText(wanted: string, now: string, bound: Bound): string | null {
  const [to, from] = [wholeNumbers(wanted), wholeNumbers(now)];
  if (to === null || from === null || to.length !== from.length) return null;
  const better = (a: bigint, b: bigint): bigint => (a > b === (bound === 'raise') ? a : b);
  return to.map((number, index) => better(number, from[index]!)).join(' ');
}

// Limits that mean "none" are above what a double can tell apart (9223372036854775807).
function wholeNumbers(text: string): bigint[] | null {
  const words = text.trim().split(/\s+/);
  return words.every((word) => /^-?\d{1,20}$/.test(word)) ? words.map(BigInt) : null;
}
