import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lookOf, textOf } from '../../screen/plain-text.ts';
import { LIST_COLUMNS, SORT_COLUMNS } from '../process/columns.ts';
import { makeProcessRows } from '../process/process-rows.ts';
import type { Scene, SceneProcesses } from '../scene.ts';
import type { Command, TopState } from '../state.ts';
import type { GraphLetters, Picture } from '../view.ts';
import { NOON, paperOf, pictureOf, processesOf } from './picture.testing.ts';
import { PROCESS_BOX } from './process-box.ts';

interface Options {
  readonly width?: number;
  readonly height?: number;
  readonly processes?: SceneProcesses | null;
  readonly state?: Partial<TopState>;
  readonly scene?: Partial<Scene>;
  readonly letters?: GraphLetters;
  readonly theme?: string;
}

/** The box on a screen of its size: its text, and what a click means. */
function draw({
  width = 80,
  height = 12,
  processes = processesOf(30),
  state = {},
  scene = {},
  letters = 'braille',
  theme = 'hecate',
}: Options = {}) {
  const picture: Picture = pictureOf({ cores: 4, state, scene: { processes, ...scene } });
  const rows = makeProcessRows(processes, picture.state, letters !== 'ascii', NOON);
  const { paper, grid } = paperOf(width, height, letters, theme);
  PROCESS_BOX.draw(paper, { ...picture, rows });
  const text = textOf(grid);
  /** What a click on the first place of a text in a row means. */
  const click = (row: number, what: string): Command | null => grid.markAt(text[row]!.indexOf(what), row);
  return { text, click, grid };
}

/** One process with these words. */
function one(words: Partial<SceneProcesses['identities'][number]>): SceneProcesses {
  const made = processesOf(1);
  Object.assign(made.identities[0]!, words);
  return made;
}

test('the list at 80 columns: what matters, in a closed frame', () => {
  const { text } = draw();
  expect(text[0]).toMatch(/^╭─ 7 processes ─+ by CPU ▼ ─ 5 running ─ 30 ─╮$/);
  expect(text[1]).toMatch(/PID USER {6}S {3}▼CPU% {4}MEM {5}TIME COMMAND/);
  expect(text[2]).toMatch(/^│ +\d+ (?:root|ada) +[RS] +\d+(?:\.\d)? +\S+ +\d+:\d\d\.\d\d worker\d+ \/usr\/bin\/worker --number \d+/);
  expect(text.at(-1)).toMatch(/^╰─+ 1-9 of 30 ─╯$/);
  expect(text.every((line) => line.length === 80)).toBe(true);
});

test('more columns where there is room, and always the one that is sorted by', () => {
  const heads = (width: number, sort: TopState['sort'] = 'cpu'): string => draw({ width, state: { sort } }).text[1]!;
  expect(heads(30)).not.toContain('USER');
  expect(heads(60)).toContain('USER');
  for (const head of ['READ/s', 'WRITE/s', 'THR', 'NI', 'VIRT', 'STARTED', 'UNIT']) {
    expect(heads(200)).toContain(head);
    expect(heads(80)).not.toContain(head);
  }
  expect(heads(240)).toContain('PPID');
  for (const { sort, head } of LIST_COLUMNS) expect(heads(100, sort)).toContain(head);
  for (const sort of SORT_COLUMNS) expect(heads(100, sort)).toMatch(/[▲▼]/);
  expect(heads(100, 'name')).toContain('NAME▼');
  for (const sort of SORT_COLUMNS) expect([sort, heads(30, sort)]).toEqual([sort, expect.stringMatching(/COMMAND|NAME/)]);
});

test('the name stands out of its command line, or before it where the process calls itself otherwise', () => {
  const look = (words: { name: string; command: string | null; kernel?: boolean }) => {
    const { text, grid } = draw({ processes: one(words), state: { showKernel: true } });
    return [text[2]!.slice(45).replaceAll(/[│ ]+$/g, ''), lookOf(grid, text[2]!.indexOf(words.name), 2).bold ?? false];
  };
  expect(look({ name: 'node', command: '/usr/bin/node a.js' })).toEqual(['/usr/bin/node a.js', true]);
  expect(look({ name: 'ssh', command: 'sshd: ada' })).toEqual(['sshd: ada', true]);
  expect(look({ name: 'web', command: 'nginx: worker' })).toEqual(['web nginx: worker', true]);
  expect(look({ name: 'gone', command: null })).toEqual(['gone', true]);
  expect(look({ name: 'kswapd0', command: '', kernel: true })).toEqual(['[kswapd0]', false]);
});

