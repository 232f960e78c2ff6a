import { HecateError } from '@hecate/host';
import type { Bytes } from '@hecate/host';

const SPACE = 32;
const TAB = 9;
const NEWLINE = 10;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;

/**
 * Walks over the bytes of a kernel file without making strings. Numbers past 2^53 lose their last digits,
 * as every double does. A number that is not there is an error, never NaN.
 */
export class ByteCursor {
  /** What it walks over; valid as long as the source's bytes are. */
  bytes: Buffer = Buffer.alloc(0);
  /** Index after the last byte. */
  end = 0;
  /** Index of the next byte. */
  at = 0;

  /** Starts over on other bytes. */
  reset(source: Bytes): this {
    this.bytes = source.buffer;
    this.end = source.length;
    this.at = 0;
    return this;
  }

  /** Whether everything was read. */
  get done(): boolean {
    return this.at >= this.end;
  }

  /** The next byte, or -1 at the end. */
  peek(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  /** Skips spaces and tabs. */
  skipSpaces(): this {
    while (this.at < this.end) {
      const byte = this.bytes[this.at]!;
      if (byte !== SPACE && byte !== TAB) break;
      this.at++;
    }
    return this;
  }

  /** Whether the line ends here (spaces skipped). */
  get lineDone(): boolean {
    this.skipSpaces();
    return this.at >= this.end || this.bytes[this.at] === NEWLINE;
  }

  /** Whether a digit comes next (spaces skipped). */
  get numberNext(): boolean {
    const byte = this.skipSpaces().peek();
    return byte >= ZERO && byte <= ZERO + 9;
  }

  /** Goes to the start of the next line. */
  nextLine(): this {
    const newline = this.bytes.indexOf(NEWLINE, this.at);
    this.at = newline < 0 || newline >= this.end ? this.end : newline + 1;
    return this;
  }

  /** Whether the bytes here are this ASCII text; then it is consumed. */
  match(text: string): boolean {
    if (this.at + text.length > this.end) return false;
    for (let i = 0; i < text.length; i++) {
      if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false;
    }
    this.at += text.length;
    return true;
  }

  /** The next whole number, with sign, spaces skipped before. Throws FAILED when there is none. */
  integer(): number {
    this.skipSpaces();
    const start = this.at;
    const negative = this.peek() === MINUS;
    if (negative) this.at++;
    const digits = this.at;
    let value = 0;
    while (this.at < this.end) {
      const digit = this.bytes[this.at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.at++;
    }
    // More digits than any counter has: nonsense, and endless ones would be Infinity.
    if (this.at === digits || this.at - digits > 25) throw new HecateError('FAILED', `A number was expected at byte ${start}.`);
    return negative ? -value : value;
  }

  /**
   * The whole numbers from here to the end of the line, `most` at the most, into `into`; says how many there were.
   * One loop over the bytes, for lines of many numbers. Throws FAILED where anything else comes.
   */
  integers(into: number[], most: number): number {
    const { bytes, end } = this;
    let at = this.at;
    let count = 0;
    while (count < most) {
      while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
      if (at >= end || bytes[at] === NEWLINE) break;
      const start = at;
      let value = 0;
      for (; at < end; at++) {
        const digit = bytes[at]! - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (at === start || at - start > 25) {
        // A sign, or no number.
        this.at = start;
        value = this.integer();
        at = this.at;
      }
      into[count++] = value;
    }
    this.at = at;
    return count;
  }

  /** The next decimal number (`0.45`), spaces skipped before. Throws FAILED when there is none. */
  decimal(): number {
    this.skipSpaces();
    const negative = this.peek() === MINUS;
    const whole = this.integer();
    if (this.peek() !== DOT) return whole;
    this.at++;
    const start = this.at;
    const fraction = this.at < this.end && this.bytes[this.at]! >= ZERO && this.bytes[this.at]! <= ZERO + 9 ? this.integer() : 0;
    // One division: 1.68 stays 1.68, where 1 + 0.68 would be 1.6800000000000002.
    const scale = 10 ** (this.at - start);
    const value = (Math.abs(whole) * scale + fraction) / scale;
    return negative ? -value : value;
  }

  /** The next run of bytes up to a space, tab or newline, as UTF-8 text; empty at the end of a line. */
  word(): string {
    this.skipSpaces();
    const start = this.at;
    while (this.at < this.end) {
      const byte = this.bytes[this.at]!;
      if (byte === SPACE || byte === TAB || byte === NEWLINE) break;
      this.at++;
    }
    return this.text(start, this.at);
  }

  /** The next word like {@link word}; `known` itself when the bytes are the same ASCII text, so that no string is made. */
  wordAs(known: string | undefined): string {
    this.skipSpaces();
    const start = this.at;
    if (known && this.match(known)) {
      const next = this.peek();
      if (next === SPACE || next === TAB || next === NEWLINE || next === -1) return known;
      this.at = start;
    }
    return this.word();
  }

  /** Skips `count` words. */
  skipWords(count: number): this {
    for (let i = 0; i < count; i++) {
      this.skipSpaces();
      while (this.at < this.end) {
        const byte = this.bytes[this.at]!;
        if (byte === SPACE || byte === TAB || byte === NEWLINE) break;
        this.at++;
      }
    }
    return this;
  }

  /** Index of the next `byte` from here, or -1. */
  find(byte: number): number {
    const found = this.bytes.indexOf(byte, this.at);
    return found >= this.end ? -1 : found;
  }

  /** Index of the last `byte` from here on, or -1. */
  findLast(byte: number): number {
    for (let i = this.end - 1; i >= this.at; i--) if (this.bytes[i] === byte) return i;
    return -1;
  }

  /** The bytes between two indexes as UTF-8 text, invalid ones replaced. */
  text(start: number, end: number): string {
    return this.bytes.toString('utf8', start, end);
  }
}
