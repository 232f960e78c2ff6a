import type { ColourDepth } from '../terminal/terminal.ts';
import { asciiOf } from './ascii.ts';
import type { Cells } from './grid.ts';
import { CLUSTERS, CONTINUED, isCertain, SPACE, textOfLetter } from './letters.ts';
import type { Letter } from './letters.ts';
import { createRendition } from './rendition.ts';
import type { StyleTable } from './styles.ts';

/** Turns grids into what a terminal must be sent so that it shows them. */
export interface Painter {
  /**
   * What leads from the picture before to this one; empty when they are equal. The bytes are valid until the next call, and must reach
   * the terminal: the next ones build on them.
   */
  paint(cells: Cells): Uint8Array;
  /** The terminal shows something else: the next picture is painted whole. */
  forget(): void;
}

/** What a terminal can show. */
export interface PainterOptions {
  readonly table: StyleTable;
  readonly depth: ColourDepth;
  /** Else everything is ASCII. */
  readonly unicode: boolean;
}

const ESCAPE = 0x1b;
const BRACKET = 0x5b;
/** Cells that are written once more rather than jumped over. */
const SHORT_GAP = 4;
/** Bytes that one cell takes at most, with the move to it and its style. */
const ROOM = 512;
/** The terminal shows nothing of a frame before all of it is there; one that does not know this ignores it. */
const BEGIN = Buffer.from('\u001b[?2026h', 'latin1');
const END = Buffer.from('\u001b[?2026l', 'latin1');
const CLEAR = Buffer.from('\u001b[m\u001b[2J', 'latin1');
const NOTHING = new Uint8Array(0);

/**
 * The columns that a letter may take in a terminal that counts otherwise than we do: two for each code point of a cluster. What it may
 * have run over is painted again.
 */
function reach(letter: Letter): number {
  if (isCertain(letter) || letter === CONTINUED) return 1;
  return letter < CLUSTERS ? 2 : 2 * textOfLetter(letter).length;
}

