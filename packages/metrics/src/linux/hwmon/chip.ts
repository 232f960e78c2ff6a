import type { Host } from '@hecate/host';
import { SENSOR_KINDS } from '../../domain/sensors.ts';
import type { SensorKind } from '../../domain/sensors.ts';
import { deviceFile } from '../device-files/device-file.ts';
import type { DeviceFile } from '../device-files/device-file.ts';
import { powerStateOf } from '../device-files/device-path.ts';
import { pooledDevice } from '../device-files/pool.ts';
import type { PooledDevice } from '../device-files/pool.ts';
import { CHIP_ATTRIBUTES, isLive, parseAttributeName } from './attribute-name.ts';
import { listChipFiles } from './chip-list.ts';
import type { FoundChip } from './chip-list.ts';

/** The files of one sensor. */
export interface SensorFiles {
  readonly sensor: string;
  readonly kind: SensorKind;
  readonly label: DeviceFile | null;
  /** Files with numbers, by attribute. */
  readonly numbers: ReadonlyMap<string, DeviceFile>;
}

/** A chip that is read. */
export interface OpenChip {
  readonly found: FoundChip;
  readonly device: PooledDevice;
  readonly sensors: readonly SensorFiles[];
  /** Attributes of the chip as a whole, by name. */
  readonly own: ReadonlyMap<string, DeviceFile>;
}

/** Values stay open: they are read every time. */
const KEPT = new Set(['', 'input', 'average']);

/** Which sensor comes first: by kind, then by number. */
function bySensor(left: { readonly sensor: string }, right: { readonly sensor: string }): number {
  return left.sensor.localeCompare(right.sensor, 'en', { numeric: true });
}

/** Finds the files of a chip. Nothing of the chip is read, so a sleeping one sleeps on. */
export function openChip(host: Host, found: FoundChip): OpenChip {
  const sensors = new Map<string, { sensor: string; kind: SensorKind; label: DeviceFile | null; numbers: Map<string, DeviceFile> }>();
  const own = new Map<string, DeviceFile>();
  for (const [file, path] of listChipFiles(host, found)) {
    const name = parseAttributeName(file);
    if (!name) continue;
    if (CHIP_ATTRIBUTES.includes(name.type)) {
      own.set(name.type, deviceFile(path, 'number', false));
      continue;
    }
    const kind = SENSOR_KINDS[name.type];
    if (!kind) continue;
    let sensor = sensors.get(name.sensor);
    if (!sensor) sensors.set(name.sensor, (sensor = { sensor: name.sensor, kind, label: null, numbers: new Map() }));
    if (name.element === 'label') sensor.label = deviceFile(path, 'text', false);
    else {
      const kept = KEPT.has(name.element) ? host.keep(path) : null;
      sensor.numbers.set(name.element, deviceFile(path, 'number', isLive(name.element), kept));
    }
  }
  const rows = [...sensors.values()].toSorted(bySensor);
  const files = [...rows.flatMap((row) => [...(row.label ? [row.label] : []), ...row.numbers.values()]), ...own.values()];
  return { found, device: pooledDevice(files, powerStateOf(host, found.device)), sensors: rows, own };
}
