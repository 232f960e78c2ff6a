import type { Learned, ThrottleEvent } from './event.ts';

/** What can be throttled, as it was found at one moment. */
export interface ThrottlePoint {
  /** `cpu0 core`, `cpu0 package`, `cooling_device0 Processor`. */
  readonly device: string;
  /** Throttlings since boot, of a processor that counts; null of a cooling device. */
  readonly count: number | null;
  /** How far a cooling device is turned up, 0 to 1; null of a processor. */
  readonly share: number | null;
}

/** Follows what is throttled from look to look. */
export interface ThrottleWatch {
  /**
   * Takes a look; gives what changed. `settled` is false for a look out of turn: a counter that stood still since the last one
   * a moment ago says nothing about the end.
   */
  look(points: readonly ThrottlePoint[], by: Learned, settled?: boolean): ThrottleEvent[];
}

/**
 * A watch that knows nothing yet; its first look gives no event for counters, since what they counted may be long ago.
 * A processor is throttled from the look at which its counter grew until one at which it did not; a cooling device while it is on.
 */
export function createThrottleWatch(): ThrottleWatch {
  const counts = new Map<string, number>();
  const throttled = new Set<string>();
  return {
    look(points, by, settled = true) {
      return points.flatMap(({ device, count, share }) => {
        let on: boolean;
        if (count === null) on = (share ?? 0) > 0;
        else {
          const before = counts.get(device);
          counts.set(device, count);
          on = before !== undefined && count > before;
          if (!on && !settled) return [];
        }
        if (on === throttled.has(device)) return [];
        if (on) throttled.add(device);
        else throttled.delete(device);
        return [{ kind: 'throttle', change: on ? 'on' : 'off', device, share, by }] satisfies ThrottleEvent[];
      });
    },
  };
}
