import type { AnyCollector, Field, FieldKind, Group, Snapshot } from '@hecate/metrics';
import { clean, drawTable, encodeDuration, encodeValue, fit, plainLine, widthOf, wrapWords } from '@hecate/observe';
import type { Ink, InkLine, TableColumn } from '@hecate/observe';

/** Rows of one group that are shown; machines have hundreds of interrupts. */
const MOST_ROWS = 40;
/** Lines that a text or a list of names may take. */
const MOST_LINES = 12;
/** Width of the column of names where a group has one row, and the least for what stands beside it. */
const NAME_WIDTH = 24;
/** The widest that a text is in a table, and what a name is never cut below. */
const TEXT_WIDTH = 44;
const LEAST_NAME = 4;
/** Seconds that can only be a moment since 1970, and those from which on a span is told in hours and days. */
const MOMENT = 1e9;
const LONG = 3600;

type Row = Readonly<Record<string, unknown>>;
type Shape = Pick<Field<never>, 'unit' | 'kind'>;
/** Of what has no unit. */
const PLAIN: Shape = { unit: 'none', kind: 'info' };

function seconds(value: number, kind: FieldKind): string {
  if (value >= MOMENT) return new Date(value * 1000).toISOString().replace('T', ' ').slice(0, 19).concat(' UTC');
  return value >= LONG && kind !== 'counter' ? encodeDuration(value) : encodeValue(value, 'seconds');
}

function number(value: number, { unit, kind }: Shape): string {
  switch (unit) {
    case 'ratio':
      return encodeValue(Math.round(value * 10_000) / 100, 'percent');
    case 'seconds':
      return seconds(value, kind);
    case 'bytes':
    case 'bytes/second':
    case 'hertz':
    case 'celsius':
    case 'watts':
    case 'count/second':
      return encodeValue(value, unit);
    case 'joules':
    case 'volts':
    case 'amperes':
    case 'rpm':
    case 'dBm':
      return `${Number(value.toPrecision(6))} ${unit === 'volts' ? 'V' : unit === 'amperes' ? 'A' : unit === 'joules' ? 'J' : unit}`;
    case 'count':
    case 'none':
      return String(value);
  }
}

/** The text of a property; `-` where it is unknown. */
function text(value: unknown, shape: Shape = PLAIN): string {
  if (typeof value === 'number') return number(value, shape);
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number'))
    return clean(value.join(' ')) || 'none';
  return '-';
}

/** Words over as many lines as they need; what is behind the last is counted. Words that are wider than a line are cut. */
function fold(ink: Ink, words: string, width: number): string[] {
  const lines = wrapWords(words, width).map((line) => fit(ink, line, width).trimEnd());
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), fit(ink, `and ${lines.length - MOST_LINES + 1} more lines`, width).trimEnd()];
}

/** One row: a line a field, and in the last what is not known. */
function list(ink: Ink, fields: readonly Field<never>[], row: Row, width: number): InkLine[] {
  const room = Math.max(LEAST_NAME, width - NAME_WIDTH - 1);
  const unknown = fields.filter(({ key }) => text(row[key]) === '-').map(({ key }) => key);
  const known = fields.filter(({ key }) => !unknown.includes(key));
  const entries: readonly (readonly [string, string])[] = [
    ...known.map((field) => [field.key, text(row[field.key], field)] as const),
    ...(unknown.length > 0 ? [['not known', unknown.join(' ')] as const] : []),
  ];
  return entries.flatMap(([key, said]) =>
    fold(ink, said, room).map((line, index) => plainLine(`${fit(ink, index === 0 ? key : '', NAME_WIDTH)} ${line}`.trimEnd())),
  );
}

/** How wide the names of the rows may be, so that they and `beside` fit: the widest gives way first. */
function nameWidths(names: readonly string[], rows: readonly Row[], room: number): number[] {
  const widths = names.map((name) => Math.max(widthOf(name), ...rows.map((row) => widthOf(text(row[name])))));
  const used = (): number => widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1));
  while (used() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= LEAST_NAME) break;
    widths[widest]!--;
  }
  return widths;
}

