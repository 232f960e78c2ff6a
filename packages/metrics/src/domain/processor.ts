import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** What a core is good at, on processors whose cores are not alike. `super` are the strongest of M5 and newer: beside efficiency or performance. */
export type CoreType = 'super' | 'performance' | 'efficiency' | 'low-power';

/** Where one logical CPU is. */
export interface ProcessorCpu {
  /** The kernel's number of it. */
  readonly cpu: number;
  readonly online: boolean;
  /** Number of the socket. This and the next three are null where the kernel does not tell, also of a CPU that is offline. */
  readonly package: number | null;
  /** Number of the die in its package. */
  readonly die: number | null;
  /** Number of the cluster that its core is in. */
  readonly cluster: number | null;
  /** Number of the core in its package. */
  readonly core: number | null;
  /** Null where all cores are alike, or nothing tells them apart. */
  readonly type: CoreType | null;
  /** How much work it can do, as a share of the strongest CPU, 0 to 1; null where the kernel does not tell. */
  readonly capacity: number | null;
  /** Kept free of the scheduler's balancing (`isolcpus`, or a cpuset partition). */
  readonly isolated: boolean;
  /** Runs without the timer tick while it has one task (`nohz_full`). */
  readonly tickless: boolean;
}

/** What /proc/cpuinfo says of one CPU that is online. Null where the architecture does not tell. */
export interface ProcessorInfo {
  readonly cpu: number;
  readonly package: number | null;
  readonly core: number | null;
  readonly vendor: string | null;
  readonly family: string | null;
  readonly model: string | null;
  readonly modelName: string | null;
  readonly microcode: string | null;
  readonly stepping: string | null;
  /** Text of the kernel: `8192 KB`. */
  readonly cacheSize: string | null;
}

/** One kind of cache. */
export interface ProcessorCache {
  readonly level: number;
  readonly type: 'data' | 'instruction' | 'unified';
  /** Bytes of one cache of this kind. */
  readonly size: number;
  /** Bytes of a line; null where unknown. */
  readonly lineSize: number | null;
  readonly ways: number | null;
  /** The CPUs that share each cache of this kind. */
  readonly shared: readonly (readonly number[])[];
}

/** A weakness of the processor that the kernel knows (kernel: Documentation/admin-guide/hw-vuln). */
export interface ProcessorVulnerability {
  /** `spectre_v2`. */
  readonly codename: string;
  readonly state: 'not affected' | 'vulnerable' | 'mitigation' | 'unknown';
  /** What the kernel does against it, or why it does nothing; empty when it says no more. */
  readonly mitigation: string;
}

/** The processors of the machine. */
export interface ProcessorReading {
  /** `AuthenticAMD`, `ARM`; null where unknown, as with all nulls here. */
  readonly vendor: string | null;
  readonly modelName: string | null;
  readonly family: string | null;
  readonly model: string | null;
  readonly stepping: string | null;
  readonly microcode: string | null;
  readonly packages: number | null;
  readonly dies: number | null;
  readonly cores: number | null;
  /** Logical CPUs that are online. */
  readonly threads: number | null;
  /** Cores of each type; null where all are alike. */
  readonly performanceCores: number | null;
  readonly efficiencyCores: number | null;
  /** What told the types apart: the processor itself, the capacities that the kernel computed, or only the highest frequencies. */
  readonly typeSource: 'processor' | 'capacity' | 'frequency' | null;
  /** Simultaneous multithreading: `on`, `off`, `forceoff`, `notsupported`, `notimplemented`. */
  readonly smtControl: string | null;
  readonly smtActive: boolean | null;
  readonly online: readonly number[];
  readonly offline: readonly number[];
  readonly isolated: readonly number[];
  readonly tickless: readonly number[];
  /** Abilities of the first CPU, as the kernel names them. */
  readonly flags: readonly string[];
  /** Defects of the first CPU that the kernel knows (x86). */
  readonly bugs: readonly string[];
  readonly cpus: readonly ProcessorCpu[];
  readonly info: readonly ProcessorInfo[];
  readonly caches: readonly ProcessorCache[];
  readonly vulnerabilities: readonly ProcessorVulnerability[];
  /** Cores by kind, the strongest first, as macOS numbers them; absent on other systems. One level: all cores are alike. */
  readonly levels?: readonly ProcessorLevel[];
}

