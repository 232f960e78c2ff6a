import { glueUnits } from './unit.ts';

/** Text that was made by {@link markup} and may stand in a page as it is. */
export interface Markup {
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand between tags and in quoted attributes. Control characters, which HTML forbids, become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)
    .replace(/[\p{Cc}\p{Cf}]/gu, (letter) => (letter === '\n' || letter === '\t' ? letter : '\uFFFD'));
}

type Piece = Markup | string | number | null | readonly Piece[];

function encodePiece(piece: Piece): string {
  if (piece === null) return '';
  if (typeof piece === 'string') return escapeText(glueUnits(piece));
  if (typeof piece === 'number') return String(piece);
  return 'html' in piece ? piece.html : piece.map(encodePiece).join('');
}

/**
 * A template tag: what stands in the template is markup, everything put into it is text and is escaped, unless it was made
 * by this tag. So nothing that a file names can become a tag. Lists are joined, null is nothing.
 */
export function markup(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { html: parts.map((part, index) => part + (index < pieces.length ? encodePiece(pieces[index] as Piece) : '')).join('') };
}

/** The data of an SVG path that we computed: letters, digits, points and blanks, with nothing to escape, and long. */
export function pathData(parts: readonly string[]): Markup {
  return { html: parts.join('') };
}

/** A number for an SVG coordinate: two decimals are finer than any screen. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}
