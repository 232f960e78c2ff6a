import { ERROR_CODES, HecateError, messageOf } from '@hecate/host';

/** Tells the user about an error on standard error: one sentence what was wrong, one what to do. Returns the exit status. */
export function reportError(error: unknown): number {
  const known = error instanceof HecateError;
  const hint = known ? error.hint : 'This is a defect of hecate. Set HECATE_DEBUG=1 to see where it happened.';
  process.stderr.write(`hecate: ${messageOf(error)}\n${hint === undefined ? '' : `        ${hint}\n`}`);
  if (process.env['HECATE_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return known ? ERROR_CODES[error.code] : ERROR_CODES.FAILED;
}
