/** What a field of the protocol holds: nothing for what is not known. */
export const known = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;

/** A whole number that is not negative, of 64 bits. */
export const whole = (value: number): bigint => (value > 0 ? BigInt(Math.trunc(value)) : 0n);

/** The same; nothing for what is not known. */
export const wholeKnown = (value: number | null | undefined): bigint | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? whole(value) : undefined;
