import { startAlerts } from '@hecate/observe';
import type { Alert, AlertSettings, EventLog, Frame, RunningAlerts } from '@hecate/observe';

/** What judges the frames that are shown. */
export interface LiveAlerts {
  look(frame: Frame): readonly Alert[];
  close(): Promise<void>;
}

/**
 * The rules of the daemon, at work on what this program reads: what they say of the rest (arrays, units, exporters) they leave out.
 * Nothing is kept, and nobody is told.
 */
export function judgeLive(settings: AlertSettings, interval: number, events: EventLog, log: (text: string) => void): LiveAlerts {
  let latest: Frame | null = null;
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
      latest = frame;
      hear?.(frame);
      return alerts.active();
    },
    close: () => alerts.close(),
  };
}
