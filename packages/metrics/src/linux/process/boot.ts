import { uptime } from 'node:os';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Seconds since boot. A /proc of processes only (mounted with subset=pid) does not tell; the clock itself does, in whole seconds. */
function readUptime(host: Host): number {
  try {
    const seconds = Number.parseFloat(host.readText('/proc/uptime'));
    if (Number.isFinite(seconds)) return seconds;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return uptime();
}

/** When the machine booted, seconds since the epoch. To be taken once, so that start times do not jitter. */
export function readBootTime(host: Host): number {
  if (host.kind === 'real') {
    // CLOCK_BOOTTIME, to a hundredth; btime is whole seconds and moves with the wall clock.
    return host.clock.now() - readUptime(host);
  }
  const line = /^btime (\d+)/m.exec(host.readText('/proc/stat'));
  if (!line) throw new HecateError('FAILED', '/proc/stat does not say when the machine booted.');
  return Number(line[1]);
}

/** A limit of the kernel; null where it does not tell. */
export function readLimit(host: Host, path: string): number | null {
  try {
    const value = Number.parseInt(host.readText(path), 10);
    return Number.isNaN(value) ? null : value;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}
