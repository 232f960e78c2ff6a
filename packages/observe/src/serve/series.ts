import type { Rates } from '@hecate/metrics';
import { COLUMNS } from '../record/columns.ts';
import type { ColumnUnit } from '../record/columns.ts';

/** What a series of the history is, for charts. */
export interface SeriesMeta {
  readonly unit: ColumnUnit;
  readonly label: string;
  readonly group: 'cpu' | 'core' | 'memory' | 'disk' | 'network' | 'pressure' | 'load' | 'processes' | 'other';
  /** Digits after the point that are sent. */
  readonly decimals: number;
  /** How it is computed; absent where the label says it all. */
  readonly help?: string;
}

/** One value at one moment. */
export interface SeriesValue {
  readonly id: string;
  readonly value: number | null;
}

const GROUPS: readonly (readonly [prefix: string, group: SeriesMeta['group']])[] = [
  ['cpu_', 'cpu'],
  ['context_', 'cpu'],
  ['memory_', 'memory'],
  ['load', 'load'],
  ['pressure_', 'pressure'],
  ['disk_', 'disk'],
  ['root_', 'disk'],
  ['network_', 'network'],
  ['process', 'processes'],
  ['threads_', 'processes'],
];

const SUFFIXES = /_(percent|bytes_per_second|per_second|seconds|watts|celsius|hertz|total)$/;
const label = (name: string): string => name.replace(SUFFIXES, '').replaceAll('_', ' ');

/** What each column of a day file is as a series. */
const COLUMN_META: ReadonlyMap<string, SeriesMeta> = new Map(
  COLUMNS.map(({ name, unit, decimals, help }) => [
    name,
    { unit, decimals, help, label: label(name), group: GROUPS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'other' },
  ]),
);

/** Series of single cores, disks and interfaces: `<kind>.<object>.<metric>`. */
const OBJECT_META: Readonly<Record<string, Omit<SeriesMeta, 'label' | 'decimals'>>> = {
  'core.usage_percent': { unit: 'percent', group: 'core', help: 'Time that was neither idle nor waiting for I/O.' },
  'disk.read_bytes_per_second': { unit: 'bytes/second', group: 'disk', help: 'Bytes read.' },
  'disk.write_bytes_per_second': { unit: 'bytes/second', group: 'disk', help: 'Bytes written.' },
  'disk.utilization_percent': { unit: 'percent', group: 'disk', help: 'Time with at least one request in flight.' },
  'network.receive_bytes_per_second': { unit: 'bytes/second', group: 'network', help: 'Bytes received.' },
  'network.transmit_bytes_per_second': { unit: 'bytes/second', group: 'network', help: 'Bytes sent.' },
};

/** What a series is, from its id; undefined for an id that names none. */
export function seriesMeta(id: string): SeriesMeta | undefined {
  const column = COLUMN_META.get(id);
  if (column) return column;
  const first = id.indexOf('.');
  const last = id.lastIndexOf('.');
  const meta = first > 0 && last > first ? OBJECT_META[`${id.slice(0, first)}.${id.slice(last + 1)}`] : undefined;
  if (!meta) return undefined;
  const object = id.slice(first + 1, last);
  return {
    ...meta,
    label: `${meta.group === 'core' ? `core ${object}` : object} ${label(id.slice(last + 1))}`,
    decimals: meta.unit === 'percent' ? 2 : 0,
  };
}

/** Ids of an object's series, made once: building strings at every tick costs more than the sampling. */
const objectIds = new Map<string, readonly string[]>();

function idsOf(kind: string, object: string | number, metrics: readonly string[]): readonly string[] {
  const key = `${kind}.${object}`;
  let ids = objectIds.get(key);
  if (!ids) objectIds.set(key, (ids = metrics.map((metric) => `${key}.${metric}`)));
  return ids;
}

const CORE = ['usage_percent'];
const DISK = ['read_bytes_per_second', 'write_bytes_per_second', 'utilization_percent'];
const NETWORK = ['receive_bytes_per_second', 'transmit_bytes_per_second'];
const percent = (ratio: number | null): number | null => (ratio === null ? null : ratio * 100);

/** All series of one moment: the columns' values (`row`, in their order), then cores, physical disks and interfaces. */
export function* seriesValues(row: readonly (number | null)[], rates: Rates): Generator<SeriesValue> {
  for (let i = 0; i < COLUMNS.length; i++) yield { id: COLUMNS[i]!.name, value: row[i] ?? null };
  for (const core of rates.cpu?.cores ?? []) yield { id: idsOf('core', core.cpu, CORE)[0]!, value: core.usage * 100 };
  for (const disk of rates.disk?.devices ?? []) {
    if (!disk.physical) continue;
    const [read, write, busy] = idsOf('disk', disk.device, DISK);
    yield { id: read!, value: disk.readBytesPerSecond };
    yield { id: write!, value: disk.writeBytesPerSecond };
    yield { id: busy!, value: percent(disk.utilization) };
  }
  for (const net of rates.network?.devices ?? []) {
    const [receive, transmit] = idsOf('network', net.device, NETWORK);
    yield { id: receive!, value: net.receiveBytesPerSecond };
    yield { id: transmit!, value: net.transmitBytesPerSecond };
  }
}
