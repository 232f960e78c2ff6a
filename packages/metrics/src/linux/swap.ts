import type { Host } from '@hecate/host';
import { errnoOf } from '@hecate/host';
import { swapGroups } from '../domain/swap.ts';
import type { SwapDevice, SwapReading } from '../domain/swap.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { readZram } from './swap/zram.ts';
import { readZswap } from './swap/zswap.ts';

/** A path as the kernel escapes it in tables: `\040` is a space (kernel: mangle_path in fs/seq_file.c). `text` has one character a byte. */
function unescapePath(text: string): string {
  const bytes = text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * /proc/swaps (kernel: swap_show in mm/swapfile.c): a header, then path, type, size and use in KiB, and priority.
 * Lines that are cut short are left out. `text` has one character a byte.
 */
export function parseSwaps(text: string): SwapDevice[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const match = /^(.+?)\s+(\w+)\s+(\d{1,18})\s+(\d{1,18})\s+(-?\d{1,9})\s*$/.exec(line);
      if (!match) return [];
      const [, path, type, size, used, priority] = match as unknown as [string, string, string, string, string, string];
      const device = unescapePath(path);
      return [{ device, type, size: Number(size) * 1024, used: Number(used) * 1024, priority: Number(priority) }];
    });
}

function readDevices(host: Host, gaps: GapSink): SwapDevice[] {
  try {
    const { buffer, length } = host.read('/proc/swaps');
    return parseSwaps(buffer.toString('latin1', 0, length));
  } catch (error) {
    // A kernel without swap has no such file.
    if (errnoOf(error) !== 'ENOENT') gaps.addError('swap.devices', error);
    return [];
  }
}

/** Swap by device, zswap and zram. Sums over all devices are in `memory`. */
export const swap: Collector<'swap', SwapReading> = {
  name: 'swap',
  lane: 'slow',
  sources: ['/proc/swaps', '/sys/block/zram*', '/sys/module/zswap/parameters', '/sys/kernel/debug/zswap'],
  remedy: 'Mount /proc and /sys; only root sees the counters of zswap.',
  groups: swapGroups,
  open: (host) => ({
    *read(gaps) {
      const devices = readDevices(host, gaps);
      yield;
      const zram = readZram(host, gaps);
      yield;
      return { devices, zram, zswap: readZswap(host, gaps) };
    },
    close: () => {},
  }),
};
