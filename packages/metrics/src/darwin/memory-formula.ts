import type { AppleMemory, MemoryLine } from '../domain/memory.ts';
import type { GapSink } from '../model/gap.ts';
import { lacks } from './reader.ts';

/** What Linux counts and macOS does not, or in another way. */
const UNCOUNTED = {
  buffers: null,
  shared: null,
  slabReclaimable: null,
  slabUnreclaimable: null,
  dirty: null,
  writeback: null,
  mapped: null,
  pageTables: null,
  kernelStack: null,
  committed: null,
  commitLimit: null,
  swapCached: null,
} as const;
const OF_ZFS = { zfsCache: null, zfsCacheReclaimable: null } as const;

/** What is told of the memory of Linux alone. */
export const LINUX_ONLY: Readonly<Record<keyof typeof UNCOUNTED | keyof typeof OF_ZFS, null>> = { ...UNCOUNTED, ...OF_ZFS };

/** Says of it why macOS does not tell it. */
export function lackLinuxOnly(gaps: GapSink): void {
  const fieldsOf = (figures: object): string[] => Object.keys(figures).map((name) => `memory.${name}`);
  lacks(gaps, fieldsOf(UNCOUNTED), 'macOS does not count memory this way.');
  lacks(gaps, fieldsOf(OF_ZFS), 'ZFS is not read on macOS.');
}

/** Bytes in use: "Memory used" of Activity Monitor, no less than 0 and no more than there are. */
export function usedMemory(
  { active, inactive }: { readonly active: number; readonly inactive: number },
  { speculative, wired, compressor, purgeable, fileBacked }: Omit<AppleMemory, 'pressure'>,
  total: number,
): number {
  const held = active + inactive + speculative + wired + compressor - purgeable - fileBacked;
  return Math.min(total, Math.max(0, held));
}

/** Lines under node_exporter's names for macOS; what is not known is left out. */
export const memoryLines = (values: Readonly<Record<string, number | null>>): MemoryLine[] =>
  Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [{ name, value, bytes: true }]));
