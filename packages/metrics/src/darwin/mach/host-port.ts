import { HecateError } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { LIBSYSTEM_PATH } from '../binding/libsystem.ts';

const tasks = new WeakMap<Darwin, number>();

/** The port of our own task: the variable that the C macro `mach_task_self()` reads. Throws UNSUPPORTED when there is none. */
export function ownTask({ libraries }: Darwin): number {
  const address = libraries.load(LIBSYSTEM_PATH)?.address('mach_task_self_') ?? null;
  if (address === null) throw new HecateError('UNSUPPORTED', `The ${LIBSYSTEM_PATH} of this system has no mach_task_self_.`);
  return libraries.copy(address, 4).readUInt32LE(0);
}

/**
 * Calls `use` with the port of the machine, and our own task's. `mach_host_self` gives a reference to the port each time: it goes back
 * when `use` ends.
 */
export function withHostPort<Result>(darwin: Darwin, use: (host: number, task: number) => Result): Result {
  let task = tasks.get(darwin);
  if (task === undefined) tasks.set(darwin, (task = ownTask(darwin)));
  const host = darwin.libsystem.mach_host_self();
  try {
    return use(host, task);
  } finally {
    darwin.libsystem.mach_port_deallocate(task, host);
  }
}
