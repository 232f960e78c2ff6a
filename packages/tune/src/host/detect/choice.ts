/** What a file offers to choose from, and what is chosen. */
export interface Choice {
  /** In the file's order; empty where nothing can be chosen. */
  readonly all: readonly string[];
  /** Null when nothing is chosen. */
  readonly chosen: string | null;
}

/**
 * The words of a file with the chosen one in brackets: `[none] mq-deadline`, `always [madvise] never`.
 * Without brackets there is no choice: a disk that is made of others says `none`.
 */
export function parseChoice(words: readonly string[]): Choice {
  const bracketed = words.find((word) => /^\[.+\]$/.test(word));
  if (bracketed === undefined) return { all: [], chosen: null };
  const chosen = bracketed.slice(1, -1);
  return { all: words.map((word) => (word === bracketed ? chosen : word)), chosen };
}
