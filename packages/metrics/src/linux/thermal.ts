import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isNoTemperature } from '../domain/sensors.ts';
import { thermalGroups } from '../domain/thermal.ts';
import type { CoolingDevice, ThermalReading, ThermalZone, TripPoint } from '../domain/thermal.ts';
import type { Collector, WaitingReader } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { deviceFile, failureOf } from './device-files/device-file.ts';
import type { DeviceFile } from './device-files/device-file.ts';
import { byNumber, devicePathOf, listingOf, namesIn, powerStateOf } from './device-files/device-path.ts';
import { createDevicePool, pooledDevice } from './device-files/pool.ts';
import type { PooledDevice, PoolOptions } from './device-files/pool.ts';

const THERMAL = '/sys/class/thermal';

/** Looked for anew at every so many reads: trip points can be added. */
const RELIST_EVERY = 60;

/** Reads in a row that a slow zone may miss until its last values are too old. */
const STALE = 3;

/** A zone or cooling device with its files by name. */
interface OpenDevice {
  /** `thermal_zone0`. */
  readonly name: string;
  readonly files: ReadonlyMap<string, DeviceFile>;
  readonly device: PooledDevice;
}

const TEXT = new Set(['type', 'policy', 'mode']);
const LIVE = new Set(['temp', 'cur_state', 'stats/total_trans']);
const ZONE_FILES = /^(?:type|policy|mode|temp|trip_point_\d{1,4}_(?:type|temp|hyst))$/;

function openDevice(host: Host, name: string): OpenDevice {
  const directory = `${THERMAL}/${name}`;
  const isZone = name.startsWith('thermal_zone');
  const listed = namesIn(host, directory);
  const names = isZone
    ? listed.filter((file) => ZONE_FILES.test(file))
    : listed.filter((file) => /^(?:type|(?:cur|max)_state)$/.test(file));
  if (listed.includes('stats')) names.push('stats/total_trans');
  const files = new Map(
    names.map((file) => {
      const path = `${directory}/${file}`;
      const live = LIVE.has(file);
      const text = TEXT.has(file) || file.endsWith('_type');
      return [file, deviceFile(path, text ? 'text' : 'number', live, file === 'temp' ? host.keep(path) : null)] as const;
    }),
  );
  const device = isZone ? devicePathOf(host, `${directory}/device`) : null;
  return { name, files, device: pooledDevice([...files.values()], powerStateOf(host, device)) };
}

const isCurrent = ({ device }: OpenDevice): boolean => !device.suspended && device.late <= STALE;
const numberOf = (open: OpenDevice, file: string): number | null => {
  const value = open.files.get(file)?.value;
  return typeof value === 'number' && isCurrent(open) ? value : null;
};
const textOf = ({ files }: OpenDevice, file: string): string | null => {
  const value = files.get(file)?.value;
  return typeof value === 'string' && value !== '' ? value : null;
};

/** Millidegrees as celsius; null for what means no temperature (THERMAL_TEMP_INVALID is below absolute zero). */
const celsius = (milli: number | null): number | null => (milli === null || milli <= -250_000 || milli >= 1e6 ? null : milli / 1000);

function tripPointsOf(open: OpenDevice): TripPoint[] {
  const numbers = new Set<number>();
  for (const file of open.files.keys()) {
    const number = /^trip_point_(\d+)_/.exec(file)?.[1];
    if (number !== undefined) numbers.add(Number(number));
  }
  return [...numbers]
    .toSorted((left, right) => left - right)
    .map((trip) => ({
      trip,
      type: textOf(open, `trip_point_${trip}_type`),
      temperature: celsius(numberOf(open, `trip_point_${trip}_temp`)),
      hysteresis: celsius(numberOf(open, `trip_point_${trip}_hyst`)),
    }));
}

function zoneOf(open: OpenDevice, gaps: GapSink): ThermalZone {
  const { files, device, name } = open;
  const zone = Number(/\d+$/.exec(name)![0]);
  const field = `thermal.zones.${zone}.temperature`;
  const file = files.get('temp');
  const milli = numberOf(open, 'temp');
  const isSane = milli !== null && !isNoTemperature(milli / 1000);
  if (device.suspended) gaps.add(field, 'suspended', 'The device sleeps, and reading its temperature would wake it.');
  else if (device.late > 0) gaps.add(field, 'timeout', 'The zone has not answered yet; what is shown is of before.');
  else if (milli !== null && !isSane) gaps.add(field, 'absent', `${milli / 1000} °C is what a zone says when it has no temperature.`);
  else if (file?.isRead && milli === null) {
    const { reason, detail } = failureOf(file);
    gaps.add(field, reason, detail);
  }
  const mode = textOf(open, 'mode');
  return {
    zone,
    type: textOf(open, 'type'),
    temperature: isSane ? milli / 1000 : null,
    enabled: mode === 'enabled' ? true : mode === 'disabled' ? false : null,
    policy: textOf(open, 'policy'),
    tripPoints: tripPointsOf(open),
  };
}

function coolingDeviceOf(open: OpenDevice): CoolingDevice {
  return {
    device: Number(/\d+$/.exec(open.name)![0]),
    type: textOf(open, 'type'),
    state: numberOf(open, 'cur_state'),
    maxState: numberOf(open, 'max_state'),
    transitions: numberOf(open, 'stats/total_trans'),
  };
}

/** The zones and cooling devices; none where the kernel has no such class. */
function listThermal(host: Host): string[] {
  try {
    return host.list(THERMAL).filter((name) => /^(?:thermal_zone|cooling_device)\d{1,6}$/.test(name));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}

/** Opens the thermal zones of a machine; options for tests. */
export function openThermal(host: Host, options: PoolOptions = {}): WaitingReader<ThermalReading> {
  const pool = createDevicePool(host, options);
  let devices: readonly OpenDevice[] = [];
  let listing: string | null = null;
  let reads = 0;
  const release = (): void => pool.release(devices.map(({ device }) => device));
  return {
    async read(gaps) {
      const names = listThermal(host).toSorted(byNumber);
      const now = listingOf(host, THERMAL, names);
      if (now !== listing || reads % RELIST_EVERY === 0) {
        release();
        devices = names.map((name) => openDevice(host, name));
        listing = now;
      }
      reads++;
      await pool.read(devices.map(({ device }) => device));
      const zones = devices.filter(({ name }) => name.startsWith('thermal_zone'));
      const others = devices.filter(({ name }) => name.startsWith('cooling_device'));
      return { zones: zones.map((open) => zoneOf(open, gaps)), coolingDevices: others.map(coolingDeviceOf) };
    },
    close: release,
  };
}

/** Temperatures of thermal zones, their trip points, and what cools them. */
export const thermal: Collector<'thermal', ThermalReading> = {
  name: 'thermal',
  lane: 'slow',
  asynchronous: true,
  sources: [THERMAL],
  remedy: 'Mount /sys.',
  groups: thermalGroups,
  open: (host) => openThermal(host),
};
