/** A colour as 0xRRGGBB; null is the terminal's own. What a terminal cannot show becomes the nearest that it can. */
export type Colour = number | null;

/** How a cell looks. What is absent is plain. */
export interface Look {
  readonly fg?: Colour;
  readonly bg?: Colour;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly reverse?: boolean;
}

/** Number of a {@link Look} in the table of a screen. 0 is plain. */
export type Style = number;

/** The looks of a screen: the same look has the same number for ever. There are some hundred of them, made once. */
export interface Styles {
  of(look: Look): Style;
  look(style: Style): Look;
}

/**
 * A rectangle of cells to draw into; what lies outside of it is cut off. Coordinates are columns and rows from its upper left corner.
 * `Mark` is what a place means to who clicks there.
 */
export interface Region<Mark> {
  readonly width: number;
  readonly height: number;
  /**
   * Writes one line of text; returns the columns that it took. `width`: the most columns, cut with an ellipsis; by default what is
   * left of the region, cut at its edge. Control characters, and those that turn the direction of writing, are shown as `\xNN`;
   * letters of two columns that do not fit become a space.
   */
  text(x: number, y: number, text: string, style: Style, width?: number): number;
  /** Writes one character of one column by its code point: what graphs are made of. */
  put(x: number, y: number, codePoint: number, style: Style): void;
  /** Fills a rectangle with a character of one column, by default the space. */
  fill(x: number, y: number, width: number, height: number, style: Style, codePoint?: number): void;
  /** Gives cells that are written already another background: a selected row. */
  tint(x: number, y: number, width: number, height: number, background: Colour): void;
  /** A part of it. */
  part(x: number, y: number, width: number, height: number): Region<Mark>;
  /** Says what a click into a rectangle means. What is marked later lies above. */
  mark(x: number, y: number, width: number, height: number, mark: Mark): void;
}
