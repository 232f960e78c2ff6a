import { HecateError } from '@hecate/host';
import type { Bytes } from '@hecate/host';
import { PAGING_COUNTERS, PAGING_LINES, pagingGroups, PUBLISHED } from '../domain/paging.ts';
import type { PagingCounter, PagingLine, PagingReading } from '../domain/paging.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';

/** A line that is read: its number, its name with the space behind it, and what it is for. */
interface Place {
  readonly line: number;
  readonly name: string;
  readonly start: string;
  readonly counter: PagingCounter | undefined;
  readonly isPublished: boolean;
}

/** pgpgin and pgpgout are in KiB, whatever their names say (kernel: mm/vmstat.c). */
const KIBIBYTES: readonly (PagingCounter | undefined)[] = ['bytesIn', 'bytesOut'];

function findPlaces(cursor: ByteCursor): Place[] {
  const places: Place[] = [];
  for (let line = 0; !cursor.done; cursor.nextLine(), line++) {
    const name = cursor.word();
    if (!/^\w+$/.test(name) || !cursor.numberNext) continue;
    const counter = PAGING_COUNTERS.find((key) => PAGING_LINES[key].test(name));
    const isPublished = PUBLISHED.test(name);
    if (counter !== undefined || isPublished) places.push({ line, name, start: `${name} `, counter, isPublished });
  }
  return places;
}

/**
 * A parser of /proc/vmstat, whose lines stay where they are while a kernel runs: it goes straight to those that it wants, and looks for
 * them again when one has moved. Throws FAILED when the file has none of them.
 */
export function createVmstatParser(): (bytes: Bytes) => PagingReading {
  const cursor = new ByteCursor();
  let places: readonly Place[] = [];

  const read = (bytes: Bytes): PagingReading | undefined => {
    const counters = Object.fromEntries(PAGING_COUNTERS.map((key) => [key, null])) as Record<PagingCounter, number | null>;
    const lines: PagingLine[] = [];
    let line = 0;
    cursor.reset(bytes);
    for (const place of places) {
      for (; line < place.line; line++) cursor.nextLine();
      if (!cursor.match(place.start) || !cursor.numberNext) return undefined;
      const value = cursor.integer();
      if (place.isPublished) lines.push({ name: place.name, value });
      const { counter } = place;
      if (counter !== undefined) counters[counter] = (counters[counter] ?? 0) + (KIBIBYTES.includes(counter) ? value * 1024 : value);
    }
    return { ...counters, lines };
  };

  return (bytes) => {
    const reading = places.length > 0 ? read(bytes) : undefined;
    if (reading) return reading;
    places = findPlaces(cursor.reset(bytes));
    if (places.length === 0) throw new HecateError('FAILED', '/proc/vmstat has no line that can be read.');
    const again = read(bytes);
    if (!again) throw new HecateError('FAILED', '/proc/vmstat has lines that cannot be read.');
    return again;
  };
}

/** Counters of memory management. */
export const paging: Collector<'paging', PagingReading> = {
  name: 'paging',
  lane: 'slow',
  sources: ['/proc/vmstat'],
  remedy: 'Mount /proc.',
  groups: pagingGroups,
  open(host) {
    const file = host.keep('/proc/vmstat');
    const parse = createVmstatParser();
    return { read: () => parse(file.read()), close: file.close };
  },
};
