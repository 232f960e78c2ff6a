import { glueUnits } from './unit.ts';

/** How a terminal report may be drawn. */
export interface InkOptions {
  readonly colour: boolean;
  /** Box and block characters; without it only ASCII. */
  readonly unicode: boolean;
}

/** What a piece of text means; the ink decides how that looks. */
export type Tone = 'plain' | 'title' | 'calm' | 'dim' | 'strong' | 'good' | 'fair' | 'warn' | 'bad';

/** Draws text for one kind of terminal. */
export interface Ink extends InkOptions {
  /** Text in a tone. Widths are counted before. */
  paint(text: string, tone: Tone): string;
  /** Text in a colour from green (0) over yellow to red (1). */
  heat(text: string, share: number): string;
  /** A cell of a heat map for a share from 0 to 1; null is no data. */
  cell(share: number | null, width: number): string;
}

const TONES: Readonly<Record<Tone, string>> = {
  plain: '',
  title: '1;38;5;80',
  calm: '38;5;73',
  dim: '38;5;245',
  strong: '1',
  good: '38;5;77',
  fair: '38;5;185',
  warn: '38;5;214',
  bad: '1;38;5;203',
};
/** Green to yellow to red in the 256 colours that every terminal with colours has. */
const RAMP = [28, 34, 70, 106, 142, 178, 214, 208, 202, 196, 160];
const SHADES = [...' ░▒▓█'];
const ASCII_SHADES = [...'.-=#@'];

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
const pick = <T>(list: readonly T[], share: number): T => list[Math.min(list.length - 1, Math.floor(clamp(share) * list.length))] as T;

/** An ink. Without colour a share is told by shades, so that nothing is said by colour alone. */
export function createInk({ colour, unicode }: InkOptions): Ink {
  const wrap = (text: string, code: string): string => (colour && code !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    colour,
    unicode,
    paint: (text, tone) => wrap(text, TONES[tone]),
    heat: (text, share) => wrap(text, `38;5;${pick(RAMP, share)}`),
    cell(share, width) {
      if (share === null) return wrap((unicode ? '·' : ' ').padStart(width), TONES.dim);
      if (colour) return wrap(' '.repeat(width), `48;5;${pick(RAMP, share)}`);
      return pick(unicode ? SHADES : ASCII_SHADES, share).repeat(width);
    },
  };
}

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

/** Text that cannot move the cursor: control and direction characters become `?`. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
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
