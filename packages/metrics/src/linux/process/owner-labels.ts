import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { readOwnerPath } from '../cgroup/membership.ts';
import { parseCgroupPath } from '../cgroup/owner.ts';

/** What the control group of a process tells about whom it belongs to. */
export interface OwnerLabels {
  readonly cgroup: string | null;
  readonly unit: string | null;
  readonly slice: string | null;
  readonly container: string | null;
}

/** Where it cannot be read. */
export const NO_OWNER: OwnerLabels = { cgroup: null, unit: null, slice: null, container: null };

/** Files that are remembered; past that many all are forgotten, so that a machine that makes groups without end costs no memory. */
const MOST_KNOWN = 1000;

/** Looks up owners of processes. Most share their groups with others: each different file is taken apart once. */
export function openOwnerLabels(host: Host): (pid: number) => OwnerLabels {
  const known = new Map<string, OwnerLabels>();
  return (pid) => {
    try {
      const source = host.read(`/proc/${pid}/cgroup`);
      const text = source.buffer.toString('latin1', 0, source.length);
      let labels = known.get(text);
      if (!labels) {
        const path = readOwnerPath(source);
        const { unit, slice, container } = parseCgroupPath(path);
        labels = { cgroup: path, unit, slice, container: container?.id ?? null };
        if (known.size >= MOST_KNOWN) known.clear();
        known.set(text, labels);
      }
      return labels;
    } catch (error) {
      if (errnoOf(error) === undefined && !(error instanceof HecateError)) throw error;
      return NO_OWNER;
    }
  };
}
