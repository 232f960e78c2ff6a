import type { ProcessIdentity } from '@hecate/metrics';
import { seriesMeta } from '@hecate/observe';
import { createGrid } from '../../screen/grid.ts';
import type { Grid } from '../../screen/grid.ts';
import { createStyles } from '../../screen/styles.ts';
import type { Scene, SceneProcesses } from '../scene.ts';
import { makeProcessRows } from '../process/process-rows.ts';
import { PROCESS_FIGURES } from '../scene.ts';
import type { ProcessFigure } from '../scene.ts';
import type { Trail } from '../source.ts';
import { BOX_NAMES } from '../state.ts';
import type { Command, TopState } from '../state.ts';
import { openTheme } from '../theme/open-theme.ts';
import type { GraphLetters, Paper, Picture } from '../view.ts';

/** A moment at noon, UTC. */
export const NOON: number = Date.UTC(2026, 10, 21, 12, 0, 0) / 1000;

/** How a picture is made up. */
export interface Made {
  readonly cores?: number;
  readonly disks?: number;
  readonly networks?: number;
  readonly mounts?: number;
  readonly sensors?: number;
  readonly gpus?: number;
  readonly processes?: number;
  /** The name that everything with a name has in it. */
  readonly name?: string;
  readonly state?: Partial<TopState>;
  readonly scene?: Partial<Scene>;
  /** Values that are set or, if undefined, taken away. */
  readonly values?: Readonly<Record<string, number | null | undefined>>;
}

/** A wave that is the same at each run: what a busy machine looks like. */
const wave = (time: number, phase: number): number =>
  Math.max(
    0,
    Math.min(1, 0.35 + 0.3 * Math.sin(time / 9 + phase) + 0.2 * Math.sin(time / 2.3 + phase * 3) + 0.1 * Math.sin(time * 3 + phase * 7)),
  );

const phaseOf = (id: string): number => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7);

/** How large a series gets, by its ending. */
function sizeOf(id: string): number {
  if (id.endsWith('percent')) return 100;
  if (id.endsWith('bytes_per_second')) return 80e6;
  if (id.includes('memory')) return 32 * 2 ** 30;
  if (id.endsWith('celsius')) return 90;
  if (id.endsWith('seconds')) return 0.01;
  if (id.endsWith('watts')) return 95;
  return 1500;
}

const valueAt = (id: string, time: number): number => wave(time, phaseOf(id)) * sizeOf(id);

/** Values over time from {@link wave}. */
export const WAVES: Trail = {
  add: () => undefined,
  points: (id, from, to, columns) =>
    Float64Array.from({ length: columns }, (_, column) => valueAt(id, from + ((column + 0.5) / columns) * (to - from))),
};

/** Nothing is known of the past. */
export const NO_TRAIL: Trail = { add: () => undefined, points: (_, __, ___, columns) => new Float64Array(columns).fill(Number.NaN) };

const COLUMN_IDS = [
  'cpu_usage_percent',
  'cpu_user_percent',
  'cpu_system_percent',
  'cpu_iowait_percent',
  'cpu_steal_percent',
  'pressure_cpu_some_percent',
  'pressure_memory_some_percent',
  'pressure_memory_full_percent',
  'pressure_io_some_percent',
  'disk_read_bytes_per_second',
  'disk_write_bytes_per_second',
  'disk_read_latency_seconds',
  'disk_write_latency_seconds',
  'network_receive_bytes_per_second',
  'network_transmit_bytes_per_second',
  'cpu_temperature_celsius',
  'cpu_power_watts',
  'memory_used',
  'context_switches_per_second',
];

function valuesOf(made: Made, time: number): Map<string, number | null> {
  const { name = '' } = made;
  const ids = [
    ...COLUMN_IDS,
    ...range(made.cores, (core) => `core.${core}.usage_percent`),
    ...range(made.disks, (disk) => [
      `disk.sd${name}${disk}.read_bytes_per_second`,
      `disk.sd${name}${disk}.write_bytes_per_second`,
      `disk.sd${name}${disk}.utilization_percent`,
    ]),
    ...range(made.networks, (net) => [
      `network.eth${name}${net}.receive_bytes_per_second`,
      `network.eth${name}${net}.transmit_bytes_per_second`,
    ]),
    ...range(made.sensors, (sensor) => [`temperature.chip${name}_${sensor}.celsius`]),
    ...range(made.sensors, (sensor) => [`fan.chip${name}_${sensor}.rpm`]),
    ...range(made.gpus, (gpu) => [`gpu.${gpu}.usage_percent`, `gpu.${gpu}.memory_used`, `gpu.${gpu}.power_watts`, `gpu.${gpu}.celsius`]),
  ].flat();
  const values = new Map<string, number | null>(ids.map((id) => [id, valueAt(id, time)]));
  const total = 32 * 2 ** 30;
  for (const [id, value] of [
    ['memory_total', total],
    ['memory_available', total - values.get('memory_used')!],
    ['memory_cached', total * 0.3],
    ['memory_swap_total', 8 * 2 ** 30],
    ['memory_swap_used', 2 ** 30],
    ['load1', 1.5],
    ['load5', 1.25],
    ['load15', 0.75],
    ['network_errors_per_second', 0],
  ] as const)
    values.set(id, value);
  for (const [id, value] of Object.entries(made.values ?? {})) {
    if (value === undefined) values.delete(id);
    else values.set(id, value);
  }
  return values;
}

