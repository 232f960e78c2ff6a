import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { EnergyReading } from '../../domain/energy.ts';
import type { FrequencyReading } from '../../domain/frequency.ts';
import type { GpuReading } from '../../domain/gpu.ts';
import type { ThermalReading } from '../../domain/thermal.ts';
import { isRefusal } from '../../model/gap.ts';
import type { GapSink } from '../../model/gap.ts';
import { zoneOf } from '../energy/zones.ts';
import type { SecondTier } from '../fallback.ts';
import { intelFrequency, lacksLimits } from '../frequency/limits.ts';
import { explainMissing } from '../gpu/missing.ts';
import { lacks } from '../reader.ts';
import { PRESSURE_NAME, pressureOf } from '../thermal-levels.ts';
import { readIoreg } from './ioreg.ts';
import { readNotifyState } from './notifyutil.ts';
import { readPmsetTherm } from './pmset-therm.ts';
import { readPowermetrics } from './powermetrics.ts';
import { gpusFromIoreg, gpusFromProfiler, named } from './readings/gpu.ts';
import { energyFromPowermetrics, frequencyFromPowermetrics } from './readings/processor.ts';
import { thermalFromPmset } from './readings/thermal.ts';
import { numberOf, readSysctl } from './sysctl.ts';
import type { SysctlValues } from './sysctl.ts';
import { readSystemProfiler } from './system-profiler.ts';
import type { ProfilerGpu } from './system-profiler/displays.ts';
import { untold } from './untold.ts';

/** What is told, or the refusal in its place: of several programs one may be enough. Mistakes of this program are thrown. */
async function settle<Value>(asked: Promise<Value>): Promise<{ readonly value: Value } | { readonly refusal: unknown }> {
  try {
    return { value: await asked };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refusal: error };
  }
}

const XCPM = 'machdep.xcpm.cpu_thermal_level';

/** How hard heat presses, of notifyutil(1); of an Intel CPU its thermal level, of sysctl(8), and how far it is slowed down, of pmset(1). */
export const thermalTier: SecondTier<ThermalReading> = {
  programs: 'notifyutil, sysctl and pmset',
  async read(host, gaps) {
    const [pressure, values, held] = await Promise.all([
      settle(readNotifyState(host, PRESSURE_NAME).then(pressureOf)),
      settle(readSysctl(host, [XCPM])),
      settle(readPmsetTherm(host)),
    ]);
    if ('refusal' in pressure) {
      if ('refusal' in held) throw pressure.refusal;
      gaps.addError('thermal.apple.pressure', pressure.refusal);
    }
    const cpuLevel = 'value' in values ? numberOf(values.value, XCPM) : null;
    if (cpuLevel === null) lacks(gaps, ['thermal.apple.cpuLevel'], 'sysctl did not tell it, which it does on Macs of Intel only.');
    const cooled = 'value' in held ? thermalFromPmset(held.value) : { zones: [], coolingDevices: [] };
    if (cooled.coolingDevices.length > 0) lacks(gaps, ['thermal.coolingDevices.transitions'], 'macOS does not count them.');
    return { ...cooled, apple: { pressure: 'value' in pressure ? pressure.value : null, cpuLevel } };
  },
};

