import { errnoOf } from '@hecate/host';
import type { Bytes, Host } from '@hecate/host';

/** Reads after which a file that is not there is looked for again. */
const PATIENCE = 60;

/** A kept file that most machines have from their start or never. */
export interface OptionalFile {
  /** Why the last read gave null: the error of the last look. */
  readonly absence: unknown;
  /** The whole file; null while it is not there. Throws every other error. */
  read(): Bytes | null;
  /** The same with one system call, for files that are one record. */
  readOnce(): Bytes | null;
  /** Closes the descriptor. Reading again opens it anew. */
  close(): void;
}

/**
 * Keeps such a file. While it is not there only every so many reads look again:
 * making an error takes 0.1 ms and throwing one 0.01 ms, more than all else that a short file costs.
 */
export function keepOptional(host: Host, path: string): OptionalFile {
  const file = host.keep(path);
  let absence: unknown;
  let pause = 0;
  const look = (read: () => Bytes): Bytes | null => {
    if (pause > 0) {
      pause--;
      return null;
    }
    try {
      return read();
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      absence = error;
      pause = PATIENCE;
      return null;
    }
  };
  return {
    get absence() {
      return absence;
    },
    read: () => look(file.read),
    readOnce: () => look(file.readOnce),
    close: file.close,
  };
}
