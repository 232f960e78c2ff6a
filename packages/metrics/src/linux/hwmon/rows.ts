import { isNoSpeed, isNoTemperature, SENSOR_LISTS } from '../../domain/sensors.ts';
import type { FanSensor, PowerSensor, PwmMode, SensorChip, SensorList, SensorRow } from '../../domain/sensors.ts';
import type { GapSink } from '../../model/gap.ts';
import { failureOf } from '../device-files/device-file.ts';
import type { DeviceFile } from '../device-files/device-file.ts';
import type { OpenChip, SensorFiles } from './chip.ts';
import type { Mutable } from '../../model/mutable.ts';

/** Reads in a row that a slow chip may miss until its last values are too old. */
const STALE = 3;

/** A row while it is made. */
type Draft = Mutable<SensorRow> & Record<string, unknown>;

/** `pwmN_enable`: 0 is full speed, 1 manual, and all above are the chip's own ways (kernel: Documentation/hwmon/sysfs-interface.rst). */
export function pwmModeOf(enable: number | undefined): PwmMode | null {
  if (enable === undefined || enable < 0) return null;
  return enable === 0 ? 'full' : enable === 1 ? 'manual' : 'automatic';
}

/** Why a measured value says nothing, in words; null when it does say something. */
function nonsenseOf(list: SensorList, value: number, fault: boolean): string | null {
  if (fault) return 'The chip reports a fault of the sensor.';
  if (list === 'temperatures' && isNoTemperature(value)) return `${value} °C is what the chip says when nothing is connected.`;
  if (list === 'fans' && isNoSpeed(value)) return `${value} rpm is what the chip says when it cannot count.`;
  return null;
}

const isMeasured = (element: string): boolean => element === 'input' || element === '' || element === 'average';

/** Says why a file of a measured value has none. A file that is gone or no number is said too; a mere limit is not. */
function reportFailure(gaps: GapSink, field: string, file: DeviceFile): void {
  if (!file.isRead) return;
  const { reason, detail } = failureOf(file);
  gaps.add(field, reason, detail);
}

/** One sensor as a row. `isCurrent`: whether what its files hold is of now. */
function rowOf(chip: OpenChip, files: SensorFiles, isCurrent: boolean, gaps: GapSink): Draft {
  const { list, scale, properties } = files.kind;
  const { id } = chip.found;
  const field = `sensors.${id}.${files.sensor}`;
  const other: Record<string, number> = {};
  const label = files.label?.value;
  const row: Draft = {
    chip: id,
    sensor: files.sensor,
    label: typeof label === 'string' && label !== '' ? label : null,
    alarm: null,
    other,
  };
  for (const property of Object.values(properties)) row[property] = null;
  if (list === 'powers') row['value'] = null;
  if (!isCurrent) return finishRow(row, list);
  const fault = files.numbers.get('fault')?.value === 1;
  for (const [element, file] of files.numbers) {
    const raw = file.value;
    if (typeof raw !== 'number') {
      if (isMeasured(element)) reportFailure(gaps, field, file);
      continue;
    }
    if (element.endsWith('alarm')) row.alarm = row.alarm === true || raw !== 0;
    const property = properties[element];
    if (property === undefined) {
      other[element] = raw;
      continue;
    }
    const value = raw / scale;
    const nonsense = isMeasured(element) ? nonsenseOf(list, value, fault) : null;
    if (nonsense !== null) gaps.add(field, 'absent', nonsense);
    // A limit that means "none": it stays among the raw ones.
    else if (list === 'temperatures' && !isMeasured(element) && (value <= -250 || value >= 1000)) other[element] = raw;
    else row[property] = value;
  }
  return finishRow(row, list);
}

/** Puts in what follows from other attributes. */
function finishRow(row: Draft, list: SensorList): Draft {
  if (list === 'temperatures' || list === 'fans') row['fault'] = row.other['fault'] === undefined ? null : row.other['fault'] === 1;
  if (list === 'fans') {
    row['pwm'] = null;
    row['pwmMode'] = null;
  }
  if (list === 'pwms') row['mode'] = pwmModeOf(row.other['enable']);
  if (list === 'powers') {
    const { average, input } = row as unknown as PowerSensor;
    row['value'] = average ?? input;
  }
  return row;
}

/** Says of each fan what the output with its number does. */
function joinOutputs(lists: Readonly<Record<SensorList, Draft[]>>): void {
  for (const output of lists.pwms) {
    const fan = lists.fans.find(({ sensor }) => sensor === output.sensor.replace('pwm', 'fan')) as Mutable<FanSensor> | undefined;
    if (!fan) continue;
    fan.pwm = output['value'] as number | null;
    fan.pwmMode = output['mode'] as PwmMode | null;
  }
}

/** What a chip said, as the reading has it; what it did not say is null and a gap. */
export function readingOf(chip: OpenChip, gaps: GapSink): SensorChip {
  const { found, device, sensors, own } = chip;
  const lists = Object.fromEntries(SENSOR_LISTS.map((list) => [list, [] as Draft[]])) as Record<SensorList, Draft[]>;
  if (device.suspended) gaps.add(`sensors.${found.id}`, 'suspended', 'The device sleeps, and reading its sensors would wake it.');
  else if (device.late > 0) gaps.add(`sensors.${found.id}`, 'timeout', 'The chip has not answered yet; what is shown is of before.');
  const isCurrent = !device.suspended && device.late <= STALE;
  for (const files of sensors) lists[files.kind.list].push(rowOf(chip, files, isCurrent, gaps));
  joinOutputs(lists);
  const other: Record<string, number> = {};
  for (const [name, file] of own) if (isCurrent && typeof file.value === 'number') other[name] = file.value;
  const { update_interval: interval, ...rest } = other;
  return {
    ...found,
    suspended: device.suspended,
    updateInterval: interval === undefined ? null : interval / 1000,
    ...(lists as unknown as Pick<SensorChip, SensorList>),
    other: rest,
  };
}