/** GPUs, of ioreg(8); names that it lacks, or all where it is refused, of system_profiler(8), which is asked once. Made anew for each reader. */
export function gpuTier(): SecondTier<readonly GpuReading[]> {
  let known: readonly ProfilerGpu[] | undefined;
  const profiled = async (host: Host): Promise<readonly ProfilerGpu[]> =>
    (known ??= (await readSystemProfiler(host, ['SPDisplaysDataType'])).gpus);
  const explained = (gaps: GapSink, gpus: readonly GpuReading[]): readonly GpuReading[] => {
    explainMissing(gaps, gpus);
    lacks(gaps, ['gpu.states'], 'Programs do not tell how long a GPU was in which state.');
    return gpus;
  };
  return {
    programs: 'ioreg and system_profiler',
    async read(host, gaps) {
      const [accelerators, limits] = await Promise.all([
        settle(readIoreg(host, 'IOAccelerator', 1)),
        settle(readSysctl(host, ['iogpu.wired_limit_mb'])),
      ]);
      if ('refusal' in accelerators) {
        const profile = await settle(profiled(host));
        if ('refusal' in profile) throw accelerators.refusal;
        return explained(gaps, gpusFromProfiler(profile.value));
      }
      const found = gpusFromIoreg(accelerators.value);
      const limit = ('value' in limits && numberOf(limits.value, 'iogpu.wired_limit_mb')) || 0;
      const gpus = limit > 0 ? found.map((gpu) => (gpu.vendor === 'apple' ? { ...gpu, memoryLimit: limit * 2 ** 20 } : gpu)) : found;
      if (gpus.every(({ name }) => name !== null)) return explained(gaps, gpus);
      const profile = await settle(profiled(host));
      return explained(gaps, 'value' in profile ? named(gpus, profile.value) : gpus);
    },
  };
}

/**
 * Energy of the chip, of powermetrics(1), which only root may ask: it measures for a second, every ten seconds or as rarely as it is in
 * demand, and what it measured counts for all the time since the measurement before. Time in which it was refused is left out. Made anew
 * for each reader, as it adds up.
 */
export function energyTier(): SecondTier<EnergyReading> {
  const joules = new Map<string, number>();
  let before: number | null = null;
  return {
    programs: 'powermetrics',
    async read(host, gaps) {
      const now = host.clock.monotonic();
      const elapsed = before === null ? 0 : now - before;
      before = null;
      const told = energyFromPowermetrics(await readPowermetrics(host, { samplers: ['cpu_power', 'gpu_power'] }));
      if (!told) throw new HecateError('FAILED', 'powermetrics told of no power.');
      before = now;
      lacks(gaps, ['energy.zones.maxEnergy', 'energy.zones.enabled'], 'macOS has no limits of power, and its counters do not start over.');
      const zones = told.zones.map(({ zone, kind, parent, power }) => {
        const energy = (joules.get(zone) ?? 0) + (power ?? 0) * elapsed;
        joules.set(zone, energy);
        return zoneOf({ name: zone }, { kind, die: 0 }, energy, parent);
      });
      return { zones };
    },
  };
}

const INTEL = ['hw.cpufrequency', 'hw.cpufrequency_min', 'hw.cpufrequency_max', 'hw.logicalcpu'] as const;

function intelOf(values: SysctlValues, gaps: GapSink): FrequencyReading | null {
  const [base, hardwareMin, hardwareMax, threads] = INTEL.map((name) => numberOf(values, name)) as [number | null, null, null, null];
  if (base === null) return null;
  untold(gaps, 'frequency.policies', { hardwareMin, hardwareMax, cpus: threads }, 'sysctl');
  return intelFrequency({ base, hardwareMin, hardwareMax, threads }, gaps);
}

/** Frequencies: of Intel what sysctl(8) says, of Apple silicon what powermetrics(1) measured over a second, which only root may ask. */
export const frequencyTier: SecondTier<FrequencyReading> = {
  programs: 'sysctl and powermetrics',
  async read(host, gaps) {
    const values = await settle(readSysctl(host, INTEL));
    const intel = 'value' in values ? intelOf(values.value, gaps) : null;
    const reading = intel ?? frequencyFromPowermetrics(await readPowermetrics(host, { samplers: ['cpu_power'] }));
    if (reading.policies.length === 0) throw new HecateError('FAILED', 'powermetrics told of no frequency.');
    lacksLimits(gaps);
    if (!intel) {
      lacks(gaps, ['frequency.policies.base', 'frequency.clocks.package', 'frequency.clocks.core'], 'powermetrics does not tell it.');
      for (const { current, currentSource, age, hardwareMin, hardwareMax } of reading.policies)
        untold(gaps, 'frequency.policies', { current, currentSource, age, hardwareMin, hardwareMax }, 'powermetrics');
    }
    return reading;
  },
};
