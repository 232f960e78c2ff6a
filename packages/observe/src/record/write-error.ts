import { causeOf, errnoOf, HecateError } from '@hecate/host';
import type { ErrorCode } from '@hecate/host';

const ELSEWHERE = 'Choose another place with --data-dir.';
const FREE_SPACE = 'Free some space, or choose another place with --data-dir. What was already written is safe.';

const MEANINGS: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  ENOSPC: ['FAILED', 'cannot be written: the disk is full', FREE_SPACE],
  EDQUOT: ['FAILED', 'cannot be written: the disk quota of this user is used up', FREE_SPACE],
  EFBIG: ['FAILED', 'cannot be written: files may not grow that large here', ELSEWHERE],
  EIO: ['FAILED', 'cannot be written: the disk reports an error', 'Check the disk. What was already written is left as it is.'],
  EROFS: ['DENIED', 'cannot be written: the file system is read-only', ELSEWHERE],
  EACCES: ['DENIED', 'may not be written by this user', 'Change its owner or mode, or choose another place with --data-dir.'],
  EPERM: ['DENIED', 'may not be written by this user', 'Change its owner or attributes, or choose another place with --data-dir.'],
  ENOENT: ['UNAVAILABLE', 'does not exist', 'Create the directory again, or choose another place with --data-dir.'],
  ESTALE: ['UNAVAILABLE', 'is gone', 'Mount the file system again, or choose another place with --data-dir.'],
  ENOTDIR: ['INVALID', 'is not in a directory', ELSEWHERE],
  EEXIST: ['INVALID', 'is not a directory', ELSEWHERE],
  EISDIR: ['INVALID', 'is a directory, not a file', 'Move it away, or choose another place with --data-dir.'],
  ENAMETOOLONG: ['INVALID', 'has too long a name', ELSEWHERE],
  ELOOP: ['INVALID', 'is a symbolic link to itself', ELSEWHERE],
};

/** The path that a system error names, or null: errors of an open descriptor name none. */
export function pathOf(error: unknown): string | null {
  const named = error instanceof Error ? (error as NodeJS.ErrnoException).path : undefined;
  return typeof named === 'string' ? named : null;
}

/** What a failed write of `path` means to a user. An error that is a HecateError already stays as it is. */
export function writeError(error: unknown, path: string): HecateError {
  if (error instanceof HecateError) return error;
  const meaning = MEANINGS[errnoOf(error) ?? ''];
  if (!meaning) return new HecateError('FAILED', `${path} cannot be written: ${causeOf(error)}.`, { hint: ELSEWHERE, cause: error });
  const [code, sentence, hint] = meaning;
  return new HecateError(code, `${path} ${sentence}.`, { hint, cause: error });
}
