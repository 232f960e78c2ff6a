import type { CurrentSensor, PowerSensor, SensorChip, VoltageSensor } from '../domain/sensors.ts';

/** A chip while its rows are gathered. */
export interface BareChip extends Omit<SensorChip, 'powers' | 'voltages' | 'currents'> {
  readonly powers: PowerSensor[];
  readonly voltages: VoltageSensor[];
  readonly currents: CurrentSensor[];
}

/** A chip of a Mac without any row: its name is its id, for there is one of each. */
export const bareChip = (id: string): BareChip => ({
  id,
  chip: id,
  name: id,
  device: null,
  suspended: false,
  updateInterval: null,
  temperatures: [],
  fans: [],
  voltages: [],
  currents: [],
  powers: [],
  energies: [],
  humidities: [],
  frequencies: [],
  intrusions: [],
  pwms: [],
  other: {},
});
