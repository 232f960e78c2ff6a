import { expect, test } from 'vitest';
import { standingClock, systemClock } from '@hecate/host';
import { createTicker, nextTick } from './ticker.ts';

test('which tick comes next', () => {
  expect(nextTick(10, 10.2)).toEqual({ tick: 11, missed: 0 });
  expect(nextTick(10, 13.9)).toEqual({ tick: 14, missed: 3 });
  // A moment early, by rounding or a small step of the clock: tick 10 is not served twice.
  expect(nextTick(10, 9.999)).toEqual({ tick: 11, missed: 0 });
  // Put back by an hour of seconds: no standstill.
  expect(nextTick(10_000, 6400.5)).toEqual({ tick: 6401, missed: 0 });
});

test('a tick is awaited until the wall clock has reached it', async () => {
  const ticker = createTicker(systemClock, 0.05);
  const start = systemClock.now();
  let ticks = 0;
  for (let i = 0; i < 3; i++) ticks += 1 + (await ticker.wait())!;
  expect(systemClock.now()).toBeGreaterThanOrEqual((Math.floor(start / 0.05) + ticks) * 0.05 - 1e-6);
});

test('a signal ends the wait, also one that came before', async () => {
  expect(await createTicker(standingClock(100), 10).wait(AbortSignal.abort())).toBeNull();
  const stop = new AbortController();
  const waiting = createTicker(standingClock(100), 10).wait(stop.signal);
  stop.abort();
  expect(await waiting).toBeNull();
});
