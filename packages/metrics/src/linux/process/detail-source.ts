import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { collectGaps } from '../../model/gap.ts';
import type { Gap, GapSink } from '../../model/gap.ts';

/** The files of one process, each read into a value or a gap. */
export interface DetailSource {
  readonly gaps: readonly Gap[];
  readonly sink: GapSink;
  /** What `read` gives; null and a gap where it throws an error of the system or of this program. */
  attempt<Value>(field: string, read: () => Value): Value | null;
  /** What `parse` makes of a file of the process; null and a gap where it cannot be read or says nothing. */
  text<Value>(field: string, file: string, parse: (text: string) => Value | null): Value | null;
  /** What a line of /proc/PID/status says; null and a gap where there is no such line. */
  line<Value>(field: string, key: string, parse: (value: string | undefined) => Value | null): Value | null;
  /** The target of a link of the process; null and a gap where it may not be read. */
  link(field: string, file: string): string | null;
}

/** Opens the files of a process; `status` is /proc/PID/status in lines, null where it cannot be read (there is a gap then). */
export function openDetailSource(host: Host, pid: number, status: ReadonlyMap<string, string> | null): DetailSource {
  const gaps: Gap[] = [];
  const sink = collectGaps(gaps);
  const attempt = <Value>(field: string, read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      if (errnoOf(error) === undefined && !(error instanceof HecateError)) throw error;
      sink.addError(field, error);
      return null;
    }
  };
  const path = (file: string): string => `/proc/${pid}/${file}`;
  const orGap = <Value>(field: string, value: Value | null, detail: string): Value | null => {
    if (value === null) sink.add(field, 'absent', detail);
    return value;
  };
  return {
    gaps,
    sink,
    attempt,
    text(field, file, parse) {
      const text = attempt(field, () => host.readText(path(file)));
      return text === null ? null : orGap(field, parse(text), `${path(file)} does not tell it.`);
    },
    line(field, key, parse) {
      const value = status?.get(key);
      return orGap(
        field,
        status ? parse(value) : null,
        status ? `${path('status')} has no line ${key}.` : `${path('status')} cannot be read.`,
      );
    },
    link: (field, file) => attempt(field, () => host.readLink(path(file))),
  };
}
