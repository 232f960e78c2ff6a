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

/** What to tell a user about any thrown value: its own message, never a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
