import { errnoOf, HecateError } from '@hecate/host';
import { quote } from './raw-action.ts';

/** What is not there, by its name. */
export const missing = (name: string, cause?: unknown): HecateError =>
  new HecateError('UNAVAILABLE', `This machine has no ${name}.`, { cause });

/** A value that the kernel does not take. */
export const refused = (name: string, value: unknown, cause: unknown): HecateError =>
  new HecateError('INVALID', `The kernel refuses ${quote(value)} for ${name}.`, { cause });

/** ENOTSUPP of the kernel's linux/errno.h is not meant for programs, so Node has no name for it; some drivers answer with it all the same. */
const KERNEL_ENOTSUPP = -524;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && (error as NodeJS.ErrnoException).errno === KERNEL_ENOTSUPP ? 'ENOTSUP' : errnoOf(error);

/** What an error of reading `name` means to a user. */
export function readError(error: unknown, name: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
    case 'ENXIO':
      return missing(name, error);
    case 'EACCES':
    case 'EPERM':
      return new HecateError('DENIED', `${name} may not be read by this user.`, { hint: 'Run it as root.', cause: error });
    case 'EINVAL':
    case 'EIO':
    case 'ENODATA':
    case 'EOPNOTSUPP':
    case 'ENOTSUP':
      return new HecateError('UNSUPPORTED', `${name} has no value on this machine (${codeOf(error)}).`, { cause: error });
    default:
      return error;
  }
}

/** What an error of writing `name` means to a user; without `value`, of looking whether it can be written. */
export function writeError(error: unknown, name: string, value?: string): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return new HecateError('DENIED', `${name} may not be written by this user, or in this container.`, {
        hint: 'Run it as root.',
        cause: error,
      });
    case 'EROFS':
      return new HecateError('DENIED', `${name} lies on a file system that is mounted read only.`, {
        hint: 'In a container the host has to change it.',
        cause: error,
      });
    case 'EINVAL':
    case 'ERANGE':
    case 'EOVERFLOW':
    case 'E2BIG':
      return refused(name, value, error);
    case 'EBUSY':
      return new HecateError('CONFLICT', `${name} cannot be changed while it is in use.`, { cause: error });
    case 'EIO':
    case 'EOPNOTSUPP':
    case 'ENOTSUP':
      return new HecateError('UNSUPPORTED', `${name} cannot be changed on this machine (${codeOf(error)}).`, { cause: error });
    default:
      return readError(error, name);
  }
}
