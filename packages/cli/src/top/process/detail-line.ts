import { encodeCount, wrapWords } from '@hecate/observe';
import type { Role } from '../view.ts';

/** A text at a column of a line. */
export interface DetailPart {
  readonly at: number;
  readonly text: string;
  readonly role: Role;
  /** The most columns that it may take; what is left of the line if absent. */
  readonly width?: number;
}

/** One line of what is known of a process. */
export type DetailLine = readonly DetailPart[];

/** A fact: its name, and its value as text. Null: it is not known, and `why` says why, if it is known. */
export interface Fact {
  readonly name: string;
  readonly value: string | null;
  readonly why?: string | undefined;
  readonly role?: Role;
}

const EMPTY: DetailLine = [];
/** Columns of the name of a fact, and of a fact at least, so that two stand beside each other. */
const NAME_WIDTH = 13;
const FACT_WIDTH = 37;
/** Lines that one long text takes where nothing else is said. */
const MOST_LINES = 4;

/** A heading, with a note after it, after an empty line. */
export function heading(title: string, note: string = ''): readonly DetailLine[] {
  const parts: DetailPart[] = [{ at: 0, text: title, role: 'title' }];
  if (note !== '') parts.push({ at: title.length + 2, text: note, role: 'dim' });
  return [EMPTY, parts];
}

/** Facts side by side, as many as there is room for; columns are read from the top to the bottom. */
export function factLines(facts: readonly Fact[], width: number): readonly DetailLine[] {
  const across = Math.max(1, Math.min(4, Math.floor(width / FACT_WIDTH)));
  const each = Math.max(1, Math.floor(width / across));
  const down = Math.ceil(facts.length / across);
  return Array.from({ length: down }, (_, y) => {
    const parts: DetailPart[] = [];
    for (let x = 0; x < across; x++) {
      const fact = facts[x * down + y];
      if (fact) parts.push(...factParts(fact, x * each, each));
    }
    return parts;
  });
}

function factParts({ name, value, why, role = 'plain' }: Fact, at: number, width: number): DetailPart[] {
  const text = value ?? (why === undefined ? '-' : `- (${why})`);
  return [
    { at, text: name, role: 'dim', width: NAME_WIDTH - 1 },
    { at: at + NAME_WIDTH, text, role: value === null ? 'dim' : role, width: Math.max(0, width - NAME_WIDTH - 1) },
  ];
}

/** A fact of which the value may be long: it goes on below itself, for at most so many lines. */
export function longFact({ name, value, why, role = 'plain' }: Fact, width: number, most: number = MOST_LINES): readonly DetailLine[] {
  const text = value ?? (why === undefined ? '-' : `- (${why})`);
  const room = Math.max(8, width - NAME_WIDTH);
  // A command line can have megabytes: no more of it is broken into lines than there is room for.
  const wrapped = wrapWords(text.slice(0, most * room + 1), room);
  const lines = wrapped.slice(0, most);
  if (wrapped.length > lines.length || text.length > most * room + 1) lines.push(`... ${encodeCount(text.length)} characters in all`);
  return lines.map((line, index) => [
    ...(index === 0 ? [{ at: 0, text: name, role: 'dim' as const, width: NAME_WIDTH - 1 }] : []),
    { at: NAME_WIDTH, text: line, role: value === null ? ('dim' as const) : role },
  ]);
}

/** A column of a table in details; the last one takes what is left. */
export interface DetailColumn<Row> {
  readonly head: string;
  readonly width: number;
  readonly align?: 'end';
  text(row: Row): string;
}

/** Rows below their heads, at most `most` of them. */
export function tableLines<Row>(columns: readonly DetailColumn<Row>[], rows: readonly Row[], most: number): readonly DetailLine[] {
  const draw = (textOf: (column: DetailColumn<Row>) => string, role: Role): DetailLine => {
    let at = 0;
    return columns.map((column, index) => {
      const text = textOf(column);
      const isLast = index === columns.length - 1;
      const start = column.align === 'end' ? at + Math.max(0, column.width - text.length) : at;
      at += column.width + 2;
      return { at: start, text, role, ...(isLast ? {} : { width: column.width }) };
    });
  };
  const lines: DetailLine[] = [draw(({ head }) => head, 'dim')];
  for (const row of rows.slice(0, most)) lines.push(draw((column) => column.text(row), 'plain'));
  if (rows.length > most) lines.push([{ at: 0, text: `and ${rows.length - most} more`, role: 'dim' }]);
  return lines;
}

/** One sentence in place of what is not known. */
export function sentenceLine(text: string): DetailLine {
  return [{ at: 0, text, role: 'dim' }];
}
