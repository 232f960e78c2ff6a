import { dictionaryAt, numberAt, textAt } from '../../core-foundation/dictionary.ts';
import type { CfDictionary } from '../../core-foundation/value.ts';
import { dictionariesAt } from '../property-list/dictionaries.ts';
import { clustersOf, hertzOf, shareOf, statesOf } from './processor.ts';
import type { PowermetricsCluster, PowermetricsState } from './processor.ts';

/** Watts of the parts of the chip; an estimate of Apple's. Null: not told. */
export interface PowermetricsPower {
  readonly cpu: number | null;
  readonly gpu: number | null;
  readonly ane: number | null;
  readonly dram: number | null;
  /** All together: CPU, GPU and ANE of Apple silicon, the package of Intel. */
  readonly total: number | null;
}

/** A graphics processor. */
export interface PowermetricsGpu {
  /** Hertz on average while it worked. */
  readonly frequency: number | null;
  /** Share of the time that it did nothing, 0 to 1. */
  readonly idle: number | null;
  readonly states: readonly PowermetricsState[];
}

/** What passes per second. */
export interface PowermetricsTraffic {
  /** Bytes and operations of disks, bytes and packets of networks. */
  readonly bytesIn: number | null;
  readonly bytesOut: number | null;
  readonly operationsIn: number | null;
  readonly operationsOut: number | null;
}

/** One process. */
export interface PowermetricsTask {
  /** -1: all processes together; -2: those that have ended. */
  readonly pid: number;
  readonly name: string | null;
  /** CPUs that it kept busy: 1.5 is one and a half; and the share of that as a user, 0 to 1. */
  readonly cpu: number | null;
  readonly userShare: number | null;
  readonly wakeups: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  readonly receivedBytes: number | null;
  readonly sentBytes: number | null;
  /** GPUs that it kept busy. */
  readonly gpu: number | null;
  /** Apple's number without a unit. */
  readonly energyImpact: number | null;
}

/** Sensors of Intel Macs. */
export interface PowermetricsSensors {
  /** Rotations per minute of each fan. */
  readonly fans: readonly number[];
  /** Celsius. */
  readonly cpuDie: number | null;
  readonly gpuDie: number | null;
}

/** What powermetrics(1) measured over one interval. What a sampler would tell that was not asked for is null, or an empty list. */
export interface PowermetricsSample {
  /** End of the interval: `2026-11-22T01:04:44Z`. */
  readonly moment: string | null;
  /** Seconds. */
  readonly elapsed: number | null;
  readonly model: string | null;
  /** Build of macOS: `25B78`. */
  readonly build: string | null;
  /** `Nominal`, `Light`, `Moderate`, `Heavy`, `Trapping`, `Sleeping`. */
  readonly thermalPressure: string | null;
  readonly clusters: readonly PowermetricsCluster[];
  readonly power: PowermetricsPower;
  readonly gpus: readonly PowermetricsGpu[];
  readonly disk: PowermetricsTraffic | null;
  readonly network: PowermetricsTraffic | null;
  readonly sensors: PowermetricsSensors | null;
  readonly tasks: readonly PowermetricsTask[];
}

const MILLI = 1000;
const NANO = 1e9;

/** Watts: told in milliwatts, or as millijoules of the interval (macOS 11 and 12), or by Intel in watts or joules. */
function wattsOf(processor: CfDictionary, names: readonly string[], elapsed: number | null): number | null {
  for (const name of names) {
    const milliwatts = numberAt(processor, `${name}_power`);
    if (milliwatts !== null) return milliwatts / MILLI;
    const watts = numberAt(processor, `${name}_watts`);
    if (watts !== null) return watts;
    const millijoules = numberAt(processor, `${name}_energy`);
    if (millijoules !== null && elapsed) return millijoules / MILLI / elapsed;
    const joules = numberAt(processor, `${name}_joules`);
    if (joules !== null && elapsed) return joules / elapsed;
  }
  return null;
}