const range = <Item>(count: number | undefined, make: (index: number) => Item): Item[] =>
  Array.from({ length: count ?? 0 }, (_, index) => make(index));

/** Made-up processes. */
export function processesOf(count: number, name: string = 'worker'): SceneProcesses {
  const figures = Object.fromEntries(
    PROCESS_FIGURES.map((figure) => [
      figure,
      Float64Array.from({ length: count }, (_, row) => wave(row, figure.length) * (figure === 'rss' ? 2 ** 30 : 3)),
    ]),
  ) as Record<ProcessFigure, Float64Array>;
  const identities = Array.from({ length: count }, (_, row): ProcessIdentity => ({
    pid: row + 1,
    ppid: row === 0 ? 0 : Math.floor(row / 3) + 1,
    name: `${name}${row}`,
    command: `/usr/bin/${name} --number ${row}`,
    startedAfterBoot: row * 3,
    startTime: NOON - 1000 + row,
    uid: 1000,
    user: row % 5 === 0 ? 'root' : 'ada',
    gid: 1000,
    kernel: false,
    cgroup: '/system.slice/worker.service',
    unit: 'worker.service',
    slice: 'system.slice',
    container: null,
  }));
  return { length: count, state: Array.from({ length: count }, (_, row) => (row % 7 === 0 ? 82 : 83)), figures, identities };
}

/** A picture of a made-up machine. */
export function pictureOf(made: Made = {}, time: number = NOON): Picture {
  const { name = '' } = made;
  const mounts = range(made.mounts, (mount) => ({
    mountpoint: mount === 0 ? '/' : `/srv/${name}${mount}`,
    device: `/dev/sd${mount}`,
    type: 'ext4',
    size: 500e9,
    used: 400e9 * wave(mount, 1),
    available: 500e9 - 400e9 * wave(mount, 1),
  }));
  const scene: Scene = {
    time,
    machine: {
      hostname: `web${name}`,
      system: 'Debian GNU/Linux 12 (bookworm)',
      kernel: 'Linux 6.1.0',
      cpuModel: `Fine Processor${name} 9000`,
      cores: made.cores ?? null,
      bootTime: time - 90_000,
    },
    values: valuesOf(made, time),
    frequencies: new Map(range(made.cores, (core) => [core, 2e9 + 1.5e9 * wave(core, 2)] as const)),
    mounts,
    power: null,
    processes: made.processes === undefined ? null : processesOf(made.processes, `worker${name}`),
    alerts: null,
    events: [],
    gaps: [],
    ...made.scene,
  };
  const state: TopState = {
    boxes: new Set(BOX_NAMES),
    expanded: null,
    sort: 'cpu',
    descending: true,
    filter: '',
    editingFilter: false,
    tree: false,
    folded: new Set(),
    showKernel: false,
    selected: null,
    follow: false,
    scroll: 0,
    detail: null,
    detailScroll: 0,
    cpuOfMachine: false,
    frozen: false,
    moment: null,
    span: 60,
    theme: 'hecate',
    dialog: null,
    message: null,
    ...made.state,
  };
  return {
    scene,
    state,
    trail: WAVES,
    source: { meta: seriesMeta, kind: 'live', label: 'live', interval: 1, actor: null, whyNoActor: null },
    rows: makeProcessRows(scene.processes, state, true),
    from: time - state.span,
    to: time,
  };
}

/** Empty paper, and the grid that it is. */
export function paperOf(
  width: number,
  height: number,
  letters: GraphLetters = 'braille',
  theme: string = 'hecate',
): { readonly paper: Paper; readonly grid: Grid<Command> } {
  const table = createStyles();
  const grid = createGrid<Command>(width, height, table);
  return { grid, paper: { region: grid.region(), theme: openTheme(theme, table), unicode: letters !== 'ascii', letters } };
}
