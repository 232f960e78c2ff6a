import type { MemoryReading, NumaReading, SwapReading } from '@hecate/metrics';
import type { MemoryFacts } from '../facts.ts';
import type { Look } from './look.ts';

/** What collectors say of memory; null where they could not read. */
export interface MemoryReadings {
  readonly memory: MemoryReading | null;
  readonly numa: readonly NumaReading[] | null;
  readonly swap: SwapReading | null;
}

/** Bytes of an entry of a page table on all 64-bit machines. */
const ENTRY = 8;

/**
 * Bytes of a page. No file says it, but a huge page is as many pages as a page has entries, on x86 and Arm: 2 MiB of 4 KiB,
 * 32 MiB of 16 KiB, 512 MiB of 64 KiB. 4096 where there are no huge pages or their size is another.
 */
export function pageSizeOf(hugepage: number | null): number {
  const page = Math.sqrt((hugepage ?? 0) * ENTRY);
  return page === 16_384 || page === 65_536 ? page : 4096;
}

/** Whether zram is loaded, built in, or lies among the modules of the kernel that runs. */
function canZram(look: Look, release: string): boolean {
  if (look.names('/sys/class/zram-control', /./).length > 0 || look.names('/sys/module/zram', /./).length > 0) return true;
  return /^[\w.+~-]+$/.test(release) && look.names(`/lib/modules/${release}/kernel/drivers/block/zram`, /^zram\.ko/).length > 0;
}

/** Memory, and what can be done for it. `release` is the kernel's. */
export function readMemory(look: Look, { memory, numa, swap }: MemoryReadings, release: string): MemoryFacts {
  const hugepageSize = memory?.lines.find(({ name }) => name === 'Hugepagesize')?.value || null;
  const zram = (swap?.devices ?? []).flatMap(({ device }) => /^\/dev\/(zram\d{1,4})$/.exec(device)?.[1] ?? []);
  return {
    total: memory?.total ?? 0,
    nodes: Math.max(1, numa?.filter(({ total }) => total !== null && total > 0).length ?? 1),
    swap: memory?.swapTotal ?? 0,
    zram,
    canZram: zram.length > 0 || canZram(look, release),
    zswap: swap !== null && swap.zswap !== null,
    pageSize: pageSizeOf(look.number('/sys/kernel/mm/transparent_hugepage/hpage_pmd_size') ?? hugepageSize),
    hugepageSize,
  };
}
