import type { Tree } from '../rooted-tree.testing.ts';

/** The clock sources of a common PC. */
export const tree: Tree = {
  'sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc hpet acpi_pm \n',
  'sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
  'sys/devices/system/clocksource/uevent': '',
};
