import { ownTask } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';

const tasks = new WeakMap<Darwin, number>();

/**
 * Calls `use` with the port of the machine, and our own task's. `mach_host_self` gives a reference to the port each time: it goes back
 * when `use` ends.
 */
export function withHostPort<Result>(darwin: Darwin, use: (host: number, task: number) => Result): Result {
  let task = tasks.get(darwin);
  if (task === undefined) tasks.set(darwin, (task = ownTask(darwin.libraries)));
  const host = darwin.libsystem.mach_host_self();
  try {
    return use(host, task);
  } finally {
    darwin.libsystem.mach_port_deallocate(task, host);
  }
}
