import { readdirSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '@hecate/host';

/** Where process tables lie in a data directory. */
export const PROCESS_DIRECTORY = 'processes';

/** Seconds of one file. Hours of UTC: a wall clock that is put back in autumn has one of them twice. */
export const SEGMENT_SECONDS = 3600;

/** The file of the hour of this moment (seconds since the epoch): `2026-11-21T10Z.hproc`. */
export function segmentName(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 13)}Z.hproc`;
}

/** The files of a process directory, oldest first. None where there is no such directory; throws the system's error for other reasons. */
export function listSegments(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d{4}-\d\d-\d\dT\d\dZ\.hproc$/.test(name))
      .sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The directory of process tables in a data directory. */
export function processDirectory(dataDir: string): string {
  return path.join(dataDir, PROCESS_DIRECTORY);
}
