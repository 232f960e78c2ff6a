import { clean } from '../../terminal/text.ts';

/** Letters that are much narrower or wider than most, with their width in a font of size 1. The rest counts as {@link USUAL}. */
const NARROW = new Set("iljI|.,:;!'`()[]ftr \u00a0·");
const WIDE = new Set('MWmw@%—…');
const USUAL = 0.62;

/**
 * How wide a text is about, in a font of this size. There is no telling which font a viewer has; these are the widths of DejaVu Sans,
 * which is wider than most, so that a text which is let stand has room.
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) as number;
    if (NARROW.has(letter)) width += 0.38;
    else if (WIDE.has(letter) || code >= 0x1100) width += 1;
    else width += letter >= 'A' && letter <= 'Z' ? 0.7 : USUAL;
  }
  return width * size;
}

/** A text that a machine named, on one line no wider than this, cut with an ellipsis. What XML cannot hold is shown as `\xNN`. */
export function fitText(text: string, size: number, width: number): string {
  const safe = clean(text).replace(/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  if (textWidth(safe, size) <= width) return safe;
  let cut = '';
  for (const letter of safe) {
    if (textWidth(`${cut}${letter}…`, size) > width) break;
    cut += letter;
  }
  return `${cut.trimEnd()}…`;
}

/** Sentences in at most `most` lines no wider than this; the last one is cut when there is more. */
export function wrapText(text: string, size: number, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ');
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer, size) <= width) {
      line = longer;
      continue;
    }
    if (lines.length === most - 1) {
      lines.push(fitText([line, ...words.slice(index)].join(' '), size, width));
      return lines;
    }
    lines.push(fitText(line, size, width));
    line = word;
  }
  return [...lines, fitText(line, size, width)];
}
