import type { SeriesStretch, StretchQuery } from '../source.ts';
import type { ColumnSums, Grid } from './sample-ring.ts';

/** What was recorded, asked for in pieces and remembered. */
export interface RecordedChunks {
  /**
   * Fills the empty columns of a grid with what is known of a series, up to `newest`; what is not known yet is asked for soon.
   */
  addTo(id: string, grid: Grid, sums: ColumnSums, newest: number): void;
}

/** What they are made of. */
export interface RecordedChunksOptions {
  readonly ask: (query: StretchQuery) => Promise<SeriesStretch | null>;
  /** Called when something came. */
  readonly changed: () => void;
  /** Called when it could not be had. */
  readonly failed: (error: unknown) => void;
  /** Seconds on a clock that never steps. */
  readonly now?: () => number;
}

/** Seconds that one value may stand for. */
const STEPS: readonly number[] = [1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600];
/** Values of a chunk. */
const LENGTH = 512;
/** Chunks that are remembered: a view needs five of each step, and has graphs of two or three widths. */
const MOST_CHUNKS = 32;
/** Chunks that are asked for at all: who travels fast has forgotten the first ones. */
const MOST_WISHES = 12;
/** Milliseconds in which wishes are gathered: one question for all graphs of a drawing, and for a row of key presses. */
const GATHER = 80;
/** Seconds after which what was not there is asked for again: what is recorded is written once a minute. */
const AGAIN = 60;
/** Nothing is said about the last seconds before that. */
const UNWRITTEN = 90;

interface Chunk {
  readonly step: number;
  /** In chunk lengths since the epoch. */
  readonly number: number;
  readonly series: Map<string, Float32Array>;
  /** Until when (seconds since the epoch) a series was asked for, and when (monotonic seconds) that was. */
  readonly asked: Map<string, { readonly until: number; readonly at: number }>;
}

/** The finest step that is not coarser than needed: columns are means of whole values. */
function stepFor(wanted: number): number {
  return STEPS.findLast((step) => step <= wanted * 1.0001) ?? STEPS[0]!;
}

