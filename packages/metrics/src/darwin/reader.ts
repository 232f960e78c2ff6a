import type { Host } from '@hecate/host';
import { isRefusal } from '../model/gap.ts';
import type { GapSink } from '../model/gap.ts';
import { openDarwin } from './binding/darwin.ts';
import type { Darwin } from './binding/darwin.ts';
import { requireKnownVersion } from './version.ts';

/** A reader that does not wait: what it gives is a reading, or the slices of one. */
export interface DirectReader<Result> {
  read(gaps: GapSink): Result;
  close(): void;
}

/**
 * A reader whose `start` is called at its first read: it gives the function that reads, and keeps what is needed between reads.
 * On a macOS that is too old, or where nothing can be called, each read throws the reason.
 */
export function openReader<Result>(host: Host, start: (darwin: Darwin, host: Host) => (gaps: GapSink) => Result): DirectReader<Result> {
  let read: ((gaps: GapSink) => Result) | undefined;
  return {
    read(gaps) {
      if (!read) {
        const darwin = openDarwin(host);
        requireKnownVersion(darwin);
        read = start(darwin, host);
      }
      return read(gaps);
    },
    close: () => {},
  };
}

/** What `read` gives; null, and a gap of each of the fields, where it is refused. Mistakes of this program stay errors. */
export function ask<Value>(gaps: GapSink, fields: string | readonly string[], read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    for (const field of typeof fields === 'string' ? [fields] : fields) gaps.addError(field, error);
    return null;
  }
}

/** Says of fields that macOS has no such thing. */
export function lacks(gaps: GapSink, fields: readonly string[], detail: string): void {
  for (const field of fields) gaps.add(field, 'unsupported', detail);
}
