import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** Errors of memory since boot that were corrected, and that could not be. Null where the driver does not count them. */
export interface MemoryErrors {
  readonly correctable: number | null;
  readonly uncorrectable: number | null;
}

/** One channel of a row, which is one module or a side of it. */
export interface EdacChannel extends MemoryErrors {
  readonly channel: string;
  /** The label as the board's maker or the driver wrote it. */
  readonly label: string | null;
}

/** One row of chips. */
export interface EdacRow extends MemoryErrors {
  readonly row: string;
  readonly channels: readonly EdacChannel[];
}

/** One memory module, as newer drivers show it. */
export interface EdacModule extends MemoryErrors {
  /** `dimm0`, `rank3`. */
  readonly module: string;
  readonly label: string | null;
  /** Where it is: `channel 1 slot 0`. */
  readonly location: string | null;
  /** `Registered-DDR5`. */
  readonly type: string | null;
  /** Bytes. */
  readonly size: number | null;
}

/** One memory controller (kernel: Documentation/admin-guide/ras.rst, Documentation/ABI/testing/sysfs-devices-edac). */
export interface EdacReading extends MemoryErrors {
  /** Its number. */
  readonly controller: string;
  /** `Skylake Socket#0 IMC#0`. */
  readonly name: string | null;
  /** Bytes that it manages. */
  readonly size: number | null;
  /** Seconds since the counters were set to 0. */
  readonly sinceReset: number | null;
  /** Errors that no row could be blamed for; they are part of the controller's. */
  readonly unplacedCorrectable: number | null;
  readonly unplacedUncorrectable: number | null;
  readonly rows: readonly EdacRow[];
  readonly modules: readonly EdacModule[];
}

interface Labelled extends MemoryErrors {
  readonly controller: string;
  readonly csrow: string;
  readonly channel: string;
  readonly label: string;
}

/** A module's label as node_exporter writes it: `mc#0csrow#1channel#0` is `mc0_csrow1_channel0`. */
export function edacLabel(label: string | null): string {
  return label === null ? 'unknown' : label.replaceAll('#', '').replaceAll('csrow', '_csrow').replaceAll('channel', '_channel');
}

function* rowsOf(reading: readonly EdacReading[]): Generator<Labelled> {
  for (const { controller, rows, unplacedCorrectable, unplacedUncorrectable } of reading) {
    const place = { controller, channel: '', label: '' };
    yield { ...place, csrow: 'unknown', correctable: unplacedCorrectable, uncorrectable: unplacedUncorrectable };
    for (const { row, correctable, uncorrectable } of rows) yield { ...place, csrow: row, correctable, uncorrectable };
  }
}

function* channelsOf(reading: readonly EdacReading[]): Generator<Labelled> {
  for (const { controller, rows } of reading) {
    for (const { row, channels } of rows) {
      for (const { channel, label, correctable, uncorrectable } of channels) {
        yield { controller, csrow: row, channel, label: edacLabel(label), correctable, uncorrectable };
      }
    }
  }
}

function* modulesOf(reading: readonly EdacReading[]): Generator<EdacModule & { readonly controller: string }> {
  for (const { controller, modules } of reading) for (const module of modules) yield { controller, ...module };
}

const errors = (what: string, prefix: string): readonly Field<MemoryErrors>[] =>
  (['correctable', 'uncorrectable'] as const).map((key) => ({
    key,
    kind: 'counter',
    unit: 'count',
    help: `Errors of memory that ${key === 'correctable' ? 'were' : 'could not be'} corrected, by ${what}.`,
    nullWhen: 'the driver does not count them',
    prometheus: { name: `${prefix}_${key}_errors_total` },
  }));

/** Fields of the `edac` collector. */
export const edacGroups = (): readonly Group<readonly EdacReading[]>[] => [
  group<readonly EdacReading[], EdacReading>({
    name: 'edac',
    source: '/sys/devices/system/edac/mc/mc*',
    rows: (reading) => reading,
    labels: { controller: 'controller' },
    fields: [
      ...(errors('controller', 'node_edac') as readonly Field<EdacReading>[]),
      { key: 'size', kind: 'gauge', unit: 'bytes', help: 'Memory that the controller manages.', nullWhen: 'the driver does not tell' },
      {
        key: 'sinceReset',
        kind: 'gauge',
        unit: 'seconds',
        help: 'Time since the counters were set to 0.',
        nullWhen: 'the driver does not tell',
      },
    ],
  }),
  group<readonly EdacReading[], Labelled>({
    name: 'edac.rows',
    json: 'edac[].rows[]',
    source: '/sys/devices/system/edac/mc/mc*/csrow*',
    rows: rowsOf,
    labels: { controller: 'controller', csrow: 'csrow' },
    fields: errors('row of chips; unknown where none could be blamed', 'node_edac_csrow'),
  }),
  group<readonly EdacReading[], Labelled>({
    name: 'edac.rows.channels',
    json: 'edac[].rows[].channels[]',
    source: '/sys/devices/system/edac/mc/mc*/csrow*/ch*_ce_count',
    rows: channelsOf,
    labels: { channel: 'channel', controller: 'controller', csrow: 'csrow', dimm_label: 'label' },
    fields: errors('channel', 'node_edac_channel'),
  }),
  group<readonly EdacReading[], EdacModule & { readonly controller: string }>({
    name: 'edac.modules',
    json: 'edac[].modules[]',
    source: '/sys/devices/system/edac/mc/mc*/dimm*',
    rows: modulesOf,
    labels: { controller: 'controller', module: 'module', label: 'label', location: 'location' },
    fields: errors('module', 'hecate_edac_module'),
  }),
];
