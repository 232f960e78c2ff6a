import type { QueryField } from './query-field.ts';
import type { Pattern } from './query-pattern.ts';

/** How a figure or a text is compared. `~` is: contains, whether letters are large or small. */
export const QUERY_OPERATORS = ['!=', '!~', '>=', '<=', '=', '>', '<', '~'] as const;

/** One of {@link QUERY_OPERATORS}. */
export type QueryOperator = (typeof QUERY_OPERATORS)[number];

/** What a field is compared with. */
export type QueryValue =
  /** In the base unit of the field; `text` is what was written. */
  | { readonly kind: 'number'; readonly text: string; readonly number: number }
  | { readonly kind: 'text'; readonly text: string }
  /** The inside of `/…/`. */
  | { readonly kind: 'pattern'; readonly text: string; readonly pattern: Pattern };

/** A question to one process. `and` and `or` have two parts or more, none of which is of the same kind. */
export type Query =
  /** What nothing was written for: lets all through. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | { readonly kind: 'compare'; readonly field: QueryField; readonly operator: QueryOperator; readonly value: QueryValue }
  /** A word alone: in the name or the command line. A number that was not quoted is a process id too. */
  | { readonly kind: 'word'; readonly text: string; readonly pid: number | null };

/** Why a text is no query: a sentence, and the character at which that shows, from 0. */
export interface QueryProblem {
  readonly sentence: string;
  readonly position: number;
}

/** Characters that end a word, beside operators. */
const ENDS_WORD = /[\s()|&=<>~]/;
/** Characters that end the value of a comparison. */
const ENDS_VALUE = /[\s()|&]/;
/** A keyword ends where a quote begins too: `a or"b"`. */
const KEYWORD = /^(?:and|or|not)(?:["']|$)/i;

/** Whether a text can stand without quotes: as a word, or as the value of a comparison. */
function isPlain(text: string, place: 'word' | 'value'): boolean {
  if (text === '' || text.startsWith('"') || text.startsWith("'")) return false;
  if (place === 'value') return !ENDS_VALUE.test(text) && !text.startsWith('/') && !/^[=<>~]/.test(text);
  return !ENDS_WORD.test(text) && !/^[-!]/.test(text) && !/![=~]/.test(text) && !KEYWORD.test(text);
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The query as text, which is understood as the same query. */
export function encodeQuery(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '';
    case 'and':
      return query.parts.map((part) => (part.kind === 'or' ? `(${encodeQuery(part)})` : encodeQuery(part))).join(' ');
    case 'or':
      return query.parts.map(encodeQuery).join(' or ');
    case 'not':
      return query.part.kind === 'and' || query.part.kind === 'or' ? `!(${encodeQuery(query.part)})` : `!${encodeQuery(query.part)}`;
    case 'compare': {
      const { field, operator, value } = query;
      if (value.kind === 'pattern') return `${field.name}${operator}/${value.text}/`;
      return `${field.name}${operator}${isPlain(value.text, 'value') ? value.text : quoted(value.text)}`;
    }
    case 'word':
      // A number that was quoted is text alone.
      return isPlain(query.text, 'word') && (query.pid !== null || !/^\d+$/.test(query.text)) ? query.text : quoted(query.text);
  }
}

/** The fields that a query asks for. */
export function fieldsOf(query: Query): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (part: Query): void => {
    if (part.kind === 'compare') found.add(part.field.name);
    else if (part.kind === 'not') visit(part.part);
    else if (part.kind === 'and' || part.kind === 'or') part.parts.forEach(visit);
  };
  visit(query);
  return found;
}
