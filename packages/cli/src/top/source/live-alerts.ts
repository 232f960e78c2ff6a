import { startAlerts } from '@hecate/observe';
import type { Alert, AlertSettings, EventLog, Frame, RunningAlerts } from '@hecate/observe';

/** Ticks come some milliseconds early or late. */
const EARLY = 0.9;

/** What judges the frames that are shown. */
export interface LiveAlerts {
  /** Judges a frame, if the one that was judged last is old enough; returns what is wrong. */
  look(frame: Frame): readonly Alert[];
  close(): Promise<void>;
}

/**
 * The rules of the daemon, every `interval` seconds at most at work on what this program reads: what they say of the rest (arrays, units, exporters) they leave out.
 * Nothing is kept, and nobody is told.
 */
export function judgeLive(settings: AlertSettings, interval: number, events: EventLog, log: (text: string) => void): LiveAlerts {
  let latest: Frame | null = null;
  let active: readonly Alert[] = [];
  let hear: ((frame: Frame) => void) | null = null;
  const hub = {
    interval,
    get latest() {
      return latest;
    },
    subscribe: (listener: (frame: Frame) => void) => {
      hear = listener;
      return () => undefined;
    },
  };
  const alerts: RunningAlerts = startAlerts({ hub, settings, events, stateFile: null, log });
  return {
    look(frame) {
      // Rules are about seconds and minutes: looking more often, of which there are as many as ten a second, tells nothing more.
      if (latest !== null && Math.abs(frame.snapshot.time - latest.snapshot.time) < interval * EARLY) return active;
      latest = frame;
      hear?.(frame);
      return (active = alerts.active());
    },
    close: () => alerts.close(),
  };
}
