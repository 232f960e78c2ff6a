import type { AppleMemory, MemoryLine } from '../domain/memory.ts';

/** What Linux counts and macOS does not, or in another way. */
export const LINUX_ONLY = [
  'buffers',
  'shared',
  'slabReclaimable',
  'slabUnreclaimable',
  'dirty',
  'writeback',
  'mapped',
  'pageTables',
  'kernelStack',
  'committed',
  'commitLimit',
  'swapCached',
] as const;

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

/** The null of each of {@link LINUX_ONLY}. */
export const noLinuxOnly = (): Record<(typeof LINUX_ONLY)[number], null> =>
  Object.fromEntries(LINUX_ONLY.map((name) => [name, null])) as Record<(typeof LINUX_ONLY)[number], null>;
