import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '@hecate/host';
import { createDayCsvReader, fileError } from './day-csv.ts';
import { dayFileName } from './day-file.ts';
import type { Day } from './packed-day.ts';
import { openSealedDay, SEAL_SUFFIX, writeSealedDay } from './sealed-day.ts';
import type { SourceStamp } from './sealed-day.ts';

/** Opens days of one directory, one after another; those that were opened stay valid. */
export interface DayOpener {
  /**
   * The rows of a day: from its packed file when that fits the CSV, else from the CSV, which is then packed and, when the
   * day is over and the directory can be written, kept packed. Errors as `DayCsvReader.read`.
   */
  open(day: string): Promise<Day>;
  /** The same, but the day is valid only until the next one is asked for: it lies in memory that is used again. */
  lend(day: string): Promise<Day>;
}

const stampOf = (file: string): SourceStamp => {
  const { size, mtimeMs } = statSync(file);
  return { size, mtime: mtimeMs };
};

/** Where the packed form of a day lies. */
export function sealedDayPath(dataDir: string, day: string): string {
  return path.join(dataDir, `${day}${SEAL_SUFFIX}`);
}

/** An opener; days before `today` are closed, and their packed form is kept beside the CSV. Its opens must follow one another. */
export function createDayOpener(dataDir: string, today: string, signal?: AbortSignal): DayOpener {
  const csv = createDayCsvReader();
  const read = async (day: string): Promise<Day> => {
    const file = path.join(dataDir, dayFileName(day));
    const seal = sealedDayPath(dataDir, day);
    const closed = day < today;
    let before: SourceStamp;
    try {
      before = stampOf(file);
    } catch (error) {
      throw fileError(file, error);
    }
    const sealed = closed ? openSealedDay(seal, before) : null;
    if (sealed !== null) return sealed;
    const packed = await csv.read(file, day, signal);
    if (!closed) return packed;
    try {
      const after = stampOf(file);
      // When someone still writes to it, a packed form would be old before it is used.
      if (after.size === before.size && after.mtime === before.mtime) writeSealedDay(seal, packed, before);
    } catch (error) {
      // The packed form only saves time: without space or permission for it the day is read all the same.
      if (errnoOf(error) === undefined) throw error;
    }
    return openSealedDay(seal, before) ?? packed;
  };
  return {
    async open(day) {
      const found = await read(day);
      if (found.heldBytes > 0) csv.release();
      return found;
    },
    lend: read,
  };
}

/** What part of its CSV a day takes in memory when it cannot be sealed; a careful estimate. */
const HELD_SHARE = 0.25;

/** About how many bytes of memory these days take together when all are open at once: those that are not and cannot be sealed. */
export function estimateHeldBytes(dataDir: string, days: readonly string[], today: string): number {
  let bytes = 0;
  for (const day of days) {
    if (day < today && (mayWrite(dataDir) || exists(sealedDayPath(dataDir, day)))) continue;
    try {
      bytes += statSync(path.join(dataDir, dayFileName(day))).size * HELD_SHARE;
    } catch (error) {
      throw fileError(dayFileName(day), error);
    }
  }
  return bytes;
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function mayWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false; // Read-only, whatever the reason.
  }
}
