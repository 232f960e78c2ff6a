import { HecateError } from '@hecate/host';

/** One option of a section. */
export interface IniOption {
  /** Lines of a value that goes on are joined by newlines. */
  readonly value: string;
  /** The line that it begins at. */
  readonly line: number;
}

/** A section with its options, in the order of the file. */
export interface IniSection {
  readonly name: string;
  readonly line: number;
  readonly options: ReadonlyMap<string, IniOption>;
}

/** How a file differs from a profile. */
export interface IniStyle {
  /** The section of the lines before the first `[section]`; null: such lines are an error. */
  readonly first: string | null;
  /** Whether a line may name an option without a value: it is left out. */
  readonly bare: boolean;
}

const PROFILE: IniStyle = { first: null, bare: false };

/** A section while it is read: the parts of each value line by line. */
interface Draft {
  readonly name: string;
  readonly line: number;
  readonly options: Map<string, { lines: string[]; line: number }>;
}

/** A line without its comment: `#` begins one at the start and after white space, `;` only where the line begins with it. */
function withoutComment(line: string): { readonly text: string; readonly isComment: boolean } {
  if (line.trim().startsWith(';')) return { text: '', isComment: true };
  const start = line.search(/(?<!\S)#/);
  return start === -1 ? { text: line.trim(), isComment: false } : { text: line.slice(0, start).trim(), isComment: true };
}

/**
 * The sections of a file as Python's configparser reads it for tuned: `=` separates, a line that is indented deeper than its option
 * goes on with the value, and of a section or an option that comes twice the later words count.
 * Throws INVALID with file and line for what is neither a section nor an option.
 */
export function parseIni(text: string, file: string, style: IniStyle = PROFILE): IniSection[] {
  const sections = new Map<string, Draft>();
  const open = (name: string, line: number): Draft => {
    const found = sections.get(name) ?? { name, line, options: new Map() };
    sections.set(name, found);
    return found;
  };
  let section = style.first === null ? null : open(style.first, 1);
  let value: string[] | null = null;
  let indent = 0;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const { text: words, isComment } = withoutComment(raw);
    if (words === '') {
      // An empty line may stand inside a value.
      if (!isComment) value?.push('');
      continue;
    }
    const depth = raw.search(/\S/);
    if (value !== null && depth > indent) {
      value.push(words);
      continue;
    }
    indent = depth;
    const header = /^\[(.+)\]/.exec(words)?.[1];
    if (header !== undefined) {
      section = open(header, line);
      value = null;
      continue;
    }
    value = readOption(words, section, { file, line, bare: style.bare });
  }
  return [...sections.values()].map(finished);
}

/** Puts an option into its section; the lines of its value, for what follows. */
function readOption(
  words: string,
  section: Draft | null,
  { file, line, bare }: { file: string; line: number; bare: boolean },
): string[] | null {
  const wrong = (what: string): HecateError =>
    new HecateError('INVALID', `${file}:${line}: ${what}.`, { hint: 'A line is [section] or option=value.' });
  if (section === null) throw wrong('There is an option before the first section');
  const equals = words.indexOf('=');
  if (equals === -1 && bare) return null;
  if (equals === -1) throw wrong(`${JSON.stringify(words.slice(0, 80))} is neither a section nor an option`);
  const name = words.slice(0, equals).trim();
  if (name === '') throw wrong('There is a value without the name of its option');
  const lines = [words.slice(equals + 1).trim()];
  section.options.set(name, { lines, line });
  return lines;
}

const finished = ({ name, line, options }: Draft): IniSection => ({
  name,
  line,
  options: new Map([...options].map(([option, { lines, line: at }]) => [option, { value: lines.join('\n').trimEnd(), line: at }])),
});
