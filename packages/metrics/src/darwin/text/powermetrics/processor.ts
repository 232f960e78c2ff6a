import { numberAt, textAt } from '../../core-foundation/dictionary.ts';
import type { CfDictionary } from '../../core-foundation/value.ts';
import { dictionariesAt } from '../property-list/dictionaries.ts';

/** A frequency and the share of the time at it. */
export interface PowermetricsState {
  /** Hertz. */
  readonly frequency: number;
  /** 0 to 1. */
  readonly share: number;
}

/** One CPU, as powermetrics(1) tells of it. Null: not told, here and below. */
export interface PowermetricsCpu {
  readonly cpu: number;
  /** Hertz on average while it worked. */
  readonly frequency: number | null;
  /** Shares of the time, 0 to 1: doing nothing, and switched off. */
  readonly idle: number | null;
  readonly down: number | null;
  readonly states: readonly PowermetricsState[];
}

/** CPUs that share a clock: a cluster of Apple silicon, or a package of Intel. */
export interface PowermetricsCluster {
  /** `E-Cluster`, `P0-Cluster`; `package-0` of Intel. Names come and go with each generation: none is known here. */
  readonly name: string;
  readonly frequency: number | null;
  readonly idle: number | null;
  readonly down: number | null;
  readonly states: readonly PowermetricsState[];
  readonly cpus: readonly PowermetricsCpu[];
}

/** Nothing in a Mac is slower than this many hertz and still runs: a smaller number is in megahertz, whatever its name says. */
const LEAST_HERTZ = 1e6;

/** Hertz of a number that is in hertz (CPUs) or megahertz (GPUs, and the states of both). */
export function hertzOf(value: number | null): number | null {
  if (value === null || value < 0) return null;
  return value < LEAST_HERTZ ? value * 1e6 : value;
}

/** A share, 0 to 1; null for what is none. Counters that are read one after the other may go a little beyond. */
export function shareOf(value: number | null): number | null {
  return value === null || value < -0.01 || value > 1.01 ? null : Math.min(1, Math.max(0, value));
}

/** The frequencies of a CPU, a cluster or a GPU; none where it does not tell them. */
export function statesOf(part: CfDictionary): PowermetricsState[] {
  return dictionariesAt(part, 'dvfm_states').flatMap((state) => {
    const frequency = hertzOf(numberAt(state, 'freq'));
    const share = shareOf(numberAt(state, 'used_ratio'));
    return frequency === null || share === null ? [] : { frequency, share };
  });
}

function cpuOf(part: CfDictionary, idle: number | null): PowermetricsCpu[] {
  const cpu = numberAt(part, 'cpu');
  if (cpu === null) return [];
  return [
    {
      cpu,
      frequency: hertzOf(numberAt(part, 'freq_hz')),
      idle: shareOf(numberAt(part, 'idle_ratio')) ?? idle,
      down: shareOf(numberAt(part, 'down_ratio')),
      states: statesOf(part),
    },
  ];
}

function clusterOf(part: CfDictionary, index: number): PowermetricsCluster {
  return {
    name: textAt(part, 'name') ?? `cluster-${index}`,
    frequency: hertzOf(numberAt(part, 'freq_hz')),
    idle: shareOf(numberAt(part, 'idle_ratio')),
    down: shareOf(numberAt(part, 'down_ratio')),
    states: statesOf(part),
    cpus: dictionariesAt(part, 'cpus').flatMap((cpu) => cpuOf(cpu, null)),
  };
}

/** A package of Intel. How long a CPU did nothing is told of its core only, so both CPUs of a core have the same. */
function packageOf(part: CfDictionary, index: number, processor: CfDictionary): PowermetricsCluster {
  const active = shareOf(numberAt(part, 'cores_active_ratio'));
  return {
    name: `package-${numberAt(part, 'package') ?? index}`,
    frequency: hertzOf(numberAt(part, 'freq_hz') ?? numberAt(processor, 'freq_hz')),
    idle: active === null ? null : 1 - active,
    down: null,
    states: [],
    cpus: dictionariesAt(part, 'cores').flatMap((core) => {
      const idle = shareOf(numberAt(core, 'c_state_ratio'));
      return dictionariesAt(core, 'cpus').flatMap((cpu) => cpuOf(cpu, idle));
    }),
  };
}

/** The clusters of the part `processor` of a sample, or the packages of Intel. */
export function clustersOf(processor: CfDictionary): PowermetricsCluster[] {
  const clusters = dictionariesAt(processor, 'clusters').map(clusterOf);
  return clusters.length > 0 ? clusters : dictionariesAt(processor, 'packages').map((part, index) => packageOf(part, index, processor));
}
