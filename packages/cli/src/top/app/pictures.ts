import { createRowsMaker } from '../process/process-rows.ts';
import type { Scene } from '../scene.ts';
import type { TopSource, Trail } from '../source.ts';
import type { TopState } from '../state.ts';
import type { Picture } from '../view.ts';
import { createDetailReader } from './detail-reader.ts';
import type { KeyMap } from './keys.ts';
import { filledScene } from './empty-scene.ts';
import { createPastScenes } from './past-scenes.ts';
import { createRememberedScenes } from './remembered-scenes.ts';

/** Puts together what is drawn. */
export interface Pictures {
  /** The present has moved on. */
  take(scene: Scene): void;
  /** The newest scene of the present; null before the first. */
  newest(): Scene | null;
  /** Time of the oldest scene that is remembered without a recording; null: none is. */
  oldest(): number | null;
  /** What is to be drawn in a state; null while nothing is known at all. What has to be asked for is asked for now, and comes later. */
  of(state: TopState): Picture | null;
}

/** What pictures are made of. */
export interface PicturesOptions {
  readonly source: TopSource;
  readonly trail: Trail;
  readonly keys: KeyMap;
  readonly unicode: boolean;
  /** Something came that was asked for: what is drawn is not up to date. */
  readonly changed: () => void;
  /** Nothing is known of a moment of the past: a sentence that says so. */
  readonly missing: (sentence: string) => void;
  /** Something that was asked for could not be had. */
  readonly failed: (error: unknown) => void;
}

/** Makes pictures of a source. */
export function createPictures({ source, trail, keys, unicode, changed, missing, failed }: PicturesOptions): Pictures {
  let newest: Scene | null = null;
  /** The scene that stands still on the screen; null while it moves. */
  let held: Scene | null = null;
  const rows = createRowsMaker();
  const remembered = createRememberedScenes();
  const past = createPastScenes({ source, known: () => newest, changed, missing, failed });
  const details = createDetailReader({ source, changed, failed });

  const sceneOf = ({ moment, frozen }: TopState): Scene | null => {
    if (moment !== null) {
      const scene = remembered.at(moment) ?? past.at(moment);
      // Graphs reach further back than scenes are kept: boxes say what their graphs show.
      const isEmpty = scene !== null && scene.time === moment && scene.values.size === 0;
      return isEmpty && newest !== null ? filledScene(scene, trail, newest.values.keys(), source.interval) : (scene ?? newest);
    }
    held = frozen ? (held ?? newest) : null;
    return held ?? newest;
  };

  return {
    take(scene) {
      newest = scene;
      if (source.kind === 'replay') past.put(scene);
      else {
        trail.add(scene);
        remembered.add(scene);
      }
    },
    newest: () => newest,
    oldest: () => remembered.oldest(),
    of(state) {
      const scene = sceneOf(state);
      if (scene === null) return null;
      const to = state.moment ?? scene.time;
      const detail = state.detail === null || newest === null ? undefined : details.of(state.detail, newest);
      return {
        ...{ scene, state, trail, source, keys },
        rows: rows(scene.processes, state, unicode, scene.time),
        ...(detail === undefined ? {} : { detail }),
        from: to - state.span,
        to,
      };
    },
  };
}
