import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** Memory in bytes, null where the kernel has no such line. Names follow /proc/meminfo. */
export interface MemoryReading {
  readonly total: number | null;
  readonly free: number | null;
  /**
   * What programs can still get without swapping: what the kernel says, and what the ZFS cache can give back.
   * Estimated from free and cached on kernels before 3.14. Never more than `total`.
   */
  readonly available: number | null;
  readonly buffers: number | null;
  readonly cached: number | null;
  readonly shared: number | null;
  readonly slabReclaimable: number | null;
  readonly slabUnreclaimable: number | null;
  readonly active: number | null;
  readonly inactive: number | null;
  readonly dirty: number | null;
  readonly writeback: number | null;
  readonly anonymous: number | null;
  readonly mapped: number | null;
  readonly pageTables: number | null;
  readonly kernelStack: number | null;
  readonly committed: number | null;
  readonly commitLimit: number | null;
  readonly swapTotal: number | null;
  readonly swapFree: number | null;
  readonly swapCached: number | null;
  /** total - available: what programs hold and cannot give back. `free` since procps 4 prints the same. */
  readonly used: number | null;
  /** swapTotal - swapFree. */
  readonly swapUsed: number | null;
  /** What the ZFS cache (ARC) holds; null without ZFS. The kernel counts it as used. */
  readonly zfsCache: number | null;
  /** What of it ZFS gives back under pressure: all above its smallest size. It is in `available`. */
  readonly zfsCacheReclaimable: number | null;
  /** Every line of the file under its own name, bytes (or counts, for lines without a unit). */
  readonly lines: readonly MemoryLine[];
  /** What macOS counts beside; absent on other systems. */
  readonly apple?: AppleMemory;
}

/**
 * Memory as macOS counts it (mach/vm_statistics.h): bytes, and events since boot. `used` above is then what Activity Monitor shows:
 * active + inactive + speculative + wired + compressor - purgeable - fileBacked, and `cached` its cached files: purgeable + fileBacked.
 */
export interface AppleMemory {
  /** Memory that cannot be moved out. */
  readonly wired: number;
  /** Memory that its owner lets go under pressure. */
  readonly purgeable: number;
  /** Read ahead of need. */
  readonly speculative: number;
  /** What the compressor occupies, and what is in it uncompressed. */
  readonly compressor: number;
  readonly compressed: number;
  /** Pages of files, and pages of programs that no file backs. */
  readonly fileBacked: number;
  readonly applications: number;
  /** Pages that were read from files and written to them, since boot. */
  readonly pageIns: number;
  readonly pageOuts: number;
  readonly faults: number;
  /** Pages that the compressor took and gave back, since boot. */
  readonly compressions: number;
  readonly decompressions: number;
  /** Compressed segments that went to the swap files and came back, in pages since boot. */
  readonly swapIns: number;
  readonly swapOuts: number;
  /** How short memory is, as the kernel tells programs; null where it does not say. */
  readonly pressure: 'normal' | 'warning' | 'critical' | null;
}

/** One line of /proc/meminfo. */
export interface MemoryLine {
  /** Its name as a Prometheus name part: `Active(anon)` is `Active_anon`. */
  readonly name: string;
  readonly value: number;
  /** Whether the line has a unit (then `value` is bytes). */
  readonly bytes: boolean;
}

const gauge = (key: keyof MemoryReading & string, help: string, otel?: Field<MemoryReading>['otel']): Field<MemoryReading> => ({
  key,
  kind: 'gauge',
  unit: 'bytes',
  help,
  nullWhen: 'the kernel has no such line',
  ...(otel ? { otel } : {}),
});

const state = (value: string): Field<MemoryReading>['otel'] => ({
  name: 'system.memory.usage',
  attributes: { 'system.memory.state': value },
});
const paging = (value: string): Field<MemoryReading>['otel'] => ({
  name: 'system.paging.usage',
  attributes: { 'system.paging.state': value },
});

