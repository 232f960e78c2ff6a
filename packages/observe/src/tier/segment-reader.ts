import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import { TornBlockError } from '../day/varint.ts';
import type { Cell } from './aggregator.ts';
import { readBlocks } from './block-file.ts';
import type { Damage } from './block-file.ts';
import type { Tier } from './tier.ts';

/** A file that is open for reading, and how much of it counts: what is appended later does not. */
export interface OpenedFile {
  readonly descriptor: number;
  readonly size: number;
}

function openForReading(file: string): OpenedFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  const stat = fstatSync(descriptor);
  return { descriptor, size: stat.isFile() ? stat.size : 0 };
}

/** Reads a file with pauses; does nothing when it is gone. */
export function* withFile(file: string, read: (opened: OpenedFile) => Generator<void>): Generator<void> {
  const opened = openForReading(file);
  if (opened === null) return;
  try {
    yield* read(opened);
  } finally {
    closeSync(opened.descriptor);
  }
}

/**
 * Calls back for every bucket of every wanted series in a file, with one cell that is used again at each call. Without `extremes`
 * min and max are the mean. Between two pieces of work it gives way. `damage` counts what could not be read.
 */
export function* readSegmentFile(
  { descriptor, size }: OpenedFile,
  { step }: Tier,
  wanted: (id: string) => boolean,
  extremes: boolean,
  take: (id: string, time: number, cell: Cell) => void,
  damage: Damage = { blocks: 0, end: 0 },
): Generator<void> {
  const cell: Cell = { count: 0, sum: 0, min: 0, max: 0 };
  for (const block of readBlocks(descriptor, size, new Map(), damage)) {
    const { rows, times } = block;
    try {
      yield* block.read(wanted, extremes, ({ id, count, mean, min, max }) => {
        for (let row = 0; row < rows; row++) {
          const samples = count[row]!;
          const middle = mean[row]!;
          if (samples !== samples || middle !== middle) continue;
          cell.count = samples;
          cell.sum = middle * samples;
          cell.min = extremes ? min[row]! : middle;
          cell.max = extremes ? max[row]! : middle;
          take(id, times[row]! * step, cell);
        }
      });
    } catch (error) {
      if (!(error instanceof TornBlockError)) throw error;
      damage.blocks += 1;
    }
    yield;
  }
}
