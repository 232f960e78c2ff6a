import { describe, expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import type { Command } from '../state.ts';
import type { Grid } from '../../screen/grid.ts';
import type { GraphLetters } from '../view.ts';
import { MACHINE_BOXES } from './boxes.ts';
import { NO_TRAIL, NOON, paperOf, pictureOf } from './picture.testing.ts';
import type { Made } from './picture.testing.ts';

type Machine = keyof typeof MACHINE_BOXES;
const MACHINE = Object.keys(MACHINE_BOXES) as Machine[];
const MUCH: Made = { cores: 8, disks: 2, networks: 2, mounts: 3, sensors: 3, gpus: 1 };

/** A box alone on a screen of its own. */
function drawn(
  box: Machine,
  width: number,
  height: number,
  made: Made,
  letters: GraphLetters = 'braille',
): { rows: string[]; text: string; grid: Grid<Command> } {
  const { paper, grid } = paperOf(width, height, letters);
  const picture = pictureOf(made);
  MACHINE_BOXES[box].draw(paper, made.scene?.values?.size === 0 ? { ...picture, trail: NO_TRAIL } : picture);
  const rows = textOf(grid);
  return { rows, text: rows.join('\n'), grid };
}

/** Everything of a machine that does not tell anything. */
const SILENT: Made = {
  scene: {
    values: new Map(),
    mounts: null,
    machine: { hostname: 'x', system: null, kernel: null, cpuModel: null, cores: null, bootTime: null },
  },
};

describe('every box', () => {
  test.each(MACHINE)('%s: nothing is known: it says so or needs no room, and never a 0', (box) => {
    const size = MACHINE_BOXES[box].size(pictureOf(SILENT), 40);
    if (box === 'cpu' || box === 'memory') expect(size.least).toBeGreaterThan(0);
    else expect(size.least).toBe(0);
    const { text } = drawn(box, 60, 8, SILENT);
    expect(text).not.toMatch(/\b0(\.0)?( ?%| B|\/s|°C| W)/);
    if (box === 'cpu' || box === 'memory') expect(text).toContain('not known at this moment');
  });

  test.each(['cpu', 'memory', 'disk', 'network'] as const)('%s: what could not be read has its reason', (box) => {
    const words = {
      cpu: 'cpu: /proc/stat',
      memory: 'memory: /proc/meminfo',
      disk: 'disk: /proc/diskstats',
      network: 'network: /proc/net/dev',
    }[box];
    const { text } = drawn(box, 90, 6, {
      scene: { ...SILENT.scene, gaps: ['clock: nothing of note', `${words} may not be read by this user.`] },
    });
    expect(text).toContain(`not readable: ${words} may not be read by this user.`);
  });

  test.each(MACHINE)('%s: all values null: drawn without a number', (box) => {
    const values = new Map([...pictureOf(MUCH).scene.values.keys()].map((id) => [id, null] as const));
    const { text } = drawn(box, 70, 12, {
      ...MUCH,
      scene: { values, power: { onBattery: null, charge: null, watts: null, secondsLeft: null } },
    });
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  test.each(MACHINE)('%s: its frame is closed, with number and title that can be clicked', (box) => {
    const { rows, grid } = drawn(box, 70, 12, MUCH);
    expect(rows[0]).toMatch(/^╭─ \d .*╮$/);
    expect(rows.at(-1)).toMatch(/^╰.*╯$/);
    for (const row of rows.slice(1, -1)) expect([row[0], row.at(-1), row.length]).toEqual(['│', '│', 70]);
    expect(grid.markAt(3, 0)).toEqual({ kind: 'toggle-box', box });
    expect(grid.markAt(6, 0)).toEqual({ kind: 'expand-box', box });
  });

  test.each(MACHINE)('%s: without a history there is no graph, and the numbers stand', (box) => {
    const { paper, grid } = paperOf(70, 12);
    MACHINE_BOXES[box].draw(paper, { ...pictureOf(MUCH), trail: NO_TRAIL });
    const text = textOf(grid).join('\n');
    expect(text).not.toMatch(/[\u2801-\u28ff]/);
    expect(text).toMatch(/\d/);
  });

  test.each(['cpu', 'memory', 'network'] as const)(
    '%s: what was known before the moment has its graph, and the moment no number',
    (box) => {
      const { paper, grid } = paperOf(70, 12);
      MACHINE_BOXES[box].draw(
        paper,
        pictureOf({ scene: { ...SILENT.scene, values: new Map([['network_receive_bytes_per_second', null]]) } }),
      );
      const text = textOf(grid).join('\n');
      expect(text).toMatch(/[\u2801-\u28ff]{3}/);
      expect(text).toContain('-60 s');
      expect(text).not.toMatch(/not known|NaN|undefined|\b0(\.0)?( ?%| B)/);
    },
  );

  test.each(MACHINE)('%s: ASCII is ASCII', (box) => {
    // Where a text is cut is a letter of the screen, which the painter replaces.
    // oxlint-disable-next-line no-control-regex
    expect(drawn(box, 70, 12, MUCH, 'ascii').text.replaceAll('…', '~')).toMatch(/^[\x00-\x7f]*$/);
  });
});

describe('cpu box', () => {
  test('model, load, use, where the time goes, pressure', () => {
    const { text } = drawn('cpu', 120, 12, {
      cores: 8,
      values: { cpu_usage_percent: 37.25, cpu_user_percent: 30, cpu_iowait_percent: 5.5 },
    });
    for (const part of [
      'Fine Processor 9000, 8 cores',
      'load 1.50 1.25 0.75',
      '37.3 %',
      'user',
      '30.0 %',
      'iowait',
      '5.5 %',
      'psi cpu',
      '-60 s',
      'now',
    ])
      expect(text).toContain(part);
  });

  test.each([1, 2, 8, 32])('%i cores: each is there with its share', (cores) => {
    const { text } = drawn('cpu', 150, 14, { cores, values: { 'core.0.usage_percent': 42 } });
    for (let core = 0; core < cores; core++) expect(text).toMatch(new RegExp(`C${core} `));
    expect(text).toContain('42%');
  });

  test('256 cores at 80x24 are a cell each; ASCII says the tenth', () => {
    const values = Object.fromEntries(Array.from({ length: 256 }, (_, core) => [`core.${core}.usage_percent`, core < 128 ? 100 : 0]));
    const { text } = drawn('cpu', 80, 7, { cores: 256, values }, 'ascii');
    expect([...text.matchAll(/9/g)].length).toBeGreaterThanOrEqual(128);
    const { rows } = drawn('cpu', 80, 7, { cores: 256, values, scene: {} });
    expect([...rows.join('').matchAll(/█/g)]).toHaveLength(128);
  });

  test('more cores than cells: the busiest of several is shown', () => {
    const values = Object.fromEntries(Array.from({ length: 1024 }, (_, core) => [`core.${core}.usage_percent`, core % 16 === 0 ? 100 : 0]));
    const { text } = drawn('cpu', 40, 6, { cores: 1024, values });
    expect(text).toContain('█');
  });

  test('the clock of a core where it is told', () => {
    expect(drawn('cpu', 150, 14, { cores: 4 }).text).toMatch(/\d\.\dG/);
    expect(drawn('cpu', 150, 14, { cores: 4, scene: { frequencies: new Map() } }).text).not.toMatch(/\d\.\dG/);
  });

  test('a moment of the past has clock times under its graph', () => {
    const { rows } = drawn('cpu', 120, 12, { cores: 4, state: { moment: 1_795_176_000 } });
    expect(rows.at(-1)).toMatch(/\d\d:\d\d:\d\d .*\d\d:\d\d:\d\d .*\d\d:\d\d:\d\d/);
    expect(rows.at(-1)).not.toContain('now');
  });

  test('a zoomed graph says how far it reaches', () => {
    expect(drawn('cpu', 120, 12, { cores: 4, state: { span: 900 } }).rows.at(-1)).toMatch(/-15 min .*-7 min 30 s .*now/);
    expect(drawn('cpu', 120, 12, { cores: 4, state: { span: 7 * 86_400, frozen: true } }).rows.at(-1)).toMatch(/-7 d .*frozen/);
  });
});

describe('other boxes', () => {
  test('memory: all parts with gauge, value and share; no swap where there is none', () => {
    const { text } = drawn('memory', 60, 14, { values: { memory_used: 8 * 2 ** 30, memory_swap_used: 0 } });
    expect(text).toMatch(/used +━+╸?─* +8 GiB +25%/);
    expect(text).toMatch(/swap +─+ +0 B +0%/);
    expect(drawn('memory', 60, 14, { values: { memory_swap_total: 0 } }).text).not.toContain('swap');
    expect(drawn('memory', 60, 14, {}).text).toContain('psi some');
  });

  test('disk: what is read, written and busy; file systems with their space', () => {
    const made: Made = {
      ...MUCH,
      values: { 'disk.sd0.read_bytes_per_second': 12_500_000, 'disk.sd0.write_bytes_per_second': 0, 'disk.sd0.utilization_percent': 31 },
    };
    const { text } = drawn('disk', 70, 16, made);
    expect(text).toMatch(/sd0 .*R 12\.5 MB\/s W +0 B\/s +31%/);
    expect(text).toMatch(/\/srv\/1 +━+.* GiB of 466 GiB +\d+%/);
    expect(drawn('disk', 26, 7, made).text).toContain('12.5M');
  });

  test('disk: a file system that does not answer has no share', () => {
    const mounts = [{ mountpoint: '/hung', device: 'nas:/x', type: 'nfs', size: null, used: null, available: null }];
    expect(drawn('disk', 60, 6, { scene: { mounts } }).text).toMatch(/\/hung +─+ +-/);
  });

  test('network: both directions with the ends of their scales, and each interface', () => {
    const { text } = drawn('network', 70, 14, { ...MUCH, values: { 'network.eth0.receive_bytes_per_second': 33_100_000 } });
    expect(text).toMatch(/▼ 100M\/s/);
    expect(text).toMatch(/▲ 100M\/s/);
    expect(text).toMatch(/eth0 .*▼ 33\.1 MB\/s {2}▲/);
    expect(drawn('network', 70, 14, { ...MUCH, values: { network_errors_per_second: 3 } }).text).toContain('3/s errors');
  });

  test('network: idle interfaces come after busy ones, the loopback after others', () => {
    const quiet = ['lo', 'ifb', 'eth', 'wlan'];
    const values = new Map(
      quiet.flatMap((name) => ['receive', 'transmit'].map((way) => [`network.${name}.${way}_bytes_per_second`, 0 as number] as const)),
    );
    values.set('network.eth.transmit_bytes_per_second', 5);
    values.set('network.lo.transmit_bytes_per_second', 5);
    const { paper, grid } = paperOf(60, 12);
    MACHINE_BOXES.network.draw(paper, { ...pictureOf({ scene: { values } }), trail: NO_TRAIL });
    expect(textOf(grid).flatMap((row) => /^│(lo|ifb|eth|wlan) /.exec(row)?.[1] ?? [])).toEqual(['eth', 'lo', 'ifb', 'wlan']);
  });

  test('network: many interfaces in a low box: as many as there is room for, the frame stays', () => {
    const { rows } = drawn('network', 40, 5, { networks: 60 });
    expect(rows).toHaveLength(5);
    expect(rows.at(-1)).toMatch(/^╰.*╯$/);
  });

  test('sensor: temperatures, fans, the battery; how many more there are', () => {
    const power = { onBattery: true, charge: 0.155, watts: 12.34, secondsLeft: 3900 };
    const { text } = drawn('sensor', 76, 5, { sensors: 9, values: { 'temperature.chip_0.celsius': 48.4 }, scene: { power } });
    for (const part of ['48°C', 'on battery', 'battery 16%', '12.3 W', '1 h 5 min left', 'more']) expect(text).toContain(part);
    expect(drawn('sensor', 76, 12, { sensors: 2 }).text).toContain('rpm');
    expect(drawn('sensor', 76, 12, { sensors: 1, values: { 'fan.chip_0.rpm': Number.NaN } }).text).not.toMatch(/NaN|rpm/);
  });

  test('gpu: each card; a Mac has one without a name; none is no box', () => {
    const { text } = drawn('gpu', 60, 14, {
      gpus: 2,
      values: { 'gpu.1.usage_percent': 63, 'gpu.1.power_watts': 250, 'gpu.1.celsius': 71 },
    });
    for (const part of ['gpu 0', 'gpu 1', '63%', '250 W', '71°C']) expect(text).toContain(part);
    expect(drawn('gpu', 60, 8, { values: { gpu_usage_percent: 12, gpu_power_watts: 3.5 } }).text).toContain('3.5 W');
    expect(MACHINE_BOXES.gpu.size(pictureOf({}), 60)).toEqual({ least: 0, best: 0 });
    expect(drawn('gpu', 60, 7, { gpus: 8 }).text).toMatch(/\d more/);
  });
});

test.each(['cpu', 'memory', 'disk', 'network', 'gpu'] as const)('%s: a click into a graph means a time in it', (box) => {
  const { rows, grid } = drawn(box, 120, 16, MUCH);
  const marks = new Set(rows.flatMap((row, y) => [...row].map((_, x) => grid.markAt(x, y))));
  const graphs = [...marks].filter((mark) => mark?.kind === 'travel-in');
  expect(graphs.length).toBeGreaterThan(0);
  for (const { from, to, columns } of graphs) {
    expect([from, to]).toEqual([NOON - 60, NOON]);
    const widths = rows.map((row, y) => [...row].filter((_, x) => grid.markAt(x, y) === graphs[0]).length).filter((width) => width > 0);
    expect(columns).toBeGreaterThan(0);
    expect(new Set(widths)).toEqual(new Set([graphs[0]!.columns]));
  }
});

test('disk: alone on a large screen the graphs take the room', () => {
  const { rows } = drawn('disk', 100, 60, { disks: 1, mounts: 1, values: { 'disk.sd0.read_bytes_per_second': 1 } });
  expect(rows.at(-2)).toMatch(/^│\/ .*GiB/);
  expect(rows.slice(40, 55).join('')).toMatch(/[\u2801-\u28ff]/);
});

test('memory: much that is available is no warning', () => {
  const { paper, grid } = paperOf(60, 8);
  MACHINE_BOXES.memory.draw(paper, pictureOf({ values: { memory_used: 2 ** 30, memory_available: 31 * 2 ** 30 } }));
  const rows = textOf(grid);
  const y = rows.findIndex((row) => row.includes('available'));
  const [first, last] = [rows[y]!.indexOf('━'), rows[y]!.lastIndexOf('━')];
  expect(last).toBeGreaterThan(first + 20);
  expect(grid.cells().styles[y * 60 + last]).toBe(grid.cells().styles[y * 60 + first]);
});

test('boxes say sizes that make sense at any width', () => {
  for (const box of MACHINE)
    for (const width of [1, 20, 80, 1000]) {
      const { least, best } = MACHINE_BOXES[box].size(pictureOf(MUCH), width);
      expect(least, `${box} ${width}`).toBeGreaterThan(0);
      expect(best).toBeGreaterThanOrEqual(least);
    }
});
