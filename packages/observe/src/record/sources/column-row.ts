import { COLUMN_INDEX, COLUMNS } from '../columns.ts';

/** A row in the order of `COLUMNS` from the columns that are known; the others are null, as is what is no finite number. */
export function columnRow(known: Readonly<Record<string, number | null | undefined>>): (number | null)[] {
  const row = COLUMNS.map((): number | null => null);
  for (const [name, value] of Object.entries(known)) {
    const index = COLUMN_INDEX.get(name);
    if (index === undefined) throw new Error(`There is no column ${name}.`);
    if (typeof value === 'number' && Number.isFinite(value)) row[index] = value;
  }
  return row;
}

/** A value in another unit; null stays null. */
export function times(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}

/** Null in place of 0, for a source that says 0 where it could not measure and where 0 cannot be true. */
export function measured(value: number | null): number | null {
  return value === 0 ? null : value;
}
