import { APPLE } from '../apple-numbers.ts';

/** Names of the errnos that are told apart. Darwin's numbers are not those of Linux from 11 on. */
const NAMES: Readonly<Record<number, string>> = {
  [APPLE.EPERM]: 'EPERM',
  [APPLE.ENOENT]: 'ENOENT',
  [APPLE.ESRCH]: 'ESRCH',
  [APPLE.ENOMEM]: 'ENOMEM',
  [APPLE.EACCES]: 'EACCES',
  [APPLE.EINVAL]: 'EINVAL',
  [APPLE.EIO]: 'EIO',
  [APPLE.ENOTSUP]: 'ENOTSUP',
};

/** An error of a system call as node:fs throws it: `code` is the errno's name, or `E` and its number. */
export function systemError(errno: number, call: string): NodeJS.ErrnoException {
  const code = NAMES[errno] ?? `E${errno}`;
  return Object.assign(new Error(`${code}: ${call}`), { errno: -errno, code, syscall: call });
}