test('CPU of a core and of the machine', () => {
  const processes = one({});
  processes.figures.cpu.set([2]);
  expect(draw({ processes }).text[2]).toContain(' 200 ');
  const { text } = draw({ processes, state: { cpuOfMachine: true } });
  expect(text[2]).toContain(' 50.0 ');
  expect(text[0]).toContain('CPU of all cores');
});

test('clicks: heads sort, rows select, marks fold, the frame tells and takes', () => {
  const processes = processesOf(30);
  const { click, text } = draw({ processes, state: { sort: 'pid', descending: false, tree: true, filter: 'worker' } });
  expect(click(1, 'MEM')).toEqual({ kind: 'sort', column: 'rss' });
  expect(click(1, 'COMMAND')).toEqual({ kind: 'sort', column: 'command' });
  expect(click(2, 'root')).toMatchObject({ kind: 'select', process: { pid: 1, startedAfterBoot: 0 } });
  expect(click(2, '▾')).toEqual({ kind: 'fold', pid: 1 });
  expect(click(0, 'tree')).toEqual({ kind: 'toggle', what: 'tree' });
  expect(click(0, 'by number')).toEqual({ kind: 'choose-sort' });
  expect(click(text.length - 1, 'worker')).toEqual({ kind: 'edit-filter' });
});

test('a tree: branches, what can be folded, what is folded, and who is only there for others', () => {
  const state = { sort: 'pid', descending: false, tree: true } as const;
  const { text } = draw({ state: { ...state, folded: new Set([2]) } });
  expect(text[2]).toContain('▾ worker0');
  expect(text[3]).toMatch(/├─▸ worker1 \(\+\d+\)/);
  const ascii = draw({ state, letters: 'ascii' }).text.join('\n');
  expect(ascii).toMatch(/\|-v /);
  // The mark of what was cut is the region's; the painter makes ASCII of it.
  expect(ascii.replaceAll('…', '')).toMatch(/^[\x20-\x7e\n]*$/);
  const { grid, text: filtered } = draw({ state: { ...state, filter: 'pid=20' } });
  expect(filtered.filter((line) => line.includes('worker'))).toHaveLength(4);
  expect(lookOf(grid, filtered[2]!.indexOf('worker'), 2)).not.toEqual(lookOf(grid, filtered[5]!.indexOf('worker'), 5));
});

test('the selected row is told by its background, and without colours by being reversed', () => {
  const processes = processesOf(5);
  const [, second] = processes.identities;
  const state = { sort: 'pid', descending: false, selected: second!, follow: true } as const;
  const coloured = draw({ processes, state });
  expect(lookOf(coloured.grid, 5, 3).bg).not.toEqual(lookOf(coloured.grid, 5, 2).bg);
  expect(coloured.text.at(-1)).toContain('following 2 worker1');
  const plain = draw({ processes, state, theme: 'mono' });
  expect(lookOf(plain.grid, 70, 3)).toMatchObject({ reverse: true });
  expect(lookOf(plain.grid, 70, 2).reverse).not.toBe(true);
  const gone = draw({ processes, state: { ...state, filter: 'pid=3' } });
  expect(gone.text.at(-1)).toContain('following 2, which is not in this list');
});

test('what the list says of itself: wrong filters, nothing found, nothing known', () => {
  expect(draw({ state: { filter: 'cpu>x' } }).text.at(-1)).toContain('"x" at character 5 is not a percentage');
  expect(draw({ state: { filter: 'cpu>1' } }).text.at(-1)).toContain(' filter: cpu>1 ');
  expect(draw({ state: { filter: 'nobody' } }).text[2]).toContain('No process is let through by the filter.');
  expect(draw({ state: { filter: 'nobody' } }).text[0]).toContain(' 0 of 30 ');
  expect(draw({ processes: processesOf(0) }).text[2]).toContain('There is no process.');
  expect(draw({ processes: null, scene: { gaps: ['The processes cannot be read: a reason.'] } }).text.join('\n')).toContain(
    'The processes cannot be read: a reason.',
  );
  expect(draw({ processes: null }).text.join('\n')).toContain('not known at this moment');
});

