import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import { stateTimes } from './state-times.ts';

/** A state of performance, and how long the GPU was in it. */
export interface GpuState {
  /** As the driver names it: `OFF`, `P1`. */
  readonly state: string;
  /** Hertz; null for a state in which nothing runs, and where the table of frequencies does not fit. */
  readonly frequency: number | null;
  /** Whether the GPU is at work in it. */
  readonly active: boolean;
  /** Seconds since the counter began. */
  readonly time: number;
}

/**
 * One GPU. Null: its driver does not tell, which most do of some; or it sleeps, and asking would wake it.
 * Shares are 0 to 1.
 */
export interface GpuReading {
  /** What stays its own: its address on PCI (`0000:03:00.0`), otherwise the name of its driver's entry (`AGXAcceleratorG13G`). */
  readonly id: string;
  /** `Apple M1`, `Radeon RX 6800`. */
  readonly name: string | null;
  /** `apple`, `nvidia`, `amd`, `intel`, otherwise the name that the list of PCI ids has. */
  readonly vendor: string | null;
  readonly driver: string | null;
  /** Kernel name of its card: `card0`; null on macOS and where only NVIDIA's library knows it. */
  readonly card: string | null;
  readonly uuid: string | null;
  readonly cores: number | null;
  /** Whether it sleeps. Then nothing else is asked. */
  readonly suspended: boolean | null;
  /** Share of the time in which it was busy, over a period of the driver's choice: a sixth of a second to a second. */
  readonly usage: number | null;
  /** The same of its parts. */
  readonly rendererUsage: number | null;
  readonly tilerUsage: number | null;
  readonly mediaUsage: number | null;
  /** Share of the time in which its memory was read or written. */
  readonly memoryUsage: number | null;
  /** Whether it has no memory of its own but takes that of the machine; null when unknown. */
  readonly unified: boolean | null;
  /** Bytes of its own memory; null where it has none. */
  readonly memoryTotal: number | null;
  /** Bytes in use: of its own memory, or where it has none, of that of the machine. */
  readonly memoryUsed: number | null;
  /** Bytes that are allocated for it in the memory of the machine, in use or not. */
  readonly memoryShared: number | null;
  /** Most bytes of the machine's memory that it may take, where somebody set a limit. */
  readonly memoryLimit: number | null;
  /** Hertz: now, and at most. */
  readonly frequency: number | null;
  readonly maxFrequency: number | null;
  readonly memoryFrequency: number | null;
  /** Watts. */
  readonly power: number | null;
  readonly powerLimit: number | null;
  /** Joules since the driver was loaded. */
  readonly energy: number | null;
  readonly temperature: number | null;
  /** How fast the fan turns: share of its most, and rpm. */
  readonly fan: number | null;
  readonly fanSpeed: number | null;
  /** Times that the driver had to start it again. */
  readonly resets: number | null;
  /** Seconds that it was switched off because nobody used it (RC6 of Intel's). */
  readonly idleTime: number | null;
  /** How long it was in each state; empty where nobody counts. */
  readonly states: readonly GpuState[];
}

/** What nobody tells of a GPU: a reader fills in what it knows. */
export const UNKNOWN_GPU: Omit<GpuReading, 'id'> = {
  name: null,
  vendor: null,
  driver: null,
  card: null,
  uuid: null,
  cores: null,
  suspended: null,
  usage: null,
  rendererUsage: null,
  tilerUsage: null,
  mediaUsage: null,
  memoryUsage: null,
  unified: null,
  memoryTotal: null,
  memoryUsed: null,
  memoryShared: null,
  memoryLimit: null,
  frequency: null,
  maxFrequency: null,
  memoryFrequency: null,
  power: null,
  powerLimit: null,
  energy: null,
  temperature: null,
  fan: null,
  fanSpeed: null,
  resets: null,
  idleTime: null,
  states: [],
};

/** What one GPU did between two readings. */
export interface GpuRates {
  readonly id: string;
  /** Share of the time in states in which it works; null where states are not counted. */
  readonly active: number | null;
  /** Mean frequency in those states, weighed by time; null when it was in none of them. */
  readonly frequency: number | null;
  /** Share of the time in which it was not switched off for want of work; busy or not. */
  readonly awake: number | null;
  /** Mean power, of its energy. */
  readonly power: number | null;
}

/** What each GPU did in the `elapsed` seconds between two readings. Null without any GPU, or when no time passed. */
export function gpuRates(before: readonly GpuReading[], after: readonly GpuReading[], elapsed: number): readonly GpuRates[] | null {
  if (elapsed <= 0 || after.length === 0) return null;
  const earlier = new Map(before.map((gpu) => [gpu.id, gpu]));
  return after.map(({ id, states, idleTime, energy }) => {
    const was = earlier.get(id);
    const times = was ? stateTimes(was.states, states, ({ time }) => time) : null;
    const idle = counterRate(was?.idleTime ?? undefined, idleTime, elapsed);
    return {
      id,
      active: times?.active ?? null,
      frequency: times?.frequency ?? null,
      awake: idle === null ? null : Math.max(0, 1 - idle),
      power: counterRate(was?.energy ?? undefined, energy, elapsed),
    };
  });
}

/** Fields of {@link GpuRates}. */
export const gpuRateFields = (): readonly RateField[] => [
  {
    path: '[].active',
    unit: 'ratio',
    formula: 'Δ time of the states in which it works / Δ time of all states',
    nullWhen: 'its states are not counted, or a counter went back',
  },
  {
    path: '[].frequency',
    unit: 'hertz',
    formula: 'sum of (Δ time x frequency) / sum of Δ time, over the states in which it works',
    nullWhen: 'it was in none of them, or their frequencies are unknown',
  },
  {
    path: '[].awake',
    unit: 'ratio',
    formula: '1 - Δ idleTime / elapsed',
    nullWhen: 'its driver does not count, or the counter went back',
  },
  { path: '[].power', unit: 'watts', formula: 'Δ energy / elapsed', nullWhen: 'its energy is unknown, or the counter went back' },
];

/** How busy a GPU is: what its driver says, otherwise the share of the time in states in which it works; null where nobody tells. */
export const gpuUsage = ({ usage }: GpuReading, rates: GpuRates | undefined): number | null => usage ?? rates?.active ?? null;

/** Its frequency: what its driver says of now, otherwise the mean since the reading before; null where nobody tells. */
export const gpuFrequency = ({ frequency }: GpuReading, rates: GpuRates | undefined): number | null =>
  frequency ?? rates?.frequency ?? null;

/** Its power: what its driver says of now, otherwise the mean since the reading before; null where nobody tells. */
export const gpuPower = ({ power }: GpuReading, rates: GpuRates | undefined): number | null => power ?? rates?.power ?? null;
