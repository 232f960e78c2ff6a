import type { Host } from '@hecate/host';
import type { ZramDevice } from '../../domain/swap.ts';
import type { GapSink } from '../../model/gap.ts';
import { parseChoice } from '../hugepages.ts';
import { attributesOf, listMatching } from '../attribute.ts';

type Usage = Pick<ZramDevice, 'stored' | 'compressed' | 'memory' | 'memoryLimit' | 'memoryPeak' | 'samePages' | 'hugePages' | 'ratio'>;

/**
 * mm_stat (kernel: Documentation/admin-guide/blockdev/zram.rst): stored, compressed, memory, its limit (0: none), its peak,
 * pages of one value, pages compacted, pages that cannot be compressed (since Linux 4.19).
 */
export function parseMmStat(text: string | null): Usage {
  const numbers = (text ?? '')
    .trim()
    .split(/\s+/)
    .map((word) => (/^\d{1,20}$/.test(word) ? Number(word) : null));
  const at = (index: number): number | null => numbers[index] ?? null;
  const [stored, memory] = [at(0), at(2)];
  return {
    stored,
    compressed: at(1),
    memory,
    memoryLimit: at(3) || null,
    memoryPeak: at(4),
    samePages: at(5),
    hugePages: at(7),
    ratio: stored && memory ? stored / memory : null,
  };
}

/** The zram devices that are in use; one that was only made has no size. */
export function readZram(host: Host, gaps: GapSink): ZramDevice[] {
  return listMatching(host, '/sys/block', /^zram\d{1,5}$/).flatMap((device) => {
    const file = attributesOf(host, `/sys/block/${device}`, `swap.${device}`, gaps);
    const size = file.number('disksize');
    if (!size) return [];
    const algorithms = file.text('comp_algorithm');
    return [{ device, size, algorithm: parseChoice(algorithms) ?? (algorithms || null), ...parseMmStat(file.text('mm_stat')) }];
  });
}
