import type { SensorsReading } from './sensors.ts';

/** Watts of the whole machine, as the system management controller of a Mac measures them. Null where nothing does. */
export function systemPower(sensors: SensorsReading | null): number | null {
  const controller = sensors?.chips.find(({ name }) => name === 'smc');
  return controller?.powers.find(({ label }) => label === 'System')?.value ?? null;
}
