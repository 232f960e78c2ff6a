import type { Scene } from '../scene.ts';

/** The means of columns in work: a sum and a count each, used again for the next series. */
export interface ColumnSums {
  readonly sum: Float64Array;
  readonly count: Uint32Array;
}

/** Equal stretches of time that begin at whole multiples of `step`: so a graph moves on without its columns changing. */
export interface Grid {
  /** Number of the first column, in steps since the epoch. */
  readonly first: number;
  readonly step: number;
  readonly columns: number;
}

/** The last samples of all series, in bounded memory. */
export interface SampleRing {
  /** Time of the newest sample; NaN before the first. */
  readonly newest: number;
  /** Adds a sample; `interval` is the time that it stands for. After a clock was set back the ring begins anew. */
  add(scene: Pick<Scene, 'time' | 'values'>, interval: number): void;
  /** Adds what is known of a series to the columns of a grid, in which nothing is so far. */
  addTo(id: string, grid: Grid, sums: ColumnSums): void;
}

/** Series that are kept; a machine with more shows the others without their past. */
const MOST_SERIES = 1024;
/** A sample says what was until the next one, if that comes within so many intervals, and within so many seconds at least. */
const HOLDS_INTERVALS = 3;
const HOLDS_SECONDS = 1.5;

/** A ring of so many samples; a series takes four bytes a sample. */
export function createSampleRing(capacity: number): SampleRing {
  const times = new Float64Array(capacity);
  const lasts = new Float32Array(capacity);
  const series = new Map<string, Float32Array>();
  let written = 0;

  const oldest = (): number => Math.max(0, written - capacity);
  const timeAt = (sample: number): number => times[sample % capacity]!;

  /** The first sample at or after a time. */
  const sampleFrom = (time: number): number => {
    let low = oldest();
    let high = written;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const columnOf = (id: string): Float32Array | null => {
    let column = series.get(id);
    if (!column) {
      if (series.size >= MOST_SERIES) return null;
      series.set(id, (column = new Float32Array(capacity).fill(Number.NaN)));
    }
    return column;
  };

  return {
    get newest() {
      return written === 0 ? Number.NaN : timeAt(written - 1);
    },
    add({ time, values }, interval) {
      if (!Number.isFinite(time)) return;
      if (written > 0 && time < timeAt(written - 1)) {
        written = 0;
        series.clear();
      } else if (written > 0 && time === timeAt(written - 1)) written--;
      const slot = written % capacity;
      times[slot] = time;
      lasts[slot] = Math.max(HOLDS_SECONDS, interval * HOLDS_INTERVALS);
      for (const column of series.values()) column[slot] = Number.NaN;
      for (const [id, value] of values) {
        const column = value === null ? null : columnOf(id);
        if (column) column[slot] = value!;
      }
      written++;
    },
    addTo(id, { first, step, columns }, { sum, count }) {
      const column = series.get(id);
      if (!column) return;
      // The sample before the first column may still hold in it.
      const begin = Math.max(oldest(), sampleFrom(first * step) - 1);
      /** The column of the sample before, which begins anew when a sample lies at or behind `edge`. */
      let at = Number.NEGATIVE_INFINITY;
      let edge = Number.NEGATIVE_INFINITY;
      let total = 0;
      let known = 0;
      let beforeTime = 0;
      let holds = 0;
      let beforeValue = Number.NaN;
      let slot = begin % capacity;
      // Thousands of samples for each of sixty graphs: no division and no look at the sums but where a column ends.
      for (let left = written - begin; left > 0; left--) {
        const value = column[slot]!;
        const time = times[slot]!;
        if (value === value) {
          if (time >= edge) {
            if (at >= 0 && at < columns) {
              sum[at] = total;
              count[at] = known;
            }
            const now = Math.floor(time / step + 1e-9) - first;
            if (time - beforeTime <= holds) {
              for (let gap = Math.max(0, at + 1); gap < Math.min(now, columns); gap++) {
                sum[gap] = beforeValue;
                count[gap] = 1;
              }
            }
            at = now;
            edge = (first + now + 1) * step - step * 1e-9;
            total = known = 0;
            if (at >= columns) return;
          }
          total += value;
          known++;
          beforeTime = time;
          beforeValue = value;
          holds = lasts[slot]!;
        }
        if (++slot === capacity) slot = 0;
      }
      if (at >= 0 && at < columns) {
        sum[at] = total;
        count[at] = known;
      }
    },
  };
}
