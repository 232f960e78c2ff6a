import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { causeOf, errnoOf, HecateError } from '@hecate/host';

const HINT = 'Give another file with --output.';

/** What a failed write of a report means to a user: the same as for parquet, which observe writes. */
function outputError(file: string, error: unknown): HecateError {
  const details = { hint: HINT, cause: error };
  switch (errnoOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new HecateError('DENIED', `${file} may not be written by this user.`, details);
    case 'ENOENT':
    case 'ENOTDIR':
      return new HecateError('INVALID', `The directory of ${file} does not exist.`, details);
    case 'EISDIR':
      return new HecateError('INVALID', `${file} is a directory.`, details);
    case 'ENOSPC':
    case 'EDQUOT':
      return new HecateError('FAILED', `${file} could not be written: the disk is full.`, details);
    default:
      return new HecateError('FAILED', `${file} could not be written: ${causeOf(error)}.`, details);
  }
}

/** What lies there, over links; undefined when nothing does. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw outputError(file, error);
  }
}

/** Throws INVALID for a place that is there and is no file: a device or a pipe, whose place a file shall not take. */
export function refuseNoFile(file: string): void {
  const found = statOf(file);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw new HecateError('INVALID', `${file} is no file.`, { hint: HINT });
}

/**
 * Writes a file whole or not at all, where a link leads. A device or a pipe is written to as it is. Throws DENIED, INVALID or FAILED
 * with what was wrong; then nothing is left behind.
 */
export function writeOutput(file: string, content: string | Uint8Array): void {
  const found = statOf(file);
  const isFile = found === undefined || found.isFile();
  let part: string | null = null;
  try {
    const target = found === undefined ? file : realpathSync(file);
    if (!isFile) return writeFileSync(target, content);
    part = `${target}.${process.pid}.part`;
    writeFileSync(part, content);
    renameSync(part, target);
  } catch (error) {
    if (part !== null) rmSync(part, { force: true });
    throw outputError(file, error);
  }
}
