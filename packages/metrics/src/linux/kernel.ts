import { kernelGroups, taintsOf } from '../domain/kernel.ts';
import type { KernelReading } from '../domain/kernel.ts';
import type { Collector } from '../model/collector.ts';
import { attributesOf } from './attribute.ts';

/**
 * /proc/sys/fs/file-nr: open files, files that are free (always 0 since Linux 2.6), and the limit, between tabs
 * (kernel: Documentation/admin-guide/sysctl/fs.rst). Nulls when it is anything else.
 */
export function parseFileNumbers(text: string | null): Pick<KernelReading, 'filesAllocated' | 'filesMaximum'> {
  const match = /^(\d{1,20})\s+\d{1,20}\s+(\d{1,20})$/.exec(text ?? '');
  return match ? { filesAllocated: Number(match[1]), filesMaximum: Number(match[2]) } : { filesAllocated: null, filesMaximum: null };
}

/** Open files, entropy, hung tasks, taint. */
export const kernel: Collector<'kernel', KernelReading> = {
  name: 'kernel',
  lane: 'slow',
  sources: ['/proc/sys/fs/file-nr', '/proc/sys/kernel/random', '/proc/sys/kernel/hung_task_detect_count', '/proc/sys/kernel/tainted'],
  remedy: 'Mount /proc.',
  groups: kernelGroups,
  open: (host) => ({
    read(gaps) {
      const file = attributesOf(host, '/proc/sys', 'kernel', gaps);
      const taint = file.number('kernel/tainted');
      return {
        ...parseFileNumbers(file.text('fs/file-nr')),
        entropyAvailable: file.number('kernel/random/entropy_avail'),
        entropyPoolSize: file.number('kernel/random/poolsize'),
        hungTasks: file.number('kernel/hung_task_detect_count'),
        taint,
        taints: taint === null ? null : taintsOf(taint),
      };
    },
    close: () => {},
  }),
};
