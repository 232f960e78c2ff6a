import { clean } from '@hecate/observe';
import { findQueryField, QUERY_FIELDS } from './query-field.ts';
import type { QueryField } from './query-field.ts';
import { compilePattern } from './query-pattern.ts';
import { QUERY_OPERATORS } from './query.ts';
import type { Query, QueryOperator, QueryProblem, QueryValue } from './query.ts';
import { parseQueryValue, VALUE_EXAMPLES } from './query-value.ts';

/** The longest query, and how deep parentheses and negations may lie in each other. */
const LONGEST = 2000;
const DEEPEST = 50;

/** A text as a query, or what is wrong with it. */
export type ParsedQuery = { readonly query: Query; readonly problem: null } | { readonly query: null; readonly problem: QueryProblem };

/** Thrown inside of the parser alone. */
class Wrong extends Error {
  readonly problem: QueryProblem;
  constructor(sentence: string, position: number) {
    super(sentence);
    this.problem = { sentence, position };
  }
}

/** Understands `cpu>10 user=root name~node`. It never throws. */
export function parseQuery(text: string): ParsedQuery {
  try {
    if (text.length > LONGEST) throw new Wrong(`A filter has at most ${LONGEST} characters.`, LONGEST);
    return { query: createParser(text).all(), problem: null };
  } catch (error) {
    if (error instanceof Wrong) return { query: null, problem: error.problem };
    throw error;
  }
}

const show = (text: string): string => `"${clean(text.length > 40 ? `${text.slice(0, 40)}...` : text)}"`;

/** The same kind in each other is one. */
function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  if (parts.length === 1) return parts[0]!;
  return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
}

