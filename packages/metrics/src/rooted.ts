import { HecateError, openRootedHost } from '@hecate/host';
import type { Host, NativeLibraries } from '@hecate/host';
import { RECORDED_ANSWERS } from './darwin/recording/file.ts';
import { parseRecording } from './darwin/recording/format.ts';
import { replayLibraries } from './darwin/recording/replay.ts';

/** The libraries of a Mac that was recorded. Throws INVALID when its file is damaged or missing. */
function replayOf(host: Host): NativeLibraries {
  const { recording } = host;
  const read = (): string => {
    try {
      return host.readText(`/${RECORDED_ANSWERS}`);
    } catch (error) {
      throw new HecateError('INVALID', `The recording ${host.root} has no ${RECORDED_ANSWERS} that can be read.`, { cause: error });
    }
  };
  return replayLibraries(parseRecording(read()), recording && (() => recording.moment()));
}

/**
 * A machine whose files lie under `directory`: recorded, or mounted. One of `hecate doctor --record` may be a Mac: its libraries answer
 * as they did. Throws INVALID when the directory holds no machine, or a recording that is damaged.
 */
export function openRoot(directory: string): Host {
  const host = openRootedHost(directory);
  if (host.platform !== 'darwin') return host;
  const libraries = replayOf(host);
  return { ...host, libraries: () => libraries };
}
