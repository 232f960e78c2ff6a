import { eachFilesystemOnce } from '@hecate/metrics';
import type { FilesystemReading } from '@hecate/metrics';
import { flag, percentOf, subject } from './subject.ts';
import type { AnySubject } from './subject.ts';

let read: readonly FilesystemReading[] | null = null;
let once: readonly FilesystemReading[] = [];

/** Each file system once; the list is made anew only when they were read anew. */
function filesystemsOf(reading: readonly FilesystemReading[] | null): readonly FilesystemReading[] | null {
  if (reading === null) return null;
  if (reading !== read) {
    read = reading;
    once = eachFilesystemOnce(reading);
  }
  return once;
}

/** Mounted file systems, by where they are mounted. */
export const FILESYSTEM: AnySubject = subject<FilesystemReading>({
  name: 'filesystem',
  pace: 'slow',
  rows: ({ snapshot }) => filesystemsOf(snapshot.filesystem),
  objectOf: ({ mountpoint }) => mountpoint,
  readings: {
    used_percent: {
      unit: 'percent',
      help: 'space in use as df counts it',
      value: ({ used, available }) => (used === null || available === null ? null : percentOf(used, used + available)),
    },
    available: { unit: 'bytes', help: 'space that any user can get', value: ({ available }) => available },
    inodes_used_percent: {
      unit: 'percent',
      help: 'inodes in use, where they are counted',
      value: ({ files, filesFree }) => (files === null || filesFree === null ? null : percentOf(files - filesFree, files)),
    },
    read_only: { unit: 'count', help: '1 while it is mounted read-only', value: ({ readOnly }) => flag(readOnly) },
    unresponsive: { unit: 'count', help: '1 while it does not answer', value: ({ error }) => flag(error !== null) },
  },
});