function gpuOf(part: CfDictionary): PowermetricsGpu {
  return { frequency: hertzOf(numberAt(part, 'freq_hz')), idle: shareOf(numberAt(part, 'idle_ratio')), states: statesOf(part) };
}

/** The first of these numbers that is there. */
function anyOf(part: CfDictionary, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = numberAt(part, name);
    if (value !== null) return value;
  }
  return null;
}
const scaled = (value: number | null, by: number): number | null => (value === null ? null : value / by);

function taskOf(part: CfDictionary): PowermetricsTask[] {
  const pid = numberAt(part, 'pid');
  if (pid === null) return [];
  return [
    {
      pid,
      name: textAt(part, 'name'),
      cpu: scaled(anyOf(part, 'cputime_sample_ms_per_s', 'cputime_ms_per_s'), MILLI),
      userShare: shareOf(numberAt(part, 'cputime_userland_ratio')),
      wakeups: numberAt(part, 'intr_wakeups_per_s'),
      readBytes: numberAt(part, 'diskio_bytesread_per_s'),
      writtenBytes: numberAt(part, 'diskio_byteswritten_per_s'),
      receivedBytes: numberAt(part, 'bytes_received_per_s'),
      sentBytes: numberAt(part, 'bytes_sent_per_s'),
      gpu: scaled(numberAt(part, 'gputime_ms_per_s'), MILLI),
      energyImpact: anyOf(part, 'energy_impact_per_s', 'energy_impact'),
    },
  ];
}

function sensorsOf(part: CfDictionary): PowermetricsSensors {
  const fans = Object.keys(part)
    .filter((name) => /^fan(?:_\d+)?$/.test(name))
    .toSorted();
  return {
    fans: fans.flatMap((name) => numberAt(part, name) ?? []),
    cpuDie: numberAt(part, 'cpu_die'),
    gpuDie: numberAt(part, 'gpu_die'),
  };
}

function trafficOf(part: CfDictionary, names: Readonly<Record<keyof PowermetricsTraffic, string>>): PowermetricsTraffic {
  return {
    bytesIn: numberAt(part, names.bytesIn),
    bytesOut: numberAt(part, names.bytesOut),
    operationsIn: numberAt(part, names.operationsIn),
    operationsOut: numberAt(part, names.operationsOut),
  };
}

const DISK = { bytesIn: 'rbytes_per_s', bytesOut: 'wbytes_per_s', operationsIn: 'rops_per_s', operationsOut: 'wops_per_s' };
const NETWORK = { bytesIn: 'ibyte_rate', bytesOut: 'obyte_rate', operationsIn: 'ipacket_rate', operationsOut: 'opacket_rate' };

/** What one property list of powermetrics says. */
export function sampleOf(list: CfDictionary): PowermetricsSample {
  const elapsed = scaled(numberAt(list, 'elapsed_ns'), NANO);
  const processor = dictionaryAt(list, 'processor') ?? {};
  const gpu = dictionaryAt(list, 'gpu');
  const disk = dictionaryAt(list, 'disk');
  const network = dictionaryAt(list, 'network');
  const sensors = dictionaryAt(list, 'smc');
  const watts = (...names: readonly string[]): number | null => wattsOf(processor, names, elapsed);
  return {
    moment: textAt(list, 'timestamp'),
    elapsed,
    model: textAt(list, 'hw_model'),
    build: textAt(list, 'kern_osversion'),
    thermalPressure: textAt(list, 'thermal_pressure'),
    clusters: clustersOf(processor),
    power: {
      cpu: watts('cpu'),
      gpu: watts('gpu', 'igpu'),
      ane: watts('ane'),
      dram: watts('dram'),
      total: watts('combined', 'package'),
    },
    gpus: gpu ? [gpuOf(gpu)] : dictionariesAt(list, 'GPU').map(gpuOf),
    disk: disk && trafficOf(disk, DISK),
    network: network && trafficOf(network, NETWORK),
    sensors: sensors && sensorsOf(sensors),
    tasks: dictionariesAt(list, 'tasks').flatMap(taskOf),
  };
}
