/** What a series is, as the server describes it. */
export interface SeriesMeta {
  readonly unit: string;
  readonly label: string;
  readonly group: string;
  /** One sentence that defines it; older servers do not send one. */
  readonly help?: string;
}

/** Rows of many series at the same times, as `/api/v1/history` and the backfill send them. */
export interface SeriesBatch {
  /** Seconds between two rows. */
  readonly step: number;
  readonly time: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
  readonly meta?: Readonly<Record<string, SeriesMeta>>;
}

/** Times, then one array a series, ready for a chart: null where nothing is known. */
export type Aligned = [time: number[], ...values: (number | null)[][]];

/** The last rows of every series, in typed arrays. */
export interface SeriesStore {
  /** Rows held. */
  readonly length: number;
  /** Grows when a series is added or described anew. */
  readonly version: number;
  /** Time of the oldest row; null when there is none. */
  first(): number | null;
  /** Time of the newest row; null when there is none. */
  last(): number | null;
  ids(): readonly string[];
  meta(id: string): SeriesMeta | undefined;
  /** Adds descriptions of series. */
  describe(meta: Readonly<Record<string, SeriesMeta>>): void;
  /** Adds a row at the end; a row that is not newer than the last one is ignored. */
  append(time: number, values: Readonly<Record<string, number | null>>, step: number): boolean;
  /** Adds rows anywhere. Where a row is held already, only what it does not know is filled in. */
  merge(batch: SeriesBatch): void;
  /** The newest value of a series; null when the newest row has none. */
  latest(id: string): number | null;
  /** The rows from `from` to `to`, and one more on each side so that lines reach the edges. A hole in time is a row of nulls. */
  select(ids: readonly string[], from: number, to: number): Aligned;
  /** Index of the row that is nearest to a time; -1 when there is none. */
  nearest(time: number): number;
  /** The value at a time: that of the nearest row, null when that one is too far away to say anything. */
  at(id: string, time: number): number | null;
  /** The value in a row; null when unknown. */
  value(id: string, row: number): number | null;
  clear(): void;
}

/** A hole in time is one that is longer than this many steps. */
const GAP_STEPS = 3;

/**
 * A store of at most `capacity` rows. Arrays are twice as long and are moved to their front when full,
 * so that the rows are always in one piece and adding one costs nothing.
 */