const isText = (rows: readonly Row[], key: string): boolean => rows.every((row) => row[key] === null || typeof row[key] !== 'number');

/** Many rows: a table, what names them first. Columns that are unknown in all rows are left out. */
function table(ink: Ink, names: readonly string[], fields: readonly Field<never>[], rows: readonly Row[], width: number): InkLine[] {
  const shown = rows.slice(0, MOST_ROWS);
  const cell = (row: Row, field: Field<never>): string => text(row[field.key], field);
  const fieldWidth = (field: Field<never>): number =>
    Math.min(TEXT_WIDTH, Math.max(widthOf(field.key), ...shown.map((row) => widthOf(cell(row, field)))));
  const beside = fields[0] === undefined ? 0 : fieldWidth(fields[0]) + 2;
  const widths = nameWidths(names, shown, Math.max(width - beside, Math.floor(width / 2)));
  const cut = (said: string, most: number): string => (widthOf(said) > most ? fit(ink, said, most) : said);
  const columns: TableColumn<Row>[] = [
    ...names.map((name, at): TableColumn<Row> => ({
      head: cut(name, widths[at]!),
      align: 'start',
      text: (row) => cut(text(row[name]), widths[at]!),
      // Names stay longest, and the first one always.
      ...(at === 0 ? {} : { leaves: at }),
    })),
    ...fields.map((field, index): TableColumn<Row> => ({
      head: field.key,
      align: isText(shown, field.key) ? 'start' : 'end',
      text: (row) => cut(cell(row, field), TEXT_WIDTH),
      leaves: names.length + index,
    })),
  ];
  const more = rows.length > shown.length ? [plainLine(`and ${rows.length - shown.length} more`)] : [];
  return columns.length === 0 ? [] : [...drawTable(ink, columns, shown, width), ...more];
}

/** The first declaration of each property: some are declared once for each state that they may have. */
function firstOfEach(fields: readonly Field<never>[]): Field<never>[] {
  const keys = new Set<string>();
  return fields.filter(({ key }) => !keys.has(key) && keys.add(key));
}

function groupLines(ink: Ink, group: Group<never>, rows: readonly Row[], width: number): InkLine[] {
  const names = [...new Set(Object.values(group.labels))];
  const fields = firstOfEach(group.fields);
  if (rows.length === 1 && names.length === 0) return list(ink, fields, rows[0]!, width);
  const told = fields.filter(({ key }) => !names.includes(key) && rows.some((row) => text(row[key]) !== '-'));
  // Flags of a processor and the like: rows that have a name and nothing else.
  const [name] = names;
  const isNameOnly = name !== undefined && names.length === 1 && told.every(({ key }) => rows.every((row) => row[key] === true));
  if (isNameOnly && told.length <= 1) return fold(ink, rows.map((row) => text(row[name])).join(' '), width).map(plainLine);
  return table(ink, names, told, rows, width);
}

/** Everything that a collector declares and that this snapshot holds: for collectors that have no panel of their own. */
export function declaredLines(collector: AnyCollector, snapshot: Snapshot, ink: Ink, width: number): InkLine[] {
  const reading = snapshot[collector.name];
  if (reading === null) return [];
  return (collector.groups() as readonly Group<never>[]).flatMap((group) => {
    if (group.fields.length === 0) return [];
    const rows = [...group.rows(reading as never)] as readonly Row[];
    if (rows.length === 0) return [];
    const title = fit(ink, group.name, Math.min(width, widthOf(group.name)));
    const heading = group.name === collector.name ? [] : [{ text: ink.paint(title, 'dim'), width: widthOf(title) }];
    return [...heading, ...groupLines(ink, group, rows, width)];
  });
}
