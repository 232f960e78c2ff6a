import { lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '@hecate/host';
import { parseDayFileName } from '../day/day-file.ts';
import { oldestOver } from '../day/oldest-over.ts';
import type { KeptFile } from '../day/oldest-over.ts';
import { sealedDayPath } from '../day/open-day.ts';

/** How many day files may stay. */
export interface DayLimits {
  /** Days that have a file, the present one included; 0: all. */
  readonly keepDays: number;
  /** Bytes of all day files and their packed forms. */
  readonly keepBytes: number;
}

/** The days whose files are over the limits, oldest first; the present day always stays. Throws the error of the system. */
export function excessDays(dataDir: string, { keepDays, keepBytes }: DayLimits, today: string): string[] {
  const bounds = { files: keepDays === 0 ? Number.POSITIVE_INFINITY : keepDays, bytes: keepBytes };
  return oldestOver(listKeptDays(dataDir), bounds, (day) => day === today);
}

/** Removes the files of a day: first the packed form, so that it is never there alone. */
export function removeDay(dataDir: string, day: string): void {
  rmSync(sealedDayPath(dataDir, day), { force: true });
  rmSync(path.join(dataDir, `${day}.csv`), { force: true });
}

/** The days that have a file of ours: a regular one, no link. */
function listKeptDays(dataDir: string): KeptFile[] {
  const days: KeptFile[] = [];
  for (const name of readdirSync(dataDir)) {
    const day = parseDayFileName(name);
    const bytes = day === null ? null : sizeOf(path.join(dataDir, name));
    if (day !== null && bytes !== null) days.push({ name: day, bytes: bytes + (sizeOf(sealedDayPath(dataDir, day)) ?? 0) });
  }
  return days.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function sizeOf(file: string): number | null {
  try {
    const stat = lstatSync(file);
    return stat.isFile() ? stat.size : null;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