export function createSeriesStore(capacity: number): SeriesStore {
  const room = capacity * 2;
  let times = new Float64Array(room);
  let steps = new Float32Array(room);
  const columns = new Map<string, Float32Array<ArrayBuffer>>();
  const metas = new Map<string, SeriesMeta>();
  let start = 0;
  let end = 0;
  let version = 0;

  const columnOf = (id: string): Float32Array<ArrayBuffer> => {
    let column = columns.get(id);
    if (!column) {
      column = new Float32Array(room).fill(Number.NaN);
      columns.set(id, column);
      version++;
    }
    return column;
  };

  const moveToFront = (): void => {
    const length = end - start;
    times.copyWithin(0, start, end);
    steps.copyWithin(0, start, end);
    for (const column of columns.values()) {
      column.copyWithin(0, start, end);
      column.fill(Number.NaN, length);
    }
    start = 0;
    end = length;
  };

  /** Index of the first row whose time is at least `time`. */
  const lowerBound = (time: number): number => {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

  const store: SeriesStore = {
    get length() {
      return end - start;
    },
    get version() {
      return version;
    },
    first: () => (end > start ? times[start]! : null),
    last: () => (end > start ? times[end - 1]! : null),
    ids: () => [...columns.keys()],
    meta: (id) => metas.get(id),
    describe(meta) {
      for (const [id, entry] of Object.entries(meta)) metas.set(id, entry);
      version++;
    },
    append(time, values, step) {
      if (end > start && time <= times[end - 1]!) return false;
      if (end === room) moveToFront();
      for (const id of Object.keys(values)) {
        const value = values[id] ?? Number.NaN;
        // A series that was never known is none: the machine does not have it.
        if (!Number.isNaN(value) || columns.has(id)) columnOf(id)[end] = value;
      }
      times[end] = time;
      steps[end] = step;
      end++;
      if (end - start > capacity) start = end - capacity;
      return true;
    },
    merge(batch) {
      if (batch.meta) store.describe(batch.meta);
      for (const id of Object.keys(batch.series)) columnOf(id);
      mergeRows(batch);
    },
    latest: (id) => (end > start ? store.value(id, end - 1 - start) : null),
    nearest(time) {
      if (end === start) return -1;
      const after = Math.min(lowerBound(time), end - 1);
      const before = Math.max(after - 1, start);
      return (Math.abs(times[before]! - time) < Math.abs(times[after]! - time) ? before : after) - start;
    },
    at(id, time) {
      const row = store.nearest(time);
      return row < 0 || Math.abs(times[start + row]! - time) > GAP_STEPS * Math.max(1, steps[start + row]!) ? null : store.value(id, row);
    },
    value(id, row) {
      const column = columns.get(id);
      return column && row >= 0 && row < end - start ? known(column[start + row]!) : null;
    },
    select(ids, from, to) {
      const first = Math.max(start, lowerBound(from) - 1);
      const last = Math.min(end, lowerBound(to) + 1);
      const time: number[] = [];
      const values: (number | null)[][] = ids.map(() => []);
      const sources = ids.map((id) => columns.get(id));
      for (let row = first; row < last; row++) {
        if (row > first) {
          const gap = times[row]! - times[row - 1]!;
          const step = Math.max(steps[row]!, steps[row - 1]!);
          if (gap > GAP_STEPS * step) {
            time.push(times[row - 1]! + gap / 2);
            for (const column of values) column.push(null);
          }
        }
        time.push(times[row]!);
        for (let i = 0; i < sources.length; i++) {
          const source = sources[i];
          values[i]!.push(source ? known(source[row]!) : null);
        }
      }
      return [time, ...values];
    },
    clear() {
      start = 0;
      end = 0;
      for (const column of columns.values()) column.fill(Number.NaN);
    },
  };

  /** Merges sorted rows into the sorted rows held. A new row too near a held one only fills in what that one lacks. */
  function mergeRows(batch: SeriesBatch): void {
    moveToFront();
    const inserted: number[] = [];
    for (let i = 0; i < batch.time.length; i++) {
      const time = batch.time[i]!;
      const row = store.nearest(time);
      const distance = row < 0 ? Number.POSITIVE_INFINITY : Math.abs(times[row]! - time);
      const previous = inserted.length > 0 ? batch.time[inserted.at(-1)!]! : Number.NEGATIVE_INFINITY;
      if (time <= previous) continue;
      if (distance > 0.75 * batch.step) {
        inserted.push(i);
      } else if (distance <= 0.5 * steps[row]!) {
        for (const [id, source] of Object.entries(batch.series)) {
          const column = columns.get(id)!;
          if (Number.isNaN(column[row]!)) column[row] = source[i] ?? Number.NaN;
        }
      }
    }
    if (inserted.length === 0) return;
    const order: number[] = [];
    for (let held = 0, next = 0; held < end || next < inserted.length;) {
      if (next >= inserted.length || (held < end && times[held]! <= batch.time[inserted[next]!]!)) order.push(held++);
      else order.push(-1 - inserted[next++]!);
    }
    const kept = order.slice(-capacity);
    const reorder = (column: Float32Array, fresh: (row: number) => number): Float32Array<ArrayBuffer> => {
      const moved = new Float32Array(room).fill(Number.NaN);
      for (let i = 0; i < kept.length; i++) moved[i] = kept[i]! >= 0 ? column[kept[i]!]! : fresh(-1 - kept[i]!);
      return moved;
    };
    for (const [id, column] of columns) {
      const source = batch.series[id];
      columns.set(
        id,
        reorder(column, (row) => source?.[row] ?? Number.NaN),
      );
    }
    const movedTimes = new Float64Array(room);
    for (let i = 0; i < kept.length; i++) movedTimes[i] = kept[i]! >= 0 ? times[kept[i]!]! : batch.time[-1 - kept[i]!]!;
    steps = reorder(steps, () => batch.step);
    times = movedTimes;
    start = 0;
    end = kept.length;
  }

  return store;
}
