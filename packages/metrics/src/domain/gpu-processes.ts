import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';

/** What one process does on one GPU, all of its contexts together. */
export interface GpuProcess {
  /** `id` of the GPU. */
  readonly gpu: string;
  readonly pid: number;
  /** As the driver or the kernel cut it. */
  readonly name: string | null;
  /**
   * Seconds of the GPU's time, of all of its engines together: a counter. It falls when the process lets a context go.
   * Null where the driver does not count.
   */
  readonly time: number | null;
  /** Bytes of the GPU's memory; null where the driver does not tell. */
  readonly memory: number | null;
}

/** What a process used of a GPU between two readings. */
export interface GpuProcessRates {
  readonly gpu: string;
  readonly pid: number;
  /**
   * Seconds of the GPU's time a second: above 1 where it keeps several engines busy. Null when its time is unknown, when it let a
   * context go, and for a process that was not there before.
   */
  readonly usage: number | null;
}

const keyOf = ({ gpu, pid }: GpuProcess): string => `${gpu} ${pid}`;

/** What each process used in the `elapsed` seconds between two readings. Null when no process uses a GPU, or no time passed. */
export function gpuProcessRates(
  before: readonly GpuProcess[],
  after: readonly GpuProcess[],
  elapsed: number,
): readonly GpuProcessRates[] | null {
  if (elapsed <= 0 || after.length === 0) return null;
  const earlier = new Map(before.map((one) => [keyOf(one), one.time]));
  return after.map((one) => ({ gpu: one.gpu, pid: one.pid, usage: counterRate(earlier.get(keyOf(one)), one.time, elapsed) }));
}

/** Fields of {@link GpuProcessRates}. */
export const gpuProcessRateFields = (): readonly RateField[] => [
  { path: '[].pid', unit: 'none', formula: 'number of the process' },
  {
    path: '[].usage',
    unit: 'ratio',
    formula: 'Δ time / elapsed',
    nullWhen: 'its time is unknown, it let a context go, or it was not there before',
  },
];

/** Fields of the `gpuprocesses` collector. Prometheus gets none: a series for each process is one too many. */
export const gpuProcessGroups = (): readonly Group<readonly GpuProcess[]>[] => [
  group<readonly GpuProcess[], GpuProcess>({
    name: 'gpuprocesses',
    json: 'gpuprocesses[]',
    source: 'children of IOAccelerator (macOS), /proc/PID/fdinfo, libnvidia-ml',
    rows: (reading) => reading,
    labels: { gpu: 'gpu', pid: 'pid', name: 'name' },
    fields: [
      {
        key: 'time',
        kind: 'counter',
        unit: 'seconds',
        help: "Time of the GPU's engines that the process used, all together.",
        nullWhen: 'the driver does not count',
      },
      {
        key: 'memory',
        kind: 'gauge',
        unit: 'bytes',
        help: 'Memory of the GPU that the process holds.',
        nullWhen: 'the driver does not tell',
      },
    ],
  }),
];
