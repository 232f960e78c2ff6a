import path from 'node:path';
import type { Host } from '@hecate/host';
import { cleanSensorName } from '../../domain/sensor-series.ts';
import { readAttribute } from '../attribute.ts';
import { byNumber, devicePathOf, namesIn } from '../device-files/device-path.ts';

/** Where chips are found. */
export const HWMON = '/sys/class/hwmon';

/** A chip that was found. */
export interface FoundChip {
  /** See `SensorChip.id`. */
  readonly id: string;
  /** `hwmon3`. */
  readonly chip: string;
  readonly name: string | null;
  readonly device: string | null;
}

function readName(host: Host, directory: string): string | null {
  try {
    return readAttribute(host, `${directory}/name`) || null;
  } catch {
    // Whatever it was: a chip has sensors without a name too, and its id says which one it is.
    return null;
  }
}

/** The id of a chip that stands alone: its device and what that hangs on, else its name, else the kernel's number. */
function plainId(chip: string, name: string | null, device: string | null): string {
  const own = device === null ? '' : cleanSensorName(path.basename(device));
  const bus = device === null ? '' : cleanSensorName(path.basename(path.dirname(device)));
  if (own !== '') return bus === '' ? own : `${bus}_${own}`;
  return cleanSensorName(name ?? '') || cleanSensorName(chip) || chip;
}

/**
 * The chips of a machine, in the order of their numbers, with ids that do not depend on it. Chips of one device are told
 * apart by their names, and only those that share the name too by number. The ids are those of node_exporter.
 */
export function listChips(host: Host, names: readonly string[]): FoundChip[] {
  const found = [...names]
    .filter((chip) => chip !== '' && !chip.includes('/') && devicePathOf(host, `${HWMON}/${chip}`) !== null)
    .toSorted(byNumber)
    .map((chip) => {
      const name = readName(host, `${HWMON}/${chip}`);
      const device = devicePathOf(host, `${HWMON}/${chip}/device`);
      return { chip, name, device, plain: plainId(chip, name, device) };
    });
  const count = (same: (other: (typeof found)[number]) => boolean): number => found.filter(same).length;
  const ids = new Set<string>();
  return found.map(({ chip, name, device, plain }) => {
    let id = plain;
    if (count((other) => other.plain === plain) > 1) {
      const suffix = cleanSensorName(name ?? '');
      const twins = count((other) => other.plain === plain && other.name === name);
      id = `${plain}_${suffix === '' || twins > 1 ? cleanSensorName(chip) : suffix}`;
    }
    if (ids.has(id)) id = `${id}_${cleanSensorName(chip)}`;
    ids.add(id);
    // Drivers of old have the name at the device, too; it is no part of an id, as other programs do not know it.
    return { id, chip, name: name ?? (device === null ? null : readName(host, `${HWMON}/${chip}/device`)), device };
  });
}

/** The files of a chip by name. Drivers of old have them in the device's directory, which holds over the chip's own. */
export function listChipFiles(host: Host, { chip, device }: FoundChip): Map<string, string> {
  const files = new Map<string, string>();
  for (const directory of [`${HWMON}/${chip}`, ...(device === null ? [] : [`${HWMON}/${chip}/device`])]) {
    for (const file of namesIn(host, directory)) files.set(file, `${directory}/${file}`);
  }
  return files;
}
