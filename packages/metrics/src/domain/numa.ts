import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { eachPerSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import type { MemoryLine } from './memory.ts';

/** Pages that were allocated by one node since boot (kernel: Documentation/admin-guide/numastat.rst). Null where the kernel does not count. */
export interface NumaCounters {
  /** On this node, as was wanted. */
  readonly hits: number | null;
  /** On this node, though another was wanted. */
  readonly misses: number | null;
  /** On another node, though this one was wanted. */
  readonly foreign: number | null;
  /** On this node by interleaving, as was wanted. */
  readonly interleaved: number | null;
  /** On this node by a task that ran on it. */
  readonly local: number | null;
  /** On this node by a task that ran on another. */
  readonly remote: number | null;
  /** Pages that came here from slower memory, and went from here to slower memory (tiered memory). */
  readonly promoted: number | null;
  readonly demoted: number | null;
}

/** One node. Bytes; null where the kernel has no such line. */
export interface NumaReading extends NumaCounters {
  readonly node: number;
  /** Its CPUs that are online; none for memory without processors. */
  readonly cpus: readonly number[];
  /** How far the online nodes are, in their order; 10 is this node itself. */
  readonly distances: readonly number[];
  readonly total: number | null;
  readonly free: number | null;
  readonly used: number | null;
  /** Cache of files, shared memory included. */
  readonly files: number | null;
  readonly anonymous: number | null;
  readonly shared: number | null;
  readonly slabReclaimable: number | null;
  readonly slabUnreclaimable: number | null;
  /** Every line of its meminfo, bytes (or counts, for lines without a unit). */
  readonly lines: readonly MemoryLine[];
  /** Every line of its numastat, pages. */
  readonly allocations: readonly { readonly name: string; readonly value: number }[];
}

/** Rates of one node, pages per second. */
export interface NumaRate {
  readonly node: number;
  readonly hitsPerSecond: number | null;
  readonly missesPerSecond: number | null;
  readonly remotePerSecond: number | null;
  /** Share of the pages allocated here that another node was wanted for, 0 to 1; null when none were allocated. */
  readonly missRatio: number | null;
}

/** Rates of the nodes that are in both readings. */
export function numaRates(before: readonly NumaReading[], after: readonly NumaReading[], elapsed: number): readonly NumaRate[] {
  return after.flatMap((row) => {
    const was = before.find(({ node }) => node === row.node);
    if (!was) return [];
    const hitsPerSecond = counterRate(was.hits, row.hits, elapsed);
    const missesPerSecond = counterRate(was.misses, row.misses, elapsed);
    const all = hitsPerSecond === null || missesPerSecond === null ? 0 : hitsPerSecond + missesPerSecond;
    return [
      {
        node: row.node,
        hitsPerSecond,
        missesPerSecond,
        remotePerSecond: counterRate(was.remote, row.remote, elapsed),
        missRatio: all > 0 ? missesPerSecond! / all : null,
      },
    ];
  });
}

/** Fields of {@link NumaRate}. */
export const numaRateFields = (): readonly RateField[] => [
  { path: '[].node', unit: 'none', formula: 'number of the node' },
  ...eachPerSecond('[].', ['hits', 'misses', 'remote']),
  { path: '[].missRatio', unit: 'ratio', formula: 'Δ misses / (Δ hits + Δ misses)', nullWhen: 'no page was allocated' },
];

type Sized = 'total' | 'free' | 'used' | 'files' | 'anonymous' | 'shared' | 'slabReclaimable' | 'slabUnreclaimable';
const bytes = (key: Sized, help: string): Field<NumaReading> => ({
  key,
  kind: 'gauge',
  unit: 'bytes',
  help,
  nullWhen: 'the kernel has no such line',
});
const pages = (key: keyof NumaCounters, help: string, name?: string): Field<NumaReading> => ({
  key,
  kind: 'counter',
  unit: 'count',
  help,
  nullWhen: 'the kernel does not count it',
  ...(name ? { prometheus: { name } } : {}),
});

interface Line {
  readonly node: number;
  readonly name: string;
  readonly value: number;
}
type Lines = 'lines' | 'allocations';

function* linesOf(reading: readonly NumaReading[], which: Lines): Generator<Line> {
  for (const row of reading) for (const { name, value } of row[which]) yield { node: row.node, name, value };
}

const open = (which: Lines, file: string, kind: 'gauge' | 'counter', end: string): Group<readonly NumaReading[]> =>
  group<readonly NumaReading[], Line>({
    name: `numa.${which}`,
    source: `/sys/devices/system/node/node*/${file}`,
    rows: (reading) => linesOf(reading, which),
    labels: { node: 'node' },
    fields: [],
    open: {
      pattern: `node_memory_numa_<line>${end}`,
      kind,
      name: ({ name }) => `node_memory_numa_${name}${end}`,
      help: ({ name }) => `The ${name} line of the ${file} of each node.`,
      value: ({ value }) => value,
    },
  });

/** Fields of the `numa` collector. Prometheus gets each line under node_exporter's name. */
export const numaGroups = (): readonly Group<readonly NumaReading[]>[] => [
  group<readonly NumaReading[], NumaReading>({
    name: 'numa',
    source: '/sys/devices/system/node',
    rows: (reading) => reading,
    labels: { node: 'node' },
    fields: [
      { key: 'cpus', kind: 'info', unit: 'none', help: 'CPUs of the node that are online.' },
      { key: 'distances', kind: 'info', unit: 'none', help: 'How far the online nodes are; 10 is the node itself.' },
      bytes('total', 'Memory of the node.'),
      bytes('free', 'Memory that nothing uses.'),
      bytes('used', 'The rest, caches included.'),
      bytes('files', 'Cache of files, shared memory included.'),
      bytes('anonymous', 'Memory of programs that no file backs.'),
      bytes('shared', 'Shared memory and tmpfs.'),
      bytes('slabReclaimable', 'Kernel caches that can be given back.'),
      bytes('slabUnreclaimable', 'Kernel caches that cannot.'),
      pages('hits', 'Pages allocated here, as was wanted.'),
      pages('misses', 'Pages allocated here, though another node was wanted.'),
      pages('foreign', 'Pages allocated on another node, though this one was wanted.'),
      pages('interleaved', 'Pages allocated here by interleaving.'),
      pages('local', 'Pages allocated here by tasks that ran here.'),
      pages('remote', 'Pages allocated here by tasks that ran on another node.'),
      pages('promoted', 'Pages that came here from slower memory.', 'hecate_numa_promoted_pages_total'),
      pages('demoted', 'Pages that went from here to slower memory.', 'hecate_numa_demoted_pages_total'),
    ],
  }),
  open('lines', 'meminfo', 'gauge', ''),
  open('allocations', 'numastat', 'counter', '_total'),
];
