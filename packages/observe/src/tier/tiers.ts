import path from 'node:path';
import { createAggregator } from './aggregator.ts';
import type { BucketRow, Cell, Moment } from './aggregator.ts';
import type { Damage } from './block-file.ts';
import { createJobs, finishNow } from './jobs.ts';
import type { Jobs } from './jobs.ts';
import { restoreCoarser } from './restore.ts';
import { sealSegment } from './seal.ts';
import { dropOldSegments, listSegments, segmentStart, sweepSegments } from './segment.ts';
import { firstBucket, readTier } from './tier-reader.ts';
import type { TierQuery } from './tier-reader.ts';
import { createTierWriter } from './tier-writer.ts';
import type { TierWriter } from './tier-writer.ts';
import { TIERS, TIERS_DIRECTORY } from './tier.ts';
import type { Tier } from './tier.ts';

/** The history in tiers of one data directory. */
export interface Tiers {
  /** Adds a sample. Files are written later, in pieces. */
  add(time: number, moment: Moment): void;
  /** Time of about the first bucket of each tier, in the order of {@link TIERS}; null for an empty one. */
  oldest(): readonly (number | null)[];
  /**
   * Calls back for the buckets of a tier (by index), those in work included; a bucket may come in several parts. Works in pieces between
   * other jobs, and answers how many damaged blocks were passed over. Rejects with the error of the system, or UNAVAILABLE when too many ask.
   */
  read(level: number, query: TierQuery, take: (id: string, time: number, cell: Cell) => void): Promise<number>;
  /** Runs other work that reads the same directory in its turn. Rejects with what it throws. */
  run(job: () => Generator<void>): Promise<void>;
  /** Why the last write failed; null when it did not. */
  readonly error: unknown;
  /** Resolves when all that was begun is done: restored, written, sealed. */
  settle(): Promise<void>;
  /** Writes what waits and ends. Throws the error of the system when it cannot. */
  close(): void;
}

/** The part of {@link Tiers} that only looks. */
export type TierSource = Pick<Tiers, 'oldest' | 'read' | 'run'>;

/** Where tiers are kept, and who may stop them. */
export interface TiersOptions {
  readonly dataDir: string;
  /** Throws when another process has taken the directory over. Called before each write. */
  readonly confirm: () => void;
  readonly tiers?: readonly Tier[];
}

/** Rows of the finest tier that are written together: a minute. So much is lost at a kill. */
const FINE_ROWS = 6;
/** Rows of a coarser tier that are: fewer, larger blocks, because what is lost of them comes back from the finest one. */
const COARSE_ROWS = 10;

/** Where the files of a tier lie. */
export function tierDirectory(dataDir: string, { name }: Tier): string {
  return path.join(dataDir, TIERS_DIRECTORY, name);
}

/** Milliseconds for which the beginning of a tier counts as known: looking reads a directory of a thousand names. */
const OLDEST_HOLDS = 60_000;

/** Reads the tiers of a directory that somebody else may be writing. */
export function readTiers(dataDir: string, tiers: readonly Tier[] = TIERS): TierSource {
  const jobs = createJobs();
  return createSource(dataDir, tiers, jobs, () => []);
}

function createSource(dataDir: string, tiers: readonly Tier[], jobs: Jobs, live: (level: number) => readonly BucketRow[]): TierSource {
  const known: { readonly until: number; readonly first: number }[] = [];
  return {
    oldest: () =>
      tiers.map((tier, level) => {
        const now = performance.now();
        if ((known[level]?.until ?? 0) > now) return known[level]!.first;
        const first = firstBucket(tierDirectory(dataDir, tier), tier);
        if (first !== null) known[level] = { until: now + OLDEST_HOLDS, first };
        return first;
      }),
    async read(level, query, found) {
      const damage: Damage = { blocks: 0, end: 0 };
      const tier = tiers[level]!;
      await jobs.add(function* () {
        // What is in no file yet, at the moment at which the files are looked at: no writer works meanwhile.
        const rows = live(level);
        yield* readTier(tierDirectory(dataDir, tier), tier, query, found, damage);
        for (const { time, ids, cells } of rows) {
          if (time < query.from || time > query.to) continue;
          for (const [index, id] of ids.entries()) if (query.wanted(id)) found(id, time, cells[index]!);
        }
      });
      return damage.blocks;
    },
    run: (job) => jobs.add(job),
  };
}

/** Keeps the tiers of a directory: one process at a time may, as `confirm` says. What a kill left is put right first. */
export function startTiers({ dataDir, confirm, tiers = TIERS }: TiersOptions): Tiers {
  const writers = tiers.map((tier) => createTierWriter(tierDirectory(dataDir, tier), tier)) as [TierWriter, ...TierWriter[]];
  const aggregator = createAggregator(
    tiers.map(({ step }) => step),
    (level, row) => take(level, row),
  );
  const jobs = createJobs();
  let error: unknown = null;
  let asked = true;
  let begun = false;
  /** The segment of the finest tier that was written last. */
  let segment: number | null = null;

  function take(level: number, row: BucketRow): void {
    writers[level]!.push(row);
    if (level === 0 && writers[0].waiting.length >= FINE_ROWS) flushSoon();
  }

  function flushSoon(): void {
    if (asked) return;
    asked = true;
    later(flushDue);
  }

  /** Adds a job; a write that fails is tried again with the next minute's. */
  function later(job: () => Generator<void>): void {
    jobs.add(job).then(
      () => {
        error = null;
        asked = false;
      },
      (cause: unknown) => {
        error = cause;
        asked = false;
      },
    );
  }

  function* flushDue(): Generator<void> {
    if (!begun) yield* begin();
    confirm();
    const [finest, ...coarser] = writers;
    const now = finest.waiting.at(-1)?.time ?? 0;
    const start = segmentStart(finest.tier, now);
    const isNew = start !== segment;
    // Whatever is sealed of the finest tier, the coarser ones must have written.
    if (isNew) aggregator.closeOutside(start, start + finest.tier.span);
    yield* finest.flush();
    for (const writer of coarser) if (isNew || writer.waiting.length >= COARSE_ROWS) yield* writer.flush();
    segment = start;
    if (isNew) yield* sealAll(now);
  }

  /** Seals what is over. Of the segments that go on, only files that are full. */
  function* sealAll(now: number): Generator<void> {
    for (const { directory, tier } of writers) {
      const current = segmentStart(tier, now);
      for (const one of listSegments(directory)) {
        if (one.open.length > (one.start === current ? 1 : 0)) yield* sealSegment(directory, tier, one, one.start === current);
      }
      dropOldSegments(directory, tier);
    }
  }

  function* begin(): Generator<void> {
    confirm();
    for (const { directory } of writers) sweepSegments(directory);
    yield* restoreCoarser(writers);
    begun = true;
    for (const writer of writers) yield* writer.flush();
  }
  later(begin);

  return {
    add: (time, moment) => aggregator.add(time, moment),
    ...createSource(dataDir, tiers, jobs, (level) => [...writers[level]!.waiting, ...aggregator.open(level)]),
    get error() {
      return error;
    },
    settle: () => jobs.add(function* () {}),
    close() {
      jobs.close();
      aggregator.finish();
      confirm();
      for (const writer of writers) {
        finishNow(writer.flush());
        writer.release();
      }
    },
  };
}