test('figures that are not known are dashes, never 0', () => {
  const processes = one({ user: null, command: null, cgroup: null, unit: null, startTime: Number.NaN });
  for (const column of Object.values(processes.figures)) column.fill(Number.NaN);
  const [, , row] = draw({ width: 220, processes }).text;
  expect(row).toMatch(/ 1 +0 - +\S +- +- +- +- +- +- +- +- +- - +worker0 *│$/);
});

test.each([
  ['\u001b[31mred\u001b[0m\u0007', '\\x1b[31mred\\x1b[0m\\x07'],
  ['\u202Eevil', '\\x202eevil'],
  ['名前のとても長いプロセス名前のとても長いプロセス', '名前'],
  ['👨‍👩‍👧‍👦🎉🇩🇪'.repeat(20), ''],
  ['e\u0301'.repeat(3000), ''],
  ['x'.repeat(5000), 'xxx…'],
  ['', ''],
])('a process that calls itself %j leaves the frame whole', (name, shown) => {
  for (const tree of [false, true]) {
    for (const command of [null, '', name, `/usr/bin/${name} ${name}`]) {
      const { text, grid } = draw({
        processes: one({ name, command, user: name, unit: name, cgroup: name }),
        width: 200,
        height: 5,
        state: { tree },
      });
      const { width, letters } = grid.cells();
      for (let y = 1; y < 4; y++) expect([letters[y * width], letters[y * width + width - 1]]).toEqual([0x2502, 0x2502]);
      // oxlint-disable-next-line no-control-regex
      expect(text.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
      if (command === null) expect(text[2]).toContain(shown);
    }
  }
});

test('the list goes as far as there are processes, and its thumb with it', () => {
  const thumb = (scroll: number): number[] => {
    const { text } = draw({ state: { scroll } });
    return [...text.keys()].filter((row) => text[row]!.endsWith('█'));
  };
  const [top, bottom] = [thumb(0), thumb(1e9)];
  expect(top[0]).toBe(2);
  expect(bottom.at(-1)).toBe(10);
  expect(top.length).toBe(bottom.length);
  expect(draw({ state: { scroll: 1e9, sort: 'pid', descending: false } }).text[10]).toContain(' 30 ');
  expect(draw({ processes: processesOf(3) }).text.join('')).not.toContain('█');
});

test('any list at any size: nothing throws, nothing is written outside', () => {
  const names = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(
    fc.property(
      fc.record({
        width: fc.integer({ min: 1, max: 260 }),
        height: fc.integer({ min: 1, max: 30 }),
        names: fc.array(names, { maxLength: 20 }),
        sort: fc.constantFrom(...SORT_COLUMNS),
        tree: fc.boolean(),
        filter: fc.oneof(fc.constant(''), names),
        scroll: fc.integer({ min: 0, max: 40 }),
        letters: fc.constantFrom<GraphLetters>('braille', 'ascii'),
        theme: fc.constantFrom('hecate', 'mono'),
      }),
      ({ width, height, names: given, sort, tree, filter, scroll, letters, theme }) => {
        const processes = processesOf(given.length);
        for (const [row, name] of given.entries())
          Object.assign(processes.identities[row]!, { name, command: name, user: name, container: name });
        const { text } = draw({
          width,
          height,
          processes,
          letters,
          theme,
          state: { sort, tree, filter, scroll, selected: processes.identities[0] ?? null },
        });
        expect(text).toHaveLength(height);
        if (width >= 6 && height >= 3) expect([text[0]![0], text.at(-1)![0]]).toEqual(letters === 'ascii' ? ['+', '+'] : ['╭', '╰']);
      },
    ),
    { numRuns: 200 },
  );
});
