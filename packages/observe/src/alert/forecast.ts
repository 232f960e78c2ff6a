import { fillForecast } from '@hecate/metrics';
import type { ColumnUnit } from '../record/columns.ts';
import type { Frame } from '../serve/hub.ts';
import type { Source } from './source.ts';
import { FILESYSTEM } from './subject/filesystem.ts';

/** Seconds between two points, and how many are kept: three hours of them. */
const STEP = 120;
const MOST = 90;
/** Fewer say nothing: twenty minutes. */
const LEAST = 10;
/** A line that fits worse describes something that does not fill steadily. */
const FIT = 0.6;

interface Track {
  readonly points: { readonly time: number; readonly available: number }[];
  /** Seconds from `at` until it is full; Infinity when it does not fill, null when too little is known. */
  full: number | null;
  at: number;
  /** Monotonic time of the last point, and the look at which it was last there. */
  pointAt: number;
  seenAt: number;
}

const READINGS: ReadonlyMap<string, ColumnUnit> = new Map(Object.entries(FILESYSTEM.readings).map(([name, { unit }]) => [name, unit]));

/** Takes a point every two minutes and draws the line through all of them anew. */
function follow(track: Track, time: number, available: number | null): void {
  if (available === null || time - track.pointAt < STEP) return;
  track.pointAt = time;
  track.points.push({ time, available });
  if (track.points.length > MOST) track.points.shift();
  track.at = time;
  if (track.points.length < LEAST) return;
  const forecast = fillForecast(track.points);
  if (forecast) track.full = forecast.fit < FIT || forecast.full === null ? Number.POSITIVE_INFINITY : forecast.full;
}

/** Seconds until each file system is full, if it goes on as in the last three hours. */
export const forecastSource = (what: string, matches: (object: string) => boolean): Source => ({
  what,
  unit: 'seconds',
  pace: 'slow',
  objects: true,
  readings: READINGS,
  open() {
    const tracks = new Map<string, Track>();
    return (frame: Frame, take) => {
      const rows = FILESYSTEM.rows(frame);
      if (rows === null || rows === undefined) return false;
      const now = frame.snapshot.monotonic;
      let row: unknown;
      const other = (name: string): number | null => FILESYSTEM.readings[name]?.value(row, frame) ?? null;
      for (row of rows) {
        const object = FILESYSTEM.objectOf(row);
        if (!matches(object)) continue;
        let track = tracks.get(object);
        if (!track) {
          track = { points: [], full: null, at: now, pointAt: Number.NEGATIVE_INFINITY, seenAt: now };
          tracks.set(object, track);
        }
        track.seenAt = now;
        follow(track, now, other('available'));
        take(object, track.full === null ? null : Math.max(0, track.full - (now - track.at)), other);
      }
      for (const [object, { seenAt }] of tracks) if (seenAt !== now) tracks.delete(object);
      return true;
    };
  },
});
