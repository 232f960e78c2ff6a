/** Lines of a chart that the eye can still tell apart. */
export const MOST_LINES = 8;

/** A series that belongs to one device or core: `disk.sda.read_bytes_per_second`. Device names can hold dots. */
export interface ObjectSeries {
  readonly kind: string;
  readonly name: string;
  readonly measure: string;
}

/** The parts of a series id; null when it belongs to the whole machine. */
export function parseSeriesId(id: string): ObjectSeries | null {
  const match = /^(core|disk|network|temperature|fan|filesystem|gpu)\.(.+)\.([a-z_]+)$/.exec(id);
  return match ? { kind: match[1]!, name: match[2]!, measure: match[3]! } : null;
}

/** The objects of a kind that have a measure, as the series come. */
export const namesOf = (ids: readonly string[], kind: string, measure: string): string[] =>
  ids
    .map(parseSeriesId)
    .filter((part): part is ObjectSeries => part?.kind === kind && part.measure === measure)
    .map(({ name }) => name);
