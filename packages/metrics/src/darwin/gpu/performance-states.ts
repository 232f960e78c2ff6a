import type { GpuState } from '../../domain/gpu.ts';
import type { GapSink } from '../../model/gap.ts';
import type { Channel } from '../io-report/channel.ts';
import type { WantedChannels } from '../io-report/report.ts';
import { isActive, secondsPerUnit } from '../io-report/states.ts';

/** The channels that count how long the GPU was in each state. */
export const GPU_CHANNELS: readonly WantedChannels[] = [{ group: 'GPU Stats', subgroup: 'GPU Performance States', kind: 'states' }];

/** `GPUPH`; on a chip of several dies perhaps one of each, by the name of its die. */
const CHANNEL = /(?:^|_)GPUPH$/;

/** Residencies of all dies together; null where they do not have the same states. */
function sumOf(channels: readonly Channel[]): { readonly name: string; readonly residency: number }[] | null {
  const [first, ...others] = channels.map(({ states }) => states ?? []);
  if (!first || first.length === 0) return null;
  if (others.some((states) => states.length !== first.length || states.some(({ name }, index) => name !== first[index]!.name))) return null;
  return first.map(({ name, residency }, index) => ({
    name,
    residency: others.reduce((sum, states) => sum + states[index]!.residency, residency),
  }));
}

/**
 * The states of the GPU with their frequencies: the working states have those of the table one after the other. States beyond the table
 * have none; where it has more than there are states, nobody knows whose they are. `frequencies` in hertz, the slowest first, none of
 * them 0; null when unknown, which has a gap already.
 */
export function statesOf(channels: readonly Channel[], frequencies: readonly number[] | null, gaps: GapSink): readonly GpuState[] {
  const own = channels.filter(({ name, states }) => CHANNEL.test(name) && states !== null);
  const refuse = (reason: 'unsupported' | 'error', detail: string): readonly GpuState[] => {
    gaps.add('gpu.states', reason, detail);
    return [];
  };
  if (own.length === 0) return refuse('unsupported', 'IOReport has no channel GPUPH.');
  const states = sumOf(own);
  if (!states) return refuse('error', 'The dies of the GPU do not count the same states.');
  const [first] = own;
  const seconds = secondsPerUnit(first!.unit);
  if (seconds === null || own.some(({ unit }) => unit !== first!.unit))
    return refuse('error', `IOReport counts states of the GPU in ${first!.unit ?? 'no unit'}, which is not understood.`);
  // Dies that count the same seconds are one GPU.
  const unit = seconds / own.length;
  const table = frequencies ?? [];
  const working = states.filter(({ name }) => isActive(name)).length;
  const fits = table.length <= working;
  let next = 0;
  const made = states.map(({ name, residency }): GpuState => {
    const active = isActive(name);
    const frequency = active && fits ? (table[next++] ?? null) : null;
    return { state: name, active, frequency, time: Math.max(0, residency) * unit };
  });
  const isUnknown = made.some(({ active, frequency, time }) => active && frequency === null && time > 0);
  if (frequencies !== null && isUnknown)
    gaps.add('gpu.states.frequency', 'error', `The GPU has ${working} working states, its table ${table.length} frequencies.`);
  return made;
}
