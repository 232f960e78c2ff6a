import { BLOCK_ROWS, NO_SCALE } from './column-block.ts';
import { createTimestampReader } from './timestamp.ts';

/** Rows that were parsed and not yet packed, column after column: at most {@link BLOCK_ROWS} of them, or as many as the parser has room for. */
export interface RowBlock {
  rows: number;
  /** Milliseconds since 1970, UTC. */
  readonly times: Float64Array;
  /** Minutes from UTC to the wall clock as written. */
  readonly offsets: Float64Array;
  /** `values[column * room + row]`, {@link BLOCK_ROWS} by default; NaN is unknown. */
  values: Float64Array;
  /** The most decimals that a value of the column was written with, {@link NO_SCALE} for numbers without a scale. */
  decimals: Uint8Array;
}

/** What was wrong with the lines of a file, counted. */
export interface LineFlaws {
  /** Lines that were left out: another number of cells than the header, or no timestamp. */
  malformedLines: number;
  /** Cells that were neither empty nor a number; their row counts with the value unknown. */
  malformedCells: number;
}

/** Parses lines into a block. */
export interface RowParser {
  readonly block: RowBlock;
  readonly flaws: LineFlaws;
  /** Begins a file: no rows, no flaws, no columns. */
  begin(): void;
  /** Sets which column each cell after the timestamp belongs to; `columns` is how many there are in all. Rows that are held stay. */
  map(cellColumns: Int32Array, columns: number): void;
  /**
   * Parses the line at `start`, which ends with a newline somewhere before the end of `bytes`.
   * Returns the start of the next line. The caller empties the block before it is over full.
   */
  parse(bytes: Uint8Array, start: number): number;
  /** Makes the block empty again. */
  clear(): void;
}

const POWERS = Float64Array.from({ length: 16 }, (_, index) => Number(`1e${index}`));
/** Whole numbers of so many digits are exact in a double, and a quotient of two of them is rounded once. */
const EXACT_DIGITS = 15;

const NEWLINE = 10;
const RETURN = 13;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;

/** A parser of the rows of one file, with room for so many at once: the distance from one column of the block to the next. */
export function createRowParser(room: number = BLOCK_ROWS): RowParser {
  const stamp = createTimestampReader();
  const flaws: LineFlaws = { malformedLines: 0, malformedCells: 0 };
  const block: RowBlock = {
    rows: 0,
    times: new Float64Array(room),
    offsets: new Float64Array(room),
    values: new Float64Array(0),
    decimals: new Uint8Array(0),
  };
  let cells: Int32Array = new Int32Array(0);
  let partial = false;

  /** A cell that the fast path left: exponents, many digits, quotes, `nan`. Returns its value; NaN counts as unknown. */
  const slowCell = (bytes: Uint8Array, start: number, end: number, column: number): number => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
      .toString('latin1')
      .trim()
      .replace(/^"(.*)"$/, '$1');
    if (text === '' || /^[+-]?nan$/i.test(text)) return Number.NaN;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value)) {
      flaws.malformedCells += 1;
      return Number.NaN;
    }
    block.decimals[column] = NO_SCALE;
    return value === 0 ? 0 : value;
  };

  let cellsBefore = 0;
  /** A line that is left out counts once, whatever its cells held. */
  const skipLine = (bytes: Uint8Array, from: number): number => {
    flaws.malformedLines += 1;
    flaws.malformedCells = cellsBefore;
    return bytes.indexOf(NEWLINE, from) + 1;
  };

  return {
    block,
    flaws,
    begin() {
      block.rows = 0;
      flaws.malformedLines = 0;
      flaws.malformedCells = 0;
      block.decimals.fill(0);
      block.values.fill(Number.NaN);
    },
    map(cellColumns, columns) {
      cells = cellColumns;
      partial = cellColumns.length < columns;
      const { values, decimals, rows } = block;
      if (decimals.length < columns) {
        block.values = new Float64Array(columns * room);
        block.values.set(values);
        block.decimals = new Uint8Array(columns);
        block.decimals.set(decimals);
      }
      // A column that this header lacks, or that is new, has no value from here on.
      for (let column = 0; column < columns; column += 1) {
        const known = column < decimals.length;
        block.values.fill(Number.NaN, column * room + (known ? rows : 0), (column + 1) * room);
      }
    },
    clear() {
      block.rows = 0;
      block.decimals.fill(0);
      if (partial) block.values.fill(Number.NaN);
    },
    parse(bytes, start) {
      cellsBefore = flaws.malformedCells;
      let at = start;
      let byte = bytes[at] as number;
      while (byte !== COMMA && byte !== NEWLINE && byte !== RETURN) byte = bytes[++at] as number;
      if (at === start && byte !== COMMA) return bytes.indexOf(NEWLINE, at) + 1; // A blank line says nothing.
      if (!stamp.read(bytes, start, at)) return skipLine(bytes, at);
      const { values, decimals, rows } = block;
      const count = cells.length;
      let cell = 0;
      while (byte === COMMA) {
        if (cell === count) return skipLine(bytes, at);
        const column = cells[cell++] as number;
        byte = bytes[++at] as number;
        const cellStart = at;
        const negative = byte === MINUS;
        if (negative) byte = bytes[++at] as number;
        const numberStart = at;
        let number = 0;
        let places = 0;
        while (byte >= 48 && byte <= 57) {
          number = number * 10 + (byte - 48);
          byte = bytes[++at] as number;
        }
        let length = at - numberStart;
        if (byte === POINT && length > 0) {
          const pointAt = at;
          byte = bytes[++at] as number;
          while (byte >= 48 && byte <= 57) {
            number = number * 10 + (byte - 48);
            byte = bytes[++at] as number;
          }
          places = at - pointAt - 1;
          length += places;
        }
        if (length > 0 && length <= EXACT_DIGITS && (byte === COMMA || byte === NEWLINE || byte === RETURN)) {
          if (places > 0) {
            number /= POWERS[places] as number;
            if (places > (decimals[column] as number)) decimals[column] = places;
          }
          values[column * room + rows] = negative && number !== 0 ? -number : number;
        } else {
          while (byte !== COMMA && byte !== NEWLINE && byte !== RETURN) byte = bytes[++at] as number;
          values[column * room + rows] = at === cellStart ? Number.NaN : slowCell(bytes, cellStart, at, column);
        }
      }
      if (byte === RETURN) byte = bytes[++at] as number;
      if (cell !== count || byte !== NEWLINE) return skipLine(bytes, at);
      block.times[rows] = stamp.time;
      block.offsets[rows] = stamp.offset;
      block.rows = rows + 1;
      return at + 1;
    },
  };
}