/** Makes a painter for a terminal of which nothing is known: the first picture is painted whole. */
export function createPainter({ table, depth, unicode }: PainterOptions): Painter {
  const rendition = createRendition(table, depth);
  const clusterBytes = new Map<Letter, Uint8Array>();
  let shownLetters = new Uint32Array(0);
  let shownStyles = new Uint16Array(0);
  let shownWidth = 0;
  let isKnown = false;

  let bytes = new Uint8Array(16_384);
  let length = 0;
  let style = 0;
  // Where the cursor stands; -1 when terminals may differ about it.
  let cursorX = -1;
  let cursorY = -1;

  const append = (some: Uint8Array): void => {
    bytes.set(some, length);
    length += some.length;
  };

  const number = (value: number): void => {
    if (value >= 10) number((value / 10) | 0);
    bytes[length++] = 0x30 + (value % 10);
  };

  const moveTo = (x: number, y: number): void => {
    bytes[length++] = ESCAPE;
    bytes[length++] = BRACKET;
    if (cursorY === y && cursorX >= 0 && x > cursorX) {
      if (x - cursorX > 1) number(x - cursorX);
      bytes[length++] = 0x43; // C: to the right
    } else {
      number(y + 1);
      bytes[length++] = 0x3b;
      number(x + 1);
      bytes[length++] = 0x48; // H
    }
    cursorX = x;
    cursorY = y;
  };

  const setStyle = (to: number): void => {
    if (to === style) return;
    append(rendition(style, to));
    style = to;
  };

  const letter = (value: Letter): void => {
    if (value < 0x80) bytes[length++] = value;
    else if (value < 0x800) {
      bytes[length++] = 0xc0 | (value >> 6);
      bytes[length++] = 0x80 | (value & 63);
    } else if (value < 0x1_0000) {
      bytes[length++] = 0xe0 | (value >> 12);
      bytes[length++] = 0x80 | ((value >> 6) & 63);
      bytes[length++] = 0x80 | (value & 63);
    } else if (value < CLUSTERS) {
      bytes[length++] = 0xf0 | (value >> 18);
      bytes[length++] = 0x80 | ((value >> 12) & 63);
      bytes[length++] = 0x80 | ((value >> 6) & 63);
      bytes[length++] = 0x80 | (value & 63);
    } else {
      let known = clusterBytes.get(value);
      if (known === undefined) clusterBytes.set(value, (known = Buffer.from(textOfLetter(value))));
      append(known);
    }
  };

  /** Paints a letter about whose columns terminals may disagree: onto spaces, and nothing is assumed of the cursor afterwards. */
  const uncertainLetter = (value: Letter, x: number, y: number, columns: number): void => {
    for (let column = 0; column < columns; column++) bytes[length++] = SPACE;
    cursorX = -1;
    moveTo(x, y);
    letter(value);
    cursorX = -1;
  };

  const paintRow = (cells: Cells, y: number): void => {
    const { width, letters, styles } = cells;
    const start = y * width;
    let inkEnd = -1; // One behind the last cell that is not blank; -1: not looked for yet.
    let forcedEnd = 0; // Cells before it are painted in any case.
    for (let x = 0; x < width; x++) {
      const at = start + x;
      const now = letters[at]!;
      if (now === shownLetters[at] && styles[at] === shownStyles[at] && x >= forcedEnd) continue;
      if (now === CONTINUED) continue; // It comes with its letter.
      if (length + ROOM > bytes.length) bytes = grown(bytes);
      if (now === SPACE && styles[at] === 0 && width - x > SHORT_GAP) {
        if (inkEnd < 0)
          for (inkEnd = width; inkEnd > 0 && letters[start + inkEnd - 1] === SPACE && styles[start + inkEnd - 1] === 0;) inkEnd--;
        if (x >= inkEnd) {
          if (cursorX !== x || cursorY !== y) moveTo(x, y);
          setStyle(0);
          bytes[length++] = ESCAPE;
          bytes[length++] = BRACKET;
          bytes[length++] = 0x4b; // K: clears the rest of the row
          return;
        }
      }
      if (cursorX !== x || cursorY !== y) approach(cells, x, y);
      setStyle(styles[at]!);
      const columns = x + 1 < width && letters[at + 1] === CONTINUED ? 2 : 1;
      if (!unicode) {
        letter(asciiOf(now));
        if (columns === 2) bytes[length++] = SPACE;
        cursorX = x + columns;
      } else if (columns === 1 && isCertain(now)) {
        letter(now);
        cursorX = x + 1;
      } else uncertainLetter(now, x, y, columns);
      if (unicode) forcedEnd = Math.max(forcedEnd, x + Math.max(columns, reach(now)));
      x += columns - 1;
    }
  };

  /** Brings the cursor to a place: over a short gap by painting what is there, else by a move. */
  const approach = ({ width, letters, styles }: Cells, x: number, y: number): void => {
    const gap = x - cursorX;
    const start = y * width;
    let isShort = cursorY === y && cursorX >= 0 && gap > 0 && gap <= SHORT_GAP;
    for (let at = start + cursorX; isShort && at < start + x; at++) {
      isShort = styles[at] === style && letters[at]! < 0x7f && letters[at] !== CONTINUED;
    }
    if (!isShort) moveTo(x, y);
    else for (let at = start + cursorX; at < start + x; at++) bytes[length++] = letters[at]!;
    cursorX = x;
  };

  return {
    paint(cells) {
      const { width, height, letters, styles } = cells;
      if (!isKnown || shownWidth !== width || shownLetters.length !== letters.length) {
        shownLetters = new Uint32Array(letters.length).fill(SPACE);
        shownStyles = new Uint16Array(letters.length);
        shownWidth = width;
        isKnown = false;
      }
      length = 0;
      append(BEGIN);
      if (!isKnown) append(CLEAR);
      const empty = length;
      style = 0;
      cursorX = cursorY = -1;
      for (let y = 0; y < height; y++) paintRow(cells, y);
      if (length === empty && isKnown) return NOTHING;
      setStyle(0);
      if (length + ROOM > bytes.length) bytes = grown(bytes);
      append(END);
      shownLetters.set(letters);
      shownStyles.set(styles);
      isKnown = true;
      return bytes.subarray(0, length);
    },
    forget() {
      isKnown = false;
    },
  };
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(bytes.length * 2);
  more.set(bytes);
  return more;
}
