import { countProcesses, cpuTemperature, gpuFrequency, gpuPower, gpuTemperature, gpuUsage, systemPower } from '@hecate/metrics';
import type { EnergyZoneKind, FilesystemReading, GpuRates, GpuReading, Rates, Snapshot } from '@hecate/metrics';
import { COLUMNS } from './columns.ts';

type Value = number | null | undefined;
const percent = (ratio: Value): Value => (ratio === null || ratio === undefined ? null : ratio * 100);
const plus = (...parts: Value[]): Value =>
  parts.reduce<Value>((sum, part) => (part === null || part === undefined ? sum : (sum ?? 0) + part), null);

/** Space of a file system in use as df counts it, 0 to 100: what root keeps for itself is neither used nor free. Null when it did not answer. */
export function usedPercent({ size, free, available }: Pick<FilesystemReading, 'size' | 'free' | 'available'>): number | null {
  if (size === null || free === null || available === null) return null;
  const used = size - free;
  return used + available > 0 ? (used / (used + available)) * 100 : null;
}

function rootUsed(snapshot: Snapshot): Value {
  const root = snapshot.filesystem?.find(({ mountpoint }) => mountpoint === '/');
  return root && usedPercent(root);
}

/** Watts of all zones of a kind; zones of one kind never contain each other. */
const powerOf = ({ energy }: Rates, kind: EnergyZoneKind): Value =>
  plus(...(energy?.zones ?? []).map((zone) => (zone.kind === kind ? zone.power : null)));

/** A figure of every GPU that tells it. */
function ofGpus({ gpu }: Snapshot, rates: Rates, figure: (gpu: GpuReading, rate: GpuRates | undefined) => number | null): number[] {
  return (gpu ?? []).flatMap(
    (one) =>
      figure(
        one,
        rates.gpu?.find(({ id }) => id === one.id),
      ) ?? [],
  );
}
const greatest = (values: readonly number[]): Value => (values.length === 0 ? null : Math.max(...values));

/** How each column comes from this machine. */
const SOURCES: Readonly<Record<string, (snapshot: Snapshot, rates: Rates) => Value>> = {
  cpu_usage_percent: (_, { cpu }) => percent(cpu?.usage),
  gpu_usage_percent: (snapshot, rates) => percent(greatest(ofGpus(snapshot, rates, gpuUsage))),
  memory_used: ({ memory }) => memory?.used,
  memory_total: ({ memory }) => memory?.total,
  memory_swap_used: ({ memory }) => memory?.swapUsed,
  memory_swap_total: ({ memory }) => memory?.swapTotal,
  load1: ({ load }) => load?.load1,
  load5: ({ load }) => load?.load5,
  load15: ({ load }) => load?.load15,
  cpu_user_percent: (_, { cpu }) => percent(plus(cpu?.user, cpu?.nice)),
  cpu_system_percent: (_, { cpu }) => percent(plus(cpu?.system, cpu?.irq, cpu?.softirq)),
  cpu_iowait_percent: (_, { cpu }) => percent(cpu?.iowait),
  cpu_steal_percent: (_, { cpu }) => percent(cpu?.steal),
  memory_available: ({ memory }) => memory?.available,
  memory_cached: ({ memory }) => memory?.cached,
  pressure_cpu_some_percent: (_, { pressure }) => percent(pressure?.cpu.some),
  pressure_memory_some_percent: (_, { pressure }) => percent(pressure?.memory.some),
  pressure_memory_full_percent: (_, { pressure }) => percent(pressure?.memory.full),
  pressure_io_some_percent: (_, { pressure }) => percent(pressure?.io.some),
  pressure_io_full_percent: (_, { pressure }) => percent(pressure?.io.full),
  disk_read_bytes_per_second: (_, { disk }) => disk?.total.readBytesPerSecond,
  disk_write_bytes_per_second: (_, { disk }) => disk?.total.writeBytesPerSecond,
  disk_utilization_percent: (_, { disk }) => percent(disk?.total.utilization),
  disk_read_latency_seconds: (_, { disk }) => disk?.total.readLatency,
  disk_write_latency_seconds: (_, { disk }) => disk?.total.writeLatency,
  network_receive_bytes_per_second: (_, { network }) => network?.total.receiveBytesPerSecond,
  network_transmit_bytes_per_second: (_, { network }) => network?.total.transmitBytesPerSecond,
  network_errors_per_second: (_, { network }) => network?.total.errorsPerSecond,
  context_switches_per_second: (_, { cpu }) => cpu?.contextSwitchesPerSecond,
  processes_total: ({ processes }) => processes?.length,
  processes_running: ({ cpu }) => cpu?.procsRunning,
  processes_blocked: ({ cpu }) => cpu?.procsBlocked,
  threads_total: ({ processes }) => processes && countProcesses(processes).threads,
  root_filesystem_used_percent: rootUsed,
  // Apple's chips count the CPU by itself; a package of Intel or AMD is the nearest that there is.
  cpu_power_watts: (_, rates) => powerOf(rates, 'cpu') ?? rates.energy?.packagePower,
  ane_power_watts: (_, rates) => powerOf(rates, 'ane'),
  dram_power_watts: (_, rates) => powerOf(rates, 'dram'),
  system_power_watts: ({ sensors }, rates) => powerOf(rates, 'psys') ?? systemPower(sensors),
  // Of Apple's chips the energy of the chip tells, of cards their drivers.
  gpu_power_watts: (snapshot, rates) => powerOf(rates, 'gpu') ?? plus(...ofGpus(snapshot, rates, gpuPower)),
  cpu_temperature_celsius: ({ sensors, thermal }) => cpuTemperature(sensors, thermal),
  gpu_temperature_celsius: (snapshot, rates) =>
    greatest(ofGpus(snapshot, rates, ({ temperature }) => temperature)) ?? gpuTemperature(snapshot.sensors),
  gpu_frequency_hertz: (snapshot, rates) => greatest(ofGpus(snapshot, rates, gpuFrequency)),
};

/** The row of a day file for one snapshot, in the order of `COLUMNS`; null where unknown. */
export function machineRow(snapshot: Snapshot, rates: Rates): (number | null)[] {
  return COLUMNS.map(({ name }) => SOURCES[name]?.(snapshot, rates) ?? null);
}
