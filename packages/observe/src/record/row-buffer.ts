/** Rows that wait to be written, oldest first, in one flat array: a row costs no object. */
export interface RowBuffer {
  /** Rows that wait. */
  readonly length: number;
  /** Rows that were thrown away because too many waited. */
  readonly dropped: number;
  /** All values; those of row `index` start at `start(index)`. */
  readonly values: Float64Array;
  start(index: number): number;
  /** Milliseconds since the epoch of row `index`. */
  time(index: number): number;
  /** Adds a row; what is not a number becomes NaN. When `most` rows wait already, the oldest one is dropped. */
  push(milliseconds: number, row: ArrayLike<number | null | undefined>): void;
  /** Takes the oldest `count` rows away. */
  shift(count: number): void;
}

/** An empty buffer for rows of `width` values, at most `most` of them. */
export function createRowBuffer(width: number, most: number): RowBuffer {
  let values = new Float64Array(width * Math.min(most, 64));
  let times = new Float64Array(Math.min(most, 64));
  let length = 0;
  let dropped = 0;

  const shift = (count: number): void => {
    values.copyWithin(0, count * width, length * width);
    times.copyWithin(0, count, length);
    length -= count;
  };
  const grow = (): void => {
    const capacity = Math.min(most, times.length * 2);
    const largerValues = new Float64Array(capacity * width);
    const largerTimes = new Float64Array(capacity);
    largerValues.set(values);
    largerTimes.set(times);
    values = largerValues;
    times = largerTimes;
  };

  return {
    get length() {
      return length;
    },
    get dropped() {
      return dropped;
    },
    get values() {
      return values;
    },
    start: (index) => index * width,
    time: (index) => times[index]!,
    push(milliseconds, row) {
      if (length === most) {
        shift(1);
        dropped++;
      } else if (length === times.length) grow();
      times[length] = milliseconds;
      for (let i = 0, at = length * width; i < width; i++, at++) {
        const value = row[i];
        values[at] = typeof value === 'number' ? value : Number.NaN;
      }
      length++;
    },
    shift,
  };
}
