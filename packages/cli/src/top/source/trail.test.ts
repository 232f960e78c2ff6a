import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { SeriesStretch, StretchQuery } from '../source.ts';
import { createTrail } from './trail.ts';

const NOON = 1_763_726_400;

interface FakeSource {
  interval: number;
  readonly asked: StretchQuery[];
  stretch(query: StretchQuery): Promise<SeriesStretch | null>;
}

/** A source whose recorded `load1` is the time itself less noon, a value a step. */
function recorded(until = Number.POSITIVE_INFINITY, fail = false): FakeSource {
  const asked: StretchQuery[] = [];
  return {
    interval: 1,
    asked,
    async stretch(query) {
      asked.push(query);
      if (fail) throw new Error('not now');
      const time: number[] = [];
      for (let at = Math.ceil(query.from / query.step) * query.step; at <= Math.min(query.to, until); at += query.step) time.push(at);
      return { step: query.step, time, series: new Map([['load1', time.map((at) => at - NOON)]]) };
    },
  };
}

const nothing: FakeSource = { interval: 1, asked: [], stretch: async () => null };
const scene = (time: number, value: number | null): { time: number; values: Map<string, number | null> } => ({
  time,
  values: new Map([['load1', value]]),
});

function trailOf(
  source: FakeSource,
  capacity = 3600,
): {
  trail: ReturnType<typeof createTrail>;
  add: (time: number, value: number | null) => void;
  changed: ReturnType<typeof vi.fn>;
  failed: ReturnType<typeof vi.fn>;
} {
  const changed = vi.fn();
  const failed = vi.fn();
  const trail = createTrail({ source, capacity, changed, failed });
  return { trail, add: (time, value) => trail.add(scene(time, value) as never), changed, failed };
}

test('nothing is known at first, of no series, and of stretches that are none', () => {
  const { trail, add } = trailOf(nothing);
  for (const [from, to, columns] of [
    [NOON, NOON + 60, 4],
    [NOON, NOON, 3],
    [NOON + 9, NOON, 2],
    [Number.NaN, NOON, 2],
    [NOON, NOON + 5, 0],
  ] as const)
    expect([...trail.points('load1', from, to, columns)]).toEqual(Array.from({ length: columns }, () => Number.NaN));
  add(Number.NaN, 1);
  add(NOON, 1);
  expect([...trail.points('nonsense', NOON - 10, NOON, 2)]).toEqual([Number.NaN, Number.NaN]);
});

test('means of columns that lie on whole steps: what was drawn stays what it was when time moves on', () => {
  const { trail, add } = trailOf(nothing);
  for (let second = 0; second <= 40; second++) add(NOON + second + 0.003, second);
  const first = trail.points('load1', NOON - 0 + 0.003, NOON + 40.003, 10);
  expect([...first.subarray(0, 9)]).toEqual([5.5, 9.5, 13.5, 17.5, 21.5, 25.5, 29.5, 33.5, 37.5]);
  add(NOON + 41.003, 41);
  const then = trail.points('load1', NOON + 1.003, NOON + 41.003, 10);
  expect([...then.subarray(0, 9)]).toEqual([...first.subarray(0, 9)]);
  expect(then[9]).toBe(40.5);
});

test('the same question has the same answer, without work, until something new came', () => {
  const { trail, add } = trailOf(nothing);
  add(NOON, 1);
  const first = trail.points('load1', NOON - 10, NOON, 5);
  const small = trail.points('load1', NOON - 10, NOON, 2);
  expect(trail.points('load1', NOON - 10, NOON, 5)).toBe(first);
  expect(trail.points('load1', NOON - 10, NOON, 2)).toBe(small);
  add(NOON + 1, 2);
  expect(trail.points('load1', NOON - 10, NOON, 5)).not.toBe(first);
});

test('a sample holds until the next one, but not over a gap; unknown is unknown', () => {
  const { trail, add } = trailOf({ ...nothing, interval: 2 });
  for (const second of [0, 2, 4, 30, 32]) add(NOON + second, second);
  const points = [...trail.points('load1', NOON - 1, NOON + 33, 34)];
  expect(points.slice(0, 5)).toEqual([0, 0, 2, 2, 4]);
  expect(points.slice(5, 30).every(Number.isNaN)).toBe(true);
  expect(points.slice(30)).toEqual([30, 30, 32, Number.NaN]);
  const { trail: other, add: addOther } = trailOf(nothing);
  addOther(NOON, 1);
  addOther(NOON + 1, null);
  expect(other.points('load1', NOON - 1, NOON + 1, 2)[1]).toBeNaN();
});

