import type { Host } from './host.ts';

/** A process by more than its pid, which the kernel gives to another one later. It holds until the next boot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot; null where the system does not say. */
  readonly started: string | null;
}

/**
 * When a process of the machine we run on started, in ticks since boot (field 22 of /proc/PID/stat, proc(5)).
 * Null when the system does not say, and when the process is gone or has ended and only waits to be collected.
 */
export function processStart(host: Host, pid: number): string | null {
  const seen = look(host, pid);
  return seen === null || seen.ended ? null : seen.started;
}

/**
 * Whether this very process still runs on the machine we run on.
 * Null when its pid exists and the system does not say since when (macOS, hidden processes): it may be another one by now.
 */
export function isSameProcess(host: Host, { pid, started }: ProcessIdentity): boolean | null {
  if (!processExists(pid)) return false;
  const seen = started === null ? null : look(host, pid);
  return seen === null ? null : !seen.ended && seen.started === started;
}

interface Sight {
  readonly started: string;
  /** It has ended; its parent has not asked how. */
  readonly ended: boolean;
}

function look(host: Host, pid: number): Sight | null {
  let stat: string;
  try {
    stat = host.readText(`/proc/${pid}/stat`);
  } catch {
    // No /proc here, or the process is hidden or gone: null is the answer, and the callers have a rule for it.
    return null;
  }
  // The name in parentheses may hold spaces and parentheses: fields count from the last one (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const started = fields[19];
  return started === undefined ? null : { started, ended: fields[0] === 'Z' || fields[0] === 'X' };
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
