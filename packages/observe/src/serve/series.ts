import type { FilesystemReading, GpuReading, Rates, SensorChip, SensorsReading, Snapshot, ThermalReading } from '@hecate/metrics';
import { COLUMNS } from '../record/columns.ts';
import type { ColumnUnit } from '../record/columns.ts';
import { gpuFigures } from '../record/gpu-figures.ts';
import { usedPercent } from '../record/machine-row.ts';
import { columnLabel, gpuNames, metricLabel, sensorNames, zoneNames } from '../record/object-names.ts';

/** What a series of the history is, for charts. */
export interface SeriesMeta {
  readonly unit: ColumnUnit;
  readonly label: string;
  readonly group:
    | 'cpu'
    | 'core'
    | 'memory'
    | 'disk'
    | 'network'
    | 'pressure'
    | 'load'
    | 'processes'
    | 'filesystem'
    | 'sensor'
    | 'gpu'
    | 'other';
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

/** What each column of a day file is as a series. */
const COLUMN_META: ReadonlyMap<string, SeriesMeta> = new Map(
  COLUMNS.map(({ name, unit, decimals, help }) => [
    name,
    { unit, decimals, help, label: columnLabel(name), group: GROUPS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'other' },
  ]),
);

/** Series of single objects: `<kind>.<object>.<metric>`. */
const OBJECT_META: Readonly<Record<string, Omit<SeriesMeta, 'label' | 'decimals'>>> = {
  'core.usage_percent': { unit: 'percent', group: 'core', help: 'Time that was neither idle nor waiting for I/O.' },
  'disk.read_bytes_per_second': { unit: 'bytes/second', group: 'disk', help: 'Bytes read.' },
  'disk.write_bytes_per_second': { unit: 'bytes/second', group: 'disk', help: 'Bytes written.' },
  'disk.utilization_percent': { unit: 'percent', group: 'disk', help: 'Time with at least one request in flight.' },
  'network.receive_bytes_per_second': { unit: 'bytes/second', group: 'network', help: 'Bytes received.' },
  'network.transmit_bytes_per_second': { unit: 'bytes/second', group: 'network', help: 'Bytes sent.' },
  'filesystem.used_percent': { unit: 'percent', group: 'filesystem', help: 'Space in use, as df counts it.' },
  'temperature.celsius': { unit: 'celsius', group: 'sensor', help: 'Temperature of a sensor.' },
  'fan.rpm': { unit: 'count', group: 'sensor', help: 'Revolutions per minute.' },
  'gpu.usage_percent': { unit: 'percent', group: 'gpu', help: 'GPU busy time.' },
  'gpu.memory_used': { unit: 'bytes', group: 'gpu', help: 'Memory of the card in use; where it has none of its own, of the machine.' },
  'gpu.memory_total': { unit: 'bytes', group: 'gpu', help: 'Memory of the card.' },
  'gpu.power_watts': { unit: 'watts', group: 'gpu', help: 'Power of the card.' },
  'gpu.celsius': { unit: 'celsius', group: 'gpu', help: 'Temperature of the card.' },
  'gpu.frequency_hertz': { unit: 'hertz', group: 'gpu', help: 'Clock of the card.' },
};

/** Digits after the point by unit, of series that are no columns; 0 for others. */
const DECIMALS: Partial<Readonly<Record<ColumnUnit, number>>> = { percent: 2, celsius: 1, watts: 3 };

/** What people call sensors and cards that were read, by `<kind>.<object>`; one that is gone has its id. */
const objectLabels = new Map<string, string>();

/** What a series is, from its id; undefined for an id that names none. */
export function seriesMeta(id: string): SeriesMeta | undefined {
  const column = COLUMN_META.get(id);
  if (column) return column;
  const first = id.indexOf('.');
  const last = id.lastIndexOf('.');
  const meta = first > 0 && last > first ? OBJECT_META[`${id.slice(0, first)}.${id.slice(last + 1)}`] : undefined;
  if (!meta) return undefined;
  const object = id.slice(first + 1, last);
  const name = objectLabels.get(id.slice(0, last)) ?? (meta.group === 'core' ? `core ${object}` : object);
  return { ...meta, label: `${name} ${metricLabel(id.slice(last + 1))}`.trim(), decimals: DECIMALS[meta.unit] ?? 0 };
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
const FILESYSTEM = ['used_percent'];
const TEMPERATURE = ['celsius'];
const FAN = ['rpm'];
const percent = (ratio: number | null): number | null => (ratio === null ? null : ratio * 100);

/**
 * The series of a slow reading, made once a reading: it is the same object at every tick until it is read anew. Between two readings
 * the value that was read last counts.
 */
const readingSeries = new WeakMap<object, readonly SeriesValue[]>();

function seriesOf<Reading extends object>(
  reading: Reading | null,
  make: (reading: Reading) => readonly SeriesValue[],
): readonly SeriesValue[] {
  if (reading === null) return [];
  let made = readingSeries.get(reading);
  if (!made) readingSeries.set(reading, (made = make(reading)));
  return made;
}

/** One row a file system: rows with the same device number share their space, the one that is mounted first stands for them. */
function filesystemSeries(rows: readonly FilesystemReading[]): SeriesValue[] {
  const devices = new Set<string>();
  return rows.flatMap((row) => {
    const device = `${row.major}:${row.minor}`;
    if (devices.has(device)) return [];
    devices.add(device);
    const value = usedPercent(row);
    return value === null ? [] : [{ id: idsOf('filesystem', row.mountpoint, FILESYSTEM)[0]!, value }];
  });
}

/** The series of one list of all chips. Sensors that say nothing take part in the naming: no name changes when one falls silent. */
function* listSeries(
  chips: readonly SensorChip[],
  kind: string,
  list: 'temperatures' | 'fans',
  metrics: readonly string[],
): Generator<SeriesValue> {
  const rows = chips.flatMap((chip) => chip[list].map(({ sensor, label, value }) => ({ chip, sensor, label, value })));
  const names = sensorNames(rows);
  for (const [index, { chip, sensor, value }] of rows.entries())
    if (value !== null) yield { id: namedId(kind, `${chip.id}_${sensor}`, names[index]!, metrics), value };
}

const sensorSeries = ({ chips }: SensorsReading): SeriesValue[] => [
  ...listSeries(chips, 'temperature', 'temperatures', TEMPERATURE),
  ...listSeries(chips, 'fan', 'fans', FAN),
];

function namedId(kind: string, object: string, name: string, metrics: readonly string[]): string {
  objectLabels.set(`${kind}.${object}`, name);
  return idsOf(kind, object, metrics)[0]!;
}

/** Zones, for machines whose chips measure no temperature: where they do, zones repeat them. */
function zoneSeries({ zones }: ThermalReading): SeriesValue[] {
  const names = zoneNames(zones);
  return zones.flatMap(({ zone, temperature }, index) =>
    temperature === null ? [] : [{ id: namedId('temperature', `thermal_zone${zone}`, names[index]!, TEMPERATURE), value: temperature }],
  );
}

const GPU = ['usage_percent', 'memory_used', 'memory_total', 'power_watts', 'celsius', 'frequency_hertz'] as const;

/** Cards as they were named last: each tick has a new reading of the same cards. */
let named: readonly GpuReading[] = [];

function nameGpus(gpus: readonly GpuReading[]): void {
  const known = named;
  named = gpus;
  if (gpus.length === known.length && gpus.every(({ id, name }, at) => id === known[at]!.id && name === known[at]!.name)) return;
  for (const [at, name] of gpuNames(gpus).entries()) objectLabels.set(`gpu.${gpus[at]!.id}`, name);
}

function* gpuSeries(gpus: readonly GpuReading[], rates: Rates, row: readonly (number | null)[]): Generator<SeriesValue> {
  nameGpus(gpus);
  for (const { gpu, usage, watts, celsius, hertz } of gpuFigures(gpus, rates.gpu, row)) {
    const values = [percent(usage), gpu.memoryUsed, gpu.memoryTotal, watts, celsius, hertz];
    const ids = idsOf('gpu', gpu.id, GPU);
    for (const [index, value] of values.entries()) if (value !== null) yield { id: ids[index]!, value };
  }
}

/** What slow readings are looked at for, and those that are no rates. */
type SlowReadings = Pick<Snapshot, 'filesystem' | 'sensors' | 'thermal'> & Partial<Pick<Snapshot, 'gpu'>>;

/**
 * All series of one moment: the columns' values (`row`, in their order), then cores, physical disks, interfaces, GPUs, file systems
 * and sensors. Without a snapshot the last three are left out.
 */
export function* seriesValues(row: readonly (number | null)[], rates: Rates, snapshot?: SlowReadings): Generator<SeriesValue> {
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
  if (!snapshot) return;
  if (snapshot.gpu) yield* gpuSeries(snapshot.gpu, rates, row);
  yield* seriesOf(snapshot.filesystem, filesystemSeries);
  const sensors = seriesOf(snapshot.sensors, sensorSeries);
  yield* sensors;
  if (!sensors.some(({ id }) => id.startsWith('temperature.'))) yield* seriesOf(snapshot.thermal, zoneSeries);
}
