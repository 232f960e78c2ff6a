import type { SeriesMeta } from './series-store.ts';

/** One series of a chart. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** Position in the palette. */
  readonly color: number;
  /** `stack` series pile up on each other; `mirror` is an area below zero, for the other direction of a flow. */
  readonly look: 'line' | 'area' | 'stack' | 'mirror';
  /** How the number comes about. */
  readonly formula?: string;
}

/** One chart. */
export interface ChartSpec {
  readonly key: string;
  readonly title: string;
  /** Of its axis. */
  readonly unit: string;
  readonly series: readonly ChartSeries[];
  /** Top of the axis: a number, or the id of the series that holds it; null when the data decides. */
  readonly top: number | string | null;
  /** The axis is at least this high, so that noise near zero stays small. */
  readonly floor: number;
  /** Colours by busy share instead of lines; for series that are too many to tell apart. */
  readonly heat?: boolean;
}

/** The charts of one part of the machine. */
export interface ChartSection {
  readonly key: string;
  readonly title: string;
  readonly charts: readonly ChartSpec[];
  /** Charts of quiet devices, shown on request. */
  readonly more: readonly ChartSpec[];
}

/** Charts of single devices that are shown at once. */
const DEVICES_SHOWN = 3;
/** Lines that the eye can still tell apart. */
const MOST_LINES = 8;
/** Cores that get a line each; more are shown as a heat map. */
const CORE_LINES = 4;
/** Names of interfaces that other software made. */
const VIRTUAL = /^(lo$|ifb|veth|docker|br-|virbr|cali|flannel|cni|tun|tap|dummy|vnet)/;

/** A series that belongs to one device or core: `disk.sda.read_bytes_per_second`. Device names can hold dots. */
interface ObjectSeries {
  readonly kind: string;
  readonly name: string;
  readonly measure: string;
}

/** The parts of a series id; null when it belongs to the whole machine. */
export function parseSeriesId(id: string): ObjectSeries | null {
  const match = /^(core|disk|network)\.(.+)\.([a-z_]+)$/.exec(id);
  return match ? { kind: match[1]!, name: match[2]!, measure: match[3]! } : null;
}

const namesOf = (ids: readonly string[], kind: string, measure: string): string[] =>
  ids
    .map(parseSeriesId)
    .filter((part): part is ObjectSeries => part?.kind === kind && part.measure === measure)
    .map(({ name }) => name);

const line = (id: string, label: string, color: number, formula?: string): ChartSeries => ({
  id,
  label,
  color,
  look: 'line',
  ...(formula ? { formula } : {}),
});
const stack = (id: string, label: string, color: number, formula: string): ChartSeries => ({ id, label, color, look: 'stack', formula });
const area = (id: string, label: string, color: number, formula: string): ChartSeries => ({ id, label, color, look: 'area', formula });
const mirror = (id: string, label: string, color: number, formula: string): ChartSeries => ({ id, label, color, look: 'mirror', formula });