/** One kind of cores (`hw.perflevelN` of macOS). Null: the system does not say. */
export interface ProcessorLevel {
  /** `Performance`, `Efficiency`, `Super`. */
  readonly name: string | null;
  readonly cores: number | null;
  readonly threads: number | null;
  /** CPUs that share one second-level cache. */
  readonly sharedBy: number | null;
  /** Bytes of one cache. */
  readonly instructionCache: number | null;
  readonly dataCache: number | null;
  readonly levelTwoCache: number | null;
}

const UNKNOWN = 'the kernel does not tell on this architecture';

const said = (key: keyof ProcessorReading & string, help: string): Field<ProcessorReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen: UNKNOWN,
});
const number = (key: keyof ProcessorReading & string, help: string, name?: string, otel?: string): Field<ProcessorReading> => ({
  key,
  kind: 'gauge',
  unit: 'count',
  help,
  nullWhen: UNKNOWN,
  ...(name ? { prometheus: { name } } : {}),
  ...(otel ? { otel: { name: otel } } : {}),
});
const place = (key: keyof ProcessorCpu & string, help: string): Field<ProcessorCpu> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen: 'the kernel does not tell, or the CPU is offline',
});

interface Named {
  readonly name: string;
  readonly present: true;
}
interface Numbered {
  readonly cpu: number;
  readonly present: true;
}
const named = (names: readonly string[]): Named[] => names.map((name) => ({ name, present: true }));
const numbered = (cpus: readonly number[]): Numbered[] => cpus.map((cpu) => ({ cpu, present: true }));

