import { parseCpuList } from '../cpu-list.ts';
import type { Look } from '../detect/look.ts';

const CPUS = '/sys/devices/system/cpu';

/** Words of `isolcpus` that stand before its list. */
const FLAGS = new Set(['nohz', 'domain', 'managed_irq']);

/** CPUs of a boot option: `isolcpus=managed_irq,domain,2-N`, where N is the last one. What is no such list is left out. */
function bootCpus(words: readonly string[], option: string, last: number): number[] {
  const value = words.findLast((word) => word.startsWith(`${option}=`))?.slice(option.length + 1) ?? '';
  if (value === 'all') return Array.from({ length: last + 1 }, (_, cpu) => cpu);
  const list = value.split(',').filter((part) => !FLAGS.has(part));
  return parseCpuList(list.join(',').replaceAll(/\bN\b/g, String(last))) ?? [];
}

/**
 * Those of `all` that are not set apart (kernel: Documentation/admin-guide/kernel-parameters.txt, isolcpus, nohz_full). The kernel's
 * own lists are not enough: `isolated` lacks what `isolcpus` keeps from interrupts alone. The boot options are not either: control
 * groups set CPUs apart while the machine runs.
 */
export function housekeepingCpus(look: Look | null, all: readonly number[]): readonly number[] {
  const words = look?.words('/proc/cmdline') ?? [];
  const last = Math.max(0, ...all);
  const apart = new Set([
    ...['isolated', 'nohz_full'].flatMap((file) => parseCpuList(look?.text(`${CPUS}/${file}`) ?? '') ?? []),
    ...['isolcpus', 'nohz_full'].flatMap((option) => bootCpus(words, option, last)),
  ]);
  return all.filter((cpu) => !apart.has(cpu));
}
