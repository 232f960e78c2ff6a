import { HecateError } from '@hecate/host';
import { processorGroups } from '../domain/processor.ts';
import type { ProcessorCache, ProcessorLevel, ProcessorReading } from '../domain/processor.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { coreTypesOf } from './cpu-types/core-types.ts';
import { listCpus, MOST_CPUS } from './cpu-types/cpu-list.ts';
import type { ListedCpu } from './cpu-types/cpu-list.ts';
import { withPrograms } from './fallback.ts';
import type { SecondTier } from './fallback.ts';
import { sysctlInteger, sysctlText } from './libsystem/sysctl.ts';
import { ask, lacks, openReader } from './reader.ts';
import { numberOf, readSysctl, textOf } from './text/sysctl.ts';
import type { SysctlValues } from './text/sysctl.ts';

/** The most levels that are asked for; M5 has three names and two levels at a time. */
const MOST_LEVELS = 8;

/** Where the processor is asked for. Each throws why it is not told. */
interface Source {
  integer(name: string): number;
  text(name: string): string;
  cpus(): readonly ListedCpu[];
}

/** How many CPUs or cores there are. Throws the system's error, FAILED for a number that cannot be one. */
function countOf(source: Source, name: string): number {
  const count = source.integer(name);
  if (count < 1 || count > MOST_CPUS) throw new HecateError('FAILED', `sysctl ${name} says ${count}.`);
  return count;
}

interface Sysctl {
  integer(field: string, name: string): number | null;
  text(field: string, name: string): string | null;
}

const openSysctl = (source: Source, gaps: GapSink): Sysctl => ({
  integer: (field, name) => ask(gaps, `processor.${field}`, () => source.integer(name)),
  text: (field, name) => ask(gaps, `processor.${field}`, () => source.text(name)),
});

/** Cores of each kind, the strongest first, as the kernel numbers them. One level: all cores are alike. */
function readLevels({ integer, text }: Sysctl): ProcessorLevel[] {
  const count = Math.min(MOST_LEVELS, Math.max(0, integer('levels', 'hw.nperflevels') ?? 0));
  return Array.from({ length: count }, (_, level) => ({
    name: text(`levels.${level}.name`, `hw.perflevel${level}.name`),
    cores: integer(`levels.${level}.cores`, `hw.perflevel${level}.physicalcpu`),
    threads: integer(`levels.${level}.threads`, `hw.perflevel${level}.logicalcpu`),
    sharedBy: integer(`levels.${level}.sharedBy`, `hw.perflevel${level}.cpusperl2`),
    instructionCache: integer(`levels.${level}.instructionCache`, `hw.perflevel${level}.l1icachesize`),
    dataCache: integer(`levels.${level}.dataCache`, `hw.perflevel${level}.l1dcachesize`),
    levelTwoCache: integer(`levels.${level}.levelTwoCache`, `hw.perflevel${level}.l2cachesize`),
  }));
}

/** Cores of the levels that `isCounted`; null when all cores are alike, or a level does not say how many it has. */
function coresOf(levels: readonly ProcessorLevel[], isCounted: (level: ProcessorLevel) => boolean): number | null {
  if (levels.length < 2 || levels.some(({ cores, name }) => cores === null || name === null)) return null;
  return levels.filter(isCounted).reduce((sum, { cores }) => sum + cores!, 0);
}

function cachesOf(levels: readonly ProcessorLevel[], { integer }: Sysctl): ProcessorCache[] {
  const cache = (level: number, type: ProcessorCache['type'], size: number | null): ProcessorCache[] =>
    size === null || size === 0 ? [] : [{ level, type, size, lineSize: null, ways: null, shared: [] }];
  const own = levels.flatMap(({ instructionCache, dataCache, levelTwoCache }) => [
    ...cache(1, 'instruction', instructionCache),
    ...cache(1, 'data', dataCache),
    ...cache(2, 'unified', levelTwoCache),
  ]);
  return levels.length > 1 ? own : [...own, ...cache(3, 'unified', integer('caches', 'hw.l3cachesize'))];
}

