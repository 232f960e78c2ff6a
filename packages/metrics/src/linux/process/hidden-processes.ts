import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Mount options of proc that hide processes of other users (kernel: Documentation/filesystems/proc.rst, 4). */
const HIDING = new Set(['2', '4', 'invisible', 'ptraceable']);

/** The `hidepid` of the mount that is on top of /proc, as mountinfo writes it; null when it has none. */
export function parseHidepid(mountinfo: string): string | null {
  const mounts = mountinfo.split('\n').filter((line) => / \/proc [^-]*- proc /.test(line));
  return /(?:^|,)hidepid=(\w+)/.exec(mounts.at(-1)?.split(' ').at(-1) ?? '')?.[1] ?? null;
}

/** Why this user does not see the processes of others; null when it sees all of its pid namespace. */
export function whyProcessesAreHidden(host: Host): string | null {
  // Root may trace every process, and so sees every one.
  if (host.kind !== 'real' || process.geteuid?.() === 0) return null;
  try {
    const hidepid = parseHidepid(host.readText('/proc/self/mountinfo'));
    return hidepid !== null && HIDING.has(hidepid)
      ? `/proc is mounted with hidepid=${hidepid}: processes of other users are not in the table.`
      : null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}
