import path from 'node:path';
import { takeFileLock } from '@hecate/host';
import type { FileLock, Host } from '@hecate/host';

/** The file in a data directory that its one recorder holds. */
export const LOCK_FILE = 'recorder.lock';

/**
 * Makes this process the one recorder of a directory. Throws CONFLICT, naming the pid, while another one lives; `host` has the
 * process table that decides whether it does.
 */
export function takeRecorderLock(dataDir: string, host?: Host): FileLock {
  const words = { holder: 'recorder', place: dataDir, hint: 'Stop it, or choose another place with --data-dir.' };
  return takeFileLock(path.join(dataDir, LOCK_FILE), words, host);
}
