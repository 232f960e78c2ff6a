import { statSync } from 'node:fs';
import { byNumber, errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/**
 * Reads what may or may not be there. What is not there, may not be read, or whose driver has nothing to say is null or empty:
 * facts have no gaps, and a knob that cannot be read is no knob.
 */
export interface Look {
  /** The first line of a file without its end. Device trees end their texts in a null byte, which is left out too. */
  text(path: string): string | null;
  /** All lines of a file; none when it cannot be read. */
  lines(path: string): string[];
  /** {@link Look.text} as a whole number; null for anything else. */
  number(path: string): number | null;
  /** The words of the first line, as files with choices have them. */
  words(path: string): string[];
  /** The names in a directory that match, as people count: `cpu2` before `cpu10`. */
  names(directory: string, pattern: RegExp): string[];
  /** The target of a link, as it is written there. */
  link(path: string): string | null;
  /** The last part of a link's target: the name of a driver or a bus. */
  target(link: string): string | null;
  /** Whether the permission bits let its owner write a file. Root may open all files, and the kernel refuses only the write. */
  writable(path: string): boolean;
}

/** A way to look at a machine's files. */
export function createLook(host: Host): Look {
  const orNull = <Value>(read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return null;
    }
  };
  const text = (path: string): string | null =>
    orNull(() => host.readText(path))
      ?.split(/[\n\0]/, 1)[0]!
      .trim() ?? null;
  const link = (path: string): string | null => orNull(() => host.readLink(path));
  return {
    text,
    lines: (path) => orNull(() => host.readText(path))?.split('\n') ?? [],
    number(path) {
      const line = text(path);
      return line !== null && /^-?\d{1,15}$/.test(line) ? Number(line) : null;
    },
    words: (path) => (text(path) ?? '').split(/\s+/).filter(Boolean),
    names: (directory, pattern) => (orNull(() => host.list(directory)) ?? []).filter((name) => pattern.test(name)).sort(byNumber),
    link,
    target: (path) => link(path)?.split('/').at(-1) || null,
    writable: (path) => ((orNull(() => statSync(host.resolve(path)).mode) ?? 0) & 0o200) !== 0,
  };
}
