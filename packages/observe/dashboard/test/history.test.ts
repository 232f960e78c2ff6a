import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHistory, highOf, lowOf, stepFor } from '../src/history.ts';
import type { History } from '../src/history.ts';
import { createSeriesStore } from '../src/series-store.ts';
import type { SeriesStore } from '../src/series-store.ts';

const NOW = 1_800_000_000;
let live: SeriesStore;
let history: History;
let asked: URL[];
let errors: (string | null)[];

/** A server that answers with the time as the value, and a band around it. */
function answer(path: string): Response {
  const url = new URL(path, 'http://127.0.0.1');
  asked.push(url);
  const [from, to, step] = ['from', 'to', 'step'].map((name) => Number(url.searchParams.get(name))) as [number, number, number];
  const time = Array.from({ length: Math.floor((Math.min(to, NOW) - from) / step) }, (_, row) => from + row * step);
  const by = (change: number): object => ({ a: time.map((at) => at - NOW + change) });
  return Response.json({ step, time, series: by(0), ...(url.searchParams.has('band') ? { min: by(-5), max: by(5) } : {}) });
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  errors = [];
  vi.stubGlobal('fetch', (path: string) => Promise.resolve(answer(path)));
  live = createSeriesStore(8192);
  for (let at = NOW - 100; at <= NOW; at++) live.append(at, { a: at - NOW }, 1);
  history = createHistory(
    live,
    () => undefined,
    (message) => errors.push(message),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(200);
const last = (seconds: number): { from: number; to: number } => ({ from: NOW - seconds, to: NOW });

test('what the live store holds is asked of nobody', async () => {
  history.want(last(60), true);
  await settle();
  expect(asked).toEqual([]);
  expect(history.storeFor(last(60))).toBe(live);
  expect(history.bandFor(last(60))).toBeNull();
});

test('a live window as fine as the live store makes that one longer, once', async () => {
  history.want(last(900), true);
  await settle();
  expect(history.storeFor(last(900))).toBe(live);
  expect(live.at('a', NOW - 800)).toBe(-800);
  history.want(last(900), true);
  await settle();
  expect(asked).toHaveLength(1);
});

test('a longer one has coarse rows with their bands, and goes along with the clock without asking', async () => {
  const day = 86_400;
  const step = stepFor(day);
  history.want(last(day), true);
  await settle();
  expect(asked[0]!.searchParams.get('step')).toBe(String(step));
  const past = history.storeFor(last(day));
  expect(past).not.toBe(live);
  const band = history.bandFor(last(day))!;
  expect([band.at(lowOf('a'), NOW - 40_000), band.at(highOf('a'), NOW - 40_000)]).toEqual([
    past.at('a', NOW - 40_000)! - 5,
    past.at('a', NOW - 40_000)! + 5,
  ]);
  const before = past.last()!;
  for (let at = NOW + 1; at <= NOW + 3 * step; at++) live.append(at, { a: at - NOW }, 1);
  history.advance();
  const after = past.last()!;
  expect((after - before) / step).toBeGreaterThanOrEqual(2);
  const [mean, low, high] = [past.at('a', after), band.at(lowOf('a'), after), band.at(highOf('a'), after)];
  expect(mean).toBeCloseTo(after - NOW + (step - 1) / 2, 3);
  expect([low, high]).toEqual([after - NOW, after - NOW + step - 1]);
  history.want({ from: NOW + 3 * step - day, to: NOW + 3 * step }, true);
  await settle();
  expect(asked).toHaveLength(1);
});

test('a row of which nothing is known is left out', async () => {
  history.want(last(86_400), true);
  await settle();
  const past = history.storeFor(last(86_400));
  // The machine slept for two rows.
  for (let at = NOW + 200; at <= NOW + 300; at++) live.append(at, { a: 1 }, 1);
  history.advance();
  const times = past.select(['a'], NOW - 100, NOW + 300)[0];
  expect(times.slice(-3)).toEqual([NOW, NOW + 2 * 72, NOW + 3 * 72]);
});

test('a server that refuses is quoted, and the live store stays', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ error: { message: 'The disk is gone.' } }, { status: 503 })));
  history.want(last(86_400), true);
  await settle();
  expect(errors).toEqual(['The disk is gone.']);
  expect(history.storeFor(last(86_400))).toBe(live);
});

test('a hole in the stream is filled', async () => {
  live.append(NOW + 60, { a: 60 }, 1);
  history.mend(NOW, NOW + 60);
  await settle();
  expect(asked).toHaveLength(1);
  expect(asked[0]!.search).toBe(`?from=${NOW}&to=${NOW + 60}&step=1`);
});
