import type { Host } from '@hecate/host';
import type { CoreType, ProcessorCache, ProcessorCpu, ProcessorReading } from '../../domain/processor.ts';
import type { Sliced } from '../../model/collector.ts';
import type { GapSink } from '../../model/gap.ts';
import { attributesOf, listMatching } from '../attribute.ts';
import { parseCpuList } from './cpu-list.ts';

/** Where the kernel lists its CPUs (kernel: Documentation/ABI/testing/sysfs-devices-system-cpu). */
export const CPUS = '/sys/devices/system/cpu';

/** What is in the files of one CPU. */
export interface CpuFiles {
  readonly cpu: number;
  readonly package: number | null;
  readonly die: number | null;
  readonly cluster: number | null;
  readonly core: number | null;
  readonly capacity: number | null;
  /** Kilohertz that the hardware can do. */
  readonly maxFrequency: number | null;
}

/** The kernel writes -1, or 65535 in 16 bits, for a level that the machine has not. */
const known = (id: number | null): number | null => (id === null || id < 0 || id === 65_535 ? null : id);

/** The numbers of the CPUs that have a directory. */
export function listCpus(host: Host): number[] {
  return listMatching(host, CPUS, /^cpu\d{1,6}$/).map((name) => Number(name.slice(3)));
}

/** The files of each CPU, one CPU a step. */
export function* readCpus(host: Host, gaps: GapSink): Sliced<CpuFiles[]> {
  const rows: CpuFiles[] = [];
  for (const cpu of listCpus(host)) {
    const file = attributesOf(host, `${CPUS}/cpu${cpu}`, `processor.cpu${cpu}`, gaps);
    rows.push({
      cpu,
      package: known(file.number('topology/physical_package_id')),
      die: known(file.number('topology/die_id')),
      cluster: known(file.number('topology/cluster_id')),
      core: known(file.number('topology/core_id')),
      capacity: file.number('cpu_capacity'),
      maxFrequency: file.number('cpufreq/cpuinfo_max_freq'),
    });
    yield;
  }
  return rows;
}

/** Where Intel lists the CPUs of each core type on hybrid processors (kernel: Documentation/admin-guide/perf and intel_pstate). */
const TYPE_FILES: readonly (readonly [CoreType, string])[] = [
  ['performance', '/sys/devices/cpu_core/cpus'],
  ['efficiency', '/sys/devices/cpu_atom/cpus'],
  ['low-power', '/sys/devices/cpu_lowpower/cpus'],
];

/** CPUs below this share of the strongest capacity are efficiency cores; favoured cores of one type differ by a few percent only. */
const CAPACITY_SHARE = 0.6;

/** The same for the highest frequency, where there is nothing better: compact cores reach two thirds of the others'. */
const FREQUENCY_SHARE = 0.8;

/** The types of cores by CPU, and what told. */
export interface CoreTypes {
  readonly source: ProcessorReading['typeSource'];
  readonly types: ReadonlyMap<number, CoreType>;
}

function typesByShare(values: readonly (readonly [number, number | null])[], share: number): Map<number, CoreType> {
  const most = Math.max(0, ...values.map(([, value]) => value ?? 0));
  const types = new Map<number, CoreType>();
  for (const [cpu, value] of values) if (value) types.set(cpu, value < most * share ? 'efficiency' : 'performance');
  return types;
}

/** Tells core types apart: by what the processor says, else by the kernel's capacities (Arm), else by the highest frequencies. */
export function coreTypesOf(lists: ReadonlyMap<CoreType, readonly number[]>, cpus: readonly CpuFiles[]): CoreTypes {
  const said = new Map<number, CoreType>();
  for (const [type, list] of lists) for (const cpu of list) said.set(cpu, type);
  const ways: readonly CoreTypes[] = [
    { source: 'processor', types: said },
    {
      source: 'capacity',
      types: typesByShare(
        cpus.map(({ cpu, capacity }) => [cpu, capacity]),
        CAPACITY_SHARE,
      ),
    },
    {
      source: 'frequency',
      types: typesByShare(
        cpus.map(({ cpu, maxFrequency }) => [cpu, maxFrequency]),
        FREQUENCY_SHARE,
      ),
    },
  ];
  return ways.find(({ types }) => new Set(types.values()).size > 1) ?? { source: null, types: new Map() };
}

/** The lists that a hybrid processor gives; empty on others. */
export function readTypeLists(host: Host, gaps: GapSink): Map<CoreType, number[]> {
  const lists = new Map<CoreType, number[]>();
  for (const [type, path] of TYPE_FILES) {
    const at = path.lastIndexOf('/');
    const cpus = parseCpuList(attributesOf(host, path.slice(0, at), 'processor.type', gaps).text(path.slice(at + 1)));
    if (cpus.length > 0) lists.set(type, cpus);
  }
  return lists;
}

/** How many different values rows have; null when none is known. */
export function countDistinct<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null): number | null {
  const keys = new Set(rows.map(keyOf).filter((key) => key !== null));
  return keys.size || null;
}

/** What names a core: its numbers are only unique in its package (and die, on some). */
export function coreKey({ package: socket, die, core }: Pick<ProcessorCpu, 'package' | 'die' | 'core'>): string | null {
  return core === null ? null : `${socket ?? 0}/${die ?? 0}/${core}`;
}

const CACHE_TYPES: Readonly<Record<string, ProcessorCache['type']>> = { Data: 'data', Instruction: 'instruction', Unified: 'unified' };
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** `1024K` as bytes; null for anything else. */
function bytesOf(text: string | null): number | null {
  const match = /^(\d{1,9})([KMG]?)$/.exec(text ?? '');
  return match ? Number(match[1]) * UNITS[match[2]!]! : null;
}

/** The caches of these CPUs, those of one kind together, one CPU a step (kernel: drivers/base/cacheinfo.c). */
export function* readCaches(host: Host, cpus: readonly number[], gaps: GapSink): Sliced<ProcessorCache[]> {
  const kinds = new Map<string, ProcessorCache & { readonly shared: number[][] }>();
  const seen = new Set<string>();
  for (const cpu of cpus) {
    for (const index of listMatching(host, `${CPUS}/cpu${cpu}/cache`, /^index\d{1,3}$/)) {
      const file = attributesOf(host, `${CPUS}/cpu${cpu}/cache/${index}`, `processor.cpu${cpu}.cache`, gaps);
      const list = file.text('shared_cpu_list') ?? String(cpu);
      if (seen.has(`${index} ${list}`)) continue;
      seen.add(`${index} ${list}`);
      const level = file.number('level');
      const type = CACHE_TYPES[file.text('type') ?? ''];
      const size = bytesOf(file.text('size'));
      if (level === null || type === undefined || size === null) continue;
      const lineSize = file.number('coherency_line_size');
      const ways = file.number('ways_of_associativity');
      const shared = parseCpuList(list);
      const key = [level, type, size, lineSize, ways, shared.length].join(' ');
      const kind = kinds.get(key);
      if (kind) kind.shared.push(shared);
      else kinds.set(key, { level, type, size, lineSize, ways, shared: [shared] });
    }
    yield;
  }
  return [...kinds.values()];
}
