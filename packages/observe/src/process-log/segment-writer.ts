import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, statSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import { listSegments, segmentName } from './segment.ts';

/** How much is kept. */
export interface SegmentLimits {
  /** Hours that were recorded, the newest; not hours of the clock: setting that forward by a year deletes nothing. */
  readonly hours: number;
  readonly bytes: number;
}

/** Appends blocks to the files of a directory, and deletes the oldest. */
export interface SegmentWriter {
  /**
   * Appends a block to the file of the hour of `time` (seconds since the epoch), whole or not at all. Throws the system's error, and
   * UNAVAILABLE when it is not the first of its run and the file with those before it is gone.
   */
  append(time: number, block: Uint8Array, isFirst: boolean): void;
  /** Puts everything on the disk and closes. Throws the system's error. */
  close(): void;
}

/** A writer. The directory and its files are for their owner alone: command lines may have secrets. */
export function openSegmentWriter(directory: string, limits: SegmentLimits): SegmentWriter {
  let descriptor = -1;
  let file = '';

  const close = (): void => {
    const open = descriptor;
    descriptor = -1;
    if (open < 0) return;
    try {
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  };

  const isInPlace = (): boolean => {
    if (descriptor < 0) return false;
    const now = statSync(file, { throwIfNoEntry: false });
    const { dev, ino } = fstatSync(descriptor);
    return now !== undefined && now.ino === ino && now.dev === dev;
  };

  const prune = (): void => {
    const names = listSegments(directory);
    const sizes = names.map((name) => statSync(path.join(directory, name), { throwIfNoEntry: false })?.size ?? 0);
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    // The newest stays, however large it is.
    for (let at = 0; at < names.length - 1 && (names.length - at > limits.hours || bytes > limits.bytes); at++) {
      const old = path.join(directory, names[at]!);
      // The one that is written to is not the newest by name when the clock was put back.
      if (old === file) continue;
      unlinkSync(old);
      bytes -= sizes[at]!;
    }
  };

  const open = (time: number): void => {
    close();
    try {
      mkdirSync(directory, 0o700);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    file = path.join(directory, segmentName(time));
    // Not blocking: a FIFO in this place must not hang the daemon. Not through a link: it might lead anywhere.
    const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK, O_NOFOLLOW } = constants;
    const opened = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW, 0o600);
    if (!fstatSync(opened).isFile()) {
      closeSync(opened);
      throw new HecateError('INVALID', `${file} is not a regular file.`, {
        hint: 'Move it away, or choose another place with --data-dir.',
      });
    }
    descriptor = opened;
    prune();
  };

  return {
    append(time, block, isFirst) {
      if (!isInPlace() || file !== path.join(directory, segmentName(time))) {
        if (!isFirst)
          throw new HecateError('UNAVAILABLE', `${file} is gone.`, { hint: 'It was deleted or moved away; a new one is begun.' });
        open(time);
      }
      const { size } = fstatSync(descriptor);
      let done = 0;
      try {
        while (done < block.length) done += writeSync(descriptor, block, done, block.length - done);
      } catch (error) {
        if (done > 0) ftruncateSync(descriptor, size);
        throw error;
      }
    },
    close,
  };
}
