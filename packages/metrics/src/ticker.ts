import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@hecate/host';

/** Ticks on whole multiples of an interval by the wall clock: they do not drift, and a missed one is skipped. */
export interface Ticker {
  /** Waits for the next tick and says how many were missed on the way; null when the signal came first. */
  wait(signal?: AbortSignal): Promise<number | null>;
}

/** A ticker; `interval` and `delay`, by which ticks lie after the multiples, are in seconds. The tick that is running when it is made counts as served. */
export function createTicker(clock: Clock, interval: number, delay: number = 0): Ticker {
  const position = (): number => (clock.now() - delay) / interval;
  let last = Math.floor(position());
  return {
    async wait(signal) {
      // Nothing moves on a machine that was recorded: there is no next tick, only the end.
      if (clock.stands) return untilEnd(signal);
      const { tick, missed } = nextTick(last, position());
      last = tick;
      await sleepUntil(tick * interval + delay, clock, signal);
      return signal?.aborted ? null : missed;
    },
  };
}

/**
 * The tick to wait for after `last`, when it is `now` (both in intervals), and how many were missed on the way.
 * A clock that was put back starts a new count; nobody waits until it has caught up.
 */
export function nextTick(last: number, now: number): { readonly tick: number; readonly missed: number } {
  const following = Math.floor(now) + 1;
  if (following > last) return { tick: following, missed: following - last - 1 };
  // Put back by less than a tick, or rounded: the tick that was served is not served again.
  return { tick: following === last ? last + 1 : following, missed: 0 };
}

function untilEnd(signal: AbortSignal | undefined): Promise<null> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(null);
    signal?.addEventListener('abort', () => resolve(null), { once: true });
  });
}

/** Sleeps until the wall clock says `time` or the clock is put back. Timers may fire a moment early: then it sleeps again. */
async function sleepUntil(time: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  const start = clock.now();
  for (let now = start; now < time && now >= start; now = clock.now()) {
    try {
      await sleep(Math.max(1, Math.ceil((time - now) * 1000)), undefined, signal ? { signal } : {});
    } catch (error) {
      if (signal?.aborted) return;
      throw error;
    }
  }
}
