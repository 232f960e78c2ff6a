import type { GraphLetters } from '../view.ts';

/** Values that one column of a graph shows side by side. */
export const valuesPerColumn = (letters: GraphLetters): number => (letters === 'braille' ? 2 : 1);

/** How a row of a graph is filled: steps of one cell, and the letter of each. */
export interface FillLetters {
  /** Steps from an empty to a full cell. */
  readonly steps: number;
  /** Code points, `left * (steps + 1) + right`; where a column shows one value, both are the same. */
  readonly up: Uint32Array;
  /** The same, hanging from the top. */
  readonly down: Uint32Array;
}

/** Dots of a braille cell from the bottom to the top, left and right (Unicode 2800 to 28FF). */
const LEFT = [0, 0x40, 0x44, 0x46, 0x47];
const RIGHT = [0, 0x80, 0xa0, 0xb0, 0xb8];
/** From the top to the bottom. */
const LEFT_DOWN = [0, 0x01, 0x03, 0x07, 0x47];
const RIGHT_DOWN = [0, 0x08, 0x18, 0x38, 0xb8];

const EMPTY = 0x20;

function braille(left: readonly number[], right: readonly number[]): Uint32Array {
  return Uint32Array.from({ length: 25 }, (_, at) => {
    const dots = left[Math.floor(at / 5)]! | right[at % 5]!;
    return dots === 0 ? EMPTY : 0x2800 + dots;
  });
}

/** Letters by their step, as the table of pairs that {@link FillLetters} is: the higher of the two counts. */
function single(text: string): Uint32Array {
  const points = Array.from(text, (letter) => letter.codePointAt(0)!);
  return Uint32Array.from({ length: points.length ** 2 }, (_, at) => points[Math.max(Math.floor(at / points.length), at % points.length)]!);
}

const FILLS: Readonly<Record<GraphLetters, FillLetters>> = {
  braille: { steps: 4, up: braille(LEFT, RIGHT), down: braille(LEFT_DOWN, RIGHT_DOWN) },
  block: { steps: 8, up: single(' ▁▂▃▄▅▆▇█'), down: single(' ▔▔▀▀▀███') },
  ascii: { steps: 3, up: single(' .:#'), down: single(" ':#") },
};

/** The letters that areas are filled with. */
export const fillLetters = (letters: GraphLetters): FillLetters => FILLS[letters];

/** Letters of a share from 0 to 1 in one cell, the least first: for cells that are a core each. */
const HEAT: Readonly<Record<GraphLetters, Uint32Array>> = {
  braille: Uint32Array.from('▁▂▃▄▅▆▇█', (letter) => letter.codePointAt(0)!),
  block: Uint32Array.from('▁▂▃▄▅▆▇█', (letter) => letter.codePointAt(0)!),
  ascii: Uint32Array.from('.123456789', (letter) => letter.codePointAt(0)!),
};

/** The letter of a share from 0 to 1; `?` where it is not known. */
export function heatLetter(letters: GraphLetters, share: number): number {
  const scale = HEAT[letters];
  return Number.isNaN(share) ? 0x3f : scale[Math.max(0, Math.min(scale.length - 1, Math.round(share * (scale.length - 1))))]!;
}

/** The letters of lines and marks. */
export interface LineLetters {
  /** Corners of a frame: upper left, upper right, lower left, lower right. */
  readonly corners: readonly [number, number, number, number];
  readonly across: number;
  readonly down: number;
  /** Where the line of a frame stops for a title, and goes on. */
  readonly open: number;
  readonly close: number;
  /** A gauge: a full cell, half a cell, an empty one. */
  readonly meter: readonly [full: number, half: number, empty: number];
  readonly receive: string;
  readonly transmit: string;
  /** Between two facts of a line. */
  readonly dot: string;
  readonly degree: string;
}

const point = (letter: string): number => letter.codePointAt(0)!;

const UNICODE: LineLetters = {
  corners: [point('╭'), point('╮'), point('╰'), point('╯')],
  across: point('─'),
  down: point('│'),
  open: point('┤'),
  close: point('├'),
  meter: [point('━'), point('╸'), point('─')],
  receive: '▼',
  transmit: '▲',
  dot: '·',
  degree: '°',
};

const ASCII: LineLetters = {
  corners: [point('+'), point('+'), point('+'), point('+')],
  across: point('-'),
  down: point('|'),
  open: point(' '),
  close: point(' '),
  meter: [point('#'), point('='), point('.')],
  receive: 'v',
  transmit: '^',
  dot: ',',
  degree: ' ',
};

/** The letters that lines are drawn with. */
export const lineLetters = (unicode: boolean): LineLetters => (unicode ? UNICODE : ASCII);