function readProcessor(source: Source, gaps: GapSink): ProcessorReading {
  const sysctl = openSysctl(source, gaps);
  const modelName = sysctl.text('modelName', 'machdep.cpu.brand_string');
  const isApple = modelName?.startsWith('Apple') ?? false;
  /** Of Intel's processors only. */
  const intel = (field: string, name: string): string | null => {
    if (!isApple) return ask(gaps, `processor.${field}`, () => String(source.integer(name)));
    gaps.add(`processor.${field}`, 'absent', "Apple's processors have no such number.");
    return null;
  };
  const levels = readLevels(sysctl);
  const threads = ask(gaps, 'processor.threads', () => countOf(source, 'hw.logicalcpu'));
  const cores = ask(gaps, 'processor.cores', () => countOf(source, 'hw.physicalcpu'));
  lacks(gaps, ['processor.dies', 'processor.flags', 'processor.bugs', 'processor.vulnerabilities'], 'This is not read on macOS yet.');
  lacks(gaps, ['processor.smtControl', 'processor.caches.shared'], 'This is not read on macOS yet.');
  const smtActive = threads === null || cores === null ? null : threads > cores;
  if (smtActive === null) gaps.add('processor.smtActive', 'unsupported', 'It takes the counts of cores and threads to tell.');
  const listed = levels.length > 1 ? (ask(gaps, 'processor.cpus.type', () => source.cpus()) ?? []) : [];
  const { types, problem } = coreTypesOf(listed, listed.length > 0 ? levels : []);
  if (problem !== null) gaps.add('processor.cpus.type', 'error', problem);
  else if (levels.length > 1 && types.size === 0) gaps.add('processor.cpus.type', 'absent', 'The device tree lists no kinds of CPUs.');
  const clusters = new Map(listed.map(({ cpu, cluster }) => [cpu, cluster]));
  return {
    vendor: isApple ? 'Apple' : sysctl.text('vendor', 'machdep.cpu.vendor'),
    modelName,
    family: intel('family', 'machdep.cpu.family'),
    model: intel('model', 'machdep.cpu.model'),
    stepping: intel('stepping', 'machdep.cpu.stepping'),
    microcode: intel('microcode', 'machdep.cpu.microcode_version'),
    packages: sysctl.integer('packages', 'hw.packages'),
    dies: null,
    cores,
    threads,
    performanceCores: coresOf(levels, ({ name }) => name !== 'Efficiency'),
    efficiencyCores: coresOf(levels, ({ name }) => name === 'Efficiency'),
    typeSource: levels.length > 1 ? 'processor' : null,
    smtControl: null,
    smtActive,
    online: Array.from({ length: threads ?? 0 }, (_, cpu) => cpu),
    offline: [],
    isolated: [],
    tickless: [],
    flags: [],
    bugs: [],
    cpus: Array.from({ length: threads ?? 0 }, (_, cpu) => ({
      ...{ cpu, online: true, package: null, die: null, cluster: clusters.get(cpu) ?? null, core: null, type: types.get(cpu) ?? null },
      capacity: null,
      ...{ isolated: false, tickless: false },
    })),
    info: [],
    caches: cachesOf(levels, sysctl),
    vulnerabilities: [],
    levels,
  };
}

const sourceOfLibraries = (darwin: Darwin): Source => ({
  integer: (name) => sysctlInteger(darwin, name),
  text: (name) => sysctlText(darwin, name),
  cpus: () => listCpus(darwin),
});

/** What is asked of sysctl(8): names that this Mac lacks are left out of its answer. */
const ASKED = [
  ...['machdep.cpu.brand_string', 'machdep.cpu.vendor', 'machdep.cpu.family', 'machdep.cpu.model', 'machdep.cpu.stepping'],
  ...['machdep.cpu.microcode_version', 'hw.packages', 'hw.logicalcpu', 'hw.physicalcpu', 'hw.l3cachesize', 'hw.nperflevels'],
  ...Array.from({ length: MOST_LEVELS }, (_, level) =>
    ['name', 'physicalcpu', 'logicalcpu', 'cpusperl2', 'l1icachesize', 'l1dcachesize', 'l2cachesize'].map(
      (key) => `hw.perflevel${level}.${key}`,
    ),
  ).flat(),
];

function sourceOfProgram(values: SysctlValues): Source {
  const told = <Value>(name: string, value: Value | null): Value => {
    if (value === null) throw new HecateError('UNSUPPORTED', `sysctl did not tell ${name}.`);
    return value;
  };
  return {
    integer: (name) => told(name, numberOf(values, name)),
    text: (name) => told(name, textOf(values, name)),
    cpus() {
      throw new HecateError('UNSUPPORTED', 'sysctl does not tell which CPU is of which kind.');
    },
  };
}

const tier: SecondTier<ProcessorReading> = {
  programs: 'sysctl',
  async read(host, gaps) {
    const values = await readSysctl(host, ASKED);
    if (values.size === 0) throw new HecateError('FAILED', 'sysctl told nothing of the processor.');
    return readProcessor(sourceOfProgram(values), gaps);
  },
};

/** What the processor is, and its cores by kind. */
export const processor: Collector<'processor', ProcessorReading> = {
  name: 'processor',
  lane: 'slow',
  sources: ['sysctl hw.perflevelN, hw and machdep.cpu', 'cpuN of the device tree in the I/O registry', 'else sysctl(8)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: processorGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(machine, (darwin) => (gaps) => readProcessor(sourceOfLibraries(darwin), gaps)),
      tier,
    ),
};
