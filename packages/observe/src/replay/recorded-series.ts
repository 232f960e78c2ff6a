import { COLUMN_INDEX } from '../record/columns.ts';
import { createHistory } from '../serve/history.ts';
import type { HistoryQuery } from '../serve/history.ts';
import { joinPieces } from '../serve/pieces.ts';
import { chooseTier, readRecordedHistory } from '../serve/recorded-history.ts';
import { TIERS } from '../tier/tier.ts';
import { readTiers } from '../tier/tiers.ts';

/** Series over a stretch of time, as `/api/v1/history` gives them: one value a step, null where nothing is known. */
export interface RecordedStretch {
  /** Seconds that one value stands for. */
  readonly step: number;
  /** Seconds since the epoch. */
  readonly time: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Series of a data directory, while somebody else may be writing them. */
export interface RecordedSeries {
  /** A stretch of the past; null when nothing of it was recorded. Rejects with DENIED or FAILED when files cannot be read. */
  stretch(query: HistoryQuery & { readonly step: number }): Promise<RecordedStretch | null>;
  /**
   * What is known at a moment of cores, disks, interfaces, file systems and sensors, by id: means of the finest tier that reaches back
   * so far. Empty when nothing is. Errors as of `stretch`.
   */
  objectsAt(time: number): Promise<ReadonlyMap<string, number>>;
}

/** The series that a data directory holds. */
export function openRecordedSeries(dataDir: string): RecordedSeries {
  const tiers = readTiers(dataDir);
  // Nothing is in memory here: all comes from the files.
  const recent = createHistory(1);
  return {
    async stretch(query) {
      const answer = await readRecordedHistory({ dataDir, recent, ...tiers }, query);
      return answer && (JSON.parse(await joinPieces(answer.pieces)) as RecordedStretch);
    },
    async objectsAt(time) {
      const level = chooseTier(TIERS[0]!.step, time, tiers.oldest()) ?? 0;
      const { step } = TIERS[level]!;
      const start = Math.floor(time / step) * step;
      const found = new Map<string, { readonly time: number; readonly value: number }>();
      // The bucket of the moment may not be written yet: then the one before it says what was.
      const query = { from: start - step, to: start, wanted: (id: string) => !COLUMN_INDEX.has(id), extremes: false };
      await tiers.read(level, query, (id, at, { sum, count }) => {
        if (at >= (found.get(id)?.time ?? 0)) found.set(id, { time: at, value: sum / count });
      });
      return new Map([...found].map(([id, { value }]) => [id, value]));
    },
  };
}
