import { encodeTimestamp } from '../day/day-file.ts';

/** The parts of a timestamp that stay the same for a minute. */
export interface MinuteStamp {
  /** `2026-11-21`. */
  readonly day: string;
  /** `2026-11-21T14:05:`, as ASCII. */
  readonly prefix: Buffer;
  /** `+01:00`, as ASCII. */
  readonly zone: Buffer;
}

/**
 * Answers the stamp of a moment (milliseconds since the epoch) and keeps it for its minute: asking the
 * time zone for every row costs more than all else in it. Offsets from UTC change only between minutes.
 */
export function createMinuteStamps(): (milliseconds: number) => MinuteStamp {
  let known = Number.NaN;
  let stamp: MinuteStamp;
  return (milliseconds) => {
    const minute = Math.floor(milliseconds / 60_000);
    if (minute !== known) {
      const text = encodeTimestamp(minute * 60);
      stamp = { day: text.slice(0, 10), prefix: Buffer.from(text.slice(0, 17)), zone: Buffer.from(text.slice(23)) };
      known = minute;
    }
    return stamp;
  };
}

const COMMA = 44;
const DOT = 46;
const MINUS = 45;
const ZERO = 48;
const NEWLINE = 10;
const SCALES = Array.from({ length: 10 }, (_, decimals) => 10 ** decimals);

/** Turns rows into the bytes of a day file. The bytes are valid until the next `reset`. */
export interface RowEncoder {
  /** The rows so far; only the first `length` bytes count. */
  readonly bytes: Buffer;
  readonly length: number;
  /** Forgets all rows. */
  reset(): void;
  /**
   * Adds a row. `layout` names, for each column of the file, the index in `values` (from `start` on), or -1 for an empty cell.
   * NaN and infinities are empty cells. Numbers have at most the column's decimals, no exponent, no trailing zeros, no `-0`.
   */
  add(milliseconds: number, values: Float64Array, start: number, layout: ArrayLike<number>): void;
}

/**
 * An encoder for columns with these `decimals` (0 to 9 each). It writes digits straight into one buffer:
 * a string per cell would cost three times as much, and the recorder runs on every machine all day.
 */
export function createRowEncoder(
  decimals: readonly number[],
  stampOf: (milliseconds: number) => MinuteStamp = createMinuteStamps(),
): RowEncoder {
  const places = Uint8Array.from(decimals);
  const scales = Float64Array.from(decimals, (count) => SCALES[count]!);
  let bytes = Buffer.allocUnsafeSlow(32_768);
  let at = 0;

  const reserve = (size: number): void => {
    if (at + size <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, at + size));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  };

  /** Exactly `width` digits of a number below 10^9. */
  const digits = (value: number, width: number): void => {
    let rest = value | 0;
    for (let i = at + width - 1; i >= at; i--) {
      const tenth = (rest / 10) | 0;
      bytes[i] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    at += width;
  };

  const whole = (value: number): void => {
    if (value >= 1e9) {
      const billions = Math.floor(value / 1e9);
      whole(billions);
      digits(value - billions * 1e9, 9);
      return;
    }
    let width = 1;
    for (let limit = 10; value >= limit; limit *= 10) width++;
    digits(value, width);
  };

  const cell = (value: number, column: number): void => {
    const size = Math.abs(value);
    if (!(size < Infinity)) return;
    const scale = scales[column]!;
    const scaled = Math.round(size * scale);
    if (scaled === 0) {
      bytes[at++] = ZERO;
      return;
    }
    if (value < 0) bytes[at++] = MINUS;
    if (scaled > Number.MAX_SAFE_INTEGER) {
      // So large that a double holds no more decimals than these.
      const text = size >= 2 ** 53 ? BigInt(size).toString() : trimmed(size.toFixed(places[column]));
      reserve(text.length + 64);
      at += bytes.write(text, at, 'latin1');
      return;
    }
    const integer = scale === 1 ? scaled : Math.floor(scaled / scale);
    whole(integer);
    let fraction = scaled - integer * scale;
    if (fraction === 0) return;
    let width = places[column]!;
    while (fraction % 10 === 0) {
      fraction /= 10;
      width--;
    }
    bytes[at++] = DOT;
    digits(fraction, width);
  };

  return {
    get bytes() {
      return bytes;
    },
    get length() {
      return at;
    },
    reset() {
      at = 0;
    },
    add(milliseconds, values, start, layout) {
      reserve(64);
      const { prefix, zone } = stampOf(milliseconds);
      for (let i = 0; i < prefix.length; i++) bytes[at++] = prefix[i]!;
      const withinMinute = milliseconds - Math.floor(milliseconds / 60_000) * 60_000;
      const second = Math.floor(withinMinute / 1000);
      digits(second, 2);
      bytes[at++] = DOT;
      digits(withinMinute - second * 1000, 3);
      for (let i = 0; i < zone.length; i++) bytes[at++] = zone[i]!;
      for (let i = 0; i < layout.length; i++) {
        reserve(32);
        bytes[at++] = COMMA;
        const column = layout[i]!;
        if (column >= 0) cell(values[start + column]!, column);
      }
      bytes[at++] = NEWLINE;
    },
  };
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
