import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';
import { stateTimes } from './state-times.ts';

/** One state of a core or a cluster. */
export interface FrequencyState {
  /** As the chip names it: `V0P5` and the like are steps of the frequency, `IDLE`, `DOWN` and `OFF` are sleep. */
  readonly state: string;
  /** Whether it works in it. */
  readonly active: boolean;
  /** Hertz; null for sleep, and where no table of frequencies fits. */
  readonly frequency: number | null;
  /** Seconds in it since boot. */
  readonly seconds: number;
}

/** How long a core, or a cluster of cores, was in each of its states (Apple silicon). */
export interface FrequencyChannel {
  /** `ECPU`, `PCPU140`, `DIE_0_PCPU1_CPU3`. */
  readonly channel: string;
  readonly of: 'core' | 'cluster';
  /** The letter that the chip gives the kind of core: `E`, `P`, `M`, `S`. `processor.cpus` says what it is called. */
  readonly kind: string;
  /** The number of the CPU; null for a cluster, and where channels and CPUs cannot be told to belong together. */
  readonly cpu: number | null;
  readonly states: readonly FrequencyState[];
}

/** The time of a core or a cluster in one of its states, between two readings. */
export interface StateShare {
  readonly state: string;
  /** Share of the time, 0 to 1. */
  readonly share: number;
}

/** What a core or a cluster did between two readings. */
export interface ChannelRates {
  readonly channel: string;
  readonly of: 'core' | 'cluster';
  readonly kind: string;
  readonly cpu: number | null;
  /** Share of the time in which it worked, 0 to 1. Null when no time passed, or a counter went back. */
  readonly active: number | null;
  /** Hertz, averaged over the time in which it worked. Null when it did not work, or in a state whose frequency is unknown. */
  readonly frequency: number | null;
  readonly states: readonly StateShare[];
}

function ratesOf(before: FrequencyChannel | undefined, { channel, of, kind, cpu, states }: FrequencyChannel): ChannelRates {
  const times = before ? stateTimes(before.states, states, ({ seconds }) => seconds) : null;
  return {
    ...{ channel, of, kind, cpu },
    active: times?.active ?? null,
    frequency: times?.frequency ?? null,
    states: times ? states.map(({ state }, index) => ({ state, share: times.shares[index]! })) : [],
  };
}

/**
 * What each core and each cluster did between two readings:
 *
 *     active    = Δ seconds of the states in which it works / Δ seconds of all states
 *     frequency = sum over the states in which it works of Δ seconds x frequency / Δ seconds of these states
 *
 * The seconds of the chip itself are divided by, not those of a clock: the two readings may be any time apart.
 */
export function residencyRates(before: readonly FrequencyChannel[], after: readonly FrequencyChannel[]): readonly ChannelRates[] {
  // A core may have the name of a cluster: `PCPU1`.
  const keyOf = ({ of, channel }: FrequencyChannel): string => `${of} ${channel}`;
  const earlier = new Map(before.map((one) => [keyOf(one), one]));
  return after.map((one) => ratesOf(earlier.get(keyOf(one)), one));
}

/** Fields of {@link ChannelRates}. */
export const residencyRateFields = (): readonly RateField[] => [
  {
    path: 'channels[].active',
    unit: 'ratio',
    formula: 'Δ seconds of the states in which it works / Δ seconds of all states',
    nullWhen: 'no time passed, or a counter went back',
    platform: 'darwin',
  },
  {
    path: 'channels[].frequency',
    unit: 'hertz',
    formula: 'Σ over the states in which it works (Δ seconds × frequency) / Δ seconds of these states',
    nullWhen: 'it did not work, or in a state whose frequency is unknown',
    platform: 'darwin',
  },
  { path: 'channels[].states[].share', unit: 'ratio', formula: 'Δ seconds of the state / Δ seconds of all states', platform: 'darwin' },
];

type StateRow = FrequencyState & Omit<FrequencyChannel, 'states'>;

function* rowsOf(channels: readonly FrequencyChannel[]): Generator<StateRow> {
  for (const { states, ...about } of channels) for (const state of states) yield { ...about, ...state };
}

/** Fields of {@link FrequencyState}, for readings that have some. */
export const residencyGroup = <Reading extends { readonly apple?: readonly FrequencyChannel[] }>(): Group<Reading> =>
  group<Reading, StateRow>({
    name: 'frequency.apple',
    json: 'frequency.apple[].states[]',
    source: 'IOReport CPU Stats, voltage-statesN of pmgr',
    rows: (reading) => rowsOf(reading.apple ?? []),
    labels: { channel: 'channel', kind: 'kind', cpu: 'cpu', state: 'state' },
    fields: [
      {
        key: 'seconds',
        kind: 'counter',
        unit: 'seconds',
        help: 'Time that a core, or a cluster of cores, spent in each of its states (Apple silicon).',
        prometheus: { name: 'hecate_cpu_state_seconds_total', properties: { of: 'of' } },
      },
      {
        key: 'frequency',
        kind: 'gauge',
        unit: 'hertz',
        help: 'Frequency of each state in which it works (Apple silicon).',
        nullWhen: 'it sleeps in this state, or no table of frequencies fits',
        prometheus: { name: 'hecate_cpu_state_frequency_hertz', properties: { of: 'of' } },
      },
    ],
  });
