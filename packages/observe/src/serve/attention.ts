import type { Host } from '@hecate/host';
import type { CollectorName, SamplerOptions } from '@hecate/metrics';
import { measuringPeriod } from '../record/measuring.ts';

/** Who looks at a daemon, and how often things are read for that. */
export interface Attention {
  /** Says that somebody looks now, and at this above all. */
  look(name?: CollectorName): void;
  /** Whether somebody looked at this lately, so that it is read at each tick. */
  isWatched(name: CollectorName): boolean;
  /** Seconds between two reads of a collector that are enough now; the lane is the one that it is in now. */
  readonly demand: NonNullable<SamplerOptions['demand']>;
}

/** What costs much and is read rarely while nobody looks at it: seconds between two reads. */
const UNWATCHED: Partial<Readonly<Record<CollectorName, number>>> = { processes: 5 };
/** Seconds after a look in which the next one is expected. */
const ATTENTION = 10;
/** The same for slow readings, which any question is about; a scraper may ask once a minute. */
const LONG_ATTENTION = 90;
/** Seconds between two slow readings while nobody asks anything: the recorder needs few of them, and none of them soon. */
const UNWATCHED_SLOW = 30;

/** Attention from now on, as if somebody had just asked something. `slow` are the collectors whose lane is slow anyway. */
export function createAttention(host: Pick<Host, 'clock' | 'platform'>, slow: ReadonlySet<CollectorName>): Attention {
  const { clock } = host;
  const lookedAt = new Map<CollectorName, number>();
  let lastLook = clock.monotonic();
  const isWatched = (name: CollectorName): boolean => clock.monotonic() - (lookedAt.get(name) ?? Number.NEGATIVE_INFINITY) < ATTENTION;
  return {
    look(name) {
      lastLook = clock.monotonic();
      if (name) lookedAt.set(name, lastLook);
    },
    isWatched,
    demand(name, lane) {
      if (isWatched(name)) return 0;
      const unasked = slow.has(name) ? UNWATCHED_SLOW : measuringPeriod(host, name, lane);
      if (unasked > 0) return clock.monotonic() - lastLook < LONG_ATTENTION ? 0 : unasked;
      return UNWATCHED[name] ?? 0;
    },
  };
}
