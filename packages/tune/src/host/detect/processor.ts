import type { ProcessorReading } from '@hecate/metrics';
import type { CpuFacts, CpuPolicy } from '../facts.ts';
import { readBoost } from './boost.ts';
import { CPUS, readIdleStates } from './idle-states.ts';
import type { Look } from './look.ts';

const VENDORS: Readonly<Record<string, CpuFacts['vendor']>> = {
  GenuineIntel: 'intel',
  AuthenticAMD: 'amd',
  HygonGenuine: 'amd',
  Apple: 'apple',
  'IBM/S390': 'other',
};

/**
 * Who made it. All who build cores of Arm's architecture are `arm`: their kernels have the same knobs.
 * Where nothing says the architecture (a tree of a kernel before 6.1) it is told by what Arm has not: x86 numbers its families.
 */
function vendorOf({ vendor, family }: ProcessorReading, machine: string | null): CpuFacts['vendor'] {
  const isArm = machine === null ? vendor !== null && family === null : /^(?:aarch64|arm)/.test(machine);
  return VENDORS[vendor ?? ''] ?? (isArm ? 'arm' : 'other');
}

/** /proc/cpuinfo writes numbers of x86; other architectures write words there. */
const numberOf = (text: string | null): number | null => (text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null);

/** CPUs by kind; null where they are all alike. */
function hybridOf(reading: ProcessorReading): CpuFacts['hybrid'] {
  const online = reading.cpus.filter((cpu) => cpu.online);
  const performance = online.filter(({ type }) => type === 'performance').map(({ cpu }) => cpu);
  const efficiency = online.filter(({ type }) => type === 'efficiency' || type === 'low-power').map(({ cpu }) => cpu);
  return performance.length > 0 && efficiency.length > 0 ? { performance, efficiency } : null;
}

/**
 * The policies with a CPU that is online (kernel: Documentation/admin-guide/pm/cpufreq.rst). The collector of frequencies is not
 * asked: it measures them, which takes some drivers milliseconds a CPU, and has no list of preferences.
 */
function readPolicies(look: Look): CpuPolicy[] {
  return look.names(`${CPUS}/cpufreq`, /^policy\d{1,6}$/).flatMap((name) => {
    const directory = `${CPUS}/cpufreq/${name}`;
    const cpus = look.words(`${directory}/affected_cpus`).flatMap((word) => numberOf(word) ?? []);
    if (cpus.length === 0) return [];
    const governors = look.words(`${directory}/scaling_available_governors`);
    return [
      {
        name,
        cpus,
        governor: look.text(`${directory}/scaling_governor`) || null,
        governors,
        preferences: look.words(`${directory}/energy_performance_available_preferences`),
      },
    ];
  });
}

/** CPUs with an energy bias. All CPUs of a machine have one or none has: where the first has none, the others are not asked. */
function readEnergyBias(look: Look, online: readonly number[]): number[] {
  const hasBias = (cpu: number): boolean => look.number(`${CPUS}/cpu${cpu}/power/energy_perf_bias`) !== null;
  return online[0] !== undefined && hasBias(online[0]) ? online.filter(hasBias) : [];
}

/** What of a processor can be known where there is no reading of it. */
const UNKNOWN: Omit<CpuFacts, 'driver' | 'policies' | 'boost'> = {
  vendor: 'other',
  family: null,
  model: null,
  name: null,
  sockets: null,
  cores: null,
  threads: 1,
  smt: null,
  hybrid: null,
  idleStates: [],
  energyBias: [],
};

/** The processor: what the collector says of it, and what it can be told. `machine` is the architecture; null where nothing says it. */
export function readProcessor(look: Look, reading: ProcessorReading | null, machine: string | null): CpuFacts {
  const policies = readPolicies(look);
  const first = policies[0];
  const settings = {
    driver: first === undefined ? null : look.text(`${CPUS}/cpufreq/${first.name}/scaling_driver`) || null,
    policies,
    boost: readBoost(look),
  };
  if (!reading) return { ...UNKNOWN, ...settings };
  const online = reading.cpus.filter((cpu) => cpu.online).map(({ cpu }) => cpu);
  return {
    vendor: vendorOf(reading, machine),
    family: numberOf(reading.family),
    model: numberOf(reading.model),
    name: reading.modelName,
    sockets: reading.packages,
    cores: reading.cores,
    threads: Math.max(1, reading.threads ?? 1),
    smt: reading.smtActive,
    hybrid: hybridOf(reading),
    ...settings,
    idleStates: readIdleStates(look, online),
    energyBias: readEnergyBias(look, online),
  };
}
