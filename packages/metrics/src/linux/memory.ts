import { memoryGroups } from '../domain/memory.ts';
import type { MemoryLine, MemoryReading } from '../domain/memory.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { HecateError } from '@hecate/host';
import { ARCSTATS, createArcReader } from './memory/arc.ts';
import type { ArcSizes } from './memory/arc.ts';
import { parseMemoryLines } from './memory/lines.ts';

/** Names that a line of the file has as a property of the reading. */
const PROPERTIES: Readonly<Record<string, string>> = {
  MemTotal: 'total',
  MemFree: 'free',
  MemAvailable: 'available',
  Buffers: 'buffers',
  Cached: 'cached',
  Shmem: 'shared',
  SReclaimable: 'slabReclaimable',
  SUnreclaim: 'slabUnreclaimable',
  Active: 'active',
  Inactive: 'inactive',
  Dirty: 'dirty',
  Writeback: 'writeback',
  AnonPages: 'anonymous',
  Mapped: 'mapped',
  PageTables: 'pageTables',
  KernelStack: 'kernelStack',
  Committed_AS: 'committed',
  CommitLimit: 'commitLimit',
  SwapTotal: 'swapTotal',
  SwapFree: 'swapFree',
  SwapCached: 'swapCached',
};

/**
 * /proc/meminfo. `arc` is what the ZFS cache holds and can give back, bytes; null without ZFS.
 * `names` are those that the lines had last time. Throws FAILED when no line parses.
 */
export function parseMeminfo(cursor: ByteCursor, arc: ArcSizes | null = null, names: string[] = []): MemoryReading {
  const known: Record<string, number> = {};
  const see = (raw: string, { value, bytes }: MemoryLine): void => {
    const property = PROPERTIES[raw];
    if (property !== undefined && bytes) known[property] = value;
  };
  const lines = parseMemoryLines(cursor, 0, see, names);
  if (lines.length === 0) throw new HecateError('FAILED', '/proc/meminfo has no line that can be read.');
  return deriveMemory(known, lines, arc);
}

/**
 * Adds what is computed: `available` where the kernel has none (or says 0, a known bug), `used`, `swapUsed`.
 * The kernel does not know that ZFS gives its cache back: what of it is above its smallest size is available too.
 */
function deriveMemory(known: Readonly<Record<string, number>>, lines: readonly MemoryLine[], arc: ArcSizes | null): MemoryReading {
  const get = (key: string): number | null => known[key] ?? null;
  const total = get('total');
  const free = get('free');
  let available = get('available');
  if (!available && free !== null) {
    // What the kernel's own estimate was before MemAvailable (3.14): free and what can be given back.
    available = free + (get('buffers') ?? 0) + (get('cached') ?? 0) + (get('slabReclaimable') ?? 0) - (get('shared') ?? 0);
  }
  const zfsCacheReclaimable = arc && Math.max(0, arc.size - arc.smallest);
  if (available !== null) available += zfsCacheReclaimable ?? 0;
  // LXC can show more available than there is in all.
  if (available !== null && total !== null) available = Math.min(Math.max(available, 0), total);
  const swapTotal = get('swapTotal');
  const swapFree = get('swapFree');
  return {
    total,
    free,
    available,
    used: total !== null && available !== null ? total - available : null,
    buffers: get('buffers'),
    cached: get('cached'),
    shared: get('shared'),
    slabReclaimable: get('slabReclaimable'),
    slabUnreclaimable: get('slabUnreclaimable'),
    active: get('active'),
    inactive: get('inactive'),
    dirty: get('dirty'),
    writeback: get('writeback'),
    anonymous: get('anonymous'),
    mapped: get('mapped'),
    pageTables: get('pageTables'),
    kernelStack: get('kernelStack'),
    committed: get('committed'),
    commitLimit: get('commitLimit'),
    swapTotal,
    swapFree,
    swapCached: get('swapCached'),
    swapUsed: swapTotal !== null && swapFree !== null ? Math.max(0, swapTotal - swapFree) : null,
    zfsCache: arc && arc.size,
    zfsCacheReclaimable,
    lines,
  };
}

/** Memory and swap. */
export const memory: Collector<'memory', MemoryReading> = {
  name: 'memory',
  lane: 'fast',
  sources: ['/proc/meminfo', ARCSTATS],
  remedy: 'Mount /proc.',
  groups: memoryGroups,
  open(host) {
    const file = host.keep('/proc/meminfo');
    const arc = createArcReader(host);
    const cursor = new ByteCursor();
    const names: string[] = [];
    return {
      read(gaps) {
        const sizes = arc.read(gaps);
        return parseMeminfo(cursor.reset(file.readOnce()), sizes, names);
      },
      close() {
        file.close();
        arc.close();
      },
    };
  },
};
