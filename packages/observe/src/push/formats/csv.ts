import { encodeTimestamp, TIMESTAMP_COLUMN } from '../../day/day-file.ts';
import { COLUMNS } from '../../record/columns.ts';
import type { PushFormat, PushInput } from '../format.ts';
import { nameFilter } from '../name-filter.ts';
import { TEXT_LINES } from '../text-lines.ts';

/** A text cell. One that a spreadsheet would take for a formula begins with a quotation mark, so that it is text there too. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Which columns are sent. */
function columnsOf(input: PushInput): readonly { readonly name: string; readonly decimals: number; readonly index: number }[] {
  const wanted = nameFilter(input);
  return COLUMNS.map(({ name, decimals }, index) => ({ name, decimals, index })).filter(({ name }) => wanted(name));
}

/** The columns of a day file, a line a sample, with a column for each label of the settings at the end. */
export const csv: PushFormat = {
  ...TEXT_LINES,
  headers: { 'Content-Type': 'text/csv; charset=utf-8' },
  encode(input) {
    const { snapshot, row } = input.frame;
    const values = columnsOf(input).map(({ index, decimals }) => {
      const value = row[index] ?? null;
      return value === null || !Number.isFinite(value) ? '' : String(Number(value.toFixed(decimals)));
    });
    if (values.every((value) => value === '')) return Buffer.alloc(0);
    return Buffer.from(`${[encodeTimestamp(snapshot.time), ...values, ...Object.values(input.labels).map(cell)].join(',')}\n`);
  },
  header: (input) =>
    Buffer.from(`${[TIMESTAMP_COLUMN, ...columnsOf(input).map(({ name }) => name), ...Object.keys(input.labels).map(cell)].join(',')}\n`),
};