const held = (key: keyof AppleMemory & string, help: string): Field<AppleMemory> => ({
  key,
  kind: 'gauge',
  unit: 'bytes',
  help,
  prometheus: { name: `hecate_memory_${key === 'fileBacked' ? 'file_backed' : key}_bytes` },
});
const counted = (key: keyof AppleMemory & string, help: string, name: string): Field<AppleMemory> => ({
  key,
  kind: 'counter',
  unit: 'count',
  help,
  prometheus: { name: `hecate_memory_${name}_total` },
});
/** Fields of {@link AppleMemory}. */
const appleFields = (): readonly Field<AppleMemory>[] => [
  held('wired', 'Memory that cannot be moved out (macOS).'),
  held('purgeable', 'Memory that its owner lets go under pressure (macOS).'),
  held('speculative', 'Memory that was read ahead of need (macOS).'),
  held('compressor', 'Memory that the compressor occupies (macOS).'),
  held('compressed', 'What is in the compressor, uncompressed (macOS).'),
  held('fileBacked', 'Memory that files back (macOS).'),
  held('applications', 'Memory of programs that no file backs (macOS).'),
  counted('pageIns', 'Pages read from files since boot (macOS).', 'page_ins'),
  counted('pageOuts', 'Pages written to files since boot (macOS).', 'page_outs'),
  counted('faults', 'Page faults since boot (macOS).', 'faults'),
  counted('compressions', 'Pages that the compressor took since boot (macOS).', 'compressions'),
  counted('decompressions', 'Pages that the compressor gave back since boot (macOS).', 'decompressions'),
  counted('swapIns', 'Compressed pages read back from swap files since boot (macOS).', 'swap_ins'),
  counted('swapOuts', 'Compressed pages written to swap files since boot (macOS).', 'swap_outs'),
  {
    key: 'pressure',
    kind: 'info',
    unit: 'none',
    help: 'How short memory is: normal, warning or critical (macOS).',
    nullWhen: 'the kernel does not say',
    prometheus: { name: 'hecate_memory_pressure_info', properties: { level: 'pressure' } },
  },
];

/** Fields of {@link MemoryReading}. Prometheus gets each line of the file under node_exporter's name. */
export const memoryGroups = (): readonly Group<MemoryReading>[] => [
  group<MemoryReading, MemoryReading>({
    name: 'memory',
    source: '/proc/meminfo',
    rows: (reading) => [reading],
    fields: [
      gauge('total', 'Memory that the kernel can use.', { name: 'system.memory.limit' }),
      gauge('free', 'Memory that nothing uses.', state('free')),
      gauge('available', 'What programs can still get without swapping: what the kernel says, and what the ZFS cache can give back.', {
        name: 'system.memory.linux.available',
      }),
      gauge('used', 'What programs hold: total - available.', state('used')),
      gauge('buffers', 'Cache of block devices.', state('buffers')),
      gauge('cached', 'Cache of files, shared memory included.', state('cached')),
      gauge('shared', 'Shared memory and tmpfs.', { name: 'system.memory.linux.shared' }),
      gauge('slabReclaimable', 'Kernel caches that can be given back.'),
      gauge('slabUnreclaimable', 'Kernel caches that cannot.'),
      gauge('active', 'Memory used recently.'),
      gauge('inactive', 'Memory not used recently.'),
      gauge('dirty', 'Memory waiting to be written to disk.'),
      gauge('writeback', 'Memory being written to disk.'),
      gauge('anonymous', 'Memory of programs that no file backs.'),
      gauge('mapped', 'Files mapped into programs.'),
      gauge('pageTables', 'Page tables.'),
      gauge('kernelStack', 'Stacks of tasks in the kernel.'),
      gauge('committed', 'Memory promised to programs.'),
      gauge('commitLimit', 'What may be promised when overcommit is off.'),
      gauge('swapTotal', 'Size of swap.'),
      gauge('swapFree', 'Swap that nothing uses.', paging('free')),
      gauge('swapUsed', 'Swap in use: swapTotal - swapFree.', paging('used')),
      gauge('swapCached', 'Swapped memory that is in memory too.'),
      { ...gauge('zfsCache', 'What the ZFS cache (ARC) holds; the kernel counts it as used.'), nullWhen: 'ZFS is not loaded' },
      {
        ...gauge('zfsCacheReclaimable', 'What of the ZFS cache is above its smallest size; it is part of available.'),
        nullWhen: 'ZFS is not loaded',
      },
    ],
  }),
  group<MemoryReading, MemoryLine>({
    name: 'memory.lines',
    source: '/proc/meminfo',
    rows: (reading) => reading.lines,
    fields: [],
    open: {
      pattern: 'node_memory_<line>_bytes',
      kind: 'gauge',
      name: (line) => `node_memory_${line.name}${line.bytes ? '_bytes' : ''}`,
      help: (line) => `${line.name}, as the kernel counts memory (Linux: /proc/meminfo).`,
      value: (line) => line.value,
    },
  }),
  group<MemoryReading, AppleMemory>({
    name: 'memory.apple',
    source: 'host_statistics64(HOST_VM_INFO64)',
    rows: (reading) => (reading.apple ? [reading.apple] : []),
    fields: appleFields(),
  }),
];
