/** A value of parsed JSON whose shape nobody vouches for: what is not of the wanted kind is null. */
export interface Answer {
  /** The value at a dotted path. */
  at(path: string): Answer;
  number(path: string): number | null;
  /** A text without spaces around it; null also for an empty one. */
  text(path: string): string | null;
  flag(path: string): boolean | null;
  /** The members of an array; none when it is not one. */
  list(path: string): Answer[];
  /** The members of an object by name; none when it is not one. */
  entries(path: string): [string, Answer][];
  readonly exists: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Looks at parsed JSON. */
export function answer(value: unknown): Answer {
  const find = (path: string): unknown => {
    let found = value;
    for (const key of path === '' ? [] : path.split('.')) {
      if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
      found = found[key];
    }
    return found;
  };
  return {
    exists: value !== undefined && value !== null,
    at: (path) => answer(find(path)),
    number(path) {
      const found = find(path);
      return typeof found === 'number' && Number.isFinite(found) ? found : null;
    },
    text(path) {
      const found = find(path);
      return typeof found === 'string' ? found.trim() || null : null;
    },
    flag(path) {
      const found = find(path);
      return typeof found === 'boolean' ? found : null;
    },
    list(path) {
      const found = find(path);
      return Array.isArray(found) ? found.map(answer) : [];
    },
    entries(path) {
      const found = find(path);
      return isObject(found) ? Object.entries(found).map(([key, child]) => [key, answer(child)]) : [];
    },
  };
}