test('the oldest samples give way; a clock that is put back begins anew', () => {
  const { trail, add } = trailOf(nothing, 10);
  for (let second = 0; second < 25; second++) add(NOON + second, second);
  expect([...trail.points('load1', NOON + 4, NOON + 24, 20)].filter((value) => !Number.isNaN(value))).toEqual([
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
  ]);
  add(NOON + 3, 99);
  expect([...trail.points('load1', NOON + 4, NOON + 24, 20)].every(Number.isNaN)).toBe(true);
  expect(trail.points('load1', NOON, NOON + 3, 3).at(-1)).toBe(99);
  add(NOON + 3, 7);
  expect(trail.points('load1', NOON, NOON + 3, 3).at(-1)).toBe(7);
});

test('what is older is asked for once, in one question for all series, and remembered while one scrolls', async () => {
  vi.useFakeTimers();
  try {
    const source = recorded();
    const { trail, add, changed } = trailOf(source);
    add(NOON, 0);
    for (let wait = 0; wait < 3; wait++) {
      trail.points('load1', NOON - 60, NOON, 60);
      trail.points('load5', NOON - 60, NOON, 60);
    }
    expect(source.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(source.asked).toHaveLength(1);
    expect(source.asked[0]).toMatchObject({ step: 1, series: ['load1', 'load5'] });
    expect(source.asked[0]!.to).toBeLessThanOrEqual(NOON);
    expect(changed).toHaveBeenCalledTimes(1);
    expect([...trail.points('load1', NOON - 60, NOON, 60)]).toEqual(Array.from({ length: 60 }, (_, at) => at - 59));
    for (let back = 0; back < 100; back += 5) trail.points('load1', NOON - 60 - back, NOON - back, 60);
    await vi.advanceTimersByTimeAsync(200);
    expect(source.asked.length).toBeLessThanOrEqual(2);
  } finally {
    vi.useRealTimers();
  }
});

test('far away, fast: neighbours are asked for together, what lies between two places is not, and one at a time', async () => {
  vi.useFakeTimers();
  try {
    const source = recorded();
    const { trail, add } = trailOf(source);
    add(NOON, 0);
    for (let day = 0; day < 60; day++) trail.points('load1', NOON - day * 86_400 - 60, NOON - day * 86_400, 60);
    await vi.advanceTimersByTimeAsync(5000);
    expect(source.asked.length).toBeLessThanOrEqual(24);
    for (const { from, to } of source.asked) expect(to - from).toBeLessThanOrEqual(1024);
    expect(trail.points('load1', NOON - 59 * 86_400 - 60, NOON - 59 * 86_400, 60)[30]).toBeCloseTo(-59 * 86_400 - 29);
  } finally {
    vi.useRealTimers();
  }
});

test('what could not be had is told once and asked for again a minute later, never in between', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const source = recorded(undefined, true);
    const { trail, add, failed, changed } = trailOf(source);
    add(NOON, 0);
    for (let second = 0; second < 50; second++) {
      trail.points('load1', NOON - 60 + second, NOON + second, 60);
      add(NOON + second + 1, second);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(source.asked).toHaveLength(1);
    expect(failed).toHaveBeenCalledTimes(1);
    expect(changed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(61_000);
    trail.points('load1', NOON - 600, NOON + 200, 60);
    await vi.advanceTimersByTimeAsync(200);
    expect(source.asked.length).toBeGreaterThan(1);
    expect(failed).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a coarser answer than was asked for fills what it stands for', async () => {
  vi.useFakeTimers();
  try {
    const source: FakeSource = {
      interval: 1,
      asked: [],
      stretch: async () => ({ step: 10, time: [NOON - 20, NOON - 10], series: new Map([['load1', [1, 2]]]) }),
    };
    const { trail, add } = trailOf(source);
    add(NOON, 3);
    trail.points('load1', NOON - 20, NOON, 20);
    await vi.advanceTimersByTimeAsync(200);
    expect([...trail.points('load1', NOON - 20, NOON, 20)]).toEqual([...Array(9).fill(1), ...Array(10).fill(2), 3]);
  } finally {
    vi.useRealTimers();
  }
});

test('any samples and any view: as many points as columns, each within what was there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: 0.05, max: 30, noNaN: true }), fc.option(fc.double({ min: -5, max: 5, noNaN: true }))), {
        maxLength: 60,
      }),
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      (steps, columns, span) => {
        const { trail, add } = trailOf(nothing, 16);
        let time = NOON;
        for (const [step, value] of steps) add((time += step), value);
        const points = trail.points('load1', time - span, time, columns);
        expect(points).toHaveLength(columns);
        for (const value of points) expect(Number.isNaN(value) || (value >= -5 && value <= 5)).toBe(true);
      },
    ),
  );
});
