import { basename, join } from 'node:path';
import { openReplay, dayOf, seriesMeta } from '@hecate/observe';
import { notRecorded } from '../../replay/not-recorded.ts';
import { timeText } from '../../terminal/event-line.ts';
import type { Scene } from '../scene.ts';
import type { TopSource } from '../source.ts';
import { openPast } from './past.ts';
import { findRecording } from './replay-place.ts';

/** What is replayed. */
export interface ReplaySourceOptions {
  /** Where the daemon of this machine keeps what it records. */
  readonly dataDir: string;
  /** Where it keeps its alerts. */
  readonly stateDir: string;
  /** The moment that is shown first, seconds since the epoch. */
  readonly when?: number;
  /** A day file, or a directory of them, instead: its last moment is shown first. */
  readonly file?: string;
  readonly say: (sentence: string) => void;
}

/**
 * A recording: of this machine, or of another one whose files were brought here. Rejects with UNAVAILABLE when nothing was recorded then,
 * INVALID for a file that is no recording, DENIED and FAILED when it cannot be read.
 */
export async function openReplaySource({ dataDir, stateDir, when, file, say }: ReplaySourceOptions): Promise<TopSource> {
  const place = file === undefined ? { dataDir, day: null } : findRecording(file);
  const alertFile = file === undefined ? join(stateDir, 'alerts', 'alerts.json') : null;
  const hostname = file === undefined ? {} : { hostname: basename(place.dataDir) };
  const past = openPast({ dataDir: place.dataDir, alertFile, ...hostname, say });

  const first = await firstScene();

  /** The moment that was asked for; of files their last one. */
  async function firstScene(): Promise<Scene> {
    const last = when ?? (await past.extent(place.day ?? undefined))?.to;
    const scene = last === undefined ? null : await past.at(last, null);
    if (scene !== null) return scene;
    const replay = openReplay(place.dataDir, '', say);
    if (last === undefined) throw await notRecorded(replay, place.day === null ? 'ever' : `on ${place.day}`, 0, place.dataDir);
    throw await notRecorded(replay, `at ${timeText(last)}`, last, place.dataDir);
  }

  async function* scenes(signal: AbortSignal): AsyncGenerator<Scene, void, undefined> {
    if (!signal.aborted) yield first;
  }

  return {
    kind: 'replay',
    label: file === undefined ? `recording of ${dayOf(first.time)}` : `recording ${file}`,
    interval: 1,
    scenes,
    at: (time) => past.at(time, null),
    extent: () => past.extent(),
    stretch: (query) => past.stretch(query),
    meta: seriesMeta,
    detail: async () => null,
    actor: null,
    whyNoActor: 'This is a recording: what ran then cannot be reached any more.',
    close: async () => undefined,
  };
}
