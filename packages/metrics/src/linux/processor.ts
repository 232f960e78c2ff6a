import { processorGroups } from '../domain/processor.ts';
import type { ProcessorCpu, ProcessorInfo, ProcessorReading, ProcessorVulnerability } from '../domain/processor.ts';
import type { Host } from '@hecate/host';
import type { Collector, Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap, GapSink } from '../model/gap.ts';
import { parseCpuinfo, parseCpuinfoList } from './cpuinfo.ts';
import type { CpuinfoList } from './cpuinfo.ts';
import { parseCpuList } from './processor/cpu-list.ts';
import { coreKey, coreTypesOf, countDistinct, CPUS, readCaches, readCpus, readTypeLists } from './processor/topology.ts';
import { attributesOf, listMatching } from './attribute.ts';

/** Who designs Arm cores (Arm: MIDR_EL1, Implementer). */
const IMPLEMENTERS: Readonly<Record<string, string>> = {
  '0x41': 'ARM',
  '0x42': 'Broadcom',
  '0x43': 'Cavium',
  '0x46': 'Fujitsu',
  '0x48': 'HiSilicon',
  '0x4e': 'NVIDIA',
  '0x50': 'APM',
  '0x51': 'Qualcomm',
  '0x53': 'Samsung',
  '0x61': 'Apple',
  '0x6d': 'Microsoft',
  '0x70': 'Phytium',
  '0xc0': 'Ampere',
};

/** One file of /sys/devices/system/cpu/vulnerabilities: `Mitigation: Retpolines; …`, `Not affected`, `Vulnerable: …`. */
export function parseVulnerability(codename: string, text: string): ProcessorVulnerability {
  const state = /^(?:not affected|vulnerable|mitigation|unknown)/i.exec(text)?.[0].toLowerCase() as
    | ProcessorVulnerability['state']
    | undefined;
  if (state === undefined) return { codename, state: 'unknown', mitigation: text };
  const rest = text.trim().split(/\s+/).slice(1);
  return { codename, state, mitigation: state === 'not affected' ? '' : rest.join(' ') };
}

function readVulnerabilities(host: Host, gaps: GapSink): ProcessorVulnerability[] {
  const file = attributesOf(host, `${CPUS}/vulnerabilities`, 'processor.vulnerabilities', gaps);
  return listMatching(host, `${CPUS}/vulnerabilities`, /^\w+$/).flatMap((codename) => {
    const text = file.text(codename);
    return text === null ? [] : [parseVulnerability(codename, text)];
  });
}

const infoOf = ({ frequency: _frequency, ...info }: CpuinfoList['entries'][number]): ProcessorInfo => info;

/** What a machine without /proc/cpuinfo says about its CPUs. */
const NOTHING: CpuinfoList = { entries: [], flags: [], bugs: [], implementer: null };

function* readProcessor(host: Host, gaps: GapSink): Sliced<ProcessorReading> {
  let listed = NOTHING;
  let name: string | null = null;
  try {
    const text = host.readText('/proc/cpuinfo');
    name = parseCpuinfo(text).model;
    listed = yield* parseCpuinfoList(text);
  } catch (error) {
    gaps.addError('processor.info', error);
  }
  const file = attributesOf(host, CPUS, 'processor', gaps);
  const files = yield* readCpus(host, gaps);
  const { source, types } = coreTypesOf(readTypeLists(host, gaps), files);
  const strongest = Math.max(...files.map(({ capacity }) => capacity ?? 0), 1);
  const online = parseCpuList(file.text('online'));
  const isolated = parseCpuList(file.text('isolated'));
  const tickless = parseCpuList(file.text('nohz_full'));
  const cpus: ProcessorCpu[] = files.map(({ cpu, capacity, maxFrequency: _maxFrequency, ...place }) => ({
    cpu,
    ...place,
    // No list: a kernel without hotplug, where all are online.
    online: online.length === 0 || online.includes(cpu),
    type: types.get(cpu) ?? null,
    capacity: capacity === null ? null : capacity / strongest,
    isolated: isolated.includes(cpu),
    tickless: tickless.includes(cpu),
  }));
  const working = cpus.filter((cpu) => cpu.online);
  const cores = (wanted: (cpu: ProcessorCpu) => boolean): number | null =>
    source === null ? null : (countDistinct(working.filter(wanted), coreKey) ?? 0);
  const first = listed.entries[0];
  const smt = file.number('smt/active');
  return {
    vendor: first?.vendor ?? (listed.implementer === null ? null : (IMPLEMENTERS[listed.implementer] ?? listed.implementer)),
    modelName: name,
    family: first?.family ?? null,
    model: first?.model ?? null,
    stepping: first?.stepping ?? null,
    microcode: first?.microcode ?? null,
    packages: countDistinct(working, (cpu) => (cpu.package === null ? null : String(cpu.package))),
    dies: countDistinct(working, (cpu) => (cpu.die === null ? null : `${cpu.package ?? 0}/${cpu.die}`)),
    cores: countDistinct(working, coreKey),
    threads: working.length || listed.entries.length || null,
    performanceCores: cores(({ type }) => type === 'performance'),
    efficiencyCores: cores(({ type }) => type === 'efficiency' || type === 'low-power'),
    typeSource: source,
    smtControl: file.text('smt/control'),
    smtActive: smt === null ? null : smt === 1,
    online,
    offline: cpus.filter((cpu) => !cpu.online).map(({ cpu }) => cpu),
    isolated,
    tickless,
    flags: listed.flags,
    bugs: listed.bugs,
    cpus,
    info: listed.entries.map(infoOf),
    caches: yield* readCaches(
      host,
      working.map(({ cpu }) => cpu),
      gaps,
    ),
    vulnerabilities: readVulnerabilities(host, gaps),
  };
}

/** Seconds after which all is read anew, though nothing seems to have changed. */
const LONGEST = 600;

/** What changes when a CPU comes or goes, or multithreading is switched. */
const SIGNS = ['online', 'isolated', 'smt/control'] as const;

/** Model, topology, caches and weaknesses of the processors. A reading is the one before as long as the CPUs are the same. */
export const processor: Collector<'processor', ProcessorReading> = {
  name: 'processor',
  lane: 'slow',
  sources: ['/proc/cpuinfo', CPUS],
  remedy: 'Mount /proc and /sys.',
  groups: processorGroups,
  open(host) {
    let known:
      | { readonly reading: ProcessorReading; readonly gaps: readonly Gap[]; readonly signs: string; readonly readAt: number }
      | undefined;
    return {
      *read(gaps) {
        const file = attributesOf(host, CPUS, 'processor', gaps);
        const signs = SIGNS.map((name) => file.text(name) ?? '').join('\n');
        const now = host.clock.monotonic();
        if (known?.signs !== signs || now - known.readAt >= LONGEST) {
          const own: Gap[] = [];
          known = { reading: yield* readProcessor(host, collectGaps(own)), gaps: own, signs, readAt: now };
        }
        for (const { field, reason, detail } of known.gaps) gaps.add(field, reason, detail);
        return known.reading;
      },
      close: () => {},
    };
  },
};
