import type { Statistics, Sufficiency } from './analysis.ts';
import { SATURATED_PERCENT } from './saturation.ts';
import type { Saturation } from './saturation.ts';
import { encodeDuration } from './unit.ts';

/** A saturated run of this length is a shortage, however calm the rest was. Seconds. */
const LONG_RUN = 60;

const SHAPES = {
  steady: 'the load is steady',
  lively: 'the load moves a little',
  bursty: 'the load comes in bursts',
  spiky: 'calm most of the time, with rare high peaks',
} as const;

const VERDICTS = {
  ample: 'There is ample room',
  enough: 'There is enough room',
  tight: 'It is tight',
  short: 'It falls short',
} as const;

const number = (value: number): string => value.toFixed(1);

/** Reads a percent metric: how far its peaks stand out (p95 - p75), what is left above them, how long it was full. Null without a value. */
export function judgeSufficiency({ median, p75, p95, count }: Statistics, saturation: Saturation): Sufficiency | null {
  if (p75 === null || p95 === null || count === 0) return null;
  const gap = p95 - p75;
  const headroom = 100 - p95;
  const shape = gap < 5 ? 'steady' : gap < 20 ? 'lively' : gap < 40 ? 'bursty' : 'spiky';
  const byHeadroom = headroom >= 40 ? 'ample' : headroom >= 20 ? 'enough' : headroom >= 5 ? 'tight' : 'short';
  const { knownSeconds, secondsAbove80, longestSeconds, longestStart } = saturation;
  const longRun = longestSeconds >= LONG_RUN;
  const verdict = longRun && (byHeadroom === 'ample' || byHeadroom === 'enough') ? 'tight' : byHeadroom;
  const share = knownSeconds > 0 ? secondsAbove80 / knownSeconds : 0;
  const sentences = [
    `${VERDICTS[verdict]}: 95 % of the time it is at or below ${number(p95)} %, so ${number(headroom)} points are left.`,
    `p95 - p75 is ${number(gap)} points: ${SHAPES[shape]}.`,
  ];
  if (gap >= 20 && headroom < 20)
    sentences.push('The peaks reach the limit, the usual load does not: spread the peaks before adding capacity.');
  if (gap < 5 && headroom < 20 && median !== null && p95 - median < 10)
    sentences.push('It is high all the time: more capacity would be used at once.');
  if (secondsAbove80 > 0) sentences.push(`It was above 80 % for ${encodeDuration(secondsAbove80)}.`);
  if (longestSeconds > 0) sentences.push(`Its longest saturated run lasted ${encodeDuration(longestSeconds)}.`);
  return {
    gap,
    shape,
    headroom,
    verdict,
    secondsAbove80,
    shareAbove80: share,
    saturatedFrom: SATURATED_PERCENT,
    longestSaturatedSeconds: longestSeconds,
    longestSaturatedStart: longestStart,
    reading: sentences.join(' '),
  };
}
