import { hostname } from 'node:os';
import type { Host } from './host.ts';
import { isSameProcess, processStart } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** Seconds after which a lock that shows no sign of life counts as left behind, where its owner cannot be looked at. */
export const LOCK_PATIENCE = 30;

/** Who holds a lock: enough to know later whether that very process still lives. */
export interface LockOwner extends ProcessIdentity {
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
    started: processStart(host, process.pid),
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
  // Where the system cannot tell, the pid may be another process by now: the lock must be fresh too.
  return isSameProcess(host, owner) ?? fresh;
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

function readOr(read: () => string): string | null {
  try {
    return read();
  } catch {
    // No /proc here: null is the answer, and the callers have a rule for it.
    return null;
  }
}
