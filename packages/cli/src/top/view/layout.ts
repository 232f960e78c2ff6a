import type { BoxName } from '../state.ts';
import type { BoxSize } from '../view.ts';

/** Where a box lies, frame included. */
export interface Placed {
  readonly box: BoxName;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a box needs at a width: inner rows. */
export type SizeOf = (box: BoxName, width: number) => BoxSize;

/** A row of boxes beside each other, or a block of such rows. */
interface Band {
  readonly boxes: readonly BoxName[];
  readonly least: number;
  readonly best: number;
  /** How much of what is left it gets, against the others. */
  readonly weight: number;
}

/** The rows of a frame. */
const FRAME = 2;
/** The least that processes get, whatever they say. */
const LEAST_PROCESSES = 5;
/** From these widths on there is a second column, and a third in the first row. */
const TWO_COLUMNS = 140;
const THREE_COLUMNS = 240;
const ONE_BESIDE = 70;

/** Who is left when there is no room for all. */
const IMPORTANCE: readonly BoxName[] = ['cpu', 'processes', 'memory', 'network', 'disk', 'gpu', 'sensor'];
/** Rows that must be left over for others before these get any. */
const SPARE: Partial<Readonly<Record<BoxName, number>>> = { gpu: 8, sensor: 8 };
/** Of a row's width, and of a column's height. */
const WIDE: Partial<Readonly<Record<BoxName, number>>> = { cpu: 2 };
const HIGH: Partial<Readonly<Record<BoxName, number>>> = { processes: 3 };

/**
 * Where each box lies on a screen of this size; those for which there is no room, and those that have nothing to show, are left out.
 * `shown` is in any order.
 */
export function layOut(width: number, height: number, shown: readonly BoxName[], sizeOf: SizeOf): Placed[] {
  if (width < 1 || height < 1) return [];
  const has = (box: BoxName): boolean => shown.includes(box) && sizeOf(box, width).least > 0;
  const rows = (...names: (readonly BoxName[])[]): BoxName[][] => names.map((row) => row.filter(has)).filter((row) => row.length > 0);
  if (width < ONE_BESIDE)
    return stack(rows(['cpu'], ['memory'], ['disk'], ['network'], ['gpu'], ['sensor'], ['processes']), 0, 0, width, height, sizeOf);
  const first: BoxName[] = width >= THREE_COLUMNS ? ['cpu', 'gpu', 'sensor'] : ['cpu'];
  const last: BoxName[] = width >= THREE_COLUMNS ? [] : ['gpu', 'sensor'];
  const left = rows(['memory', 'disk'], ['network'], last);
  const inOneColumn = (): Placed[] => stack(rows(first, ['memory', 'disk', 'network'], last, ['processes']), 0, 0, width, height, sizeOf);
  if (width < TWO_COLUMNS || !has('processes') || left.length === 0) return inOneColumn();

  const top = bandOf(rows(first).flat(), width, sizeOf);
  const columns = Math.max(66, Math.min(160, Math.round(width * 0.44)));
  const below: Band = { boxes: ['processes'], least: LEAST_PROCESSES + FRAME, best: Infinity, weight: 2.2 };
  const [head = 0, rest = 0] = top.boxes.length === 0 ? [0, height] : heightsOf([top, below], height);
  if (rest < below.least) return inOneColumn();
  return [
    ...beside(top.boxes, 0, 0, width, head),
    ...stack(left, 0, head, columns, rest, sizeOf),
    { box: 'processes', x: columns, y: head, width: width - columns, height: rest },
  ];
}

/** Rows of boxes under each other, as many as there is room for, over the whole height. */
function stack(rows: readonly (readonly BoxName[])[], x: number, y: number, width: number, height: number, sizeOf: SizeOf): Placed[] {
  const bands = rows.map((row) => bandOf(row, width, sizeOf));
  const heights = heightsOf(bands, height);
  let top = y;
  return bands.flatMap(({ boxes }, index) => {
    const high = heights[index]!;
    if (high === 0) return [];
    top += high;
    return beside(boxes, x, top - high, width, high);
  });
}

/** What a row of boxes needs at a width: as much as the highest of them. */
function bandOf(boxes: readonly BoxName[], width: number, sizeOf: SizeOf): Band {
  const sizes = beside(boxes, 0, 0, width, 0).map(({ box, width: own }) => {
    const { least, best } = sizeOf(box, own - FRAME);
    return box === 'processes' ? { least: Math.max(LEAST_PROCESSES, least), best: Infinity } : { least, best };
  });
  return {
    boxes,
    least: Math.max(0, ...sizes.map(({ least }) => least)) + FRAME,
    best: Math.max(0, ...sizes.map(({ least, best }) => Math.max(least, best))) + FRAME,
    weight: Math.max(1, ...boxes.map((box) => HIGH[box] ?? 1)),
  };
}

/** The height of each band: 0 for those that have no room; together all of the height. */
function heightsOf(bands: readonly Band[], height: number): number[] {
  const order = bands.map((_, index) => index).toSorted((a, b) => rank(bands[a]!) - rank(bands[b]!));
  const heights = bands.map(() => 0);
  let left = height;
  for (const index of order) {
    const { boxes, least } = bands[index]!;
    const spare = left === height ? 0 : Math.min(...boxes.map((box) => SPARE[box] ?? 0));
    // The most important one takes what there is.
    const takes = left === height ? Math.min(least, height) : least;
    if (takes + spare > left) continue;
    heights[index] = takes;
    left -= takes;
  }
  const kept = order.filter((index) => heights[index]! > 0);
  while (left > 0 && kept.length > 0) {
    const growing = kept.filter((index) => heights[index]! < bands[index]!.best);
    // Where nobody has use for more, all get it.
    const next = (growing.length > 0 ? growing : kept).reduce((least, index) => {
      const grown = (one: number): number => (heights[one]! - bands[one]!.least) / bands[one]!.weight;
      return grown(index) < grown(least) ? index : least;
    });
    heights[next]! += 1;
    left -= 1;
  }
  return heights;
}

const rank = ({ boxes }: Band): number => Math.min(...boxes.map((box) => IMPORTANCE.indexOf(box)));

/** Boxes beside each other over a whole width. */
function beside(boxes: readonly BoxName[], x: number, y: number, width: number, height: number): Placed[] {
  const whole = boxes.reduce((sum, box) => sum + (WIDE[box] ?? 1), 0);
  let before = 0;
  return boxes.map((box) => {
    const from = Math.round((before / whole) * width);
    before += WIDE[box] ?? 1;
    const to = Math.round((before / whole) * width);
    return { box, x: x + from, y, width: to - from, height };
  });
}
