import type { BlockSeries } from './block-means.ts';

/** Numbers that look random and are the same at each run: uniform from 0 to 1, and normal. */
export interface Chance {
  readonly uniform: () => number;
  readonly normal: () => number;
}

/** A generator (mulberry32). */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

/** What a series is made of: noise that is alike for `alikeHours`, a daily rhythm, a level. */
export interface Made {
  readonly days: number;
  readonly level?: number;
  readonly alikeHours?: number;
  readonly rhythm?: number;
  /** Hours of the day that are there. */
  readonly hours?: readonly [from: number, to: number];
}

/** Means of ten minutes with a standard deviation of 1. */
export function madeBlocks({ normal }: Chance, { days, level = 30, alikeHours = 0, rhythm = 0, hours = [0, 24] }: Made): BlockSeries {
  const alike = alikeHours === 0 ? 0 : Math.exp(-1 / (6 * alikeHours));
  const blocks: number[] = [];
  const means: number[] = [];
  let noise = normal();
  for (let block = 0; block < days * 144; block += 1) {
    noise = alike * noise + Math.sqrt(1 - alike * alike) * normal();
    const hour = (block / 6) % 24;
    if (hour < hours[0] || hour >= hours[1]) continue;
    blocks.push(block);
    means.push(level + rhythm * Math.sin((hour / 24) * 2 * Math.PI) + noise);
  }
  return { blocks: Int32Array.from(blocks), means: Float64Array.from(means) };
}
