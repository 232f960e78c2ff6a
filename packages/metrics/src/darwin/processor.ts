import { HecateError } from '@hecate/host';
import { processorGroups } from '../domain/processor.ts';
import type { ProcessorCache, ProcessorLevel, ProcessorReading } from '../domain/processor.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { sysctlInteger, sysctlText } from './libsystem/sysctl.ts';
import { ask, lacks, openReader } from './reader.ts';

/** The most levels that are asked for; M5 has three names and two levels at a time. */
const MOST_LEVELS = 8;

/** More CPUs than any Mac has: an answer beyond is nonsense. */
const MOST_CPUS = 4096;

/** How many CPUs or cores there are. Throws the system's error, FAILED for a number that cannot be one. */
function countOf(darwin: Darwin, name: string): number {
  const count = sysctlInteger(darwin, name);
  if (count < 1 || count > MOST_CPUS) throw new HecateError('FAILED', `sysctl ${name} says ${count}.`);
  return count;
}

interface Sysctl {
  integer(field: string, name: string): number | null;
  text(field: string, name: string): string | null;
}

const openSysctl = (darwin: Darwin, gaps: GapSink): Sysctl => ({
  integer: (field, name) => ask(gaps, `processor.${field}`, () => sysctlInteger(darwin, name)),
  text: (field, name) => ask(gaps, `processor.${field}`, () => sysctlText(darwin, name)),
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

function readProcessor(darwin: Darwin, gaps: GapSink): ProcessorReading {
  const sysctl = openSysctl(darwin, gaps);
  const modelName = sysctl.text('modelName', 'machdep.cpu.brand_string');
  const isApple = modelName?.startsWith('Apple') ?? false;
  /** Of Intel's processors only. */
  const intel = (field: string, name: string): string | null => {
    if (!isApple) return ask(gaps, `processor.${field}`, () => String(sysctlInteger(darwin, name)));
    gaps.add(`processor.${field}`, 'absent', "Apple's processors have no such number.");
    return null;
  };
  const levels = readLevels(sysctl);
  const threads = ask(gaps, 'processor.threads', () => countOf(darwin, 'hw.logicalcpu'));
  const cores = ask(gaps, 'processor.cores', () => countOf(darwin, 'hw.physicalcpu'));
  lacks(gaps, ['processor.dies', 'processor.flags', 'processor.bugs', 'processor.vulnerabilities'], 'This is not read on macOS yet.');
  lacks(gaps, ['processor.smtControl', 'processor.caches.shared', 'processor.cpus.type'], 'This is not read on macOS yet.');
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
    smtActive: threads === null || cores === null ? null : threads > cores,
    online: Array.from({ length: threads ?? 0 }, (_, cpu) => cpu),
    offline: [],
    isolated: [],
    tickless: [],
    flags: [],
    bugs: [],
    cpus: Array.from({ length: threads ?? 0 }, (_, cpu) => ({
      ...{ cpu, online: true, package: null, die: null, cluster: null, core: null, type: null, capacity: null },
      ...{ isolated: false, tickless: false },
    })),
    info: [],
    caches: cachesOf(levels, sysctl),
    vulnerabilities: [],
    levels,
  };
}

/** What the processor is, and its cores by kind. */
export const processor: Collector<'processor', ProcessorReading> = {
  name: 'processor',
  lane: 'slow',
  sources: ['sysctl hw.perflevelN, hw and machdep.cpu'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: processorGroups,
  open: (machine) => openReader(machine, (darwin) => (gaps) => readProcessor(darwin, gaps)),
};