/** Fields of the `processor` collector. */
export const processorGroups = (): readonly Group<ProcessorReading>[] => [
  group<ProcessorReading, ProcessorReading>({
    name: 'processor',
    source: '/proc/cpuinfo, /sys/devices/system/cpu',
    rows: (reading) => [reading],
    fields: [
      said('vendor', 'Who made the first CPU.'),
      said('modelName', 'Name of the first CPU.'),
      said('family', 'Family of the first CPU.'),
      said('model', 'Model number of the first CPU.'),
      said('stepping', 'Stepping of the first CPU.'),
      said('microcode', 'Version of the microcode of the first CPU.'),
      number('packages', 'Sockets that hold a CPU which is online.', 'hecate_cpu_packages'),
      number('dies', 'Dies in all packages.'),
      number('cores', 'Cores of all packages.', 'hecate_cpu_cores', 'system.cpu.physical.count'),
      number('threads', 'Logical CPUs that are online.', 'hecate_cpu_threads', 'system.cpu.logical.count'),
      number('performanceCores', 'Cores made for speed; null where all cores are alike.'),
      number('efficiencyCores', 'Cores made for economy, low-power ones included; null where all cores are alike.'),
      said('smtControl', 'Whether simultaneous multithreading is on, and whether it can be switched.'),
      { ...number('smtActive', 'Whether cores run several threads now.', 'hecate_cpu_smt_active'), unit: 'none' },
    ],
  }),
  group<ProcessorReading, ProcessorCpu>({
    name: 'processor.cpus',
    source: '/sys/devices/system/cpu',
    rows: (reading) => reading.cpus,
    labels: { cpu: 'cpu' },
    fields: [
      {
        key: 'online',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the CPU is online.',
        prometheus: { name: 'node_cpu_online' },
      },
      place('package', 'Number of the socket.'),
      place('die', 'Number of the die in its package.'),
      place('cluster', 'Number of the cluster.'),
      place('core', 'Number of the core in its package.'),
      {
        key: 'type',
        kind: 'info',
        unit: 'none',
        help: 'What the core is made for: super, performance, efficiency or low-power.',
        nullWhen: 'all cores are alike, or nothing tells them apart',
        prometheus: { name: 'hecate_cpu_core_type_info', properties: { type: 'type' } },
      },
      {
        key: 'capacity',
        kind: 'gauge',
        unit: 'ratio',
        help: 'How much work the CPU can do, as a share of the strongest.',
        nullWhen: 'the kernel does not tell',
        prometheus: { name: 'hecate_cpu_capacity_ratio' },
      },
      { key: 'tickless', kind: 'gauge', unit: 'none', help: 'Whether it runs without the timer tick while it has one task.' },
    ],
  }),
  group<ProcessorReading, Numbered>({
    name: 'processor.isolated',
    json: null,
    source: '/sys/devices/system/cpu/isolated',
    rows: (reading) => numbered(reading.isolated),
    labels: { cpu: 'cpu' },
    fields: [
      {
        key: 'present',
        kind: 'gauge',
        unit: 'none',
        help: 'CPUs that are kept free of the balancing of the scheduler.',
        prometheus: { name: 'node_cpu_isolated' },
      },
    ],
  }),
  group<ProcessorReading, ProcessorInfo>({
    name: 'processor.info',
    source: '/proc/cpuinfo',
    rows: (reading) => reading.info,
    labels: {
      package: 'package',
      core: 'core',
      cpu: 'cpu',
      vendor: 'vendor',
      family: 'family',
      model: 'model',
      model_name: 'modelName',
      microcode: 'microcode',
      stepping: 'stepping',
      cachesize: 'cacheSize',
    },
    fields: [
      { key: 'cpu', kind: 'info', unit: 'none', help: 'What /proc/cpuinfo says of each CPU.', prometheus: { name: 'node_cpu_info' } },
    ],
  }),
  ...(['flag', 'bug'] as const).map((label) =>
    group<ProcessorReading, Named>({
      name: `processor.${label}s`,
      json: null,
      source: '/proc/cpuinfo',
      rows: (reading) => named(reading[`${label}s`]),
      labels: { [label]: 'name' },
      fields: [
        {
          key: 'present',
          kind: 'gauge',
          unit: 'none',
          help: label === 'flag' ? 'Abilities of the first CPU.' : 'Defects of the first CPU that the kernel knows.',
          prometheus: { name: `node_cpu_${label}_info` },
        },
      ],
    }),
  ),
  group<ProcessorReading, ProcessorCache>({
    name: 'processor.caches',
    source: '/sys/devices/system/cpu/cpu*/cache',
    rows: (reading) => reading.caches,
    labels: { level: 'level', type: 'type' },
    fields: [
      { key: 'size', kind: 'gauge', unit: 'bytes', help: 'Size of one cache of this kind.' },
      { key: 'lineSize', kind: 'gauge', unit: 'bytes', help: 'Size of a line.', nullWhen: 'the processor does not tell' },
      { key: 'ways', kind: 'gauge', unit: 'count', help: 'Ways of associativity.', nullWhen: 'the processor does not tell' },
      { key: 'shared', kind: 'info', unit: 'none', help: 'CPUs that share each cache of this kind.' },
    ],
  }),
  group<ProcessorReading, ProcessorLevel>({
    name: 'processor.levels',
    source: 'sysctl hw.perflevelN',
    rows: (reading) => reading.levels ?? [],
    labels: { level: 'name' },
    fields: [
      { key: 'cores', kind: 'gauge', unit: 'count', help: 'Cores of this kind (macOS).', nullWhen: 'the system does not say' },
      { key: 'threads', kind: 'gauge', unit: 'count', help: 'Logical CPUs of this kind (macOS).', nullWhen: 'the system does not say' },
    ],
  }),
  group<ProcessorReading, ProcessorVulnerability>({
    name: 'processor.vulnerabilities',
    source: '/sys/devices/system/cpu/vulnerabilities',
    rows: (reading) => reading.vulnerabilities,
    labels: { codename: 'codename', mitigation: 'mitigation', state: 'state' },
    fields: [
      {
        key: 'state',
        kind: 'info',
        unit: 'none',
        help: 'Weaknesses of the processor: whether it has them, and what the kernel does about it.',
        prometheus: { name: 'node_cpu_vulnerabilities_info' },
      },
    ],
  }),
];
