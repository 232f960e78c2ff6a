/** A piece of a pattern. */
export type PatternNode =
  | { readonly kind: 'letter'; readonly matches: (code: number) => boolean }
  | { readonly kind: 'begin' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  /** `most` null: as often as it goes. */
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number | null };

type Matches = (code: number) => boolean;

const DEEPEST = 50;
const MOST_REPEATS = 1000;

const isDigit: Matches = (code) => code >= 48 && code <= 57;
const isWord: Matches = (code) => isDigit(code) || code === 95 || (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isSpace: Matches = (code) => String.fromCharCode(code).trim() === '';
const not =
  (matches: Matches): Matches =>
  (code) =>
    !matches(code);

const SETS: Readonly<Record<string, Matches>> = { d: isDigit, D: not(isDigit), w: isWord, W: not(isWord), s: isSpace, S: not(isSpace) };
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13 };

/** Thrown inside of the parser alone. */
class Wrong extends Error {}

/**
 * Understands the regular expressions that everybody writes: letters, `.`, classes, `\d \w \s`, `^`, `$`, groups, `|`, `* + ? {2,3}`.
 * Returns what is wrong as the end of a sentence.
 */
export function parsePattern(source: string): PatternNode | string {
  try {
    return createParser(source).all();
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    throw error;
  }
}

/** One letter; texts have small letters alone when they are looked at. */
const oneOf = (code: number): Matches => {
  const small = String.fromCharCode(code).toLowerCase();
  const wanted = small.length === 1 ? small.charCodeAt(0) : code;
  return (other) => other === wanted;
};

function createParser(source: string): { all(): PatternNode } {
  let at = 0;
  let depth = 0;

  const choice = (): PatternNode => {
    if (++depth > DEEPEST) throw new Wrong(`more than ${DEEPEST} groups lie in each other`);
    const parts = [sequence()];
    while (source[at] === '|') {
      at++;
      parts.push(sequence());
    }
    depth--;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  };

  const sequence = (): PatternNode => {
    const parts: PatternNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(piece()));
    return { kind: 'sequence', parts };
  };

  const repeated = (part: PatternNode): PatternNode => {
    const range = counts();
    if (!range) return part;
    const [least, most] = range;
    // Which of the ways is shorter makes no difference to whether there is one.
    if (source[at] === '?') at++;
    if (counts()) throw new Wrong('what is repeated is repeated again');
    if (part.kind === 'begin' || part.kind === 'end') throw new Wrong('^ and $ cannot be repeated');
    return { kind: 'repeat', part, least, most };
  };

  const counts = (): readonly [number, number | null] | null => {
    const sign = source[at];
    if (sign === '*' || sign === '+' || sign === '?') {
      at++;
      return [sign === '+' ? 1 : 0, sign === '?' ? 1 : null];
    }
    const [text, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at, at + 20)) ?? [];
    if (text === undefined) return null;
    at += text.length;
    const range = [Number(least), comma === '' ? Number(least) : most === '' ? null : Number(most)] as const;
    if (range[0] > MOST_REPEATS || (range[1] ?? 0) > MOST_REPEATS)
      throw new Wrong(`nothing can be repeated more than ${MOST_REPEATS} times`);
    if (range[1] !== null && range[1] < range[0]) throw new Wrong(`${text} counts down`);
    return range;
  };

  const piece = (): PatternNode => {
    const letter = source[at]!;
    switch (letter) {
      case '(': {
        at++;
        if (source.startsWith('?:', at)) at += 2;
        else if (source[at] === '?') throw new Wrong('it cannot look around, and has no names for groups');
        const inner = choice();
        if (source[at] !== ')') throw new Wrong('a group is not closed');
        at++;
        return inner;
      }
      case '[':
        return { kind: 'letter', matches: letterClass() };
      case '.':
        at++;
        return { kind: 'letter', matches: (code) => code !== 10 && code !== 13 };
      case '^':
      case '$':
        at++;
        return { kind: letter === '^' ? 'begin' : 'end' };
      case '*':
      case '+':
      case '?':
        throw new Wrong(`there is nothing for ${letter} to repeat`);
      case '\\':
        return { kind: 'letter', matches: escape().matches };
      default:
        at++;
        return { kind: 'letter', matches: oneOf(letter.charCodeAt(0)) };
    }
  };

  /** What a backslash makes; `code` where it is one letter. */
  const escape = (): { readonly matches: Matches; readonly code: number | null } => {
    const letter = source[at + 1];
    if (letter === undefined) throw new Wrong('it ends with a backslash');
    at += 2;
    const set = SETS[letter];
    if (set) return { matches: set, code: null };
    if (/[a-zA-Z0-9]/.test(letter) && CONTROLS[letter] === undefined) throw new Wrong(`\\${letter} is not known`);
    const code = CONTROLS[letter] ?? letter.charCodeAt(0);
    return { matches: oneOf(code), code };
  };

  const letterClass = (): Matches => {
    at++;
    const isNot = source[at] === '^';
    if (isNot) at++;
    const parts: Matches[] = [];
    const next = (): { readonly matches: Matches; readonly code: number | null } => {
      if (at >= source.length) throw new Wrong('a class is not closed');
      if (source[at] === '\\') return escape();
      const code = source.charCodeAt(at++);
      return { matches: oneOf(code), code };
    };
    while (source[at] !== ']') {
      const low = next();
      if (source[at] !== '-' || source[at + 1] === ']' || at + 1 >= source.length) {
        parts.push(low.matches);
        continue;
      }
      at++;
      const high = next();
      if (low.code === null || high.code === null || low.code > high.code) throw new Wrong('a class has a range that is none');
      parts.push(inRange(low.code, high.code));
    }
    at++;
    return (code) => parts.some((matches) => matches(code)) !== isNot;
  };

  return {
    all() {
      const tree = choice();
      if (at < source.length) throw new Wrong('a parenthesis closes no group');
      return tree;
    },
  };
}

/** A range holds a letter when it holds the small or the large one. */
function inRange(low: number, high: number): Matches {
  return (code) => {
    if (code >= low && code <= high) return true;
    const large = String.fromCharCode(code).toUpperCase();
    return large.length === 1 && large.charCodeAt(0) >= low && large.charCodeAt(0) <= high;
  };
}
