import { hostname } from 'node:os';
import type { Host } from '@hecate/host';

/** Seconds after which a lock that shows no sign of life counts as left behind, where its owner cannot be looked at. */
export const LOCK_PATIENCE = 30;

/** Who holds a lock: enough to know later whether that very process still lives. */
export interface LockOwner {
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot; null where the system does not say. With `pid` it names the process. */
  readonly started: string | null;
  /** Id of the running boot; null where the system has none. */
  readonly boot: string | null;
  /** The pid namespace: pids of another one mean other processes. Null where there are none. */
  readonly namespace: string | null;
  readonly hostname: string;
}

/** This process as the owner of a lock. */
export function describeSelf(host: Host): LockOwner {
  return {
    pid: process.pid,
    started: startOf(host, process.pid),
    boot: readOr(() => host.readText('/proc/sys/kernel/random/boot_id').trim()),
    namespace: readOr(() => host.readLink('/proc/self/ns/pid')),
    hostname: hostname(),
  };
}

/**
 * Whether the owner of a lock still lives; `age` is the lock's time since its last sign of life, in seconds.
 * - same boot, same pid namespace: the process table answers, exactly
 * - same machine name, another boot: the machine was started anew, the owner is gone
 * - anything else (a container, another machine that shares the directory): a lock that is not touched any more is free
 */
export function ownerLives(owner: LockOwner, self: LockOwner, host: Host, age: number): boolean {
  const fresh = age < LOCK_PATIENCE;
  const sameBoot = owner.boot === self.boot;
  if (!sameBoot && owner.boot !== null && self.boot !== null && owner.hostname === self.hostname) return false;
  if (!sameBoot || owner.namespace !== self.namespace || owner.hostname !== self.hostname) return fresh;
  if (!processExists(owner.pid)) return false;
  const started = owner.started === null ? null : startOf(host, owner.pid);
  // Without start times (macOS, hidden processes) the pid may be another process by now: the lock must be fresh too.
  return started === null ? fresh : started === owner.started;
}

/** The owner that a lock file names, or null when the text is none. */
export function parseLockOwner(text: string): LockOwner | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not written to its end yet, or damaged: the caller goes by its age.
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const owner = value as Record<string, unknown>;
  const textOrNull = (field: unknown): field is string | null => field === null || typeof field === 'string';
  const { pid, started, boot, namespace, hostname: name } = owner;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0 || typeof name !== 'string') return null;
  return textOrNull(started) && textOrNull(boot) && textOrNull(namespace) ? { pid, started, boot, namespace, hostname: name } : null;
}

/** Field 22 of /proc/PID/stat; null when there is none, `gone` when the process has ended and only waits to be collected. */
function startOf(host: Host, pid: number): string | null {
  const stat = readOr(() => host.readText(`/proc/${pid}/stat`));
  if (stat === null) return null;
  // The name in parentheses may hold spaces and parentheses: fields count from the last one (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : (fields[19] ?? null);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readOr(read: () => string): string | null {
  try {
    return read();
  } catch {
    // No /proc here, or the process is hidden or gone: null is the answer, and the callers have a rule for it.
    return null;
  }
}
