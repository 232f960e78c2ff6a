import { byNumber, errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { GapSink } from '../model/gap.ts';

/**
 * What a driver answers when it has nothing to say: no such file or device, not supported by this device,
 * meaningless in its present state (the speed of an interface that is down), or asked at the wrong moment.
 */
const SILENCE = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EINVAL', 'EOPNOTSUPP', 'ENOTSUP', 'EBUSY', 'ENODATA', 'EIO']);

/**
 * A file of one line in /sys or /proc, without the line's end. Null when there is no such file or the driver
 * has nothing to say; an empty file is ''. Throws other errors of the operating system (EACCES).
 */
export function readAttribute(host: Host, path: string): string | null {
  let text: string;
  try {
    text = host.readText(path);
  } catch (error) {
    if (SILENCE.has(errnoOf(error) ?? '')) return null;
    throw error;
  }
  const end = text.indexOf('\n');
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** A whole number as the kernel writes it: decimal with sign, or hexadecimal after `0x`. Null for anything else. */
export function parseAttributeNumber(text: string | null): number | null {
  if (text === null || !/^(?:-?\d{1,20}|0x[\da-f]{1,16})$/i.test(text)) return null;
  return Number(text);
}

/** {@link readAttribute} as a number; null also for text that is not one. */
export function readNumber(host: Host, path: string): number | null {
  return parseAttributeNumber(readAttribute(host, path));
}

/** {@link readAttribute} where nothing is said of what may not be read: null for that too. */
export function attributeOrNull(host: Host, path: string): string | null {
  try {
    return readAttribute(host, path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** The whole text of a file that need not be there. Null when it is not, and with a gap when it may not be read. */
export function readOptional(host: Host, path: string, field: string, gaps: GapSink): string | null {
  try {
    return host.readText(path);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    if (errno !== 'ENOENT') gaps.addError(field, error);
    return null;
  }
}

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
