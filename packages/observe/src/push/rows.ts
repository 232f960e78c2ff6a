import { collectorsOf } from '@hecate/metrics';
import type { AnyCollector, Field, Group, OpenFamily, Snapshot } from '@hecate/metrics';
import { labelText } from '../export/families.ts';
import type { NameFilter } from './name-filter.ts';

/** A row as its group declares it; values by property. */
export type Row = Readonly<Record<string, unknown>>;

/** A value of a row: its property, and what its numbers are. */
export interface RowField {
  readonly key: string;
  readonly kind: Field<never>['kind'] | 'untyped';
}

/** A declared group of fields, with what is worked out of it once. */
export interface RowGroup {
  /** As in the snapshot: `cpu.cores`. */
  readonly name: string;
  readonly collector: AnyCollector;
  readonly group: Group<never>;
  /** What tells its rows apart: name of the label, property of the row. In the order of the declaration. */
  readonly labels: readonly (readonly [label: string, property: string])[];
  readonly fields: readonly RowField[];
}

/** One row of a snapshot. */
export interface GroupRow {
  readonly of: RowGroup;
  /** What tells it from all other rows: the group and the values of its labels. */
  readonly key: string;
  readonly row: Row;
  /** The fields that this row has: the group's, or those that the data names itself. */
  readonly fields: readonly RowField[];
}

/**
 * Never pushed: a series for each process is a series for each process that ever ran, and no server keeps so many. Groups of
 * processes (`processes.groups`) are.
 */
const UNSENT: ReadonlySet<string> = new Set(['processes.list', 'processes.apple']);

const groups = new Map<NodeJS.Platform, readonly RowGroup[]>();

/** All groups that are pushed from a machine of this platform: worked out once, from the declarations. */
export function rowGroupsOf(platform: NodeJS.Platform): readonly RowGroup[] {
  let known = groups.get(platform);
  if (!known) {
    known = collectorsOf(platform).flatMap((collector) =>
      (collector.groups() as readonly Group<never>[])
        .filter(({ name }) => !UNSENT.has(name))
        .map((group) => {
          const [only] = group.fields;
          // A group that is one description and nothing else has what tells its rows apart in the properties of it.
          const more = group.fields.length === 1 && only!.kind === 'info' ? Object.entries<string>(only!.prometheus?.properties ?? {}) : [];
          return { name: group.name, collector, group, labels: [...Object.entries(group.labels), ...more], fields: group.fields };
        }),
    );
    groups.set(platform, known);
  }
  return known;
}

/** What tells a row from all others. */
function keyOf(row: Row, { name, labels }: RowGroup): string {
  let key = name;
  for (const label of labels) key += `\0${labelText(row[label[1]])}`;
  return key;
}

/** Rows that name families themselves: those with the same labels become one row, with a field for each family. */
function mergeOpenRows(of: RowGroup, rows: Iterable<Row>): Iterable<GroupRow> {
  const { name, value, kind } = of.group.open as unknown as OpenFamily<object>;
  const merged = new Map<string, GroupRow & { readonly row: Record<string, unknown>; readonly fields: RowField[] }>();
  for (const row of rows) {
    const key = keyOf(row, of);
    let into = merged.get(key);
    if (!into) {
      into = { of, key, row: Object.create(null) as Record<string, unknown>, fields: [] };
      for (const [, property] of of.labels) into.row[property] = row[property];
      merged.set(key, into);
    }
    const family = name(row);
    if (family in into.row || !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(family)) continue;
    into.row[family] = value(row);
    into.fields.push({ key: family, kind });
  }
  return merged.values();
}

function* makeRows(of: RowGroup, reading: object): Generator<GroupRow> {
  const rows = of.group.rows(reading as never) as Iterable<Row>;
  if (of.group.open) {
    yield* mergeOpenRows(of, rows);
    return;
  }
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row, of);
    if (seen.has(key)) continue;
    seen.add(key);
    yield { of, key, row, fields: of.fields };
  }
}

/** What was made of a reading, for as long as there is that reading: slow ones are in many samples, and all are in those of several exporters. */
const made = new WeakMap<object, Map<RowGroup, readonly GroupRow[]>>();

/** The rows of one group; of two with the same labels the first. The same reading gives the same list. */
export function rowsOfGroup(of: RowGroup, snapshot: Snapshot): readonly GroupRow[] {
  const reading: object | null = snapshot[of.collector.name];
  if (reading === null) return [];
  let ofReading = made.get(reading);
  if (!ofReading) made.set(reading, (ofReading = new Map()));
  let rows = ofReading.get(of);
  if (!rows) ofReading.set(of, (rows = [...makeRows(of, reading)]));
  return rows;
}

/** All rows of a snapshot, of the groups whose name is wanted. */
export function* rowsOf(snapshot: Snapshot, platform: NodeJS.Platform, wanted: NameFilter): Generator<GroupRow> {
  for (const of of rowGroupsOf(platform)) if (wanted(of.name)) yield* rowsOfGroup(of, snapshot);
}

/** The number of a field; null where it is not known, no number, or a description. Truth is 1. */
export function numberOf(row: Row, { key, kind }: RowField): number | null {
  const value = row[key];
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && kind !== 'info' && Number.isFinite(value) ? value : null;
}
