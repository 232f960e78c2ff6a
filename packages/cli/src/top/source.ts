import type { Connection, ProcessDetail } from '@hecate/metrics';
import type { SeriesMeta, SignalName } from '@hecate/observe';
import type { ProcessKey, Scene } from './scene.ts';

/** Series over a stretch of time: one value a step, null where nothing is known. */
export interface SeriesStretch {
  /** Seconds that one value stands for. */
  readonly step: number;
  /** Seconds since the epoch of each value. */
  readonly time: readonly number[];
  readonly series: ReadonlyMap<string, readonly (number | null)[]>;
}

/** A stretch of the past that is asked for. */
export interface StretchQuery {
  readonly from: number;
  readonly to: number;
  /** Seconds that one value should stand for. */
  readonly step: number;
  /** Ids; all if absent. */
  readonly series?: readonly string[];
}

/** All of one process. */
export interface SceneDetail {
  readonly detail: ProcessDetail;
  /** Its connections; null where they may not be known. */
  readonly connections: readonly Connection[] | null;
}

/** What can be done to processes. Each rejects with a HecateError: gone (UNAVAILABLE), another one by now (CONFLICT), DENIED. */
export interface SceneActor {
  signal(key: ProcessKey, signal: SignalName): Promise<void>;
  setNice(key: ProcessKey, nice: number): Promise<void>;
}

/** Where scenes come from. Opened by `open…` of source/; everything but `close` may be called while scenes run. */
export interface TopSource {
  readonly kind: 'live' | 'replay' | 'remote';
  /** For the head line: `web1`, `recording of 2026-11-21`, `https://web1:9095`. */
  readonly label: string;
  /** Seconds between two scenes. It can be changed; a recording does not care. */
  interval: number;
  /**
   * The present, a scene each interval, until the signal; then it returns. A remote daemon that goes away is told of by `say` and tried
   * again; it rejects only for what waiting cannot mend (wrong token, no such address). A recording gives its last moment once.
   */
  scenes(signal: AbortSignal): AsyncIterable<Scene>;
  /** A moment of the past; null when nothing was recorded then. */
  at(time: number): Promise<Scene | null>;
  /** From when to when there is anything to travel to; null: nothing is recorded. */
  extent(): Promise<{ readonly from: number; readonly to: number } | null>;
  /** What was before the first scene, and at moments of the past; null when nothing is recorded. */
  stretch(query: StretchQuery): Promise<SeriesStretch | null>;
  /** What a series is; undefined for one that nobody knows. */
  meta(id: string): SeriesMeta | undefined;
  /** All of a process of the present; null when it is gone, or where that cannot be asked. */
  detail(key: ProcessKey): Promise<SceneDetail | null>;
  /** Null: nothing can be done from here, and `whyNoActor` says why. */
  readonly actor: SceneActor | null;
  readonly whyNoActor: string | null;
  close(): Promise<void>;
}

/** The values of series over time, for graphs: asked for at each drawing, so it answers at once with what it has. */
export interface Trail {
  /** Adds the scene that was just shown. */
  add(scene: Scene): void;
  /**
   * Means of a series over `columns` equal stretches from `from` to `to`, the oldest first; NaN where nothing is known. What is not here
   * is asked from the source, and `changed` of its options is called when it came.
   */
  points(id: string, from: number, to: number, columns: number): Float64Array;
}
