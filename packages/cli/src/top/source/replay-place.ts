import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { causeOf, HecateError } from '@hecate/host';
import { parseDayFileName, SEAL_SUFFIX } from '@hecate/observe';
import { parseMoment } from '../../replay/moment-text.ts';

/** What `--replay` names: a moment of the data directory, or a recording that lies somewhere. */
export type ReplayChoice = { readonly when: number } | { readonly file: string };

/**
 * Understands the word after `--replay`: what is there, or looks like a path, is a file, anything else a time. Throws INVALID for what is
 * neither, or in the future.
 */
export function readReplayChoice(text: string, now?: number): ReplayChoice {
  const isPath = text.includes('/') || text.endsWith('.csv') || text.endsWith(SEAL_SUFFIX);
  return isPath || existsSync(text) ? { file: resolve(text) } : { when: parseMoment(text, now) };
}

/** A recording on the disk. */
export interface ReplayPlace {
  /** The directory with the day files and what lies beside them. */
  readonly dataDir: string;
  /** The day that was named, `2026-11-21`; null: the directory was. */
  readonly day: string | null;
}

const WHAT = { hint: 'Give a day file (2026-11-21.csv), or the directory with day files of a machine.' };

/** The directory of a recording, from a path to it or to one of its day files. Throws INVALID for anything else. */
export function findRecording(file: string): ReplayPlace {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(file).isDirectory();
  } catch (error) {
    throw new HecateError('INVALID', `${file} cannot be replayed: ${causeOf(error)}.`, { ...WHAT, cause: error });
  }
  if (isDirectory) return { dataDir: file, day: null };
  const name = basename(file);
  const csv = name.endsWith(SEAL_SUFFIX) ? `${name.slice(0, -SEAL_SUFFIX.length)}.csv` : name;
  const day = parseDayFileName(csv);
  if (day === null) throw new HecateError('INVALID', `${file} is no day file: they are named by their day.`, WHAT);
  const dataDir = dirname(file);
  if (!existsSync(join(dataDir, csv))) {
    throw new HecateError('INVALID', `${file} is the packed form of ${csv}, which does not lie beside it.`, {
      hint: `It only saves time when the day is read: bring ${csv} too.`,
    });
  }
  return { dataDir, day };
}