const FIXED: readonly (ChartSpec & { readonly section: string })[] = [
  {
    section: 'cpu',
    key: 'cpu',
    title: 'CPU',
    unit: 'percent',
    top: 100,
    floor: 100,
    series: [
      stack('cpu_user_percent', 'user', 0, '(user + nice) / all time of all cores'),
      stack('cpu_system_percent', 'system', 1, '(system + irq + softirq) / all time of all cores'),
      stack('cpu_iowait_percent', 'iowait', 2, 'iowait / all time; the cores are idle in it'),
      stack('cpu_steal_percent', 'steal', 3, 'steal / all time; the hypervisor gave it to others'),
    ],
  },
  {
    section: 'cpu',
    key: 'load',
    title: 'Load',
    unit: 'load',
    top: null,
    floor: 1,
    series: [
      line('load1', '1 min', 0, 'mean number of tasks that ran or waited, fading over 1 minute'),
      line('load5', '5 min', 1, 'the same over 5 minutes'),
      line('load15', '15 min', 3, 'the same over 15 minutes'),
    ],
  },
  {
    section: 'cpu',
    key: 'pressure',
    title: 'Pressure',
    unit: 'percent',
    top: null,
    floor: 5,
    series: [
      line('pressure_cpu_some_percent', 'cpu', 0, 'time in which a task waited for a CPU / elapsed time'),
      line('pressure_memory_some_percent', 'mem', 1, 'time in which a task waited for memory / elapsed time'),
      line('pressure_io_some_percent', 'io', 2, 'time in which a task waited for I/O / elapsed time'),
      line('pressure_memory_full_percent', 'mem full', 3, 'time in which every task waited for memory / elapsed time'),
      line('pressure_io_full_percent', 'io full', 4, 'time in which every task waited for I/O / elapsed time'),
    ],
  },
  {
    section: 'memory',
    key: 'memory',
    title: 'Memory',
    unit: 'bytes',
    top: 'memory_total',
    floor: 1024,
    series: [
      area('memory_used', 'used', 0, 'MemTotal - MemAvailable'),
      line('memory_cached', 'cached', 1, 'Cached: files kept in memory, most of it can be given back'),
      line('memory_available', 'available', 3, 'MemAvailable: what programs can get without swapping'),
    ],
  },
  {
    section: 'memory',
    key: 'swap',
    title: 'Swap',
    unit: 'bytes',
    top: 'memory_swap_total',
    floor: 1024,
    series: [area('memory_swap_used', 'used', 1, 'SwapTotal - SwapFree')],
  },
  {
    section: 'memory',
    key: 'tasks',
    title: 'Tasks',
    unit: 'count',
    top: null,
    floor: 4,
    series: [
      line('processes_running', 'running', 0, 'threads that run or could run'),
      line('processes_blocked', 'blocked', 2, 'threads that wait for I/O'),
    ],
  },
  {
    section: 'memory',
    key: 'switches',
    title: 'Context switches',
    unit: 'count/second',
    top: null,
    floor: 100,
    series: [area('context_switches_per_second', 'switches', 5, 'growth of ctxt / elapsed seconds')],
  },
  {
    section: 'disk',
    key: 'disk',
    title: 'Disks',
    unit: 'bytes/second',
    top: null,
    floor: 1000,
    series: [
      area('disk_read_bytes_per_second', 'read', 0, 'sectors read x 512 / elapsed seconds, physical disks'),
      mirror('disk_write_bytes_per_second', 'write', 1, 'sectors written x 512 / elapsed seconds, physical disks'),
    ],
  },
  {
    section: 'disk',
    key: 'latency',
    title: 'Disk latency',
    unit: 'seconds',
    top: null,
    floor: 0.001,
    series: [
      line('disk_read_latency_seconds', 'read', 0, 'time of finished reads / number of them, waiting included'),
      line('disk_write_latency_seconds', 'write', 1, 'time of finished writes / number of them, waiting included'),
    ],
  },
  {
    section: 'network',
    key: 'network',
    title: 'Network',
    unit: 'bytes/second',
    top: null,
    floor: 1000,
    series: [
      area('network_receive_bytes_per_second', 'in', 0, 'bytes received / elapsed seconds, loopback not counted'),
      mirror('network_transmit_bytes_per_second', 'out', 1, 'bytes sent / elapsed seconds, loopback not counted'),
    ],
  },
  {
    section: 'network',
    key: 'errors',
    title: 'Network errors',
    unit: 'count/second',
    top: null,
    floor: 1,
    series: [line('network_errors_per_second', 'errors', 3, 'packets with errors / elapsed seconds, loopback not counted')],
  },
];

const SECTIONS: readonly (readonly [string, string])[] = [
  ['cpu', 'CPU'],
  ['memory', 'Memory'],
  ['disk', 'Disk'],
  ['network', 'Network'],
  ['other', 'More'],
];

/** Series that are shown as part of a chart or a tile although no chart lists them. */
const SILENT: ReadonlySet<string> = new Set([
  'cpu_usage_percent',
  'memory_total',
  'memory_swap_total',
  'disk_utilization_percent',
  'processes_total',
  'threads_total',
  'root_filesystem_used_percent',
]);

/**
 * The charts of a machine that offers the series `ids`, section by section. Series that no chart knows get one of their own,
 * by unit, so that a new collector is seen at once. `physical` are the disks that are not built from others.
 */
