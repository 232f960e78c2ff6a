import { errnoOf, sentenceOf } from '@hecate/host';
import type { KeptFile } from '@hecate/host';
import { gapReasonOf } from '../../model/gap.ts';
import type { GapReason } from '../../model/gap.ts';

/** One attribute file of a device, and what it said last. */
export interface DeviceFile {
  readonly path: string;
  /** A number, or text without the line's end. */
  readonly form: 'number' | 'text';
  /** Whether it is read every time; others are settings, which hardly ever change. */
  readonly live: boolean;
  readonly kept: KeptFile | null;
  /** Null: not read yet, failed, or not a number. */
  value: number | string | null;
  /** What the last read threw; null when it did not. */
  error: unknown;
  /** Reads in a row that failed. */
  failures: number;
  /** Reads to sit out before the next try. */
  pause: number;
  isRead: boolean;
}

/** A file that was not read yet. */
export function deviceFile(path: string, form: DeviceFile['form'], live: boolean, kept: KeptFile | null = null): DeviceFile {
  return { path, form, live, kept, value: null, error: null, failures: 0, pause: 0, isRead: false };
}

/** A setting is read anew at every so many reads: five minutes on the slow lane. */
const SETTING_EVERY = 30;

/** No file sits out more reads than this: about five minutes on the slow lane. */
const LONGEST_PAUSE = 31;

/** Whether a file's turn has come at the read with this number, counted from 0. One that sits out comes a read closer. */
export function isDue(file: DeviceFile, read: number): boolean {
  if (file.pause > 0) {
    file.pause--;
    return false;
  }
  return file.live || !file.isRead || read % SETTING_EVERY === 0;
}

const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const SPACE = 32;

/** A decimal number at the start of an attribute, whole or with a fraction, with nothing but white space after it; null for anything else. */
export function parseDeviceNumber(bytes: Uint8Array, length: number): number | null {
  let at = 0;
  const negative = bytes[0] === MINUS && length > 0;
  if (negative) at++;
  let value = 0;
  let digits = 0;
  let scale = 1;
  let fraction = false;
  for (; at < length; at++) {
    const byte = bytes[at]!;
    if (byte === DOT && !fraction && digits > 0) {
      fraction = true;
      continue;
    }
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (fraction) scale *= 10;
    digits++;
  }
  if (digits === 0 || digits > 22) return null;
  for (; at < length; at++) if (bytes[at]! > SPACE) return null;
  return (negative ? -value : value) / scale;
}

/** Takes what a read gave. */
export function accept(file: DeviceFile, bytes: Buffer, length: number): void {
  file.value = file.form === 'number' ? parseDeviceNumber(bytes, length) : parseDeviceText(bytes, length, file.value);
  file.error = null;
  file.failures = 0;
  file.pause = 0;
  file.isRead = true;
}

/** The first line as text, invalid bytes replaced, white space around it left out; the known text itself when it is that. */
function parseDeviceText(bytes: Buffer, length: number, known: number | string | null): string {
  const newline = bytes.indexOf(10);
  const text = bytes.toString('utf8', 0, newline < 0 || newline > length ? length : newline).trim();
  return text === known ? known : text;
}

/** Takes what a read threw: the value is gone, and the file sits out twice as many reads as after the last failure. */
export function reject(file: DeviceFile, error: unknown): void {
  file.value = null;
  file.error = error;
  file.failures++;
  file.isRead = true;
  // A file that this user may not read, and one that is none, will not change its mind soon.
  const hopeless = ['EACCES', 'EPERM', 'EISDIR'].includes(errnoOf(error) ?? '');
  file.pause = hopeless ? LONGEST_PAUSE : Math.min(LONGEST_PAUSE, 2 ** Math.min(8, file.failures - 1) - 1);
}

/** What drivers answer when there is nothing to measure now: disabled, asleep, or asked too early. */
const NOTHING_NOW = new Set(['ENODATA', 'EAGAIN', 'EINVAL']);

/** Why a file has no value, for a gap. */
export function failureOf(file: DeviceFile): { readonly reason: GapReason; readonly detail: string } {
  if (file.error === null) return { reason: 'error', detail: `${file.path} holds no number.` };
  const code = errnoOf(file.error) ?? '';
  if (NOTHING_NOW.has(code)) return { reason: 'absent', detail: `The driver has no value now (${code}).` };
  return { reason: gapReasonOf(file.error), detail: sentenceOf(file.error, file.path) };
}
