/** What came over the network, as far as it is what it should be: whoever answers may send anything. */
export type Unchecked = Readonly<Record<string, unknown>>;

/** A value as an object; one without properties when it is none. */
export function objectOf(value: unknown): Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unchecked) : {};
}

/** A value as a list; an empty one when it is none. Of longer ones the first `most` are taken. */
export function listOf(value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  return value.length > most ? value.slice(0, most) : (value as readonly unknown[]);
}

/** A value as a number; null when it is none. */
export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** A value as a number; NaN when it is none. */
export function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** Letters of a text that are kept. */
const LONGEST = 4096;

/** A value as a text; null when it is none. */
export function textOrNull(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return value.length > LONGEST ? value.slice(0, LONGEST) : value;
}
