import type { Scene } from '../scene.ts';

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
