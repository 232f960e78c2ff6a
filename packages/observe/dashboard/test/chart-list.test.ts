import { expect, test } from 'vitest';
import { drawnData } from '../src/chart-data.ts';
import { chartSections } from '../src/chart-list.ts';
import { parseSeriesId } from '../src/series-id.ts';
import type { ChartSeries } from '../src/chart-spec.ts';
import { tiles } from '../src/tile-list.ts';
import { seriesCsv } from '../src/window-export.ts';
import { inventedSeries } from './invented-machine.testing.ts';

const SHAPE = {
  cores: 2,
  processes: 10,
  disks: ['vda'],
  interfaces: ['eth0.100', 'lo'],
  hostile: false,
  unknown: [],
  sensors: [],
  cards: [],
};
const idsOf = (shape: Partial<typeof SHAPE> = {}): string[] => Object.keys(inventedSeries({ ...SHAPE, ...shape }, 1000).values);
const none = (): undefined => undefined;

test('names of devices can hold dots', () => {
  expect(parseSeriesId('network.eth0.100.receive_bytes_per_second')).toEqual({
    kind: 'network',
    name: 'eth0.100',
    measure: 'receive_bytes_per_second',
  });
  expect(parseSeriesId('cpu_usage_percent')).toBeNull();
});

test('every series of the machine is shown somewhere', () => {
  const ids = idsOf();
  const shown = chartSections(ids, none, new Set(['vda']))
    .flatMap(({ charts, more }) => [...charts, ...more])
    .flatMap(({ series }) => series.map(({ id }) => id));
  const elsewhere = [
    'cpu_usage_percent',
    'memory_total',
    'memory_swap_total',
    'disk_utilization_percent',
    'processes_total',
    'threads_total',
    'root_filesystem_used_percent',
  ];
  expect([...new Set([...shown, ...elsewhere])].sort()).toEqual([...ids].sort());
});

test('few cores are lines, many are a heat map', () => {
  const cores = (count: number): boolean | undefined =>
    chartSections(idsOf({ cores: count }), none, new Set())[0]!.charts.find(({ key }) => key === 'cores')?.heat;
  expect(cores(2)).toBe(false);
  expect(cores(128)).toBe(true);
});

test('real devices come first, the others on request', () => {
  const sections = chartSections(idsOf({ interfaces: ['lo', 'docker0', 'veth1', 'eth1', 'eth0'] }), none, new Set());
  const network = sections.find(({ key }) => key === 'network')!;
  expect(network.charts.map(({ title }) => title)).toEqual(['Network', 'Network errors', 'eth0', 'eth1']);
  expect(network.more.map(({ title }) => title)).toEqual(['docker0', 'veth1', 'lo']);
});

test('a series that nobody knows gets a chart of its unit', () => {
  const [section] = chartSections(['cpu_temperature_celsius'], (id) => ({ unit: 'celsius', label: id, group: 'other' }), new Set());
  expect(section?.charts[0]).toMatchObject({ title: 'Temperature', unit: 'celsius' });
});

test('sensors and cards have the names that the server gives them, and their ids where it gives none', () => {
  const ids = ['usage_percent', 'memory_used', 'celsius'].map((measure) => `gpu.0000:03:00.0.${measure}`);
  ids.push('temperature.platform_coretemp_0_temp1.celsius', 'temperature.gone.celsius', 'fan.gone.rpm');
  const labels: Readonly<Record<string, string>> = {
    'gpu.0000:03:00.0.usage_percent': 'Radeon RX 6800 usage',
    'gpu.0000:03:00.0.memory_used': 'Radeon RX 6800 memory used',
    'gpu.0000:03:00.0.celsius': 'Radeon RX 6800',
    'temperature.platform_coretemp_0_temp1.celsius': 'coretemp Package id 0',
    'fan.gone.rpm': '',
  };
  const meta = (id: string) => (labels[id] === undefined ? undefined : { unit: 'none', label: labels[id], group: 'sensor' });
  const charts = chartSections(ids, meta, new Set()).flatMap((section) => section.charts);
  expect(charts.map(({ title }) => title)).toEqual([
    'Radeon RX 6800 use',
    'Radeon RX 6800 memory',
    'Radeon RX 6800 temperature',
    'Temperatures',
    'Fans',
  ]);
  expect(charts.map(({ key }) => key)).toEqual([...ids.slice(0, 3), 'temperature.0', 'fan.0']);
  expect(charts.slice(3).flatMap((chart) => chart.series.map(({ id, label }) => [id, label]))).toEqual([
    ['temperature.gone.celsius', 'gone'],
    ['temperature.platform_coretemp_0_temp1.celsius', 'coretemp Package id 0'],
    ['fan.gone.rpm', 'gone'],
  ]);
});

const series = (id: string, look: ChartSeries['look']): ChartSeries => ({ id, label: id, color: 0, look });

test('stacked series pile up, hidden ones do not, unknown ones leave a hole only where all are unknown', () => {
  const stack = [series('a', 'stack'), series('b', 'stack'), series('c', 'stack')];
  const raw = (): [number[], ...(number | null)[][]] => [
    [1, 2, 3],
    [1, null, null],
    [10, 20, null],
    [100, 200, null],
  ];
  expect(drawnData(raw(), stack, new Set())).toEqual([
    [1, 2, 3],
    [111, 220, null],
    [11, 20, null],
    [1, null, null],
  ]);
  expect(drawnData(raw(), stack, new Set(['b']))[1]).toEqual([101, 200, null]);
});

test('mirrored series go below zero', () => {
  expect(drawnData([[1], [5], [7]], [series('in', 'area'), series('out', 'mirror')], new Set())).toEqual([[1], [-7], [5]]);
});

test('tiles say what is unknown, and warn', () => {
  const unknown = tiles(() => null, null);
  expect(unknown.every(({ level }) => level === 'calm')).toBe(true);
  expect(unknown[0]?.value).toBe('–');
  const values: Readonly<Record<string, number>> = {
    cpu_usage_percent: 99,
    memory_used: 9.3,
    memory_total: 10,
    memory_swap_total: 0,
    pressure_io_some_percent: 30,
    pressure_cpu_some_percent: 2,
  };
  const shown = new Map(tiles((id) => values[id] ?? null, 4).map((tile) => [tile.key, tile]));
  expect(shown.get('cpu')?.level).toBe('critical');
  expect(shown.get('memory')).toMatchObject({ level: 'high', value: '93\u202f%' });
  expect(shown.get('swap')?.value).toBe('none');
  expect(shown.get('pressure')).toMatchObject({ value: '30\u202f%', series: 'pressure_io_some_percent' });
});

test('the visible stretch as CSV', () => {
  expect(
    seriesCsv(
      ['a', '=cmd', 'x,"y'],
      [
        [0, 1],
        [1.5, null],
        [null, 2],
        [3, 4],
      ],
    ),
  ).toBe(`timestamp,a,'=cmd,"x,""y"\n1970-01-01T00:00:00.000Z,1.5,,3\n1970-01-01T00:00:01.000Z,,2,4\n`);
});
