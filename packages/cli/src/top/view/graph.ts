import type { Style } from '../../screen/region.ts';
import type { Paper, RampName } from '../view.ts';
import { fillLetters, valuesPerColumn } from './letters.ts';

/** What a graph is drawn with. */
export interface Graph {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The oldest first, any number of them: each takes an equal part of the width. NaN is a gap. */
  readonly values: Float64Array;
  /** The value that fills the whole height; the least is 0. */
  readonly most: number;
  readonly ramp: RampName;
  /** Hangs from the top: the lower half of a mirrored graph. */
  readonly hanging?: boolean;
}

/** Styles of the rows of the graph that is drawn now: one buffer for all, since drawing never nests. */
let rowStyles = new Uint16Array(64);

/**
 * Fills the area under a line of values. Rows are coloured by their height; a graph of one row by its value. What is known and is 0 has a
 * line at the bottom still, so that a gap looks otherwise.
 */
export function drawGraph({ region, theme, letters }: Paper, graph: Graph): void {
  const { x, y, width, height, values, most, ramp, hanging = false } = graph;
  if (width < 1 || height < 1 || values.length === 0) return;
  const fill = fillLetters(letters);
  const glyphs = hanging ? fill.down : fill.up;
  const { steps } = fill;
  const sides = valuesPerColumn(letters);
  const total = height * steps;
  const scale = most > 0 ? total / most : 0;
  const perPlace = values.length / (width * sides);
  if (rowStyles.length < height) rowStyles = new Uint16Array(height);
  for (let row = 0; row < height; row++) rowStyles[row] = theme.ramp(ramp, height === 1 ? 0 : (row + 0.5) / height);

  for (let column = 0; column < width; column++) {
    const left = levelOf(valueAt(values, column * sides, perPlace), scale, total);
    const right = sides === 1 ? left : levelOf(valueAt(values, column * sides + 1, perPlace), scale, total);
    const highest = left > right ? left : right;
    const rows = Math.min(height, Math.ceil(highest / steps));
    for (let row = 0; row < rows; row++) {
      const floor = row * steps;
      const glyph = glyphs[cut(left - floor, steps) * (steps + 1) + cut(right - floor, steps)]!;
      const style: Style = height === 1 ? theme.ramp(ramp, highest / total) : rowStyles[row]!;
      region.put(x + column, hanging ? y + row : y + height - 1 - row, glyph, style);
    }
  }
}

/** The value of a place of the graph: the one that is there, or where places are more than values, what lies between two. */
function valueAt(values: Float64Array, place: number, perPlace: number): number {
  if (perPlace >= 1) return values[Math.floor(place * perPlace)]!;
  const at = (place + 0.5) * perPlace - 0.5;
  const index = Math.floor(at);
  const last = values.length - 1;
  const before = values[index < 0 ? 0 : index]!;
  const after = values[index >= last ? last : index + 1]!;
  // Beside a gap nothing is made up: half of the way belongs to each.
  if (Number.isNaN(before) || Number.isNaN(after)) return at - index < 0.5 ? before : after;
  return before + (after - before) * (at - index);
}

/** Steps that a value fills: 0 for a gap, at least 1 for what is known. */
function levelOf(value: number, scale: number, total: number): number {
  if (!(value > -Infinity)) return 0;
  const level = Math.round(value * scale);
  return level < 1 || Number.isNaN(level) ? 1 : level > total ? total : level;
}

const cut = (level: number, steps: number): number => (level < 0 ? 0 : level > steps ? steps : level);
