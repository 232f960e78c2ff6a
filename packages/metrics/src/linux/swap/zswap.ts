import type { Host } from '@hecate/host';
import type { ZswapReading } from '../../domain/swap.ts';
import type { GapSink } from '../../model/gap.ts';
import { attributeOrNull, attributesOf, parseAttributeNumber } from '../attribute.ts';

/** Only root may look into it, and it may not be mounted: silence then. */
const readDebug = (host: Host, name: string): number | null =>
  parseAttributeNumber(attributeOrNull(host, `/sys/kernel/debug/zswap/${name}`));

/** Bytes of a line of /proc/meminfo; null where it has none. */
function sizeOf(meminfo: string, name: string): number | null {
  const kibibytes = new RegExp(`^${name}:\\s*(\\d{1,18}) kB$`, 'm').exec(meminfo)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/** zswap; null where the kernel has none (kernel: Documentation/admin-guide/mm/zswap.rst). */
export function readZswap(host: Host, gaps: GapSink): ZswapReading | null {
  const file = attributesOf(host, '/sys/module/zswap/parameters', 'swap.zswap', gaps);
  const enabled = file.text('enabled');
  if (enabled === null) return null;
  const isOn = /^[Y1]$/i.test(enabled);
  const percent = file.number('max_pool_percent');
  let pool: number | null = null;
  let stored: number | null = null;
  try {
    // Switched off it can still hold pages of before.
    const meminfo = host.readText('/proc/meminfo');
    pool = sizeOf(meminfo, 'Zswap');
    stored = sizeOf(meminfo, 'Zswapped');
  } catch (error) {
    gaps.addError('swap.zswap.pool', error);
  }
  return {
    enabled: isOn,
    compressor: file.text('compressor') || null,
    maxPool: percent === null ? null : percent / 100,
    pool,
    stored,
    ratio: pool && stored ? stored / pool : null,
    writtenBack: readDebug(host, 'written_back_pages'),
    poolLimitHits: readDebug(host, 'pool_limit_hit'),
  };
}
