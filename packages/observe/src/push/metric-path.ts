import { labelText } from '../export/families.ts';
import { COLUMNS } from '../record/columns.ts';
import type { PushInput } from './format.ts';
import { nameFilter } from './name-filter.ts';
import { rateValues } from './rate-values.ts';
import { numberOf, rowsOf } from './rows.ts';
import type { RowField } from './rows.ts';

/**
 * One part of a dotted path: what is neither a letter, a digit, `_`, `-` nor `%` becomes `_`, as a dot would be a part of its own and
 * the other characters mean something to one server or another. Nothing is `_`, so that all rows of a group are equally deep.
 */
export function pathPart(text: string): string {
  if (text === '') return '_';
  return /^[\w%-]*$/.test(text) ? text : text.replaceAll(/[^\p{L}\p{N}_%-]/gu, '_');
}

/** A value with the path that names it. */
export interface PathValue {
  readonly path: string;
  readonly value: number;
}

/** What is sent of a snapshot. */
export interface PathChoice {
  /** Whether a field is sent. */
  readonly sends: (field: RowField) => boolean;
  /** Whether rates are sent. */
  readonly rates: boolean;
}

/** Paths that were made, by group and labels: for each exporter, and anew when there are very many. */
const MOST_PATHS = 20_000;
const prefixes = new WeakMap<PushInput['labels'], Map<string, string>>();

/**
 * All numbers of a frame under dotted paths: the values of the labels of the settings, `hecate`, the group, the values of the labels
 * of the row, the field. The columns of a day file are `hecate.row.<column>`, rates `hecate.rates.<collector>. ...`.
 */
export function* pathValues(input: PushInput, choice: PathChoice): Generator<PathValue> {
  const { snapshot, rates, row: columns } = input.frame;
  const wanted = nameFilter(input);
  let known = prefixes.get(input.labels);
  if (!known || known.size > MOST_PATHS) prefixes.set(input.labels, (known = new Map()));
  const start = [...Object.values(input.labels).map(pathPart), 'hecate.'].join('.');
  for (const { of, key, row, fields } of rowsOf(snapshot, input.platform, wanted)) {
    let prefix = known.get(key);
    if (prefix === undefined) {
      const parts = of.labels.map(([, property]) => `${pathPart(labelText(row[property]))}.`);
      known.set(key, (prefix = `${start}${of.name}.${parts.join('')}`));
    }
    for (const field of fields) {
      if (!choice.sends(field)) continue;
      const value = numberOf(row, field);
      if (value !== null) yield { path: prefix + field.key, value };
    }
  }
  if (wanted('row')) {
    for (const [index, value] of columns.entries()) {
      if (value !== null && Number.isFinite(value)) yield { path: `${start}row.${COLUMNS[index]!.name}`, value };
    }
  }
  if (choice.rates)
    for (const { path, value } of rateValues(rates, wanted)) yield { path: `${start}rates.${path.map(pathPart).join('.')}`, value };
}
