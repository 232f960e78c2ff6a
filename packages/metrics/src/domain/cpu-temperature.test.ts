import { describe, expect, test } from 'vitest';
import { cpuTemperature } from './cpu-temperature.ts';
import type { SensorsReading } from './sensors.ts';
import type { ThermalReading } from './thermal.ts';

const chip = (name: string, ...temperatures: [label: string | null, value: number | null][]): SensorsReading['chips'][number] =>
  ({ name, temperatures: temperatures.map(([label, value]) => ({ label, value })) }) as unknown as SensorsReading['chips'][number];
const zones = (...temperatures: [type: string, temperature: number | null][]): ThermalReading =>
  ({ zones: temperatures.map(([type, temperature]) => ({ type, temperature })), coolingDevices: [] }) as unknown as ThermalReading;

describe('the temperature of the CPU', () => {
  test('is that of the hottest package, not of a core and not of a disk', () => {
    const chips = [
      chip('nvme', ['Composite', 90]),
      chip('coretemp', ['Package id 0', 51], ['Core 0', 55]),
      chip('coretemp', ['Package id 1', 53], ['Core 0', 60]),
    ];
    expect(cpuTemperature({ chips }, null)).toBe(53);
  });

  test('prefers the die over the control temperature of AMD, which may have an offset', () => {
    expect(cpuTemperature({ chips: [chip('k10temp', ['Tctl', 80], ['Tdie', 60], ['Tccd1', 61])] }, null)).toBe(60);
    expect(cpuTemperature({ chips: [chip('k10temp', ['Tctl', 80], ['Tdie', null])] }, null)).toBe(80);
  });

  test('comes from a thermal zone where no driver measures', () => {
    expect(cpuTemperature({ chips: [chip('acpitz', [null, 20])] }, zones(['acpitz', 27], ['x86_pkg_temp', 44]))).toBe(44);
    expect(cpuTemperature(null, zones(['cpu-thermal', 38.2]))).toBe(38.2);
  });

  test('is null where nothing measures it', () => {
    expect(cpuTemperature(null, null)).toBeNull();
    expect(cpuTemperature({ chips: [chip('coretemp', ['Package id 0', null])] }, zones(['iwlwifi_1', 40]))).toBeNull();
  });
});
