import { glueUnits } from '../analyze/unit.ts';
import type { InkOptions } from './ink.ts';

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns of one letter: two for the letters of East Asia, none for marks that stand on the letter before. */
function letterWidth(letter: string): number {
  return WIDE.test(letter) ? 2 : /\p{Mn}/u.test(letter) ? 0 : 1;
}

/** How many columns a text takes. Names are plain text; whatever is not is replaced by {@link clean} first. */
export function widthOf(text: string): number {
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0000-\u02ff\u2010-\u27ff]*$/.test(text)) return text.length;
  return [...text].reduce((width, letter) => width + letterWidth(letter), 0);
}

/** Text that a machine named, safe to print: control and direction characters, which could steer the terminal, are shown as `\\xNN`. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => `\\x${letter.codePointAt(0)!.toString(16).padStart(2, '0')}`);
}

/** The text in exactly `width` columns: cut with an ellipsis, or filled up at the right (`start`) or the left (`end`). */
export function fit(ink: InkOptions, text: string, width: number, align: 'start' | 'end' = 'start'): string {
  const letters = clean(text);
  const fill = (cut: string): string => {
    const room = ' '.repeat(Math.max(0, width - widthOf(cut)));
    return align === 'start' ? cut + room : room + cut;
  };
  if (widthOf(letters) <= width) return fill(letters);
  return fill(width === 0 ? '' : cutTo(letters, width - 1) + (ink.unicode ? '…' : '~'));
}

/** As much of the beginning as takes at most `width` columns. */
function cutTo(text: string, width: number): string {
  let cut = '';
  let used = 0;
  for (const letter of text) {
    used += letterWidth(letter);
    if (used > width) break;
    cut += letter;
  }
  return cut;
}

/** Words in lines of at most `width` columns; a longer word is broken. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const glued of glueUnits(clean(text)).split(' ')) {
    let word = glued.replaceAll('\u00a0', ' ');
    while (widthOf(word) > width) {
      if (line !== '') lines.push(line);
      line = '';
      const head = cutTo(word, width);
      lines.push(head);
      word = word.slice(head.length);
    }
    if (line === '') line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
