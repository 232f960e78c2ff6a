import { HecateError } from '@hecate/host';
import { THERMAL_LEVELS } from '../domain/thermal.ts';
import type { AppleThermal } from '../domain/thermal.ts';

/** What macOS posts its thermal pressure as (`kOSThermalNotificationPressureLevelName`). */
export const PRESSURE_NAME = 'com.apple.system.thermalpressurelevel';

/** The word for a level of thermal pressure. Throws FAILED for one that is not known. */
export function pressureOf(level: number): NonNullable<AppleThermal['pressure']> {
  const word = THERMAL_LEVELS[level];
  if (word === undefined) throw new HecateError('FAILED', `The thermal pressure level is ${level}, which is not known.`);
  return word;
}
