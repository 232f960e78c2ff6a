import type { Scene } from '../scene.ts';

/** The last scenes of the present: what was just there can be looked at though nothing is recorded. */
export interface RememberedScenes {
  add(scene: Scene): void;
  /** The scene that was there at a time; null when that is longer ago, or nothing was looked at then. */
  at(time: number): Scene | null;
  /** Time of the oldest one; null: there is none. */
  oldest(): number | null;
}

/** Rows of processes in all scenes together: some hundred bytes each. */
const MOST_ROWS = 60_000;
const MOST_SCENES = 600;
/** A scene is what was there until the next one came, or for as long as this, in seconds. */
const HOLDS = 5;

/** Keeps as many scenes as a bounded memory holds: ten minutes of a hundred processes, one of a thousand, at a scene a second. */
export function createRememberedScenes(): RememberedScenes {
  let scenes: Scene[] = [];
  let rows = 0;
  const rowsOf = ({ processes }: Scene): number => processes?.length ?? 0;

  return {
    add(scene) {
      // After the clock was set back, what comes later lies earlier: what was is not to be mixed with what is.
      if (scenes.length > 0 && scene.time <= scenes.at(-1)!.time) {
        scenes = [];
        rows = 0;
      }
      scenes.push(scene);
      rows += rowsOf(scene);
      while (scenes.length > 1 && (rows > MOST_ROWS || scenes.length > MOST_SCENES)) rows -= rowsOf(scenes.shift()!);
    },
    at(time) {
      const index = scenes.findLastIndex((scene) => scene.time <= time + 1e-6);
      const scene = scenes[index];
      if (scene === undefined) return null;
      const next = scenes[index + 1];
      return time - scene.time <= HOLDS || (next !== undefined && next.time - scene.time <= 2 * HOLDS) ? scene : null;
    },
    oldest: () => scenes[0]?.time ?? null,
  };
}
