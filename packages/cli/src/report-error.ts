import { ERROR_CODES, HecateError, messageOf } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';

/** An error as programs get it. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  /** What to do; null where nothing is known to help. */
  readonly hint: string | null;
}

const DEFECT = 'This is a defect of hecate. Set HECATE_DEBUG=1 to see where it happened.';

/** Whether a command line asks for JSON, also one that is wrong elsewhere. What comes after two dashes is another program's. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  return words.some((word, index) => word === '--format=json' || (word === 'json' && words[index - 1] === '--format'));
}

/** An error as one line of JSON: `{"error": …}`. */
export const encodeError = (error: ErrorReport): string => `${JSON.stringify({ error })}\n`;

/**
 * Tells the user about an error on standard error: one sentence what was wrong, one what to do; one line of JSON where the command line
 * asks for that. Returns the exit status.
 */
export function reportError(error: unknown): number {
  const known = error instanceof HecateError;
  const code = known ? error.code : 'FAILED';
  const message = messageOf(error);
  const hint = known ? (error.hint ?? null) : DEFECT;
  const text = `hecate: ${message}\n${hint === null ? '' : `        ${hint}\n`}`;
  process.stderr.write(wantsJson(process.argv) ? encodeError({ code, message, hint }) : text);
  if (process.env['HECATE_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return ERROR_CODES[code];
}
