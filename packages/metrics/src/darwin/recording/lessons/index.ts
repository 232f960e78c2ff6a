import type { Lessons } from '../lesson.ts';
import { CORE_FOUNDATION_LESSONS } from './core-foundation.ts';
import { HID_LESSONS } from './hid.ts';
import { IO_REGISTRY_LESSONS } from './io-registry.ts';
import { IO_REPORT_LESSONS } from './io-report.ts';
import { LIBSYSTEM_LESSONS } from './libsystem.ts';
import { OBJECTIVE_C_LESSONS } from './objective-c.ts';
import { POWER_SOURCES_LESSONS } from './power-sources.ts';
import { SMC_LESSONS } from './smc.ts';

/**
 * What is known of every function that is called of macOS: how its answer is written down, and how it answers from that. A test holds it
 * against the functions that are bound.
 */
export const LESSONS: Lessons = {
  ...CORE_FOUNDATION_LESSONS,
  ...LIBSYSTEM_LESSONS,
  ...IO_REGISTRY_LESSONS,
  ...POWER_SOURCES_LESSONS,
  ...IO_REPORT_LESSONS,
  ...HID_LESSONS,
  ...SMC_LESSONS,
  ...OBJECTIVE_C_LESSONS,
};
