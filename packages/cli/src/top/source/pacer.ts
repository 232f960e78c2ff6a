import { createTicker } from '@hecate/metrics';
import type { Clock } from '@hecate/host';

/** Waits from scene to scene. The interval can be changed while it waits: it then waits for the next tick of the new one. */
export interface Pacer {
  /** Seconds, 0.1 to 60: what lies outside becomes the nearest that does not. */
  interval: number;
  /** Waits for the next tick; false when the signal came first. */
  next(signal: AbortSignal): Promise<boolean>;
}

const SHORTEST = 0.1;
const LONGEST = 60;

const bounded = (interval: number): number => (interval >= SHORTEST ? Math.min(LONGEST, interval) : SHORTEST);

/** A pacer by this clock. By one that stands still there is no next tick, only the end. */
export function createPacer(clock: Clock, interval: number): Pacer {
  let seconds = bounded(interval);
  let wake = (): void => undefined;
  return {
    get interval() {
      return seconds;
    },
    set interval(wanted) {
      seconds = bounded(wanted);
      wake();
    },
    async next(signal) {
      while (!signal.aborted) {
        const turn = new AbortController();
        wake = () => turn.abort();
        // One listener a turn that goes with it: signals that are made of others stay with them for as long as those live.
        signal.addEventListener('abort', wake);
        try {
          if ((await createTicker(clock, seconds).wait(turn.signal)) !== null) return true;
        } finally {
          signal.removeEventListener('abort', wake);
        }
      }
      return false;
    },
  };
}
