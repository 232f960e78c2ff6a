/** Factors of the letters in bch_hprint (kernel: drivers/md/bcache/util.c). */
const LETTERS = 'kMGTPEZY';

/**
 * A size as bcache writes it: `512`, or `20.4G`. What is after the dot are hundredths of 1024 (0 to 10), not tenths:
 * bch_hprint divides the rest of 1024 by 100. Null for anything else.
 */
export function parseRoundedSize(text: string | null | undefined): number | null {
  const [, sign, whole, part = '0', letter] = /^(-?)(\d{1,20})(?:\.(\d{1,4}))?([kMGTPEZY]?)$/.exec(text ?? '') ?? [];
  if (whole === undefined) return null;
  const factor = letter ? 1024 ** (LETTERS.indexOf(letter) + 1) : 1;
  const size = Math.trunc((Number(whole) + Number(part) / 10.24) * factor);
  return size === 0 ? 0 : sign === '-' ? -size : size;
}
