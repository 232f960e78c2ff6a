import { getSystemErrorMap } from 'node:util';

/**
 * The codes an error can have, each with the exit status that the command line ends with.
 * `docs/errors.md` explains them to users.
 */
export const ERROR_CODES = {
  /** Something went wrong that no other code names. */
  FAILED: 1,
  /** The caller's input is wrong: an option, a date, a file's content. */
  INVALID: 2,
  /** This platform, kernel or hardware cannot do it. */
  UNSUPPORTED: 3,
  /** A server, program or file that is needed is not there now. */
  UNAVAILABLE: 4,
  /** The user may not do it. */
  DENIED: 5,
  /** Another process or setting stands in the way. */
  CONFLICT: 6,
  /** A change was undone. */
  ROLLED_BACK: 7,
} as const;

/** One of the keys of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What goes with an error beside its sentence. */
export interface ErrorDetails {
  /** One sentence saying what the user can do about it. */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** An error that a user can read: `message` says what was wrong, `hint` what to do. */
export class HecateError extends Error {
  override readonly name = 'HecateError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}

/** The operating system's name of an error (`ENOENT`), or undefined when it is not one of its errors. */
export function errnoOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Whether an error says that something did not answer in time: a program at its limit, the system's ETIMEDOUT. */
export function isTimeout(error: unknown): boolean {
  return errnoOf(error) === 'ETIMEDOUT' || (error instanceof HecateError && errnoOf(error.cause) === 'ETIMEDOUT');
}

/** What to tell a user about any thrown value: its own message, never a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Puts the path that was asked for into an error of the operating system: reads of a descriptor name none, rooted hosts another one. */
export function namePath(error: unknown, path: string): void {
  if (errnoOf(error) !== undefined) (error as NodeJS.ErrnoException).path = path;
}

/** Words for what the library of Node abbreviates. */
const WORDS: Readonly<Record<string, string>> = { EIO: 'input/output error' };

/** What an error of the operating system says, as a part of a sentence: `no space left on device (ENOSPC)`. Else its message. */
export function causeOf(error: unknown): string {
  const code = errnoOf(error);
  if (code === undefined) return messageOf(error);
  let words = WORDS[code];
  if (words === undefined) for (const [name, text] of getSystemErrorMap().values()) if (name === code) words = text;
  return words === undefined ? messageOf(error) : `${words} (${code})`;
}

/**
 * What to tell a user about something that could not be read: one sentence. `path` is named where the error knows another one, or none.
 * An error of the operating system names its system call; the message of any other was written for people.
 */
export function sentenceOf(error: unknown, path?: string): string {
  const code = errnoOf(error);
  const { path: own, syscall } = (code === undefined ? {} : error) as NodeJS.ErrnoException;
  if (syscall === undefined) return messageOf(error);
  const place = path ?? own;
  if (place === undefined) return `The system call ${syscall} failed: ${causeOf(error)}.`;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `There is no ${place}.`;
  if (code === 'EACCES' || code === 'EPERM') return `${place} may not be read by this user.`;
  return `${place}: ${causeOf(error)}.`;
}
