import type { FrequencyChannel } from '../../domain/frequency-residency.ts';
import type { Channel } from '../io-report/channel.ts';

/** States in which a core, a cluster or a GPU does not work. */
const ASLEEP = new Set(['IDLE', 'DOWN', 'OFF']);

/** Whether it works in this state. */
export const isActive = (state: string): boolean => !ASLEEP.has(state);

/** How many states it works in. */
export const stepsOf = ({ states }: Channel): number => (states ?? []).filter(({ name }) => isActive(name)).length;

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
]);

/** Seconds of one unit of residency, by its label (`24Mticks`, `ns`); null for a label that is not known. */
export function secondsPerUnit(label: string | null): number | null {
  const [, ticks] = /^(\d{1,6})Mticks$/.exec(label ?? '') ?? [];
  if (ticks !== undefined) return Number(ticks) > 0 ? 1 / (Number(ticks) * 1e6) : null;
  return SECONDS.get(label ?? '') ?? null;
}

/** Position of a step in the table of frequencies: the n of `VnPm`, otherwise its place among the states that work. */
function stepOf(name: string, place: number): number {
  const [, number] = /^V(\d{1,3})P\d{1,3}$/.exec(name) ?? [];
  return number === undefined ? place : Number(number);
}

/** A channel with its frequencies. `table` is null where no table fits: then its frequencies are null, its times are not. */
export function frequencyChannel(
  channel: Channel,
  about: Pick<FrequencyChannel, 'of' | 'kind' | 'cpu'>,
  table: readonly number[] | null,
  unit: number,
): FrequencyChannel {
  let place = 0;
  const states = (channel.states ?? []).map(({ name, residency }) => {
    const active = isActive(name);
    const frequency = active ? (table?.[stepOf(name, place++)] ?? null) : null;
    return { state: name, active, frequency, seconds: residency * unit };
  });
  return { channel: channel.name, ...about, states };
}
