import { HecateError, nativeBuffer } from '@hecate/host';
import { thermalGroups } from '../domain/thermal.ts';
import type { AppleThermal, ThermalReading } from '../domain/thermal.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { withWaitingPrograms } from './fallback.ts';
import { sysctlInteger } from './libsystem/sysctl.ts';
import { isAppleSilicon } from './processor-kind.ts';
import { ask, openReader } from './reader.ts';
import { thermalTier } from './text/chip-tiers.ts';
import { PRESSURE_NAME, pressureOf } from './thermal-levels.ts';

/** The state of a name of notify(3), from one look at it. Throws UNAVAILABLE where nobody posts it. */
function notifyState({ libsystem }: Darwin, name: string): number {
  const token = nativeBuffer(4);
  const registered = libsystem.notify_register_check(name, token);
  if (registered !== 0) throw new HecateError('UNAVAILABLE', `notify_register_check answered ${registered} for ${name}.`);
  const number = token.readInt32LE(0);
  try {
    const state = nativeBuffer(8);
    const asked = libsystem.notify_get_state(number, state);
    if (asked !== 0) throw new HecateError('FAILED', `notify_get_state answered ${asked} for ${name}.`);
    return Number(state.readBigUInt64LE(0));
  } finally {
    libsystem.notify_cancel(number);
  }
}

/** How hard heat presses. Throws UNAVAILABLE where macOS does not say, FAILED for a level that is not known. */
export function readThermalPressure(darwin: Darwin): NonNullable<AppleThermal['pressure']> {
  return pressureOf(notifyState(darwin, PRESSURE_NAME));
}

function readThermal(darwin: Darwin, gaps: GapSink): ThermalReading {
  const pressure = ask(gaps, 'thermal.apple.pressure', () => readThermalPressure(darwin));
  const cpuLevel = ask(gaps, 'thermal.apple.cpuLevel', () => {
    if (isAppleSilicon(darwin)) throw new HecateError('UNSUPPORTED', 'Only Macs of Intel have a level of their CPU.');
    return sysctlInteger(darwin, 'machdep.xcpm.cpu_thermal_level');
  });
  return { zones: [], coolingDevices: [], apple: { pressure, cpuLevel } };
}

/** How hard heat presses on the machine. Its temperatures are in `sensors`. */
export const thermal: Collector<'thermal', ThermalReading> = {
  name: 'thermal',
  lane: 'slow',
  asynchronous: true,
  sources: [`notify ${PRESSURE_NAME}`, 'sysctl machdep.xcpm.cpu_thermal_level', 'else notifyutil(1), sysctl(8) and pmset(1)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: thermalGroups,
  open: (host) =>
    withWaitingPrograms(
      host,
      openReader(host, (darwin) => (gaps) => readThermal(darwin, gaps)),
      thermalTier,
    ),
};
