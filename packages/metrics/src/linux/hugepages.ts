import type { Host } from '@hecate/host';
import { hugepagesGroups } from '../domain/hugepages.ts';
import type { HugepagePool, HugepagesReading, TransparentHugepages } from '../domain/hugepages.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';

const POOLS = '/sys/kernel/mm/hugepages';
const NODES = '/sys/devices/system/node';
const TRANSPARENT = '/sys/kernel/mm/transparent_hugepage';

/** Directories are named by the size: `hugepages-2048kB`. */
const SIZE = /^hugepages-(\d{1,12})kB$/;

/** The choice that is in brackets: `always [madvise] never`. Null when there is none. */
export function parseChoice(text: string | null): string | null {
  return /\[([^\]\s]+)\]/.exec(text ?? '')?.[1] ?? null;
}

function* directoriesOf(host: Host, directory: string): Generator<{ path: string; size: number }> {
  for (const name of listMatching(host, directory, SIZE)) yield { path: `${directory}/${name}`, size: Number(SIZE.exec(name)![1]) * 1024 };
}

function readPool(host: Host, path: string, size: number, node: number | null, gaps: GapSink): HugepagePool {
  const file = attributesOf(host, path, `hugepages.${node === null ? '' : `node${node}.`}${size}`, gaps);
  return {
    size,
    node,
    total: file.number('nr_hugepages'),
    free: file.number('free_hugepages'),
    surplus: file.number('surplus_hugepages'),
    reserved: node === null ? file.number('resv_hugepages') : null,
    overcommit: node === null ? file.number('nr_overcommit_hugepages') : null,
  };
}

function readTransparent(host: Host, gaps: GapSink): TransparentHugepages | null {
  const file = attributesOf(host, TRANSPARENT, 'hugepages.transparent', gaps);
  const enabled = parseChoice(file.text('enabled'));
  if (enabled === null) return null;
  const defrag = file.number('khugepaged/defrag');
  const sleep = file.number('khugepaged/scan_sleep_millisecs');
  const sizes = [...directoriesOf(host, TRANSPARENT)].map(({ path, size }) => {
    const own = attributesOf(host, path, `hugepages.transparent.${size}`, gaps);
    return {
      size,
      enabled: parseChoice(own.text('enabled')),
      anonymous: own.number('stats/nr_anon'),
      faults: own.number('stats/anon_fault_alloc'),
      fallbacks: own.number('stats/anon_fault_fallback'),
    };
  });
  return {
    enabled,
    defrag: parseChoice(file.text('defrag')),
    shared: parseChoice(file.text('shmem_enabled')),
    size: file.number('hpage_pmd_size'),
    backgroundDefrag: defrag === null ? null : defrag === 1,
    pagesToScan: file.number('khugepaged/pages_to_scan'),
    scanSleep: sleep === null ? null : sleep / 1000,
    sizes: sizes.sort((a, b) => a.size - b.size),
  };
}

/** Huge pages of all sizes. A kernel without them has none. */
export const hugepages: Collector<'hugepages', HugepagesReading> = {
  name: 'hugepages',
  lane: 'slow',
  // Settings and pools that an administrator makes: a minute is soon enough.
  period: 60,
  sources: [POOLS, `${NODES}/node*/hugepages`, TRANSPARENT],
  remedy: 'Mount /sys.',
  groups: hugepagesGroups,
  open: (host) => ({
    *read(gaps) {
      const pools: HugepagePool[] = [];
      for (const { path, size } of directoriesOf(host, POOLS)) pools.push(readPool(host, path, size, null, gaps));
      yield;
      const nodes = listMatching(host, NODES, /^node\d{1,5}$/);
      for (const name of nodes) {
        for (const { path, size } of directoriesOf(host, `${NODES}/${name}/hugepages`)) {
          pools.push(readPool(host, path, size, Number(name.slice(4)), gaps));
        }
        yield;
      }
      return { pools, transparent: readTransparent(host, gaps) };
    },
    close: () => {},
  }),
};
