import type { Host } from '@hecate/host';
import { errnoOf } from '@hecate/host';
import type { MemoryLine } from '../domain/memory.ts';
import { numaGroups } from '../domain/numa.ts';
import type { NumaReading } from '../domain/numa.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { parseMemoryLines } from './memory/lines.ts';
import { parseCpuList } from './processor/cpu-list.ts';
import { attributesOf, listMatching } from './attribute.ts';

const NODES = '/sys/devices/system/node';

/** Lines of numastat and vmstat: a name and a number each. Others are left out. */
export function parseNamedNumbers(cursor: ByteCursor): { name: string; value: number }[] {
  const lines: { name: string; value: number }[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const name = cursor.word();
    if (/^\w+$/.test(name) && cursor.numberNext) lines.push({ name, value: cursor.integer() });
  }
  return lines;
}

/** Lines of vmstat that count moves between tiers of memory (kernel: mm/vmstat.c, since Linux 5.18 by node). */
const PROMOTED = /^pgpromote_success$/;
const DEMOTED = /^pgdemote_(?:kswapd|direct|khugepaged|proactive)$/;

function readNode(host: Host, node: number, cursor: ByteCursor, gaps: GapSink): NumaReading {
  const ask = <Value>(file: string, nothing: Value, parse: (cursor: ByteCursor) => Value): Value => {
    try {
      return parse(cursor.reset(host.read(`${NODES}/node${node}/${file}`)));
    } catch (error) {
      // Kernels without NUMA statistics have no numastat, old ones no vmstat.
      if (errnoOf(error) !== 'ENOENT') gaps.addError(`numa.node${node}.${file}`, error);
      return nothing;
    }
  };
  const lines = ask<MemoryLine[]>('meminfo', [], (bytes) => parseMemoryLines(bytes, 2));
  const allocations = ask('numastat', [], parseNamedNumbers);
  const moves = ask('vmstat', [], parseNamedNumbers);
  const size = (name: string): number | null => lines.find((line) => line.name === name)?.value ?? null;
  const pages = (name: string): number | null => allocations.find((line) => line.name === name)?.value ?? null;
  const sum = (pattern: RegExp): number | null => {
    const found = moves.filter(({ name }) => pattern.test(name));
    return found.length === 0 ? null : found.reduce((total, { value }) => total + value, 0);
  };
  const file = attributesOf(host, `${NODES}/node${node}`, `numa.node${node}`, gaps);
  return {
    node,
    cpus: parseCpuList(file.text('cpulist')),
    distances: (file.text('distance') ?? '')
      .split(' ')
      .filter((part) => /^\d{1,5}$/.test(part))
      .map(Number),
    total: size('MemTotal'),
    free: size('MemFree'),
    used: size('MemUsed'),
    files: size('FilePages'),
    anonymous: size('AnonPages'),
    shared: size('Shmem'),
    slabReclaimable: size('SReclaimable'),
    slabUnreclaimable: size('SUnreclaim'),
    hits: pages('numa_hit'),
    misses: pages('numa_miss'),
    foreign: pages('numa_foreign'),
    interleaved: pages('interleave_hit'),
    local: pages('local_node'),
    remote: pages('other_node'),
    promoted: sum(PROMOTED),
    demoted: sum(DEMOTED),
    lines,
    allocations,
  };
}

/** The nodes of the machine (kernel: Documentation/ABI/stable/sysfs-devices-node). A kernel without NUMA has none. */
export const numa: Collector<'numa', readonly NumaReading[]> = {
  name: 'numa',
  lane: 'slow',
  sources: [`${NODES}/node*/meminfo`, `${NODES}/node*/numastat`, `${NODES}/node*/vmstat`],
  remedy: 'Mount /sys; the kernel needs CONFIG_NUMA=y.',
  groups: numaGroups,
  open(host) {
    const cursor = new ByteCursor();
    return {
      *read(gaps) {
        const nodes: NumaReading[] = [];
        for (const name of listMatching(host, NODES, /^node\d{1,5}$/)) {
          nodes.push(readNode(host, Number(name.slice(4)), cursor, gaps));
          yield;
        }
        return nodes;
      },
      close: () => {},
    };
  },
};
