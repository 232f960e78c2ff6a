import type { FrequencyPolicy, FrequencyReading } from '../../domain/frequency.ts';
import type { GapSink } from '../../model/gap.ts';
import { lacks } from '../reader.ts';

/** What macOS sets none of. */
export const UNSET: Omit<
  FrequencyPolicy,
  'policy' | 'cpus' | 'current' | 'currentSource' | 'hardwareMin' | 'hardwareMax' | 'base' | 'age'
> = { average: null, min: null, max: null, governor: null, governors: [], driver: null, energyPreference: null, boost: null };

/** What macOS tells nothing of. */
export const NONE: Omit<FrequencyReading, 'policies'> = { clocks: [], boost: null, coreThrottles: [], packageThrottles: [] };

/** Says what no Mac tells. */
export function lacksLimits(gaps: GapSink): void {
  const unset = Object.keys(UNSET).filter((key) => key !== 'governors');
  lacks(
    gaps,
    [...unset.map((key) => `frequency.policies.${key}`), 'frequency.boost'],
    'macOS lets nobody see or set limits of the frequency.',
  );
}

/** What an Intel processor is sold for, hertz. Null: not told. */
export interface IntelClock {
  readonly base: number;
  readonly hardwareMin: number | null;
  readonly hardwareMax: number | null;
  /** How many CPUs there are. */
  readonly threads: number | null;
}

/** More CPUs than any Mac has: an answer beyond is nonsense. */
const MOST_CPUS = 4096;

/** Frequencies of a Mac of Intel, of which macOS tells no more than what the processor is sold for. */
export function intelFrequency({ base, hardwareMin, hardwareMax, threads }: IntelClock, gaps: GapSink): FrequencyReading {
  const now = ['frequency.policies.current', 'frequency.policies.currentSource', 'frequency.policies.age'];
  lacks(gaps, now, 'macOS tells programs only the frequency that an Intel processor is sold for.');
  const cpus = Array.from({ length: Math.min(MOST_CPUS, Math.max(0, threads ?? 0)) }, (_, cpu) => cpu);
  const policy = { policy: 'cpu', cpus, current: null, currentSource: null, ...UNSET, hardwareMin, hardwareMax, base, age: null };
  return { policies: [policy], ...NONE };
}
