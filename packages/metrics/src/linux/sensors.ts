import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { sensorGroups } from '../domain/sensor-groups.ts';
import type { SensorsReading } from '../domain/sensors.ts';
import type { Collector, WaitingReader } from '../model/collector.ts';
import { listingOf } from './device-files/device-path.ts';
import { createDevicePool } from './device-files/pool.ts';
import type { PoolOptions } from './device-files/pool.ts';
import { openChip } from './hwmon/chip.ts';
import type { OpenChip } from './hwmon/chip.ts';
import { HWMON, listChips } from './hwmon/chip-list.ts';
import { readingOf } from './hwmon/rows.ts';

/** The files of all chips are looked for anew at every so many reads, as drivers add labels and sensors later: ten minutes. */
const RELIST_EVERY = 60;

/** Opens the sensors of a machine; options for tests. */
export function openSensors(host: Host, options: PoolOptions = {}): WaitingReader<SensorsReading> {
  const pool = createDevicePool(host, options);
  let chips: readonly OpenChip[] = [];
  let listing: string | null = null;
  let reads = 0;
  const refresh = (): void => {
    const names = listHwmon(host);
    const now = listingOf(host, HWMON, names);
    if (now === listing && reads % RELIST_EVERY !== 0) return;
    pool.release(chips.map(({ device }) => device));
    chips = listChips(host, names).map((found) => openChip(host, found));
    listing = now;
  };
  return {
    async read(gaps) {
      refresh();
      reads++;
      await pool.read(chips.map(({ device }) => device));
      return { chips: chips.map((chip) => readingOf(chip, gaps)) };
    },
    close: () => pool.release(chips.map(({ device }) => device)),
  };
}

/** The chips by number; none where the kernel has no such class, as in most virtual machines. */
function listHwmon(host: Host): string[] {
  try {
    return host.list(HWMON);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}

/** Temperatures, fans, voltages, currents, power, energy and humidity of hardware monitoring chips. */
export const sensors: Collector<'sensors', SensorsReading> = {
  name: 'sensors',
  lane: 'slow',
  asynchronous: true,
  sources: ['/sys/class/hwmon'],
  remedy: 'Load the driver of the chip (sensors-detect of lm-sensors finds it), and mount /sys.',
  groups: sensorGroups,
  open: (host) => openSensors(host),
};
