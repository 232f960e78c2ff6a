import { statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '@hecate/host';
import { fileError, readDayCsv } from './day-csv.ts';
import { dayFileName } from './day-file.ts';
import type { Day } from './packed-day.ts';
import { openSealedDay, SEAL_SUFFIX, writeSealedDay } from './sealed-day.ts';
import type { SourceStamp } from './sealed-day.ts';

/** How a day is opened. */
export interface OpenDayOptions {
  /** The present day, `2026-11-21`. Days before it are closed: their packed form is kept beside the CSV. */
  readonly today: string;
  readonly signal?: AbortSignal | undefined;
}

const stampOf = (file: string): SourceStamp => {
  const { size, mtimeMs } = statSync(file);
  return { size, mtime: mtimeMs };
};

/** Where the packed form of a day lies. */
export function sealedDayPath(dataDir: string, day: string): string {
  return path.join(dataDir, `${day}${SEAL_SUFFIX}`);
}

/**
 * The rows of a day: from its packed file when that fits the CSV, else from the CSV, which is then packed and, when the
 * day is over and the directory can be written, kept packed. Errors as `readDayCsv`.
 */
export async function openDay(dataDir: string, day: string, { today, signal }: OpenDayOptions): Promise<Day> {
  const file = path.join(dataDir, dayFileName(day));
  let before: SourceStamp;
  try {
    before = stampOf(file);
  } catch (error) {
    throw fileError(file, error);
  }
  const closed = day < today;
  const seal = sealedDayPath(dataDir, day);
  const sealed = closed ? openSealedDay(seal, before) : null;
  if (sealed !== null) return sealed;
  const packed = await readDayCsv(file, day, signal);
  if (!closed) return packed;
  try {
    const after = stampOf(file);
    // Someone still writes to it: a packed form would be old before it is used.
    if (after.size !== before.size || after.mtime !== before.mtime) return packed;
    writeSealedDay(seal, packed, before);
  } catch (error) {
    // The packed form only saves time: without space or permission for it the day is read all the same.
    if (errnoOf(error) === undefined) throw error;
    return packed;
  }
  return openSealedDay(seal, before) ?? packed;
}