export function chartSections(
  ids: readonly string[],
  meta: (id: string) => SeriesMeta | undefined,
  physical: ReadonlySet<string>,
): ChartSection[] {
  const offered = new Set(ids);
  const charts = new Map<string, ChartSpec[]>(SECTIONS.map(([key]) => [key, []]));
  const more = new Map<string, ChartSpec[]>();
  const known = new Set<string>(SILENT);
  for (const { section, ...chart } of FIXED) {
    const series = chart.series.filter(({ id }) => offered.has(id));
    for (const { id } of chart.series) known.add(id);
    if (series.length > 0) charts.get(section)!.push({ ...chart, series });
  }
  const cores = namesOf(ids, 'core', 'usage_percent').sort((a, b) => Number(a) - Number(b));
  if (cores.length > 0) charts.get('cpu')!.splice(1, 0, coreChart(cores));
  const disks = namesOf(ids, 'disk', 'read_bytes_per_second').sort(byRank((name) => (physical.size > 0 && !physical.has(name) ? 1 : 0)));
  const busy = namesOf(ids, 'disk', 'utilization_percent').sort(byRank((name) => (physical.size > 0 && !physical.has(name) ? 1 : 0)));
  if (busy.length > 0)
    charts.get('disk')!.splice(1, 0, busyChart(busy.filter((name) => physical.size === 0 || physical.has(name)).slice(0, MOST_LINES)));
  const interfaces = namesOf(ids, 'network', 'receive_bytes_per_second').sort(
    byRank((name) => (name === 'lo' ? 2 : VIRTUAL.test(name) ? 1 : 0)),
  );
  for (const [section, names, read, write, labels] of [
    ['disk', disks, 'read_bytes_per_second', 'write_bytes_per_second', ['read', 'write']],
    ['network', interfaces, 'receive_bytes_per_second', 'transmit_bytes_per_second', ['in', 'out']],
  ] as const) {
    const main =
      section === 'disk' ? names.filter((name) => physical.size === 0 || physical.has(name)) : names.filter((name) => !VIRTUAL.test(name));
    const shown = new Set((main.length > 0 ? main : names).slice(0, DEVICES_SHOWN));
    const device = (name: string): ChartSpec => ({
      key: `${section}.${name}`,
      title: name,
      unit: 'bytes/second',
      top: null,
      floor: 1000,
      series: [
        area(`${section}.${name}.${read}`, labels[0], 0, `bytes / elapsed seconds, ${name} alone`),
        mirror(`${section}.${name}.${write}`, labels[1], 1, `bytes / elapsed seconds, ${name} alone`),
      ].filter(({ id }) => offered.has(id)),
    });
    charts.get(section)!.push(...names.filter((name) => shown.has(name)).map(device));
    more.set(section, names.filter((name) => !shown.has(name)).map(device));
  }
  charts.get('other')!.push(
    ...otherCharts(
      ids.filter((id) => !known.has(id) && parseSeriesId(id) === null),
      meta,
    ),
  );
  return SECTIONS.map(([key, title]) => ({ key, title, charts: charts.get(key)!, more: more.get(key) ?? [] })).filter(
    ({ charts: some }) => some.length > 0,
  );
}

const byRank =
  (rank: (name: string) => number) =>
  (a: string, b: string): number =>
    rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });

const coreChart = (cores: readonly string[]): ChartSpec => ({
  key: 'cores',
  title: 'Cores',
  unit: 'percent',
  top: 100,
  floor: 100,
  heat: cores.length > CORE_LINES,
  series: cores.map((name, index) =>
    line(
      `core.${name}.usage_percent`,
      cores.length > CORE_LINES ? `core ${name}` : name,
      index,
      '1 - (idle + iowait) / all time of the core',
    ),
  ),
});

const busyChart = (disks: readonly string[]): ChartSpec => ({
  key: 'busy',
  title: 'Disk utilisation',
  unit: 'percent',
  top: 100,
  floor: 100,
  series: disks.map((name, index) =>
    line(`disk.${name}.utilization_percent`, name, index, 'time with at least one request in flight / elapsed time'),
  ),
});

/** One chart for each unit of series that no chart knows. */
function otherCharts(ids: readonly string[], meta: (id: string) => SeriesMeta | undefined): ChartSpec[] {
  const units = new Map<string, string[]>();
  for (const id of ids) {
    const unit = meta(id)?.unit ?? 'none';
    units.set(unit, [...(units.get(unit) ?? []), id]);
  }
  const titles: Readonly<Record<string, string>> = { watts: 'Power', celsius: 'Temperature', hertz: 'Clock', percent: 'Use' };
  return [...units].map(([unit, some]) => ({
    key: `other.${unit}`,
    title: titles[unit] ?? unit,
    unit,
    top: unit === 'percent' ? 100 : null,
    floor: 1,
    series: some.slice(0, MOST_LINES).map((id, index) => line(id, meta(id)?.label ?? id, index)),
  }));
}
