import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { answer } from '../../linux/storage/json.ts';
import { askProgram } from './program.ts';
import { wirelessOf } from './system-profiler/airport.ts';
import type { ProfilerWireless } from './system-profiler/airport.ts';
import { gpusOf } from './system-profiler/displays.ts';
import type { ProfilerGpu } from './system-profiler/displays.ts';
import { hardwareOf } from './system-profiler/hardware.ts';
import type { ProfilerHardware } from './system-profiler/hardware.ts';
import { batteryOf } from './system-profiler/power.ts';
import type { ProfilerPower } from './system-profiler/power.ts';
import { drivesOf, volumesOf } from './system-profiler/storage.ts';
import type { ProfilerDrive, ProfilerVolume } from './system-profiler/storage.ts';

/** Parts of system_profiler(8) that are read, with seconds that each may take: those of radios and buses ask the hardware. */
const PARTS = {
  SPHardwareDataType: 10,
  SPPowerDataType: 10,
  SPDisplaysDataType: 15,
  SPStorageDataType: 15,
  SPNVMeDataType: 15,
  SPAirPortDataType: 30,
} as const;

/** The name of a part. */
export type ProfilerPart = keyof typeof PARTS;

/** What system_profiler(8) tells; null or none for a part that was not asked for, or that it left out. */
export interface SystemProfile {
  readonly hardware: ProfilerHardware | null;
  readonly power: ProfilerPower | null;
  readonly gpus: readonly ProfilerGpu[];
  readonly volumes: readonly ProfilerVolume[];
  readonly drives: readonly ProfilerDrive[];
  readonly wireless: readonly ProfilerWireless[];
}

/** Reads what `system_profiler -json` prints. Throws FAILED where it is no JSON object (an answer that was cut off is none). */
export function parseSystemProfiler(text: string): SystemProfile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new HecateError('FAILED', text.trim() === '' ? 'system_profiler answered nothing.' : 'system_profiler answered no whole JSON.', {
      cause,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new HecateError('FAILED', 'system_profiler answered JSON that is no object.');
  }
  const profile = answer(parsed);
  return {
    hardware: hardwareOf(profile.list('SPHardwareDataType')),
    power: batteryOf(profile.list('SPPowerDataType')),
    gpus: gpusOf(profile.list('SPDisplaysDataType')),
    volumes: volumesOf(profile.list('SPStorageDataType')),
    drives: drivesOf(profile.list('SPNVMeDataType')),
    wireless: wirelessOf(profile.list('SPAirPortDataType')),
  };
}

/** Asks for these parts; it takes seconds. Throws as {@link askProgram} and {@link parseSystemProfiler}. */
export async function readSystemProfiler(host: Host, parts: readonly ProfilerPart[]): Promise<SystemProfile> {
  const timeout = parts.reduce((sum, part) => sum + PARTS[part], 5);
  return parseSystemProfiler(
    await askProgram(host, { argv: ['/usr/sbin/system_profiler', '-json', ...parts], timeout, maxBytes: 16 * 1024 * 1024 }),
  );
}
