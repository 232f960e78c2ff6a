import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { GapSink } from '../../model/gap.ts';
import { parseAttributeNumber, readAttribute } from '../attribute.ts';

/** The files of one directory in /sys. What this user may not read is null and a gap; what is not there is null. */
export interface Attributes {
  text(name: string): string | null;
  /** Null also for a text that is not a number. */
  number(name: string): number | null;
}

/** The attributes in `directory`; gaps are named `<field>.<file>`. */
export function attributesOf(host: Host, directory: string, field: string, gaps: GapSink): Attributes {
  const text = (name: string): string | null => {
    try {
      return readAttribute(host, `${directory}/${name}`);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      gaps.addError(`${field}.${name.replaceAll('/', '.')}`, error);
      return null;
    }
  };
  return { text, number: (name) => parseAttributeNumber(text(name)) };
}

/**
 * The names in a directory of /sys that match, as people count: `sda2` before `sda10`. None when the directory is not there.
 * Throws other errors of the operating system (EACCES).
 */
export function listMatching(host: Host, directory: string, pattern: RegExp): string[] {
  let names: string[];
  try {
    names = host.list(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
  const found = names.filter((name) => pattern.test(name));
  return found.length > 1 ? found.sort(byNumber) : found;
}

/** Compares names by their text, and by the number at their end where the text is the same. */
function byNumber(a: string, b: string): number {
  const [stemA, stemB] = [a.replace(/\d+$/, ''), b.replace(/\d+$/, '')];
  if (stemA !== stemB) return stemA < stemB ? -1 : 1;
  return Number(a.slice(stemA.length)) - Number(b.slice(stemB.length)) || (a < b ? -1 : 1);
}
