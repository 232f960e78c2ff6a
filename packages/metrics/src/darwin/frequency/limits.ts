import type { FrequencyPolicy, FrequencyReading } from '../../domain/frequency.ts';
import type { GapSink } from '../../model/gap.ts';
import { MOST_CPUS } from '../cpu-types/cpu-list.ts';
import { lacks } from '../reader.ts';

/** What macOS sets none of. */
const UNSET: Omit<FrequencyPolicy, 'policy' | 'cpus' | 'current' | 'currentSource' | 'hardwareMin' | 'hardwareMax' | 'base' | 'age'> = {
  average: null,
  min: null,
  max: null,
  governor: null,
  governors: [],
  driver: null,
  energyPreference: null,
  boost: null,
};

/** Fields of the frequency that a policy has now. */
export const FIELDS_OF_NOW: readonly string[] = ['current', 'currentSource', 'age'].map((field) => `frequency.policies.${field}`);

/** What macOS tells nothing of. */
export const NONE: Omit<FrequencyReading, 'policies'> = { clocks: [], boost: null, coreThrottles: [], packageThrottles: [] };

/** Cores of Apple silicon whose mean frequency was `current` while they worked. Of `table`, hertz of each step, are the limits. */
export function measuredPolicy(
  about: Pick<FrequencyPolicy, 'policy' | 'cpus' | 'current'>,
  table: readonly number[] | null,
): FrequencyPolicy {
  const isKnown = about.current !== null;
  return {
    ...about,
    ...{ currentSource: isKnown ? 'residency' : null, age: isKnown ? 0 : null, ...UNSET, base: null },
    hardwareMin: table?.length ? Math.min(...table) : null,
    hardwareMax: table?.length ? Math.max(...table) : null,
  };
}

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

/** Frequencies of a Mac of Intel, of which macOS tells no more than what the processor is sold for. */
export function intelFrequency({ base, hardwareMin, hardwareMax, threads }: IntelClock, gaps: GapSink): FrequencyReading {
  lacks(gaps, FIELDS_OF_NOW, 'macOS tells programs only the frequency that an Intel processor is sold for.');
  const cpus = Array.from({ length: Math.min(MOST_CPUS, Math.max(0, threads ?? 0)) }, (_, cpu) => cpu);
  const policy = { policy: 'cpu', cpus, current: null, currentSource: null, ...UNSET, hardwareMin, hardwareMax, base, age: null };
  return { policies: [policy], ...NONE };
}
