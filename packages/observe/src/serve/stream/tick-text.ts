import type { Frame } from '../hub.ts';
import { seriesMeta, seriesValues } from '../series.ts';

/** The JSON of ticks. What all clients want is put together once a frame; what some want is made of the same pieces. */
export interface TickText {
  /** How many series were described so far, those that are gone too: what a client knows that has heard all of it. */
  readonly described: number;
  /**
   * One tick. `series`: the ids to say, null for all; ids that there are not are left out. `known`: how much the client knows, as
   * `described` said it; what is new to it is described under `meta`.
   */
  encode(frame: Frame, series: readonly string[] | null, known: number): string;
}

/** Objects come and go (containers make interfaces): so many are remembered, then all are described anew. */
const MOST_DESCRIBED = 4096;

interface Known {
  readonly head: string;
  readonly factor: number;
}

/** Makes ticks for one stream. */
export function createTickText(): TickText {
  /** What stands before a value, and how it is rounded: made once a series, not at every tick. */
  let heads = new Map<string, Known>();
  let introduced: string[] = [];
  let met = new Set<string>();
  /** Series that were described and forgotten. */
  let forgotten = 0;
  let current: Frame | null = null;
  let ids: string[] = [];
  let values: string[] = [];
  let all = '';
  let places: Map<string, number> | null = null;

  const headOf = (id: string): Known => {
    let known = heads.get(id);
    if (!known) heads.set(id, (known = { head: `${JSON.stringify(id)}:`, factor: 10 ** (seriesMeta(id)?.decimals ?? 3) }));
    return known;
  };

  const load = (frame: Frame): void => {
    if (introduced.length > MOST_DESCRIBED || heads.size > MOST_DESCRIBED) {
      forgotten += introduced.length;
      introduced = [];
      met = new Set();
      heads = new Map();
    }
    current = frame;
    ids = [];
    values = [];
    places = null;
    for (const { id, value } of seriesValues(frame.row, frame.rates, frame.snapshot)) {
      const { head, factor } = headOf(id);
      ids.push(id);
      values.push(value === null ? `${head}null` : `${head}${Math.round(value * factor) / factor}`);
      if (value === null || met.has(id)) continue;
      met.add(id);
      introduced.push(id);
    }
    all = values.join(',');
  };

  const some = (series: readonly string[]): string => {
    places ??= new Map(ids.map((id, index) => [id, index]));
    const found: string[] = [];
    for (const id of series) {
      const place = places.get(id);
      if (place !== undefined) found.push(values[place]!);
    }
    return found.join(',');
  };

  const news = (series: readonly string[] | null, known: number): string => {
    const described = introduced.slice(Math.max(0, known - forgotten)).filter((id) => series === null || series.includes(id));
    if (described.length === 0) return '';
    return `,"meta":${JSON.stringify(Object.fromEntries(described.map((id) => [id, seriesMeta(id)])))}`;
  };

  return {
    get described() {
      return forgotten + introduced.length;
    },
    encode(frame, series, known) {
      if (frame !== current) load(frame);
      const time = Math.round(frame.snapshot.time * 1000) / 1000;
      return `{"type":"tick","time":${time},"values":{${series === null ? all : some(series)}}${news(series, known)}}`;
    },
  };
}
