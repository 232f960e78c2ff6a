import type { ProcessKey, Scene } from '../scene.ts';
import type { SceneDetail, TopSource } from '../source.ts';

/** Details of one process, read again with each scene. */
export interface DetailReader {
  /** What is known of the process; null: it is gone or cannot be asked for. Undefined: it is under way for the first time. */
  of(key: ProcessKey, scene: Scene): SceneDetail | null | undefined;
}

/** What details are read with. */
export interface DetailReaderOptions {
  readonly source: Pick<TopSource, 'detail'>;
  readonly changed: () => void;
  readonly failed: (error: unknown) => void;
}

const isSame = (a: ProcessKey, b: ProcessKey): boolean => a.pid === b.pid && a.startedAfterBoot === b.startedAfterBoot;

/** Reads one after the other: a process with many descriptors takes longer than a scene. */
export function createDetailReader({ source, changed, failed }: DetailReaderOptions): DetailReader {
  let known: { readonly key: ProcessKey; readonly scene: Scene; readonly detail: SceneDetail | null } | null = null;
  let isReading = false;

  const read = async (key: ProcessKey, scene: Scene): Promise<void> => {
    isReading = true;
    let detail: SceneDetail | null = null;
    try {
      detail = await source.detail(key);
    } catch (error) {
      failed(error);
    } finally {
      isReading = false;
    }
    known = { key, scene, detail };
    changed();
  };

  return {
    of(key, scene) {
      const isKnown = known !== null && isSame(known.key, key);
      if (!isReading && !(isKnown && known!.scene === scene)) void read(key, scene);
      return isKnown ? known!.detail : undefined;
    },
  };
}
