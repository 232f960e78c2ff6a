/** Base units. Nothing is ever published in another one, except a CSV column whose name says so. */
export type Unit =
  | 'bytes'
  | 'seconds'
  | 'ratio'
  | 'hertz'
  | 'celsius'
  | 'watts'
  | 'joules'
  | 'volts'
  | 'amperes'
  | 'rpm'
  | 'dBm'
  | 'count'
  | 'bytes/second'
  | 'count/second'
  | 'none';

/** `counter` only grows; `gauge` goes both ways; `info` is a description whose value is 1. */
export type FieldKind = 'counter' | 'gauge' | 'info';

/** The Prometheus series of a field; the names are node_exporter's where it has one. */
export interface PrometheusSeries<Row> {
  /** The whole name, with its `_total` or unit. */
  readonly name: string;
  /** Labels with a constant value, beside the group's. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels taken from properties of the row, beside the group's. */
  readonly properties?: Readonly<Record<string, keyof Row & string>>;
  /** Labels of `properties` whose property is null are left out; otherwise they are empty. node_exporter does so for some. */
  readonly sparse?: true;
  /** node_exporter publishes some as untyped; same here. */
  readonly untyped?: true;
  /** The value, where it is not the property itself. Null: no sample. */
  readonly value?: (row: Row) => number | null;
  /** Family help, where several fields share a family and one field's help would mislead. */
  readonly help?: string;
}

/** The OpenTelemetry metric of a field, semantic conventions 1.44. */
export interface OtelMetric {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * One metric, declared once. Encoders, CSV headers, tables and `docs/metrics.md` are made from this.
 * `Row` is the object that holds it: the reading itself, or one of its rows (a core, a disk, a mount).
 */
export interface Field<Row> {
  /** The property of the row: `readBytes`. */
  readonly key: keyof Row & string;
  readonly kind: FieldKind;
  readonly unit: Unit;
  /** One sentence that defines it. */
  readonly help: string;
  /** When it is null; absent when it never is. */
  readonly nullWhen?: string;
  readonly prometheus?: PrometheusSeries<Row>;
  readonly otel?: OtelMetric;
}

/** Prometheus families whose names come from the data: each row is a sample of the family that it names. */
export interface OpenFamily<Row> {
  /** The pattern for the docs: `node_memory_<line>_bytes`. */
  readonly pattern: string;
  readonly name: (row: Row) => string;
  readonly help: (row: Row) => string;
  readonly value: (row: Row) => number;
  readonly kind: 'counter' | 'gauge' | 'untyped';
}

/** The fields of one kind of row, and where the rows are found in a reading. */
export interface Group<Reading> {
  /** Dotted path in the snapshot: `cpu.cores`. */
  readonly name: string;
  /** File or interface that it is read from. */
  readonly source: string;
  /** The rows; a reading that is its own row yields itself. */
  readonly rows: (reading: Reading) => Iterable<object>;
  /** Prometheus label to property of the row. */
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: readonly Field<never>[];
  /** Present when the rows name families themselves. */
  readonly open?: OpenFamily<never>;
  /**
   * Where the rows stand in the JSON of a snapshot: `btrfs[].allocations[].layouts[]`; null when it does not hold them under these
   * names. Only where the name does not tell: see `jsonPathOf`.
   */
  readonly json?: string | null;
}

/**
 * Declares a group; its property names are checked against `Row`. A declaration that nobody uses is left out of bundles.
 * @__NO_SIDE_EFFECTS__
 */
export function group<Reading, Row extends object>(declaration: {
  readonly name: string;
  readonly source: string;
  readonly rows: (reading: Reading) => Iterable<Row>;
  readonly labels?: Readonly<Record<string, keyof Row & string>>;
  readonly fields: readonly Field<Row>[];
  readonly open?: OpenFamily<Row>;
  readonly json?: string | null;
}): Group<Reading> {
  return { labels: {}, ...declaration };
}
