/** What is made of the values of a stretch of time. */
export type WindowFunction = 'last' | 'mean' | 'min' | 'max' | 'sum' | 'change';

/** All of them, for settings. */
export const WINDOW_FUNCTIONS: readonly WindowFunction[] = ['last', 'mean', 'min', 'max', 'sum', 'change'];

/** A value over the last seconds, kept in constant memory: nothing is looked at twice. */
export interface Window {
  /** Takes a value at a time of a clock that never steps; null: it is not known now. */
  add(time: number, value: number | null): void;
  /** What the function says at `time`; null when too little is known. */
  read(time: number): number | null;
}

/** Parts that a window is made of: it is as long as wanted to within one of them. */
const PARTS = 60;

/**
 * A window of `span` seconds for values that come every `step` seconds. A mean, least or greatest value needs values in half of
 * its parts: what just began says nothing. A sum and a change are known from the first value on.
 */
export function createWindow(use: WindowFunction, span: number, step: number): Window {
  const parts = Math.max(1, Math.min(PARTS, Math.floor(span / step)));
  return use === 'last' || span <= step ? createLast() : createParts(use, parts, span / parts);
}

function createLast(): Window {
  let newest: number | null = null;
  return {
    add(_, value) {
      newest = value;
    },
    read: () => newest,
  };
}

function createParts(use: Exclude<WindowFunction, 'last'>, parts: number, length: number): Window {
  /** Of each part: the sum, the least, the greatest or the first value; and how many there were. */
  const values = new Float64Array(parts);
  const counts = new Uint32Array(parts);
  const isMean = use === 'mean';
  const isSum = use === 'sum';
  let current = Number.NaN;
  /** The same of all parts but the current one, made anew when a part ends: so rounding does not add up. */
  let rest = 0;
  let restCount = 0;
  let filled = 0;
  let newest = 0;

  const gather = (): void => {
    rest = use === 'min' ? Number.POSITIVE_INFINITY : use === 'max' ? Number.NEGATIVE_INFINITY : 0;
    restCount = 0;
    filled = 0;
    const now = current % parts;
    // From the oldest to the newest.
    for (let offset = 1; offset < parts; offset++) {
      const at = (now + offset) % parts;
      const count = counts[at] as number;
      if (count === 0) continue;
      const value = values[at] as number;
      if (use === 'min') rest = Math.min(rest, value);
      else if (use === 'max') rest = Math.max(rest, value);
      else if (use !== 'change') rest += value;
      else if (filled === 0) rest = value;
      restCount += count;
      filled++;
    }
  };
  /** Begins the part that a time lies in; those that were passed over are empty. */
  const enter = (time: number): void => {
    const part = Math.floor(time / length);
    if (part === current) return;
    if (!(part > current) || part - current >= parts) counts.fill(0);
    else for (let passed = current + 1; passed <= part; passed++) counts[passed % parts] = 0;
    current = part;
    gather();
  };

  return {
    add(time, value) {
      enter(time);
      if (value === null) return;
      const at = current % parts;
      const count = counts[at] as number;
      const before = values[at] as number;
      if (count === 0) values[at] = value;
      else if (isMean || isSum) values[at] = before + value;
      else if (use === 'min') values[at] = Math.min(before, value);
      else if (use === 'max') values[at] = Math.max(before, value);
      counts[at] = count + 1;
      newest = value;
    },
    read(time) {
      enter(time);
      const at = current % parts;
      const count = counts[at] as number;
      const all = filled + (count > 0 ? 1 : 0);
      if (all === 0) return null;
      const value = values[at] as number;
      if (isSum) return rest + (count > 0 ? value : 0);
      if (use === 'change') return newest - (filled > 0 ? rest : value);
      if (all * 2 < parts) return null;
      if (isMean) return (rest + (count > 0 ? value : 0)) / (restCount + count);
      if (count === 0) return rest;
      return use === 'min' ? Math.min(rest, value) : Math.max(rest, value);
    },
  };
}
