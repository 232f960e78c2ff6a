import { eastAsianWidth } from 'get-east-asian-width';

/** Variation selector 16: the letter before it is shown as a picture, two columns wide. */
const AS_PICTURE = 0xfe0f;

/** What adds no column to the letter that it follows: marks, and the vowels and final consonants of a Korean syllable. */
const ATTACHED = /^[\p{M}\u1160-\u11ff\ud7b0-\ud7fb\p{Emoji_Modifier}\p{Cf}]$/u;

const REGIONAL = /^\p{Regional_Indicator}{2}/u;

/**
 * Whether every terminal that there is gives a UTF-16 unit one column, and nothing joins it to the one before. It holds for Latin,
 * Greek and Cyrillic letters, arrows, frames, blocks and braille: nearly all that is ever shown.
 */
export function isPlain(unit: number): boolean {
  if (unit < 0x7f) return unit >= 0x20;
  if (unit < 0x300) return unit > 0xa0 && unit !== 0xad;
  if (unit < 0x2800) {
    if (unit >= 0x2500) return unit < 0x25fd; // Frames, blocks, shapes.
    if (unit < 0x530) return unit >= 0x370 && (unit < 0x483 || unit > 0x489); // Greek, Cyrillic.
    return (unit >= 0x2010 && unit < 0x2028) || (unit >= 0x2030 && unit < 0x205f) || (unit >= 0x2190 && unit < 0x231a);
  }
  return unit < 0x2900;
}

/**
 * The columns of one grapheme cluster: 1 or 2. Two are taken by the letters of East Asia, by emoji and flags, and by clusters of several
 * letters that stand beside each other.
 */
export function clusterWidth(cluster: string): 1 | 2 {
  if (REGIONAL.test(cluster)) return 2;
  let width = 0;
  for (const letter of cluster) {
    const codePoint = letter.codePointAt(0)!;
    if (codePoint === AS_PICTURE) return 2;
    if (width === 0 || !ATTACHED.test(letter)) width += eastAsianWidth(codePoint);
    if (width > 1) return 2;
  }
  return 1;
}
