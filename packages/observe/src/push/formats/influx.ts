import { COLUMNS } from '../../record/columns.ts';
import { labelText } from '../../export/families.ts';
import type { PushFormat, PushInput } from '../format.ts';
import { withLabels } from '../labels.ts';
import type { Label } from '../labels.ts';
import { nameFilter } from '../name-filter.ts';
import { rowsOf } from '../rows.ts';
import type { GroupRow } from '../rows.ts';
import { TEXT_LINES } from '../text-lines.ts';

/** The measurement of the columns of a day file. */
const ROW_MEASUREMENT = 'hecate_row';

/**
 * A key or a tag. A comma, a space and `=` have a backslash before them. A backslash stands for itself, but before something that is
 * escaped it would take that for its own, so there it is doubled. There is no way to write a newline, nor to end with a backslash:
 * the one becomes `\n`, the other gets a `_` after it.
 */
function escapeKey(text: string): string {
  if (!/[\\,= \n\r]/.test(text)) return text;
  return text
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\n', String.raw`\n`)
    .replace(/\\$/, String.raw`\_`)
    .replaceAll(/\\(?=[\\,= ])/g, String.raw`\\`)
    .replaceAll(/[,= ]/g, String.raw`\$&`);
}

/** A string as the value of a field. Newlines could be written, but servers that read line by line would be lost. */
function quote(text: string): string {
  if (!/["\\\n\r]/.test(text)) return `"${text}"`;
  const escaped = text.replaceAll(/["\\]/g, String.raw`\$&`);
  return `"${escaped.replaceAll('\r', String.raw`\\r`).replaceAll('\n', String.raw`\\n`)}"`;
}

/**
 * The value of a field; null leaves it out. Numbers are floats, all of them: a field whose type changes is refused, and most that are
 * whole today (a sum, a counter in seconds, a temperature) can be broken tomorrow.
 */
function fieldValue(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return typeof value === 'string' ? quote(value) : null;
}

/** Tags, sorted by key as the server wants them; those without a value are left out. */
function encodeTags(labels: readonly Label[]): string {
  let tags = '';
  const sorted = labels.length > 1 ? labels.toSorted(([a], [b]) => (a < b ? -1 : 1)) : labels;
  for (const [name, value] of sorted) if (value !== '') tags += `,${escapeKey(name)}=${escapeKey(value)}`;
  return tags;
}

/** Tags of the rows with these labels, so that they are made once. */
function tagsOf({ of, key, row }: GroupRow, extra: readonly Label[], known: Map<string, string>): string {
  if (of.labels.length === 0) return known.get('')!;
  let tags = known.get(key);
  if (tags === undefined) {
    const labels = of.labels.map(([label, property]): Label => [label, labelText(row[property])]);
    known.set(key, (tags = encodeTags(withLabels(labels, extra))));
  }
  return tags;
}

/** Tags by row, for each exporter. Rows come and go; at this many the list starts anew. */
const MOST_ROWS = 20_000;
const tags = new WeakMap<PushInput['labels'], Map<string, string>>();

/** InfluxDB line protocol: a measurement is a group of fields, a tag a label, a field a reading; nanoseconds. */
export const influx: PushFormat = {
  ...TEXT_LINES,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  encode(input) {
    const { snapshot, row: columns } = input.frame;
    const wanted = nameFilter(input);
    const extra = Object.entries(input.labels).filter(([name]) => name !== '');
    // Milliseconds are what a snapshot is exact to; nanoseconds are what every server takes unasked.
    const end = ` ${Math.round(snapshot.time * 1000)}000000\n`;
    let known = tags.get(input.labels);
    if (!known || known.size > MOST_ROWS) tags.set(input.labels, (known = new Map([['', encodeTags(extra)]])));
    let text = '';
    for (const item of rowsOf(snapshot, input.platform, wanted)) {
      const { row } = item;
      let line = '';
      for (const { key } of item.fields) {
        const value = fieldValue(row[key]);
        if (value !== null) line += line === '' ? ` ${key}=${value}` : `,${key}=${value}`;
      }
      if (line !== '') text += item.of.name + tagsOf(item, extra, known) + line + end;
    }
    const cells = columns.flatMap((value, index) =>
      value === null || !Number.isFinite(value) ? [] : [`${COLUMNS[index]!.name}=${value}`],
    );
    if (cells.length > 0 && wanted(ROW_MEASUREMENT)) text += `${ROW_MEASUREMENT}${known.get('')!} ${cells.join(',')}${end}`;
    return Buffer.from(text);
  },
};
