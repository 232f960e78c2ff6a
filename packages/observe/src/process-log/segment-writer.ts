import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import { oldestOver } from '../day/oldest-over.ts';
import { appendWhole, isStillAt } from '../day/write-whole.ts';
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

  const isInPlace = (): boolean => descriptor >= 0 && isStillAt(file, fstatSync(descriptor));

  const prune = (): void => {
    const names = listSegments(directory);
    const kept = names.map((name) => ({ name, bytes: statSync(path.join(directory, name), { throwIfNoEntry: false })?.size ?? 0 }));
    // The newest stays, however large it is; the one that is written to is another when the clock was put back.
    const stays = (name: string): boolean => name === names.at(-1) || path.join(directory, name) === file;
    const bounds = { files: limits.hours, bytes: limits.bytes };
    for (const name of oldestOver(kept, bounds, stays)) rmSync(path.join(directory, name), { force: true });
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
      appendWhole(descriptor, block, fstatSync(descriptor).size);
    },
    close,
  };
}
