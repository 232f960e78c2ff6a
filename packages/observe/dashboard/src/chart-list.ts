import { area, line, mirror } from './chart-spec.ts';
import type { ChartSpec } from './chart-spec.ts';
import { MACHINE_CHARTS } from './machine-charts.ts';
import { filesystemCharts, gpuCharts, sensorCharts } from './sensor-charts.ts';
import { MOST_LINES, namesOf, parseSeriesId } from './series-id.ts';
import type { SeriesMeta } from './series-store.ts';

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
/** Cores that get a line each; more are shown as a heat map. */
const CORE_LINES = 4;
/** Names of interfaces that other software made. */
const VIRTUAL = /^(lo$|ifb|veth|docker|br-|virbr|cali|flannel|cni|tun|tap|dummy|vnet)/;

const SECTIONS: readonly (readonly [string, string])[] = [
  ['cpu', 'CPU'],
  ['memory', 'Memory'],
  ['disk', 'Disk'],
  ['network', 'Network'],
  ['sensors', 'Sensors'],
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
  for (const { section, ...chart } of MACHINE_CHARTS) {
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
  for (const [section, shown, rest] of [
    ['disk', ...headAndRest(filesystemCharts(ids, meta))],
    ['sensors', [...gpuCharts(ids, meta), ...sensorCharts(ids, meta)], []],
  ] as const) {
    charts.get(section)!.push(...shown);
    more.set(section, [...(more.get(section) ?? []), ...rest]);
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

const headAndRest = (some: readonly ChartSpec[]): [ChartSpec[], ChartSpec[]] => [some.slice(0, 1), some.slice(1)];

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
