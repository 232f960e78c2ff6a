import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@hecate/host';

/** Ticks on whole multiples of an interval by the wall clock: they do not drift, and a missed one is skipped. */
export interface Ticker {
  /** Waits for the next tick and says how many were missed on the way; null when the signal came first. */
  wait(signal?: AbortSignal): Promise<number | null>;
}

/** A ticker; `interval` is in seconds. The tick that is running when it is made counts as served. */
export function createTicker(clock: Clock, interval: number): Ticker {
  let last = Math.floor(clock.now() / interval);
  return {
    async wait(signal) {
      const { tick, missed } = nextTick(last, clock.now() / interval);
      last = tick;
      await sleepUntil(tick * interval, clock, signal);
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
