import type { FrequencyChannel } from '../../domain/frequency-residency.ts';
import type { Channel } from '../io-report/channel.ts';
import { isActive } from '../io-report/states.ts';

/** How many states it works in. */
export const stepsOf = ({ states }: Channel): number => (states ?? []).filter(({ name }) => isActive(name)).length;

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
