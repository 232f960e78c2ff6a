import { seriesMeta } from './series.ts';

/** Mean, least and greatest value of one point; NaN where nothing is known. */
export type Point = readonly [mean: number, min: number, max: number];

/** A point of which nothing is known. */
export const UNKNOWN: Point = [Number.NaN, Number.NaN, Number.NaN];

/** Points that are written between two pauses. */
const PIECE = 256;

const written = (value: number, factor: number): string => (value !== value ? 'null' : String(Math.round(value * factor) / factor));

/**
 * The rest of a history answer after its times, as pieces of JSON: `series`, with `band` also `min` and `max`, then `meta`. `pointsOf`
 * brings the points of a series, one a time.
 */
export function* encodeSeries(ids: readonly string[], pointsOf: (id: string) => Iterable<Point>, band: boolean): Generator<string> {
  const lows: string[] = [];
  const highs: string[] = [];
  yield ',"series":{';
  for (const [position, id] of ids.entries()) {
    const factor = 10 ** (seriesMeta(id)?.decimals ?? 3);
    const start = `${position ? ',' : ''}${JSON.stringify(id)}:[`;
    // Texts of whole pieces: one that grows number by number is a chain of a thousand parts to the collector.
    const parts: [means: string[], min: string[], max: string[]] = [[], [], []];
    let comma = '';
    const flush = (end: string): string => {
      const [means, min, max] = parts.map((part) => `${comma}${part.join(',')}${end}`) as [string, string, string];
      if (band) {
        lows.push(comma === '' ? start + min : min);
        highs.push(comma === '' ? start + max : max);
      }
      const text = comma === '' ? start + means : means;
      comma = ',';
      for (const part of parts) part.length = 0;
      return text;
    };
    for (const [mean, low, high] of pointsOf(id)) {
      if (parts[0].length === PIECE) yield flush('');
      parts[0].push(written(mean, factor));
      if (!band) continue;
      parts[1].push(written(low, factor));
      parts[2].push(written(high, factor));
    }
    yield flush(']');
  }
  if (band) {
    yield '},"min":{';
    yield* lows;
    yield '},"max":{';
    yield* highs;
  }
  yield `},"meta":${JSON.stringify(Object.fromEntries(ids.map((id) => [id, seriesMeta(id)])))}}`;
}
