/** One resolution of the history: how long a bucket is, and how many of them are kept. */
export interface Tier {
  /** Name of its directory. */
  readonly name: string;
  /** Seconds that a bucket stands for. A whole multiple of the tier's before it. */
  readonly step: number;
  /** Seconds that a segment file holds. */
  readonly span: number;
  /** Segments that are kept: with {@link MOST_SERIES} this bounds what a tier takes on the disk. */
  readonly keep: number;
}

/** Series in one file: as many as the history in memory holds. */
export const MOST_SERIES = 1024;

/** Bytes of the name of a series that is kept: a block with a longer one would be no block for its readers. */
export const LONGEST_NAME = 1024;

const HOUR = 3600;
const DAY = 24 * HOUR;

/** From fine to coarse: ten seconds for two days, a minute for 32 days, ten minutes for five years. One segment more is the one in work. */
export const TIERS: readonly Tier[] = [
  { name: '10-seconds', step: 10, span: HOUR, keep: 2 * 24 + 1 },
  { name: '1-minute', step: 60, span: 6 * HOUR, keep: 32 * 4 + 1 },
  { name: '10-minutes', step: 600, span: 2 * DAY, keep: 913 + 1 },
];

/** Where tiers lie in a data directory. */
export const TIERS_DIRECTORY = 'tiers';
