import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What the kernel says about itself. Null where it does not. */
export interface KernelReading {
  /** Open files of all processes. */
  readonly filesAllocated: number | null;
  /** The most that the kernel allows. */
  readonly filesMaximum: number | null;
  /** Bits of entropy in the pool; always 256 since Linux 5.18. */
  readonly entropyAvailable: number | null;
  readonly entropyPoolSize: number | null;
  /** Tasks that were found to hang since boot (Linux 6.13, CONFIG_DETECT_HUNG_TASK). */
  readonly hungTasks: number | null;
  /** Sum of the bits of all that happened to the kernel which makes its developers doubt it; 0 is untainted. */
  readonly taint: number | null;
  /** The same as words, in the order of the bits. Null where `taint` is. */
  readonly taints: readonly string[] | null;
}

/** What each bit of the taint means (kernel: Documentation/admin-guide/tainted-kernels.rst). */
export const TAINTS = [
  'proprietary module',
  'module was forced',
  'processor out of specification',
  'module was removed by force',
  'machine check',
  'bad page',
  'asked for by a program',
  'kernel oops',
  'ACPI table overridden',
  'kernel warning',
  'staging driver',
  'workaround for firmware',
  'module from outside the tree',
  'unsigned module',
  'soft lockup',
  'live patch',
  'auxiliary',
  'randomised structures',
  'test in the kernel',
  'firmware control by a program',
] as const;

/** The words for a taint; a bit without a word is `bit <number>`. */
export function taintsOf(taint: number): string[] {
  const words: string[] = [];
  for (let bit = 0; bit < 53 && 2 ** bit <= taint; bit++) {
    if (Math.floor(taint / 2 ** bit) % 2 === 1) words.push(TAINTS[bit] ?? `bit ${bit}`);
  }
  return words;
}

type Metric = Exclude<keyof KernelReading, 'taints'>;

const field = (key: Metric, help: string, name: string, nullWhen = 'the file is hidden'): Field<KernelReading> => ({
  key,
  kind: name.endsWith('_total') ? 'counter' : 'gauge',
  unit: 'count',
  help,
  nullWhen,
  prometheus: { name },
});

/** Fields of the `kernel` collector. */
export const kernelGroups = (): readonly Group<KernelReading>[] => [
  group<KernelReading, KernelReading>({
    name: 'kernel',
    source: '/proc/sys/fs/file-nr, /proc/sys/kernel',
    rows: (reading) => [reading],
    fields: [
      field('filesAllocated', 'Open files of all processes.', 'node_filefd_allocated'),
      field('filesMaximum', 'The most open files that the kernel allows.', 'node_filefd_maximum'),
      field('entropyAvailable', 'Bits of entropy in the pool; always 256 since Linux 5.18.', 'node_entropy_available_bits'),
      field('entropyPoolSize', 'Bits that the pool can hold.', 'node_entropy_pool_size_bits'),
      field(
        'hungTasks',
        'Tasks that were found to hang since boot.',
        'node_kernel_hung_tasks_total',
        'the kernel is older than 6.13 or does not look for them',
      ),
      field('taint', 'Sum of the bits of what makes the kernel doubtful; 0 is untainted.', 'hecate_kernel_taint'),
      {
        key: 'taints',
        kind: 'info',
        unit: 'none',
        help: 'The taint as words.',
        nullWhen: 'the taint is unknown',
      },
    ],
  }),
];
