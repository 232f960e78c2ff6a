import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One device or file that is swapped to. */
export interface SwapDevice {
  /** Its path; a file's can end in ` (deleted)`. */
  readonly device: string;
  /** `partition` or `file`. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly used: number;
  /** The highest is used first. */
  readonly priority: number;
}

/** The compressed cache in front of swap (kernel: Documentation/admin-guide/mm/zswap.rst). Null where unknown. */
export interface ZswapReading {
  readonly enabled: boolean | null;
  readonly compressor: string | null;
  /** Share of memory that the pool may take, 0 to 1. */
  readonly maxPool: number | null;
  /** Bytes that the pool takes, and that are in it uncompressed (Linux 5.19). */
  readonly pool: number | null;
  readonly stored: number | null;
  /** stored / pool; null when it is empty. */
  readonly ratio: number | null;
  /** Pages that went on to the swap device since boot, and that were refused because the pool was full; root only. */
  readonly writtenBack: number | null;
  readonly poolLimitHits: number | null;
}

/** A block device in compressed memory (kernel: Documentation/admin-guide/blockdev/zram.rst). Bytes. */
export interface ZramDevice {
  /** `zram0`. */
  readonly device: string;
  /** What it can hold, uncompressed. */
  readonly size: number;
  /** `zstd`. */
  readonly algorithm: string | null;
  /** What is in it, uncompressed and compressed; null where it does not tell, as with the others. */
  readonly stored: number | null;
  readonly compressed: number | null;
  /** Memory that it takes, with what its allocator wastes. */
  readonly memory: number | null;
  /** The most memory that it may take; null: no limit. */
  readonly memoryLimit: number | null;
  /** The most memory that it has taken. */
  readonly memoryPeak: number | null;
  /** Pages of one value, which take no memory. */
  readonly samePages: number | null;
  /** Pages that could not be compressed. */
  readonly hugePages: number | null;
  /** stored / memory: what it saves in truth; null when it is empty. */
  readonly ratio: number | null;
}

/** Swap by device, and what compresses it. */
export interface SwapReading {
  readonly devices: readonly SwapDevice[];
  /** Null where the kernel has no zswap. */
  readonly zswap: ZswapReading | null;
  /** Those that are in use. */
  readonly zram: readonly ZramDevice[];
}

type ZramNumber = Exclude<keyof ZramDevice, 'device' | 'algorithm'>;
const zram = (key: ZramNumber, help: string, name: string): Field<ZramDevice> => ({
  key,
  kind: 'gauge',
  unit: key === 'ratio' ? 'ratio' : key.endsWith('Pages') ? 'count' : 'bytes',
  help,
  nullWhen: key === 'ratio' ? 'it is empty' : key === 'memoryLimit' ? 'it has no limit' : 'the kernel does not tell',
  prometheus: { name: `hecate_zram_${name}` },
});
const zswap = (key: keyof ZswapReading & string, unit: 'bytes' | 'ratio' | 'none', help: string, name: string): Field<ZswapReading> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  nullWhen: key === 'ratio' ? 'it is empty' : 'the kernel does not tell',
  prometheus: { name: `hecate_zswap_${name}` },
});
const zswapCounter = (key: keyof ZswapReading & string, help: string, name: string): Field<ZswapReading> => ({
  key,
  kind: 'counter',
  unit: 'count',
  help,
  nullWhen: 'the user is not root, or debugfs is not mounted',
  prometheus: { name: `hecate_zswap_${name}_total` },
});

/** Fields of the `swap` collector. */
export const swapGroups = (): readonly Group<SwapReading>[] => [
  group<SwapReading, SwapDevice>({
    name: 'swap.devices',
    source: '/proc/swaps',
    rows: (reading) => reading.devices,
    labels: { device: 'device', swap_type: 'type' },
    fields: [
      { key: 'size', kind: 'gauge', unit: 'bytes', help: 'Size of the swap device.', prometheus: { name: 'node_swap_size_bytes' } },
      { key: 'used', kind: 'gauge', unit: 'bytes', help: 'Bytes in use of the swap device.', prometheus: { name: 'node_swap_used_bytes' } },
      {
        key: 'priority',
        kind: 'gauge',
        unit: 'none',
        help: 'Priority of the swap device; the highest is used first.',
        prometheus: { name: 'node_swap_priority' },
      },
    ],
  }),
  group<SwapReading, ZswapReading>({
    name: 'swap.zswap',
    source: '/sys/module/zswap/parameters, /proc/meminfo',
    rows: (reading) => (reading.zswap ? [reading.zswap] : []),
    fields: [
      zswap('enabled', 'none', 'Whether pages are compressed before they are swapped.', 'enabled'),
      { key: 'compressor', kind: 'info', unit: 'none', help: 'How they are compressed.', nullWhen: 'the kernel does not tell' },
      zswap('maxPool', 'ratio', 'Share of memory that the pool may take.', 'max_pool_ratio'),
      zswap('pool', 'bytes', 'Memory that the pool takes.', 'pool_bytes'),
      zswap('stored', 'bytes', 'What is in the pool, uncompressed.', 'stored_bytes'),
      zswap('ratio', 'ratio', 'What is in the pool by what it takes.', 'compression_ratio'),
      zswapCounter('writtenBack', 'Pages that went on to the swap device.', 'written_back_pages'),
      zswapCounter('poolLimitHits', 'Times that the pool was full.', 'pool_limit_hits'),
    ],
  }),
  group<SwapReading, ZramDevice>({
    name: 'swap.zram',
    source: '/sys/block/zram*',
    rows: (reading) => reading.zram,
    labels: { device: 'device' },
    fields: [
      zram('size', 'What the device can hold, uncompressed.', 'size_bytes'),
      { key: 'algorithm', kind: 'info', unit: 'none', help: 'How it compresses.', nullWhen: 'the kernel does not tell' },
      zram('stored', 'What is in it, uncompressed.', 'stored_bytes'),
      zram('compressed', 'What is in it, compressed.', 'compressed_bytes'),
      zram('memory', 'Memory that it takes.', 'memory_bytes'),
      zram('memoryLimit', 'The most memory that it may take.', 'memory_limit_bytes'),
      zram('memoryPeak', 'The most memory that it has taken.', 'memory_peak_bytes'),
      zram('samePages', 'Pages of one value, which take no memory.', 'same_pages'),
      zram('hugePages', 'Pages that could not be compressed.', 'incompressible_pages'),
      zram('ratio', 'What is in it by the memory that it takes.', 'compression_ratio'),
    ],
  }),
];
