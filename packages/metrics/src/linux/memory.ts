import { memoryGroups } from '../domain/memory.ts';
import type { MemoryLine, MemoryReading } from '../domain/memory.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { HecateError } from '@hecate/host';

const COLON = 58;

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

/** Line names seen so far, as Prometheus name parts: the same few dozen each time. */
const names = new Map<string, string>();

function nameOf(raw: string): string {
  let name = names.get(raw);
  if (name === undefined) {
    // Active(anon) -> Active_anon
    name = raw.replace(/[^A-Za-z0-9_]+/g, '_').replace(/_+$/, '');
    if (names.size < 500) names.set(raw, name);
  }
  return name;
}

/**
 * /proc/meminfo. The value may be glued to the colon (`ShadowCallStack:10373888 kB`) and may lack a unit (a count then).
 * Throws FAILED when no line parses.
 */
export function parseMeminfo(cursor: ByteCursor): MemoryReading {
  const known: Record<string, number> = {};
  const lines: MemoryLine[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const start = cursor.at;
    const colon = cursor.find(COLON);
    if (colon < 0) break;
    const raw = cursor.text(start, colon);
    if (raw.includes('\n') || raw === '') continue;
    cursor.at = colon + 1;
    if (!cursor.numberNext) continue;
    const number = cursor.integer();
    const bytes = !cursor.lineDone && cursor.match('kB');
    const value = bytes ? number * 1024 : number;
    const property = PROPERTIES[raw];
    if (property !== undefined && bytes) known[property] = value;
    lines.push({ name: nameOf(raw), value, bytes });
  }
  if (lines.length === 0) throw new HecateError('FAILED', '/proc/meminfo has no line that can be read.');
  return deriveMemory(known, lines);
}

/** Adds what is computed: `available` where the kernel has none (or says 0, a known bug), `used`, `swapUsed`. */
function deriveMemory(known: Readonly<Record<string, number>>, lines: readonly MemoryLine[]): MemoryReading {
  const get = (key: string): number | null => known[key] ?? null;
  const total = get('total');
  const free = get('free');
  let available = get('available');
  if (!available && free !== null) {
    // What the kernel's own estimate was before MemAvailable (3.14): free and what can be given back.
    available = free + (get('buffers') ?? 0) + (get('cached') ?? 0) + (get('slabReclaimable') ?? 0) - (get('shared') ?? 0);
  }
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
    lines,
  };
}

/** Memory and swap. */
export const memory: Collector<'memory', MemoryReading> = {
  name: 'memory',
  lane: 'fast',
  sources: ['/proc/meminfo'],
  remedy: 'Mount /proc.',
  groups: memoryGroups,
  open(host) {
    const file = host.keep('/proc/meminfo');
    const cursor = new ByteCursor();
    return { read: () => parseMeminfo(cursor.reset(file.readOnce())), close: file.close };
  },
};
