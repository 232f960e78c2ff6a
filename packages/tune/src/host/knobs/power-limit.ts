import type { GpuPower } from '../facts.ts';
import { between, optional } from '../rule.ts';
import type { Option } from '../rule.ts';
import type { KnobEntry } from '../profile.ts';

/** The part of its default limit that a GPU may draw. Below a half it is slower than a smaller one. */
export const LIMIT_SHARE: Option = optional(between(0.5, 1));

/** Watts of an entry's share of the default limit, whole where the GPU allows it. */
export function limitWatts(entry: KnobEntry, { defaultLimit, least, most }: GpuPower): number {
  return Math.min(most, Math.max(least, Math.round(defaultLimit * Number(entry.options['limit_share']))));
}

/** The sentence for a GPU that does not say what it may draw. */
export const noLimit = (gpu: string): string => `The GPU ${gpu} sleeps, or does not say between which limits its power can be set.`;
