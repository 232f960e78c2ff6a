import { expect, test } from 'vitest';
import { frequencyGroups, frequencyRates } from './frequency.ts';
import type { FrequencyReading } from './frequency.ts';
import { residencyRates } from './frequency-residency.ts';
import type { FrequencyChannel } from './frequency-residency.ts';

/** A core whose steps are these megahertz; seconds asleep in DOWN and IDLE, then at each step. */
const core = (megahertz: readonly (number | null)[], [down, idle, ...seconds]: readonly number[], channel = 'PCPU0'): FrequencyChannel => ({
  ...{ channel, of: 'core', kind: 'P', cpu: 4 },
  states: [
    { state: 'DOWN', active: false, frequency: null, seconds: down! },
    { state: 'IDLE', active: false, frequency: null, seconds: idle! },
    ...megahertz.map((one, step) => ({
      state: `V${step}`,
      active: true,
      frequency: one === null ? null : one * 1e6,
      seconds: seconds[step]!,
    })),
  ],
});
const between = (before: FrequencyChannel, after: FrequencyChannel): unknown => {
  const [rates] = residencyRates([before], [after]);
  return [rates!.active, rates!.frequency === null ? null : rates!.frequency / 1e6];
};

test.each([
  ['idle half of the time', [0, 500, 100, 400], [0.5, 1800]],
  ['switched off for most of it: that is no work either', [800, 100, 100, 0], [0.1, 1000]],
  ['at work all the time', [0, 0, 1, 1], [1, 1500]],
  ['asleep all the time: it had no frequency', [3, 4, 0, 0], [0, null]],
  ['no time', [0, 0, 0, 0], [null, null]],
])('%s', (_what, grown, rates) => {
  const start = [10, 20, 30, 40];
  expect(
    between(
      core([1000, 2000], start),
      core(
        [1000, 2000],
        start.map((seconds, index) => seconds + grown[index]!),
      ),
    ),
  ).toEqual(rates);
});

test('without a table there is a share, and no frequency', () => {
  expect(between(core([null, null], [0, 0, 0, 0]), core([null, null], [0, 1, 1, 0]))).toEqual([0.5, null]);
});

test('a step whose frequency is unknown takes it from the mean only when there was work in it', () => {
  const steps = [1000, null];
  expect(between(core(steps, [0, 0, 0, 5]), core(steps, [0, 1, 1, 5]))).toEqual([0.5, 1000]);
  expect(between(core(steps, [0, 0, 0, 5]), core(steps, [0, 0, 1, 6]))).toEqual([1, null]);
});

test('a counter that went back, other states, or a core that was not there: nothing is said', () => {
  const before = core([1000, 2000], [10, 20, 30, 40]);
  for (const after of [core([1000, 2000], [10, 20, 30, 39]), core([1000], [11, 21, 31]), core([1000, 2000], [11, 21, 31, 41], 'PCPU1')])
    expect(between(before, after)).toEqual([null, null]);
  const renamed = { ...before, states: before.states.map((one) => ({ ...one, state: `${one.state}X`, seconds: one.seconds + 1 })) };
  expect(between(before, renamed)).toEqual([null, null]);
});

test('a core and a cluster of one name are two', () => {
  const one = core([1000], [0, 0, 0]);
  const cluster: FrequencyChannel = { ...one, of: 'cluster', cpu: null };
  const rates = residencyRates(
    [one, { ...cluster, states: core([1000], [0, 5, 0]).states }],
    [
      { ...one, states: core([1000], [0, 1, 1]).states },
      { ...cluster, states: core([1000], [0, 5, 2]).states },
    ],
  );
  expect(rates.map(({ of, active }) => [of, active])).toEqual([
    ['core', 0.5],
    ['cluster', 1],
  ]);
});

test('rates of a reading have channels only where it has some; its rows have each state', () => {
  const none: FrequencyReading = { policies: [], clocks: [], boost: null, coreThrottles: [], packageThrottles: [] };
  const some: FrequencyReading = { ...none, apple: [core([1000], [0, 1, 2])] };
  expect(frequencyRates(none, none, 1)).toBeNull();
  expect(frequencyRates(none, some, 1)).toBeNull();
  expect(frequencyRates(some, some, 1)).toMatchObject({ coreThrottlesPerSecond: null, channels: [{ active: null }] });
  const rows = [
    ...frequencyGroups()
      .find(({ name }) => name === 'frequency.apple')!
      .rows(some),
  ];
  expect(rows).toHaveLength(3);
  expect(rows[2]).toEqual({ channel: 'PCPU0', of: 'core', kind: 'P', cpu: 4, state: 'V0', active: true, frequency: 1e9, seconds: 2 });
});
