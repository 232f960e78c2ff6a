import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ContainerInterface } from '../../domain/containers.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { USER_HZ } from '../cpu.ts';
import { parseNetDev } from '../network.ts';

/** Null for what a system says of a process that ended or may not be looked at; other errors are faults of ours. */
const nothing = (error: unknown): null => {
  if (errnoOf(error) === undefined) throw error;
  return null;
};

/** The first process of a group, or null when it has none of its own. Throws the operating system's error. */
export function firstMember(host: Host, directory: string): number | null {
  const cursor = new ByteCursor().reset(host.read(`${directory}/cgroup.procs`));
  // A process of another pid namespace is shown as 0.
  while (cursor.numberNext) {
    const pid = cursor.integer();
    if (pid > 0) return pid;
    cursor.nextLine();
  }
  return null;
}

/** When the machine booted, seconds since the epoch; null when it does not say. Taken once, so that start times stay. */
export function readBootTime(host: Host): number | null {
  try {
    const uptime = host.kind === 'real' ? Number.parseFloat(host.readText('/proc/uptime')) : Number.NaN;
    if (Number.isFinite(uptime)) return host.clock.now() - uptime;
    const seconds = /^btime (\d{1,15})$/m.exec(host.readText('/proc/stat'))?.[1];
    return seconds === undefined ? null : Number(seconds);
  } catch (error) {
    return nothing(error);
  }
}

/**
 * When a process started, seconds since boot: field 22 of /proc/PID/stat (proc_pid_stat(5)), counted after the last `)`,
 * which the name may hold. Null when the process is gone.
 */
export function readStartTime(host: Host, pid: number): number | null {
  try {
    const text = host.readText(`/proc/${pid}/stat`);
    const field = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
    return field !== undefined && /^\d{1,20}$/.test(field) ? Number(field) / USER_HZ : null;
  } catch (error) {
    return nothing(error);
  }
}

/**
 * The network namespace of a process, `net:[4026531840]`; null when the process is gone, and through `denied` when this user
 * may not look.
 */
export function networkNamespace(host: Host, pid: number | 'self', denied?: () => void): string | null {
  try {
    return host.readLink(`/proc/${pid}/ns/net`);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EACCES' || errno === 'EPERM') denied?.();
    return nothing(error);
  }
}

/**
 * The interfaces as a process sees them. The file is not kept open: it would hold the namespace of a container that ended.
 * Null when the process is gone. Throws FAILED on a malformed file.
 */
export function readInterfaces(host: Host, pid: number): ContainerInterface[] | null {
  let cursor: ByteCursor;
  try {
    cursor = new ByteCursor().reset(host.read(`/proc/${pid}/net/dev`));
  } catch (error) {
    return nothing(error);
  }
  return parseNetDev(cursor).map((row) => ({
    device: row.device,
    receiveBytes: row.receiveBytes,
    receivePackets: row.receivePackets,
    receiveErrors: row.receiveErrors,
    receiveDrops: row.receiveDrops,
    transmitBytes: row.transmitBytes,
    transmitPackets: row.transmitPackets,
    transmitErrors: row.transmitErrors,
    transmitDrops: row.transmitDrops,
  }));
}
