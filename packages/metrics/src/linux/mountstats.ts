import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { mountstatsGroups } from '../domain/mountstats.ts';
import type { MountstatsReading } from '../domain/mountstats.ts';
import type { Collector } from '../model/collector.ts';
import { parseMountstats, parseServerAddresses } from './storage/mountstats.ts';

/** The text of a file that may not be there. */
function readOptional(host: Host, path: string): string | null {
  try {
    return host.readText(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whether the kernel has NFS at all: it is a module, and most machines never load it. */
function hasNfs(host: Host): boolean {
  return readOptional(host, '/proc/net/rpc/nfs') !== null;
}

/** What the kernel counts of each NFS mount: operations, times, transports. Nothing here asks a server. */
export const mountstats: Collector<'mountstats', readonly MountstatsReading[]> = {
  name: 'mountstats',
  lane: 'slow',
  sources: ['/proc/self/mountstats', '/proc/self/mountinfo'],
  remedy: 'Mount /proc.',
  groups: mountstatsGroups,
  open: (host) => ({
    *read() {
      // The file has a line for every mount of the machine, and is long where there are containers.
      if (!hasNfs(host)) return [];
      yield;
      const mounts = parseMountstats(readOptional(host, '/proc/self/mountstats') ?? '');
      if (mounts.length === 0) return [];
      yield;
      const addresses = parseServerAddresses(readOptional(host, '/proc/self/mountinfo') ?? '');
      // Both are made from the same list; one that changed in between says nothing of addresses.
      const isSame = addresses.length === mounts.length;
      return mounts.map((mount, index) => ({ ...mount, address: isSame ? (addresses[index] ?? null) : null }));
    },
    close: () => {},
  }),
};
