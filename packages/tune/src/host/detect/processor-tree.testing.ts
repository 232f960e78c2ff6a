import { under } from './machine-tree.testing.ts';
import type { Tree } from './machine-tree.testing.ts';

const CPUS = 'sys/devices/system/cpu';

/** A processor of x86, all of whose cores have one or two threads. */
export interface X86 {
  readonly vendor: 'GenuineIntel' | 'AuthenticAMD';
  readonly family: number;
  readonly model: number;
  readonly name: string;
  readonly sockets?: number;
  /** Cores of a socket. */
  readonly cores: number;
  readonly threads?: 1 | 2;
  /** Whether /proc/cpuinfo has the bit of a hypervisor. */
  readonly isGuest?: boolean;
}

/** CPUs with their place (Documentation/admin-guide/cputopology.rst) and /proc/cpuinfo. Threads of a core are numbered one after the other. */
export function x86({ vendor, family, model, name, sockets = 1, cores, threads = 1, isGuest = false }: X86): Tree {
  const count = sockets * cores * threads;
  const place = (cpu: number): { socket: number; core: number } => ({
    socket: Math.floor(cpu / (cores * threads)),
    core: Math.floor(cpu / threads) % cores,
  });
  const all = Array.from({ length: count }, (_, cpu) => cpu);
  const cpuinfo = all.map((cpu) => {
    const { socket, core } = place(cpu);
    return `processor\t: ${cpu}\nvendor_id\t: ${vendor}\ncpu family\t: ${family}\nmodel\t\t: ${model}\nmodel name\t: ${name}\nphysical id\t: ${socket}\ncore id\t\t: ${core}\nflags\t\t: fpu sse2${isGuest ? ' hypervisor' : ''}\n`;
  });
  return {
    'proc/cpuinfo': `${cpuinfo.join('\n')}\n`,
    ...under(CPUS, { online: `0-${count - 1}`, isolated: '' }),
    ...under(`${CPUS}/smt`, { active: threads - 1, control: threads === 2 ? 'on' : 'notsupported' }),
    ...Object.assign(
      {},
      ...all.map((cpu) =>
        under(`${CPUS}/cpu${cpu}/topology`, { physical_package_id: place(cpu).socket, die_id: 0, core_id: place(cpu).core }),
      ),
    ),
  };
}

/** Cores of Arm's architecture: makers and part numbers (MIDR_EL1), and capacities where they differ. */
export function arm(implementer: string, capacities: readonly number[]): Tree {
  const entry = (cpu: number): string => `processor\t: ${cpu}\nCPU implementer\t: ${implementer}\nCPU architecture: 8\nCPU part\t: 0xd08\n`;
  return {
    'proc/cpuinfo': `${capacities.map((_, cpu) => entry(cpu)).join('\n')}\n`,
    ...under(CPUS, { online: `0-${capacities.length - 1}` }),
    ...Object.assign(
      {},
      ...capacities.map((capacity, cpu) => ({
        ...under(`${CPUS}/cpu${cpu}`, { cpu_capacity: capacity }),
        ...under(`${CPUS}/cpu${cpu}/topology`, { physical_package_id: 0, core_id: cpu }),
      })),
    ),
  };
}

/** A frequency driver with a policy for each group of CPUs (Documentation/admin-guide/pm/cpufreq.rst). */
export const frequencies = (driver: string, governors: string, groups: readonly string[], preferences?: string): Tree =>
  Object.assign(
    {},
    ...groups.map((cpus) =>
      under(`${CPUS}/cpufreq/policy${cpus.split(' ')[0]}`, {
        affected_cpus: cpus,
        related_cpus: cpus,
        scaling_driver: driver,
        scaling_available_governors: governors,
        scaling_governor: governors.split(' ').at(-1)!,
        ...(preferences ? { energy_performance_available_preferences: preferences } : {}),
      }),
    ),
  );

/** Idle states of some CPUs (Documentation/admin-guide/pm/cpuidle.rst): name and microseconds. */
export const idleStates = (cpus: readonly number[], states: readonly (readonly [string, number])[]): Tree =>
  Object.assign(
    {},
    ...cpus.flatMap((cpu) =>
      states.map(([name, latency], state) => under(`${CPUS}/cpu${cpu}/cpuidle/state${state}`, { name, latency, disable: 0 })),
    ),
  );
