import { HecateError } from './error.ts';
import type { NativeLibraries } from './native-library.ts';

/** The C library, the system calls and Mach of macOS. */
export const LIBSYSTEM_PATH = '/usr/lib/libSystem.B.dylib';
/** The I/O registry, its services, and power sources. */
export const IOKIT_PATH = '/System/Library/Frameworks/IOKit.framework/IOKit';

/** The port of our own task: the variable that the C macro `mach_task_self()` reads. Throws UNSUPPORTED when there is none. */
export function ownTask(libraries: NativeLibraries): number {
  const address = libraries.load(LIBSYSTEM_PATH)?.address('mach_task_self_') ?? null;
  if (address === null) throw new HecateError('UNSUPPORTED', `The ${LIBSYSTEM_PATH} of this system has no mach_task_self_.`);
  return libraries.copy(address, 4).readUInt32LE(0);
}
