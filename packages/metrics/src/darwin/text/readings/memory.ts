import type { AppleMemory, MemoryReading } from '../../../domain/memory.ts';
import { LINUX_ONLY, memoryLines, usedMemory } from '../../memory-formula.ts';
import type { SwapUsage } from '../sysctl.ts';
import type { VmStat } from '../vm-stat.ts';

/** What vm_stat does not tell, from sysctl; null: not known. */
export interface MemoryFacts {
  /** `hw.memsize`: bytes. */
  readonly total: number | null;
  readonly swap: SwapUsage | null;
  readonly pressure: AppleMemory['pressure'];
}

/** Lines in bytes, those in pages turned. */
const PAGES = ['wired', 'purgeable', 'speculative', 'compressor', 'compressed'] as const;
const EVENTS = ['pageIns', 'pageOuts', 'faults', 'compressions', 'decompressions', 'swapIns', 'swapOuts'] as const;

function appleOf(counts: VmStat, pressure: AppleMemory['pressure']): AppleMemory | null {
  const pages = (name: keyof VmStat): number => (counts[name] ?? Number.NaN) * counts.pageSize;
  const found = {
    ...Object.fromEntries(PAGES.map((name) => [name, pages(name)])),
    ...Object.fromEntries(EVENTS.map((name) => [name, counts[name] ?? Number.NaN])),
    fileBacked: pages('fileBacked'),
    applications: pages('anonymous'),
  } as Omit<AppleMemory, 'pressure'>;
  return Object.values(found).every((value) => Number.isFinite(value)) ? { ...found, pressure } : null;
}

/**
 * Memory from vm_stat(1) and sysctl(8). Fills `total`, `free`, `available`, `used` (as Activity Monitor), `cached`, `active`, `inactive`,
 * `anonymous`, the three of swap, `apple`. Null stays what Linux counts only, and whatever rests on a line that is missing:
 * `apple` is then absent, so are `used` and `available`.
 */
export function memoryFromVmStat(counts: VmStat, { total, swap, pressure }: MemoryFacts): MemoryReading {
  const pages = (name: Exclude<keyof VmStat, 'pageSize'>): number | null => (counts[name] === null ? null : counts[name] * counts.pageSize);
  const apple = appleOf(counts, pressure);
  const active = pages('active');
  const inactive = pages('inactive');
  const isKnown = apple !== null && active !== null && inactive !== null && total !== null;
  const used = isKnown ? usedMemory({ active, inactive }, apple, total) : null;
  const cached = apple && apple.purgeable + apple.fileBacked;
  const values = {
    ...{ total, free: pages('free'), active, inactive, wired: pages('wired'), purgeable: pages('purgeable') },
    ...{ compressed: pages('compressor'), internal: pages('anonymous') },
    ...{ swap_total: swap && swap.total, swap_used: swap && swap.used },
  };
  return {
    ...LINUX_ONLY,
    total,
    // vm_stat has taken the speculative pages out.
    free: pages('free'),
    available: used === null ? null : total! - used,
    used,
    cached,
    active,
    inactive,
    anonymous: pages('anonymous'),
    swapTotal: swap && swap.total,
    swapFree: swap && swap.free,
    swapUsed: swap && swap.used,
    lines: memoryLines(values),
    ...(apple ? { apple } : {}),
  };
}
