import type { PushInput } from './format.ts';

/** Whether something of this name is sent. */
export type NameFilter = (name: string) => boolean;

/** The texts between the stars of a pattern. */
type Parts = readonly string[];

/**
 * Whether a name is what a pattern says, in which `*` stands for any text. Each part is searched once and never again, so no pattern
 * takes longer than its length times that of the name: patterns come from users, who are not asked for regular expressions.
 */
function isMatch(name: string, parts: Parts): boolean {
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return name === first;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** More names than any machine has; beyond it answers are not remembered. */
const REMEMBERED = 5000;

function createFilter(include: readonly string[], exclude: readonly string[]): NameFilter {
  if (include.length === 0 && exclude.length === 0) return () => true;
  const wanted = include.map((pattern) => pattern.split('*'));
  const unwanted = exclude.map((pattern) => pattern.split('*'));
  const answers = new Map<string, boolean>();
  return (name) => {
    let answer = answers.get(name);
    if (answer === undefined) {
      const isIn = (patterns: readonly Parts[]): boolean => patterns.some((parts) => isMatch(name, parts));
      answer = (wanted.length === 0 || isIn(wanted)) && !isIn(unwanted);
      if (answers.size < REMEMBERED) answers.set(name, answer);
    }
    return answer;
  };
}

const filters = new WeakMap<readonly string[], WeakMap<readonly string[], NameFilter>>();

/** Which names are sent: those that a pattern of `include` matches, or all where it is empty, less those that one of `exclude` does. */
export function nameFilter({ include, exclude }: Pick<PushInput, 'include' | 'exclude'>): NameFilter {
  // The settings of an exporter are the same two lists at each sample.
  let ofInclude = filters.get(include);
  if (!ofInclude) filters.set(include, (ofInclude = new WeakMap()));
  let filter = ofInclude.get(exclude);
  if (!filter) ofInclude.set(exclude, (filter = createFilter(include, exclude)));
  return filter;
}
