import type { Scene } from '../scene.ts';
import type { Trail } from '../source.ts';

/** A moment of which nothing is known but the machine that another scene is of, and a sentence that says so. */
export function emptyScene({ machine }: Pick<Scene, 'machine'>, time: number, gap: string): Scene {
  return {
    time,
    machine,
    values: new Map(),
    frequencies: new Map(),
    mounts: null,
    power: null,
    processes: null,
    alerts: null,
    events: [],
    gaps: [gap],
  };
}

/** Seconds that a value stands for at least: as long as it is until the next look. */
const HOLDS = 2;

/**
 * A moment of which nothing was recorded, with the figures that graphs have of it: what a longer trail knows though no scene is left.
 * `ids`: the series of another scene of the machine. The same scene where the trail knows nothing either.
 */
export function filledScene(scene: Scene, trail: Pick<Trail, 'points'>, ids: Iterable<string>, interval: number): Scene {
  const width = Math.max(HOLDS, 2 * interval);
  const values = new Map<string, number | null>();
  for (const id of ids) {
    const value = trail.points(id, scene.time - width, scene.time, 1)[0] ?? Number.NaN;
    if (!Number.isNaN(value)) values.set(id, value);
  }
  return values.size === 0 ? scene : { ...scene, values };
}
