import type { AnyCollector, Field, Group, Snapshot, Unit } from '@hecate/metrics';
import { clean, drawTable, encodeValue, fit, plainLine } from '@hecate/observe';
import type { Ink, InkLine, TableColumn } from '@hecate/observe';

/** Rows of one group that are shown; machines have hundreds of interrupts. */
const MOST_ROWS = 40;
/** Width of the column of names where a group has one row. */
const NAME_WIDTH = 24;

type Row = Readonly<Record<string, unknown>>;

function number(value: number, unit: Unit): string {
  switch (unit) {
    case 'ratio':
      return encodeValue(Math.round(value * 10_000) / 100, 'percent');
    case 'bytes':
    case 'bytes/second':
    case 'seconds':
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
function text(value: unknown, unit: Unit): string {
  if (typeof value === 'number') return number(value, unit);
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number')) return clean(value.join(' '));
  return '-';
}

/** One row: a line a field. */
function list(ink: Ink, fields: readonly Field<never>[], row: Row, width: number): InkLine[] {
  return fields.map(({ key, unit }) => plainLine(fit(ink, `${key.padEnd(NAME_WIDTH)} ${text(row[key], unit)}`, width).trimEnd()));
}

/** Many rows: a table, what names them first. Columns that are unknown in all rows are left out. */
function table(ink: Ink, group: Group<never>, rows: readonly Row[], width: number): InkLine[] {
  const names = [...new Set(Object.values(group.labels))];
  const fields = group.fields.filter(({ key }) => !names.includes(key) && rows.some((row) => text(row[key], 'none') !== '-'));
  const shown = rows.slice(0, MOST_ROWS);
  const columns: TableColumn<Row>[] = [
    ...names.map((name): TableColumn<Row> => ({ head: name, align: 'start', text: (row) => text(row[name], 'none') })),
    ...fields.map(({ key, unit }, index): TableColumn<Row> => ({
      head: key,
      align: 'end',
      text: (row) => text(row[key], unit),
      leaves: index + 1,
    })),
  ];
  const more = rows.length > shown.length ? [plainLine(`and ${rows.length - shown.length} more`)] : [];
  return columns.length === 0 ? [] : [...drawTable(ink, columns, shown, width), ...more];
}

/** Everything that a collector declares and that this snapshot holds: for collectors that have no panel of their own. */
export function declaredLines(collector: AnyCollector, snapshot: Snapshot, ink: Ink, width: number): InkLine[] {
  const reading = snapshot[collector.name];
  if (reading === null) return [];
  return (collector.groups as readonly Group<never>[]).flatMap((group) => {
    if (group.fields.length === 0) return [];
    const rows = [...group.rows(reading as never)] as readonly Row[];
    if (rows.length === 0) return [];
    const heading = group.name === collector.name ? [] : [{ text: ink.paint(group.name, 'dim'), width: group.name.length }];
    const isOne = rows.length === 1 && Object.keys(group.labels).length === 0;
    return [...heading, ...(isOne ? list(ink, group.fields, rows[0]!, width) : table(ink, group, rows, width))];
  });
}
