import { errnoOf } from '@hecate/host';
import type { Bytes, Host, KeptFile } from '@hecate/host';

/** Reads after which a file that is not there is looked for again. */
const PATIENCE = 60;

/**
 * A kept file that most machines have from their start or never. While it is not there, reads throw the error of the last look,
 * and only every so many reads look again: making a new error takes 0.1 ms, more than all else that a short file costs.
 */
export function keepOptional(host: Host, path: string): KeptFile {
  const file = host.keep(path);
  let absence: unknown;
  let pause = 0;
  const look = (read: () => Bytes): Bytes => {
    if (pause > 0) {
      pause--;
      throw absence;
    }
    try {
      return read();
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        absence = error;
        pause = PATIENCE;
      }
      throw error;
    }
  };
  return { path, read: () => look(file.read), readOnce: () => look(file.readOnce), close: file.close };
}
