import { HecateError } from '@hecate/host';
import type { AppleThermal } from '../domain/thermal.ts';

/** What macOS posts its thermal pressure as (`kOSThermalNotificationPressureLevelName`). */
export const PRESSURE_NAME = 'com.apple.system.thermalpressurelevel';
/** Its levels, from 0 on (libkern/OSThermalNotification.h). */
export const THERMAL_LEVELS = ['nominal', 'moderate', 'heavy', 'trapping', 'sleeping'] as const;

/** The word for a level of thermal pressure. Throws FAILED for one that is not known. */
export function pressureOf(level: number): NonNullable<AppleThermal['pressure']> {
  const word = THERMAL_LEVELS[level];
  if (word === undefined) throw new HecateError('FAILED', `The thermal pressure level is ${level}, which is not known.`);
  return word;
}
