import type { ColourDepth } from '../terminal/terminal.ts';
import { nearestOf16, nearestOf256 } from './palette.ts';
import type { Colour, Look, Style } from './region.ts';
import type { StyleTable } from './styles.ts';

/** Finds what a terminal must be told to go from a style to another one. */
export type Rendition = (from: Style, to: Style) => Uint8Array;

/** Pairs of styles that are remembered: some hundred styles follow each other in some thousand ways. */
const MOST_PAIRS = 16_384;

const NONE = new Uint8Array(0);
const BLACK = 0;
const DARK_GREY = 8;

/** The parameters of a colour, `base` 30 for letters and 40 for the background. */
function colourCodes(colour: Colour, base: number, depth: ColourDepth): string {
  if (colour === null || depth === 'none') return `${base + 9}`;
  if (depth === 'true') return `${base + 8};2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}`;
  if (depth === 256) return `${base + 8};5;${nearestOf256(colour)}`;
  const number = nearestOf16(colour);
  return `${number < 8 ? base + number : base + 52 + number}`;
}

/** All parameters of a look: letters, background, and the flags. */
interface Codes {
  readonly fg: string;
  readonly bg: string;
  readonly weight: string;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
}

function codesOf(look: Look, depth: ColourDepth): Codes {
  const { fg = null, bg = null, bold, dim, italic = false, underline = false, reverse = false } = look;
  let letters = colourCodes(fg, 30, depth);
  if (depth === 16 && fg !== null) {
    // Two colours that fall together here would hide the text.
    const back = bg === null ? BLACK : nearestOf16(bg);
    if (nearestOf16(fg) === back) letters = back === BLACK || back === DARK_GREY ? (bg === null ? '90' : '97') : '30';
  }
  const weight = [bold === true ? '1' : '', dim === true ? '2' : ''].filter(Boolean).join(';');
  return { fg: letters, bg: colourCodes(bg, 40, depth), weight, italic, underline, reverse };
}

/** The parameters from plain. */
function fromPlain({ fg, bg, weight, italic, underline, reverse }: Codes): string[] {
  return [fg === '39' ? '' : fg, bg === '49' ? '' : bg, weight, italic ? '3' : '', underline ? '4' : '', reverse ? '7' : ''].filter(
    Boolean,
  );
}

function difference(from: Codes, to: Codes): string[] {
  const flag = (was: boolean, is: boolean, on: string, off: string): string => (was === is ? '' : is ? on : off);
  return [
    from.fg === to.fg ? '' : to.fg,
    from.bg === to.bg ? '' : to.bg,
    from.weight === to.weight ? '' : from.weight === '' ? to.weight : to.weight === '' ? '22' : `22;${to.weight}`,
    flag(from.italic, to.italic, '3', '23'),
    flag(from.underline, to.underline, '4', '24'),
    flag(from.reverse, to.reverse, '7', '27'),
  ].filter(Boolean);
}

/** Makes the sequences for a number of colours, the shortest that do it, and remembers them. */
export function createRendition(table: StyleTable, depth: ColourDepth): Rendition {
  const codes: Codes[] = [];
  let known: Uint8Array[][] = [];
  let pairs = 0;
  const codeOf = (style: Style): Codes => (codes[style] ??= codesOf(table.look(style), depth));

  const compute = (from: Style, to: Style): Uint8Array => {
    const changes = difference(codeOf(from), codeOf(to));
    if (changes.length === 0) return NONE;
    const byChange = changes.join(';');
    const fresh = ['0', ...fromPlain(codeOf(to))].join(';');
    return Buffer.from(fresh === '0' ? '\u001b[m' : `\u001b[${fresh.length < byChange.length ? fresh : byChange}m`, 'latin1');
  };

  return (from, to) => {
    const row = (known[from] ??= []);
    const found = row[to];
    if (found !== undefined) return found;
    if (++pairs > MOST_PAIRS) {
      known = [];
      pairs = 0;
    }
    return (row[to] = compute(from, to));
  };
}
