import type { SensorsReading } from './sensors.ts';
import type { ThermalReading } from './thermal.ts';

/**
 * Drivers that measure CPUs, and the labels of the sensor that stands for the whole package, best first; at last all of those that only
 * measure CPUs. The two of macOS measure everything.
 */
const CPU_CHIPS: Readonly<Record<string, readonly RegExp[]>> = {
  coretemp: [/^(?:Package|Physical) id \d+$/, /^/],
  k10temp: [/^Tdie$/, /^Tctl$/, /^/],
  zenpower: [/^Tdie$/, /^Tctl$/, /^/],
  cpu_thermal: [/^/],
  smc: [/^CPU hottest$/, /^CPU (?!average|proximity)/, /^CPU /],
  hid: [/^CPU /, /^PMU tdie/],
};

/** Thermal zones that are CPUs, by their type: x86 packages, most ARM boards. */
const CPU_ZONE = /^(?:x86_pkg_temp|cpu[-_]?thermal|cpu\d*[-_].*|soc[-_]thermal)$/;

/**
 * The temperature of the CPU in celsius: of the hottest package, from the driver that measures CPUs, else from a thermal zone that is one.
 * Null when neither is there.
 */
export function cpuTemperature(sensors: SensorsReading | null, thermal: ThermalReading | null): number | null {
  const measured: number[] = [];
  for (const chip of sensors?.chips ?? []) {
    const labels = CPU_CHIPS[chip.name ?? ''];
    if (!labels) continue;
    const known = chip.temperatures.filter(({ value }) => value !== null);
    const best = labels.map((label) => known.filter((sensor) => label.test(sensor.label ?? ''))).find((found) => found.length > 0) ?? [];
    for (const { value } of best) if (value !== null) measured.push(value);
  }
  if (measured.length === 0) {
    for (const { type, temperature } of thermal?.zones ?? []) {
      if (temperature !== null && CPU_ZONE.test(type ?? '')) measured.push(temperature);
    }
  }
  return measured.length === 0 ? null : Math.max(...measured);
}
