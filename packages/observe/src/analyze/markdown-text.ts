import { clean } from '../terminal/text.ts';

/** What means something to a Markdown reader, HTML included; an underscore inside of a word is only a letter. */
const SPECIAL = /[\\`*{}[\]<>#|~!$]|(?<![a-z0-9])_|_(?![a-z0-9])/gi;

/** Text as a paragraph may hold it: nothing in it is markup, a tag, a link or a mention. */
export function escapeMarkdown(text: string): string {
  return clean(text)
    .replaceAll('&', '&amp;')
    .replace(SPECIAL, (letter) => (letter === '<' ? '&lt;' : letter === '>' ? '&gt;' : `\\${letter}`))
    .replaceAll('://', ':&#47;&#47;')
    .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}&#46;`)
    .replaceAll('@', '&#64;');
}

/**
 * Text that a machine or a file named, as code: shown letter by letter. The fence is longer than any run of backticks in it. A bar,
 * which would end a cell of a table, is written with a backslash; after one, where readers disagree, it becomes a broken bar.
 */
export function codeMarkdown(text: string): string {
  const shown = clean(text).replaceAll('\\|', '\\¦').replaceAll('|', '\\|');
  if (shown.trim() === '') return '` `';
  const longest = (shown.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const room = shown.startsWith('`') || shown.endsWith('`') || shown.endsWith('\\') ? ' ' : '';
  return `${fence}${room}${shown}${room}${fence}`;
}

/** A table; cells are Markdown already. Every row has as many cells as the head. */
export function tableMarkdown(
  heads: readonly { readonly head: string; readonly align: 'start' | 'end' }[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(heads.map(({ head }) => escapeMarkdown(head))),
    line(heads.map(({ align }) => (align === 'end' ? '---:' : ':---'))),
    ...rows.map((cells) => line(heads.map((_, place) => cells[place] ?? ''))),
  ].join('\n');
}