function createParser(text: string): { all(): Query } {
  let at = 0;
  let depth = 0;

  const skip = (): void => {
    while (at < text.length && isSpace(text[at]!)) at++;
  };
  const operatorAt = (position: number): QueryOperator | undefined =>
    QUERY_OPERATORS.find((operator) => text.startsWith(operator, position));

  /** A word without quotes, from `at`; empty where there is none. */
  const plainWord = (): string => {
    const start = at;
    while (at < text.length && !isSpace(text[at]!) && !'()|&=<>~'.includes(text[at]!)) {
      if (text[at] === '!' && (text[at + 1] === '=' || text[at + 1] === '~')) break;
      at++;
    }
    return text.slice(start, at);
  };

  const quotedText = (): string => {
    const [start, quote] = [at, text[at]!];
    let found = '';
    for (at++; at < text.length; at++) {
      if (text[at] === quote) {
        at++;
        return found;
      }
      if (text[at] === '\\' && (text[at + 1] === quote || text[at + 1] === '\\')) at++;
      found += text[at]!;
    }
    throw new Wrong(`The quote at character ${start + 1} is not closed.`, start);
  };
  const isQuote = (): boolean => text[at] === '"' || text[at] === "'";

  /** The word `or`, `and` or `not` at this place, which is no field: `or=1` is one that is not known. */
  const keyword = (word: string): boolean => {
    const end = at + word.length;
    if (text.slice(at, end).toLowerCase() !== word || (end < text.length && !isSpace(text[end]!) && !'()|&"\''.includes(text[end]!)))
      return false;
    let next = end;
    while (next < text.length && isSpace(text[next]!)) next++;
    if (operatorAt(next) !== undefined) return false;
    at = end;
    return true;
  };
  const sign = (letter: string): boolean => {
    if (text[at] !== letter) return false;
    at += text[at + 1] === letter ? 2 : 1;
    return true;
  };

  const or = (): Query => {
    const parts = [and()];
    for (skip(); sign('|') || keyword('or'); skip()) parts.push(and());
    return joined('or', parts);
  };

  const and = (): Query => {
    const parts = [negated()];
    for (;;) {
      skip();
      if (sign('&') || keyword('and')) parts.push(negated());
      else if (at >= text.length || text[at] === ')' || text[at] === '|') break;
      else {
        const start = at;
        const isOr = keyword('or');
        at = start;
        if (isOr) break;
        parts.push(negated());
      }
    }
    return joined('and', parts);
  };

  const negated = (): Query => {
    skip();
    const start = at;
    if (++depth > DEEPEST) throw new Wrong(`More than ${DEEPEST} parentheses or negations lie in each other.`, at);
    try {
      if (text[at] === '(') {
        at++;
        skip();
        if (text[at] === ')') throw new Wrong(`There is nothing between the parentheses at character ${start + 1}.`, start);
        const inner = or();
        skip();
        if (text[at] !== ')') throw new Wrong(`The parenthesis at character ${start + 1} is not closed.`, start);
        at++;
        return inner;
      }
      if ((text[at] === '!' && text[at + 1] !== '=' && text[at + 1] !== '~') || text[at] === '-') {
        at++;
        return { kind: 'not', part: negated() };
      }
      if (keyword('not')) return { kind: 'not', part: negated() };
      return term();
    } finally {
      depth--;
    }
  };

  const missing = (): Wrong => {
    if (at >= text.length)
      return new Wrong(text.trim() === '' ? 'There is nothing to look for.' : 'The filter ends where something is to follow.', at);
    const operator = operatorAt(at);
    if (operator !== undefined) return new Wrong(`${operator} at character ${at + 1} has no field before it, such as cpu or name.`, at);
    return new Wrong(`Before ${show(text[at]!)} at character ${at + 1} something is missing.`, at);
  };

  const term = (): Query => {
    const start = at;
    if (isQuote()) {
      const word = quotedText();
      if (word === '') throw new Wrong(`There is nothing between the quotes at character ${start + 1}.`, start);
      return { kind: 'word', text: word, pid: null };
    }
    for (const word of ['or', 'and'])
      if (keyword(word)) throw new Wrong(`Before "${word}" at character ${start + 1} something is missing.`, start);
    const word = plainWord();
    if (word === '') throw missing();
    const end = at;
    skip();
    const operator = operatorAt(at);
    if (operator === undefined) {
      at = end;
      return { kind: 'word', text: word, pid: /^\d{1,15}$/.test(word) ? Number(word) : null };
    }
    const field = findQueryField(word);
    if (!field) throw unknownField(word, start);
    at += operator.length;
    // Two are what programmers are used to.
    if (operator === '=' && text[at] === '=') at++;
    return comparison(field, operator);
  };

  const comparison = (field: QueryField, operator: QueryOperator): Query => {
    const isText = operator === '~' || operator === '!~';
    skip();
    const start = at;
    let value: QueryValue = { kind: 'text', text: '' };
    if (isQuote()) value = { kind: 'text', text: quotedText() };
    else if (isText && patternEnd() !== null) {
      const inside = text.slice(at + 1, patternEnd()!);
      at += inside.length + 2;
      const pattern = compilePattern(inside);
      if (typeof pattern === 'string') throw new Wrong(`/${clean(inside)}/ at character ${start + 1} is no pattern: ${pattern}.`, start);
      value = { kind: 'pattern', text: inside, pattern };
    } else {
      while (at < text.length && !isSpace(text[at]!) && !'()|&'.includes(text[at]!)) at++;
      value = { kind: 'text', text: text.slice(start, at) };
      if (value.text === '') throw new Wrong(`After ${field.name}${operator} a value is missing.`, start);
    }
    return { kind: 'compare', field, operator, value: fitting(field, operator, value, start) };
  };

  /** Where the pattern ends that begins here; null where none does. A path such as /usr/bin is none. */
  const patternEnd = (): number | null => {
    if (text[at] !== '/') return null;
    for (let end = at + 1; end < text.length && !isSpace(text[end]!); end++) {
      if (text[end] === '\\') end++;
      else if (text[end] === '/') {
        const next = text[end + 1];
        return end > at + 1 && (next === undefined || isSpace(next) || ')|&'.includes(next)) ? end : null;
      }
    }
    return null;
  };

  return {
    all() {
      skip();
      if (at >= text.length) return { kind: 'all' };
      const query = or();
      skip();
      if (at < text.length) throw new Wrong(`The parenthesis at character ${at + 1} closes none.`, at);
      return query;
    },
  };
}

const isSpace = (letter: string): boolean => letter.trim() === '';

function unknownField(word: string, position: number): Wrong {
  const names = QUERY_FIELDS.map(({ name }) => name).join(', ');
  return new Wrong(`${show(word)} at character ${position + 1} is no field; there are ${names}.`, position);
}

/** The value as the field has it; throws where they do not go together. */
function fitting(field: QueryField, operator: QueryOperator, value: QueryValue, position: number): QueryValue {
  const { of, name } = field;
  const isText = operator === '~' || operator === '!~';
  if (of.kind === 'number') {
    if (isText) throw new Wrong(`${name} is a number: compare it with =, !=, <, <=, > or >=.`, position);
    const number = parseQueryValue(value.text, of.unit);
    if (number === null) throw new Wrong(`${show(value.text)} at character ${position + 1} is not ${VALUE_EXAMPLES[of.unit]}.`, position);
    return { kind: 'number', text: value.text, number };
  }
  if (of.kind === 'flag') {
    if (operator !== '=' && operator !== '!=') throw new Wrong(`${name} is yes or no: write ${name}=yes.`, position);
    if (!/^(?:yes|no|true|false|1|0)$/i.test(value.text))
      throw new Wrong(`${show(value.text)} at character ${position + 1} is not yes or no.`, position);
    return value;
  }
  if (!isText && operator !== '=' && operator !== '!=') throw new Wrong(`${name} is text: compare it with =, != or ~.`, position);
  if (isText && value.text === '') throw new Wrong(`After ${name}${operator} a text is missing.`, position);
  return value;
}
