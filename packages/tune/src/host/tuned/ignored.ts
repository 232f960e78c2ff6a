/** Something that a profile of tuned says, and that the imported profile does not do. */
export interface Ignored {
  /** Where it stands: `/usr/lib/tuned/powersave/tuned.conf:41 [script]`. */
  readonly place: string;
  /** What it says: `script = /usr/lib/tuned/powersave/script.sh`. */
  readonly setting: string;
  /** A sentence. */
  readonly why: string;
}

const MOST_LETTERS = 200;

/** Words of a file for people: one line, without anything that a terminal would obey, and not too long. */
export function plainWords(text: string, most: number = MOST_LETTERS): string {
  const line = text.replaceAll(/[\p{Cc}\s\u2028\u2029]+/gu, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

/** A setting for people. */
export const settingText = (name: string, value: string): string => plainWords(`${name} = ${value}`);
