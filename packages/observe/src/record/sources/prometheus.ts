import { HecateError } from '@hecate/host';

/** One line of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** May be NaN or infinite. */
  readonly value: number;
  /** The line's own time as it is written (Prometheus: milliseconds; OpenMetrics: seconds), or null. */
  readonly timestamp: number | null;
}

/** What a page of metrics says. */
export interface Exposition {
  readonly samples: readonly Sample[];
  /** Lines that are no samples, comments or blanks. */
  readonly errors: number;
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();
const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** A quoted text: any escape is let through here and resolved after. */
const QUOTED = /"((?:[^"\\\n]|\\.)*)"/y;
const SPACES = /[ \t]*/y;
const NUMBER = /[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)(?![^ \t])/iy;
/** What may stand behind the value and time: an OpenMetrics exemplar. */
const EXEMPLAR = /# *\{.*$/y;

/**
 * Parses the text formats of Prometheus 0.0.4 (UTF-8 names in quotes included) and OpenMetrics 1.0: samples only, HELP and TYPE are
 * comments here. A line that is none of it counts as an error and is left out. What follows `# EOF` is ignored.
 * Throws INVALID when there is not one sample: then it is no page of metrics.
 */
export function parsePrometheus(text: string): Exposition {
  const samples: Sample[] = [];
  let errors = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end);
    start = end + 1;
    if (line === '# EOF') break;
    if (line.startsWith('#') || line.trim() === '') continue;
    const sample = parseLine(line);
    if (sample) samples.push(sample);
    else errors++;
  }
  if (samples.length === 0) throw new HecateError('INVALID', 'This is no page of Prometheus metrics: not one sample is in it.');
  return { samples, errors };
}

/** A sample, or null when the line is none. */
function parseLine(line: string): Sample | null {
  const cursor = { line, at: 0 };
  skip(cursor);
  let name = take(cursor, NAME);
  let labels = NO_LABELS;
  skip(cursor);
  if (cursor.line[cursor.at] === '{') {
    const block = parseLabels(cursor);
    if (!block || (name !== null && block.name !== null)) return null;
    name ??= block.name;
    labels = block.labels;
  } else if (name !== null && !/[ \t]/.test(line[cursor.at - 1] ?? '')) return null;
  skip(cursor);
  const value = takeNumber(cursor);
  if (name === null || value === null) return null;
  skip(cursor);
  const timestamp = takeNumber(cursor);
  skip(cursor);
  take(cursor, EXEMPLAR);
  return cursor.at === line.length ? { name, labels, value, timestamp } : null;
}

interface Cursor {
  readonly line: string;
  at: number;
}

/** `{a="b",c="d"}`, and `{"metric.name",a="b"}`. Null when it is malformed or names a label twice. */
function parseLabels(cursor: Cursor): { name: string | null; labels: ReadonlyMap<string, string> } | null {
  const labels = new Map<string, string>();
  let name: string | null = null;
  cursor.at++;
  for (;;) {
    skip(cursor);
    if (cursor.line[cursor.at] === '}') {
      cursor.at++;
      return { name, labels };
    }
    const quoted = takeQuoted(cursor);
    const key = quoted ?? take(cursor, LABEL_NAME);
    if (key === null) return null;
    skip(cursor);
    if (cursor.line[cursor.at] === '=') {
      cursor.at++;
      skip(cursor);
      const value = takeQuoted(cursor);
      if (value === null || labels.has(key)) return null;
      labels.set(key, value);
    } else if (quoted === null || name !== null) return null;
    else name = quoted;
    skip(cursor);
    const next = cursor.line[cursor.at];
    if (next === ',') cursor.at++;
    else if (next !== '}') return null;
  }
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.line);
  if (!found) return null;
  cursor.at += found[0].length;
  return found[0];
}

function skip(cursor: Cursor): void {
  take(cursor, SPACES);
}

function takeQuoted(cursor: Cursor): string | null {
  const text = take(cursor, QUOTED)?.slice(1, -1) ?? null;
  // Only these three are escapes; any other backslash stands for itself.
  return text?.includes('\\') ? text.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)) : text;
}

function takeNumber(cursor: Cursor): number | null {
  const text = take(cursor, NUMBER)?.toLowerCase() ?? null;
  if (text === null) return null;
  if (text.includes('nan')) return Number.NaN;
  if (text.includes('inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
