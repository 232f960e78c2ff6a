import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A control group that a test made for itself. */
export interface OwnCgroup {
  /** As the kernel log and /proc/PID/cgroup name it. */
  readonly name: string;
  readonly directory: string;
  write(file: string, value: string): void;
  /** All its processes must have ended. */
  remove(): void;
}

function createIn(hierarchy: string): OwnCgroup {
  const name = `/hecate-test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const directory = path.join(hierarchy, name);
  mkdirSync(directory);
  return {
    name,
    directory,
    write: (file, value) => writeFileSync(path.join(directory, file), value),
    remove: () => rmdirSync(directory),
  };
}

/** Makes a group whose processes may use so many bytes of memory, v1 or v2. Gives the reason as a text when none can be made. */
export function createMemoryCgroup(bytes: number): OwnCgroup | string {
  for (const [hierarchy, limit, swap] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max', 'memory.swap.max'],
  ] as const) {
    if (!existsSync(path.join(hierarchy, limit)) && !existsSync(path.join(hierarchy, 'cgroup.controllers'))) continue;
    try {
      const group = createIn(hierarchy);
      try {
        group.write(limit, String(bytes));
        if (existsSync(path.join(group.directory, swap))) group.write(swap, swap === 'memory.swap.max' ? '0' : String(bytes));
        return group;
      } catch (error) {
        group.remove();
        throw error;
      }
    } catch (error) {
      return `no memory control group can be made in ${hierarchy}: ${(error as Error).message}`;
    }
  }
  return 'no hierarchy of control groups for memory is mounted';
}

/** Makes a group that shows its pressure (v2). Gives the reason as a text when none can be made. */
export function createPressureCgroup(): OwnCgroup | string {
  const hierarchy = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((root) => existsSync(path.join(root, 'cgroup.controllers')));
  if (hierarchy === undefined) return 'no hierarchy of control groups of version 2 is mounted';
  try {
    const group = createIn(hierarchy);
    if (existsSync(path.join(group.directory, 'cpu.pressure'))) return group;
    group.remove();
    return 'control groups show no pressure here';
  } catch (error) {
    return `no control group can be made in ${hierarchy}: ${(error as Error).message}`;
  }
}
