import { clusterWidth, isPlain } from './letter-width.ts';

/**
 * What stands in a cell: a code point, {@link CONTINUED}, or from {@link CLUSTERS} on the number of a grapheme cluster of several code
 * points.
 */
export type Letter = number;

/** The second column of the letter at the left. */
export const CONTINUED: Letter = 0;

/** The first number that is no code point. */
export const CLUSTERS: Letter = 0x11_0000;

/** An empty cell. */
export const SPACE: Letter = 0x20;

/** A text as cells. */
export interface Laid {
  readonly letters: Uint32Array;
  /** Columns of each: 1 or 2. */
  readonly widths: Uint8Array;
  /** Columns of all. */
  readonly columns: number;
}

/** Names of processes come and go; what is remembered of them is bounded. */
const MOST_TEXTS = 4096;
const MOST_REMEMBERED = 1 << 18; // UTF-16 units of all of them: command lines can be long.
const MOST_CLUSTERS = 0x1_0000;

/** A cluster that has more is drawn without the rest: whoever stacks a hundred accents wants to do harm. */
const MOST_POINTS_OF_CLUSTER = 12;

/** No screen is as wide. */
const MOST_UNITS = 8192;

const laidTexts = new Map<string, Laid>();
let remembered = 0;
const clusterNumbers = new Map<string, Letter>();
const clusterTexts: string[] = [];
let segmenter: Intl.Segmenter | undefined;

/** Pictures of several that are joined by U+200D, and flags of regions, made of tags: all the format characters that are no trick. */
const PICTURE =
  /^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]?(?:\u200d\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]?)*|\u{1f3f4}[\u{e0061}-\u{e007a}]{2,6}\u{e007f})$/u;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A text as cells, with what is dangerous escaped. What was laid out lately is remembered. */
export function layOut(text: string): Laid {
  const key = text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text;
  let laid = laidTexts.get(key);
  if (laid === undefined) {
    remembered += key.length;
    if (laidTexts.size >= MOST_TEXTS || remembered > MOST_REMEMBERED) {
      laidTexts.clear();
      remembered = key.length;
    }
    laidTexts.set(key, (laid = compute(key)));
  }
  return laid;
}

/** The columns that a text takes on a grid. */
export function columnsOf(text: string): number {
  for (let at = 0; at < text.length; at++) if (!isPlain(text.charCodeAt(at))) return layOut(text).columns;
  return text.length;
}

function compute(text: string): Laid {
  const letters: number[] = [];
  const widths: number[] = [];
  let columns = 0;
  const add = (letter: Letter, width: number): void => {
    letters.push(letter);
    widths.push(width);
    columns += width;
  };
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text.replace(LONE_SURROGATE, '\ufffd'))) {
    if (segment.length === 1 && isPlain(segment.charCodeAt(0))) add(segment.charCodeAt(0), 1);
    else if (UNSEEN.test(segment) && !PICTURE.test(segment)) for (const shown of escaped(segment)) addCluster(shown, add);
    else addCluster(segment, add);
  }
  return { letters: Uint32Array.from(letters), widths: Uint8Array.from(widths), columns };
}

/** The letters of a cluster that has unseen ones, these as `\xNN` of `clean` in @hecate/observe. */
function escaped(cluster: string): string[] {
  return [...cluster].flatMap((letter) =>
    UNSEEN.test(letter) ? [...`\\x${letter.codePointAt(0)!.toString(16).padStart(2, '0')}`] : letter,
  );
}

function addCluster(cluster: string, add: (letter: Letter, width: number) => void): void {
  // Alone at its place a mark would be drawn onto whatever stands at the left of it.
  const whole = /^\p{M}/u.test(cluster) ? `\u00a0${cluster}` : cluster;
  const points = [...whole].slice(0, MOST_POINTS_OF_CLUSTER);
  if (points.at(-1) === '\u200d') points.pop();
  add(points.length === 1 ? points[0]!.codePointAt(0)! : clusterLetter(points.join('')), clusterWidth(whole));
}

/** The number of a cluster; once there are too many, that of its first code point. */
function clusterLetter(text: string): Letter {
  const known = clusterNumbers.get(text);
  if (known !== undefined) return known;
  if (clusterTexts.length >= MOST_CLUSTERS) return text.codePointAt(0)!;
  const letter = CLUSTERS + clusterTexts.push(text) - 1;
  clusterNumbers.set(text, letter);
  return letter;
}

/** What is sent to the terminal for a letter; empty for {@link CONTINUED}. */
export function textOfLetter(letter: Letter): string {
  if (letter === CONTINUED) return '';
  return letter < CLUSTERS ? String.fromCodePoint(letter) : (clusterTexts[letter - CLUSTERS] ?? '\ufffd');
}

/** Whether terminals agree on the columns of a letter. */
export function isCertain(letter: Letter): boolean {
  return letter < 0x1_0000 && isPlain(letter);
}
