import { memoryGroups } from '../domain/memory.ts';
import type { MemoryLine, MemoryReading } from '../domain/memory.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { HecateError } from '@hecate/host';
import { ARCSTATS, createArcReader } from './memory/arc.ts';
import type { ArcSizes } from './memory/arc.ts';
import { createLineNames, parseMemoryLines } from './memory/lines.ts';

/** The lines that have a property of the reading of their own. */
const PROPERTIES = [
  ['total', 'MemTotal'],
  ['free', 'MemFree'],
  ['available', 'MemAvailable'],
  ['buffers', 'Buffers'],
  ['cached', 'Cached'],
  ['shared', 'Shmem'],
  ['slabReclaimable', 'SReclaimable'],
  ['slabUnreclaimable', 'SUnreclaim'],
  ['active', 'Active'],
  ['inactive', 'Inactive'],
  ['dirty', 'Dirty'],
  ['writeback', 'Writeback'],
  ['anonymous', 'AnonPages'],
  ['mapped', 'Mapped'],
  ['pageTables', 'PageTables'],
  ['kernelStack', 'KernelStack'],
  ['committed', 'Committed_AS'],
  ['commitLimit', 'CommitLimit'],
  ['swapTotal', 'SwapTotal'],
  ['swapFree', 'SwapFree'],
  ['swapCached', 'SwapCached'],
] as const;

type Property = (typeof PROPERTIES)[number][0];

/** Parses /proc/meminfo again and again: where each property's line is, is looked up only when the kernel's lines change. */
export function createMeminfoParser(): (cursor: ByteCursor, arc: ArcSizes | null) => MemoryReading {
  const names = createLineNames();
  const place = Object.fromEntries(PROPERTIES.map(([property]) => [property, -1])) as Record<Property, number>;
  let version = -1;
  const locate = (): void => {
    for (const [property, raw] of PROPERTIES) place[property] = names.raw.indexOf(raw);
    version = names.version;
  };
  return (cursor, arc) => {
    const lines = parseMemoryLines(cursor, 0, names);
    if (lines.length === 0) throw new HecateError('FAILED', '/proc/meminfo has no line that can be read.');
    if (version !== names.version) locate();
    return deriveMemory(lines, place, arc);
  };
}

/**
 * /proc/meminfo, once. `arc` is what the ZFS cache holds and can give back, bytes; null without ZFS.
 * Throws FAILED when no line parses.
 */
export const parseMeminfo = (cursor: ByteCursor, arc: ArcSizes | null = null): MemoryReading => createMeminfoParser()(cursor, arc);

/**
 * Adds what is computed: `available` where the kernel has none (or says 0, a known bug), `used`, `swapUsed`.
 * The kernel does not know that ZFS gives its cache back: what of it is above its smallest size is available too.
 */
function deriveMemory(lines: readonly MemoryLine[], place: Readonly<Record<Property, number>>, arc: ArcSizes | null): MemoryReading {
  const at = (index: number): number | null => {
    const line = index >= 0 && index < lines.length ? lines[index]! : null;
    return line?.bytes ? line.value : null;
  };
  const total = at(place.total);
  const free = at(place.free);
  const buffers = at(place.buffers);
  const cached = at(place.cached);
  const shared = at(place.shared);
  const slabReclaimable = at(place.slabReclaimable);
  let available = at(place.available);
  if (!available && free !== null) {
    // What the kernel's own estimate was before MemAvailable (3.14): free and what can be given back.
    available = free + (buffers ?? 0) + (cached ?? 0) + (slabReclaimable ?? 0) - (shared ?? 0);
  }
  const zfsCacheReclaimable = arc && Math.max(0, arc.size - arc.smallest);
  if (available !== null) available += zfsCacheReclaimable ?? 0;
  // LXC can show more available than there is in all.
  if (available !== null && total !== null) available = Math.min(Math.max(available, 0), total);
  const swapTotal = at(place.swapTotal);
  const swapFree = at(place.swapFree);
  return {
    total,
    free,
    available,
    used: total !== null && available !== null ? total - available : null,
    buffers,
    cached,
    shared,
    slabReclaimable,
    slabUnreclaimable: at(place.slabUnreclaimable),
    active: at(place.active),
    inactive: at(place.inactive),
    dirty: at(place.dirty),
    writeback: at(place.writeback),
    anonymous: at(place.anonymous),
    mapped: at(place.mapped),
    pageTables: at(place.pageTables),
    kernelStack: at(place.kernelStack),
    committed: at(place.committed),
    commitLimit: at(place.commitLimit),
    swapTotal,
    swapFree,
    swapCached: at(place.swapCached),
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
    const parse = createMeminfoParser();
    return {
      read(gaps) {
        const sizes = arc.read(gaps);
        return parse(cursor.reset(file.readOnce()), sizes);
      },
      close() {
        file.close();
        arc.close();
      },
    };
  },
};
