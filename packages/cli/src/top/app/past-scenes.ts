import { messageOf } from '@hecate/host';
import { timeText } from '../../terminal/event-line.ts';
import type { Scene } from '../scene.ts';
import type { TopSource } from '../source.ts';
import { emptyScene } from './empty-scene.ts';

/** Scenes of the past, which take their time to come. */
export interface PastScenes {
  /** The scene of a moment; the one that came last while that one is under way, null before the first. */
  at(time: number): Scene | null;
  /** What is at hand already. */
  put(scene: Scene): void;
}

/** What a moment of the past is read with. */
export interface PastScenesOptions {
  readonly source: Pick<TopSource, 'at'>;
  /** The scene whose machine it is; null: none is known yet. */
  readonly known: () => Scene | null;
  /** Another scene came. */
  readonly changed: () => void;
  /** There is no scene of a moment that was asked for: a sentence about that. */
  readonly missing: (sentence: string) => void;
  /** It could not be read. */
  readonly failed: (error: unknown) => void;
}

/** Reads one moment after the other; of those that are passed by meanwhile, none is read. */
export function createPastScenes({ source, known, changed, missing, failed }: PastScenesOptions): PastScenes {
  let wanted: number | null = null;
  let shown: { readonly time: number; readonly scene: Scene } | null = null;
  let isReading = false;

  /** False when there is not even a machine to say nothing about. */
  const put = (time: number, scene: Scene | null, gap: string): boolean => {
    const machine = shown?.scene ?? known();
    if (scene === null && machine === null) return false;
    shown = { time, scene: scene ?? emptyScene(machine!, time, gap) };
    return true;
  };

  const read = async (): Promise<void> => {
    isReading = true;
    try {
      while (wanted !== null && wanted !== shown?.time) {
        const time: number = wanted;
        const scene = await source.at(time);
        const sentence = `Nothing was recorded at ${timeText(time)}.`;
        if (!put(time, scene, sentence)) break;
        if (scene === null && wanted === time) missing(sentence);
        changed();
      }
    } catch (error) {
      // Who asks for the same again gets the same answer, and no second error.
      if (wanted !== null) put(wanted, null, messageOf(error));
      failed(error);
    } finally {
      isReading = false;
    }
  };

  return {
    at(time) {
      wanted = time;
      if (!isReading && shown?.time !== time) void read();
      return shown?.scene ?? null;
    },
    put(scene) {
      shown = { time: scene.time, scene };
    },
  };
}