/** Chunks of one source. One question is asked at a time. */
export function createRecordedChunks({
  ask,
  changed,
  failed,
  now = () => performance.now() / 1000,
}: RecordedChunksOptions): RecordedChunks {
  /** The one that was used last is the last. */
  const chunks = new Map<string, Chunk>();
  /** What is wanted, by chunk. */
  let wishes = new Map<Chunk, Set<string>>();
  let wishedUntil = 0;
  let asking = false;
  let timer: NodeJS.Timeout | null = null;

  const chunkOf = (step: number, number: number): Chunk => {
    const key = `${step} ${number}`;
    const chunk = chunks.get(key) ?? { step, number, series: new Map(), asked: new Map() };
    chunks.delete(key);
    chunks.set(key, chunk);
    if (chunks.size > MOST_CHUNKS) chunks.delete(chunks.keys().next().value!);
    return chunk;
  };

  const take = ({ step: answered, time, series }: SeriesStretch, chunk: Chunk, ids: ReadonlySet<string>): void => {
    const { step, number } = chunk;
    const wide = Math.max(1, Math.round(answered / step));
    for (const id of ids) {
      const values = series.get(id);
      if (!values) continue;
      let kept = chunk.series.get(id);
      if (!kept) chunk.series.set(id, (kept = new Float32Array(LENGTH).fill(Number.NaN)));
      for (let index = 0; index < time.length; index++) {
        const value = values[index];
        if (typeof value !== 'number') continue;
        const from = Math.floor(time[index]! / step + 1e-9) - number * LENGTH;
        for (let slot = Math.max(0, from); slot < Math.min(LENGTH, from + wide); slot++) kept[slot] = value;
      }
    }
  };

  /** The chunk that was wished for last with its neighbours that are wished for too. They are no wishes any more. */
  const nextWishes = (): (readonly [Chunk, ReadonlySet<string>])[] => {
    const all = [...wishes].slice(-MOST_WISHES);
    const last = all.at(-1);
    if (!last) return [];
    const near = all.filter(([{ step }]) => step === last[0].step).sort(([a], [b]) => a.number - b.number);
    let begin = near.indexOf(last);
    let end = begin + 1;
    while (begin > 0 && near[begin - 1]![0].number === near[begin]![0].number - 1) begin--;
    while (end < near.length && near[end]![0].number === near[end - 1]![0].number + 1) end++;
    const together = near.slice(begin, end);
    wishes = new Map(all.filter((one) => !together.includes(one)));
    return together;
  };

  const askNext = async (): Promise<void> => {
    const together = nextWishes();
    const [first] = together;
    if (!first) return;
    asking = true;
    const { step, number } = first[0];
    const from = number * LENGTH * step;
    const to = Math.min((number + together.length) * LENGTH * step - 0.001, wishedUntil);
    const ids = new Set(together.flatMap(([, wanted]) => [...wanted]));
    try {
      const answer = await ask({ from, to, step, series: [...ids] });
      if (answer) for (const [chunk, wanted] of together) take(answer, chunk, wanted);
      if (answer) changed();
    } catch (error) {
      failed(error);
    } finally {
      // Whatever came, it is not asked for again soon.
      for (const [chunk, wanted] of together) for (const id of wanted) chunk.asked.set(id, { until: to - UNWRITTEN, at: now() });
      asking = false;
      if (wishes.size > 0) gather();
    }
  };

  function gather(): void {
    if (timer !== null || asking) return;
    timer = setTimeout(() => {
      timer = null;
      void askNext();
    }, GATHER).unref();
  }

  function wish(chunk: Chunk, id: string, until: number): void {
    const wanted = wishes.get(chunk) ?? new Set();
    wishes.set(chunk, wanted.add(id));
    wishedUntil = Math.max(wishedUntil, until);
    gather();
  }

  /** Whether a series of a chunk has to be asked for to know it until then. */
  const isUnknown = ({ step, number, asked }: Chunk, id: string, until: number): boolean => {
    const before = asked.get(id);
    if (!before) return true;
    const end = Math.min(until, (number + 1) * LENGTH * step - UNWRITTEN);
    return end > before.until + 1 && now() - before.at >= AGAIN;
  };

  /** Asks for what is missing of a series in a chunk, unless that was done. */
  const want = (chunk: Chunk, id: string, until: number, newest: number): void => {
    if (wishes.get(chunk)?.has(id) !== true && isUnknown(chunk, id, until)) wish(chunk, id, newest);
  };

  return {
    addTo(id, { first, step, columns }, { sum, count }, newest) {
      const fine = stepFor(step);
      let chunk: Chunk | null = null;
      let kept: Float32Array | undefined;
      /** Until when something is missing in the chunk. */
      let missing = -1;
      for (let column = 0; column < columns; column++) {
        const begin = (first + column) * step;
        if (begin > newest) break;
        if (count[column]! > 0 || begin < 0) continue;
        const from = Math.floor(begin / fine + 1e-9);
        const to = Math.max(from + 1, Math.floor((begin + step) / fine + 1e-9));
        for (let slot = from; slot < to; slot++) {
          const number = Math.floor(slot / LENGTH);
          if (chunk === null || chunk.number !== number) {
            if (chunk !== null && missing > 0) want(chunk, id, missing, newest);
            missing = -1;
            chunk = chunkOf(fine, number);
            kept = chunk.series.get(id);
          }
          if (kept === undefined) continue;
          const value = kept[slot - number * LENGTH]!;
          if (value !== value) continue;
          sum[column]! += value;
          count[column]!++;
        }
        if (count[column] === 0) missing = begin + step;
      }
      if (chunk !== null && missing > 0) want(chunk, id, missing, newest);
    },
  };
}
