import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '@hecate/host';
import type { Tier } from './tier.ts';

/**
 * One stretch of a tier's time. `2026-11-21T06-00Z.2.open` is appended to; `2026-11-21T06-00Z.2.sealed` holds it in columns, and all that
 * was sealed or open under a lower number. So whatever moment a kill picks, no row counts twice.
 */
export interface Segment {
  /** Seconds since the epoch, a multiple of the tier's span. */
  readonly start: number;
  /** Number of the sealed file that counts; 0 without one. */
  readonly sealed: number;
  /** Numbers of the open files that count, in order. */
  readonly open: readonly number[];
  /** Files that a sealed one has taken the place of. */
  readonly obsolete: readonly string[];
}

const NAME = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})Z\.(\d{1,9})\.(open|sealed)$/;
/** The last moment that a name can say. */
const LATEST = Date.UTC(9999, 11, 31) / 1000;
/** Ending of a sealed file that is being written. */
export const UNFINISHED = '.tmp';

const stampOf = (time: number): string => new Date(time * 1000).toISOString().slice(0, 16).replace(':', '-');

/** Beginning of the segment that a moment belongs to. */
export function segmentStart({ span }: Tier, time: number): number {
  return Math.floor(time / span) * span;
}

/** Name of a segment's file. */
export function segmentFile(start: number, number: number, kind: 'open' | 'sealed'): string {
  return `${stampOf(start)}Z.${number}.${kind}`;
}

/** The segments of a tier's directory that begin between two times (seconds since the epoch), oldest first. Empty when there is no directory; other errors of the system are thrown. */
export function listSegments(directory: string, from: number = 0, to: number = LATEST): Segment[] {
  const [first, last] = [stampOf(Math.max(0, from)), stampOf(Math.min(to, LATEST))];
  const found = new Map<number, { number: number; kind: string; name: string }[]>();
  for (const name of namesIn(directory)) {
    // Most names of a long history are out of the question: their order is that of time.
    if (name < first || name.slice(0, last.length) > last) continue;
    const parts = NAME.exec(name);
    const start = parts ? Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}Z`) / 1000 : Number.NaN;
    if (!parts || Number.isNaN(start)) continue;
    const files = found.get(start) ?? [];
    files.push({ number: Number(parts[4]), kind: parts[5]!, name });
    found.set(start, files);
  }
  return [...found]
    .map(([start, files]): Segment => {
      const sealed = Math.max(0, ...files.flatMap(({ kind, number }) => (kind === 'sealed' ? [number] : [])));
      const counts = (file: (typeof files)[number]): boolean => (file.kind === 'sealed' ? file.number === sealed : file.number > sealed);
      const open = files.filter((file) => file.kind === 'open' && counts(file)).map(({ number }) => number);
      return {
        start,
        sealed,
        open: open.toSorted((a, b) => a - b),
        obsolete: files.filter((file) => !counts(file)).map(({ name }) => name),
      };
    })
    .toSorted((a, b) => a.start - b.start);
}

/** Paths of the files of a segment that count. */
export function segmentPaths(directory: string, { start, sealed, open }: Segment): string[] {
  const names = open.map((number) => segmentFile(start, number, 'open'));
  if (sealed > 0) names.unshift(segmentFile(start, sealed, 'sealed'));
  return names.map((name) => path.join(directory, name));
}

/** Removes what a crash left: files that are sealed elsewhere, and sealed files that were never finished. */
export function sweepSegments(directory: string): void {
  for (const name of namesIn(directory)) if (name.endsWith(UNFINISHED)) rmSync(path.join(directory, name), { force: true });
  for (const { obsolete } of listSegments(directory)) for (const name of obsolete) rmSync(path.join(directory, name), { force: true });
}

/**
 * Removes the oldest segments over the number that is kept. It goes by number and not by age: a clock that jumps to another year
 * costs one segment and not all.
 */
export function dropOldSegments(directory: string, { keep }: Tier): void {
  const segments = listSegments(directory);
  for (const segment of segments.slice(0, Math.max(0, segments.length - keep)))
    for (const file of segmentPaths(directory, segment)) rmSync(file, { force: true });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    // Something else in its place holds no segment either; who writes is told of it.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
