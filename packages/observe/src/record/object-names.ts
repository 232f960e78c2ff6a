import { clean } from '../terminal/text.ts';

/** Letters of a name; a label can be as long as its driver likes. */
const LONGEST = 80;

/** A name as it can be shown: plain letters, one line, cut where it is too long. */
function shown(name: string): string {
  const letters = [...clean(name.trim())];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : letters.join('');
}

/**
 * A name for each of several objects: the first of its candidates that no other object has. The last candidate of each is one that no
 * other has at all. Names come from drivers, firmware and devices: what could steer a terminal is shown as `\xNN`.
 */
function tellApart(objects: readonly (readonly string[])[]): string[] {
  const candidates = objects.map((names) => names.map(shown).filter((name) => name !== ''));
  const taken = candidates.map(() => 0);
  for (;;) {
    const names = candidates.map((some, object) => some[taken[object]!] ?? '');
    const count = new Map<string, number>();
    for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
    let moved = false;
    for (const [object, name] of names.entries()) {
      if (count.get(name) === 1 || taken[object]! >= candidates[object]!.length - 1) continue;
      taken[object]!++;
      moved = true;
    }
    if (!moved) return names;
  }
}

/** What a sensor is named by: a row of a chip's list, and the chip. */
export interface NamedSensor {
  /** `temp1`. */
  readonly sensor: string;
  /** `Package id 0`; null or empty when it has none. */
  readonly label: string | null;
  readonly chip: {
    readonly id: string;
    /** `coretemp`; null when it has none. */
    readonly name: string | null;
    /** `/sys/devices/platform/coretemp.0`; null when unknown. */
    readonly device: string | null;
  };
}

/**
 * What people call sensors of one kind, in their order: chip and label (`nvme Composite`), with the device where another has the same
 * (`nvme0 Composite`, `k10temp 0000:00:18.3 Tctl`), with the kernel's name of the sensor or the id of the chip where even that is not
 * enough.
 */
export function sensorNames(sensors: readonly NamedSensor[]): string[] {
  return tellApart(
    sensors.map(({ sensor, label, chip }) => {
      const words = label?.trim() || sensor;
      const driver = chip.name?.trim() || chip.id;
      const device = chip.device?.split('/').at(-1) ?? chip.id;
      const place = device.startsWith(driver) ? device : `${driver} ${device}`;
      return [
        `${driver} ${words}`,
        `${place} ${words}`,
        words === sensor ? '' : `${place} ${words} ${sensor}`,
        `${chip.id} ${words}`,
        `${chip.id}_${sensor}`,
      ];
    }),
  );
}

/** What people call cards, in their order: the model, with the id where two are of the same. */
export const gpuNames = (gpus: readonly { readonly id: string; readonly name: string | null }[]): string[] =>
  tellApart(gpus.map(({ id, name }) => [name ?? '', `${name ?? ''} ${id}`, id]));

/** What people call zones of heat, in their order: their kind, with the number where two are of the same. */
export const zoneNames = (zones: readonly { readonly zone: number; readonly type: string | null }[]): string[] =>
  tellApart(zones.map(({ zone, type }) => [type ?? '', `${type ?? ''} zone ${zone}`]));

const SUFFIXES = /_(percent|bytes_per_second|per_second|seconds|watts|celsius|hertz|total)$/;

/** The words of a column: `cpu usage`. */
export const columnLabel = (name: string): string => name.replace(SUFFIXES, '').replaceAll('_', ' ');

/** What stands behind the object in a label: `used`; nothing where the metric is a unit alone, as the object says it all. */
export const metricLabel = (metric: string): string => (metric === 'celsius' || metric === 'rpm' ? '' : columnLabel(metric));

/** What people call the object of a series, from its id and its label: the label without what is measured. */
export function objectName(id: string, label: string): string {
  const end = metricLabel(id.slice(id.lastIndexOf('.') + 1));
  return end !== '' && label.endsWith(` ${end}`) ? label.slice(0, -end.length - 1) : label;
}
