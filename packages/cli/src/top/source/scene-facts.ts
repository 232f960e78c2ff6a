import { eachFilesystemOnce } from '@hecate/metrics';
import type { FilesystemReading, FrequencyReading, HostReading, PowerReading } from '@hecate/metrics';
import type { MachineFacts, SceneMount, ScenePower } from '../scene.ts';

/** What is said of a machine whose host could be read; `cores` are those that count time, `time` when it was read. */
export function machineFacts(host: HostReading | null, cores: number | null, time: number, named: string): MachineFacts {
  return {
    hostname: host?.hostname ?? named,
    system: host?.osName ?? null,
    kernel: host === null ? null : host.release === null ? host.system : `${host.system} ${host.release}`,
    cpuModel: host?.cpuModel ?? null,
    cores: cores ?? host?.cpuCount ?? null,
    bootTime: host === null || host.uptime === null ? null : time - host.uptime,
  };
}

/** Each file system once, as df lists them. */
export function sceneMounts(rows: readonly FilesystemReading[]): SceneMount[] {
  return eachFilesystemOnce(rows).map(({ mountpoint, device, fstype, size, used, available }) => ({
    mountpoint,
    device,
    type: fstype,
    size,
    used,
    available,
  }));
}

/** The machine's batteries together; null where it has none and nothing tells what it runs on. */
export function scenePower({ source, batteries, charge, power, timeToEmpty, timeToFull }: PowerReading): ScenePower | null {
  if (batteries.length === 0 && source === 'unknown') return null;
  return {
    onBattery: source === 'unknown' ? null : source === 'battery',
    charge,
    watts: power,
    secondsLeft: source === 'battery' ? timeToEmpty : timeToFull,
  };
}

const NO_FREQUENCIES: ReadonlyMap<number, number> = new Map();

/** Hertz by core: what the driver says of the policy that a core belongs to, else what /proc/cpuinfo shows. */
export function sceneFrequencies(reading: FrequencyReading | null): ReadonlyMap<number, number> {
  if (reading === null) return NO_FREQUENCIES;
  const found = new Map(reading.clocks.map(({ cpu, frequency }) => [cpu, frequency]));
  for (const { cpus, current, average } of reading.policies) {
    const hertz = average ?? current;
    if (hertz !== null) for (const cpu of cpus) found.set(cpu, hertz);
  }
  return found;
}
