import type { ThermalReading } from '../../../domain/thermal.ts';
import type { PmsetThermal } from '../pmset-therm.ts';

/**
 * What is held down because of heat, from `pmset -g therm`: the processor as a device that cools, whose `state` is the per cent of its
 * speed that are taken away. None where pmset does not tell the speed, as on Apple silicon. Zones stay empty.
 */
export function thermalFromPmset({ speedLimit }: PmsetThermal): ThermalReading {
  if (speedLimit === null) return { zones: [], coolingDevices: [] };
  const state = Math.round((1 - speedLimit) * 100);
  return { zones: [], coolingDevices: [{ device: 0, type: 'Processor', state, maxState: 100, transitions: null }] };
}
