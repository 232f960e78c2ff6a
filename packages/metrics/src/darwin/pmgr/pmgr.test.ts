import { describe, expect, test } from 'vitest';
import { openDarwin } from '../binding/darwin.ts';
import { directTable, periodTable, pmgrOf } from '../fake/chip.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { chooseTables } from '../frequency/table-choice.ts';
import type { WantedTable } from '../frequency/table-choice.ts';
import { M1, M4_MAX, M5_MAX } from '../machines/chips.testing.ts';
import { parseFrequencyTable } from './frequency-table.ts';
import { readGpuFrequencies } from './gpu-frequencies.ts';
import { parseClusterTables, parsePmgr, readPmgr } from './pmgr.ts';
import type { Pmgr } from './pmgr.ts';

const words = (...values: readonly number[]): Buffer => Buffer.from(new Uint32Array(values).buffer);
const STEPS = [1308, 3000, 4608];
const HERTZ = STEPS.map((one) => one * 1e6);

describe('tables of frequencies', () => {
  test.each([
    ['hertz', directTable([600, 3204], 'Hz'), [600e6, 3204e6]],
    ['kilohertz, which an integer of 32 bits needs from M4 on', directTable(STEPS, 'kHz'), HERTZ],
    ['steps that are off are left out', directTable([0, 396, 1278], 'Hz'), [396e6, 1278e6]],
    ['a step of 1 is off too', words(1, 0, 396_000_000, 700), [396e6]],
    ['half a row at the end', Buffer.concat([directTable([600], 'Hz'), Buffer.from([1, 2, 3])]), [600e6]],
  ])('%s', (_what, table, hertz) => {
    expect(parseFrequencyTable(table, null)).toEqual(hertz);
  });

  test('a table of periods needs no guess: 71859 is the 912 MHz of M2 Ultra', () => {
    const [lowest] = parseFrequencyTable(null, words(71_859, 600, 20_000, 900)) as number[];
    expect(lowest! / 1e6).toBeCloseTo(912, 1);
  });

  test.each(['Hz', 'kHz'] as const)('both tables agree, in %s', (unit) => {
    const steps = unit === 'Hz' ? M1[1]!.megahertz : M5_MAX[2]!.megahertz;
    expect(parseFrequencyTable(directTable(steps, unit), periodTable(steps))).toEqual(steps.map((one) => one * 1e6));
  });

  test('both tables of a GPU are in hertz', () => {
    const table = directTable([0, 396, 1278], 'Hz');
    expect(parseFrequencyTable(table, table)).toEqual([396e6, 1278e6]);
  });

  test.each([
    ['nothing', null, null, 'is empty'],
    ['only zeros', words(0, 0, 0, 0), null, 'is empty'],
    ['no whole row', Buffer.alloc(7), null, 'is empty'],
    ['neither hertz nor kilohertz', words(4608, 700), null, 'says 4608000 Hz at most'],
    ['too much', words(90_000_000, 1), null, 'says 90000000000 Hz at most'],
    [
      'a step that is another one',
      directTable([600, 2064], 'Hz'),
      periodTable([700, 2064]),
      'says 600000000 Hz where the table of periods says 699998932',
    ],
    [
      'another unit',
      words(450_000, 1, 460_800, 2),
      periodTable([4500, 4608]),
      'says 450000000 Hz where the table of periods says 4499862675',
    ],
    ['tables of other lengths and ends', directTable([600, 2064], 'Hz'), periodTable([2064, 2400, 3204]), 'says 2064000000 Hz where'],
  ])('%s is no table', (_what, direct, plain, why) => {
    expect(parseFrequencyTable(direct, plain)).toContain(why);
  });

  test('tables of other lengths with the same end are one', () => {
    expect(parseFrequencyTable(directTable([600, 2064], 'Hz'), periodTable([600, 972, 2064]))).toEqual([600e6, 2064e6]);
  });
});

test('the clusters of an M5 Max, as its acc-clusters was published', () => {
  const bytes = Buffer.from('160000000000000017010000000000000502000000000000ff', 'hex');
  expect(parseClusterTables(bytes)).toEqual([
    { table: 22, cluster: 0 },
    { table: 23, cluster: 1 },
    { table: 5, cluster: 2 },
  ]);
  expect(parseClusterTables(Buffer.alloc(0))).toEqual([]);
});

describe('whose table is whose', () => {
  const pmgr = (tables: readonly (readonly [number, readonly number[]])[], more: Partial<Pmgr> = {}): Pmgr => ({
    ...{ tables: new Map(tables), damaged: new Map(), clusters: [], ...more },
  });
  const want = (kind: string, steps: number | null, ...clusters: number[]): WantedTable => ({ kind, steps, clusters });
  const slow = [600e6, 1e9, 2064e6];
  const quick = [700e6, 3204e6];
  const gpu = [396e6, 1278e6];

  test('by the number of steps', () => {
    const found = chooseTables(
      [want('E', 3), want('P', 2)],
      pmgr([
        [7, quick],
        [9, gpu],
        [3, slow],
        [13, [...quick]],
      ]),
    );
    expect([...found]).toEqual([
      ['E', slow],
      ['P', quick],
    ]);
  });
  test('by their order where steps are as many, or not known', () => {
    const other = [800e6, 2100e6];
    const tables = pmgr([
      [5, quick],
      [1, other],
      [9, gpu],
    ]);
    for (const steps of [2, null])
      expect([...chooseTables([want('E', steps), want('P', steps)], tables)]).toEqual([
        ['E', other],
        ['P', quick],
      ]);
  });
  test('by what the chip says, where it does', () => {
    const tables = pmgr(
      [
        [22, slow],
        [23, slow],
        [5, [1e9, 3e9, 4e9]],
        [1, [1e9, 2e9, 2.5e9]],
      ],
      {
        clusters: [
          { table: 22, cluster: 0 },
          { table: 23, cluster: 1 },
          { table: 5, cluster: 2 },
        ],
      },
    );
    expect([...chooseTables([want('M', 3, 0, 1), want('P', 3, 2)], tables)]).toEqual([
      ['M', slow],
      ['P', [1e9, 3e9, 4e9]],
    ]);
    // Its numbers are not those of the clusters: the order tells.
    expect([...chooseTables([want('M', 3, 7), want('P', 3, 8)], tables)]).toEqual([
      ['M', slow],
      ['P', [1e9, 3e9, 4e9]],
    ]);
  });
  test('by what the chip says, against their order', () => {
    const other = [800e6, 2100e6];
    const clusters = [
      { table: 22, cluster: 0 },
      { table: 5, cluster: 1 },
    ];
    const tables = pmgr(
      [
        [22, quick],
        [5, other],
      ],
      { clusters },
    );
    expect([...chooseTables([want('M', 2, 0), want('P', 2, 1)], tables)]).toEqual([
      ['M', quick],
      ['P', other],
    ]);
  });
  test('not at all: another number of states, too many tables, a damaged one', () => {
    const found = chooseTables(
      [want('E', 4), want('P', 2)],
      pmgr([
        [1, slow],
        [5, quick],
      ]),
    );
    expect(found.get('E')).toBe("The tables of the CPUs' frequencies have 3, 2 steps, and cores E have 4.");
    expect(found.get('P')).toEqual(quick);
    expect(
      chooseTables(
        [want('P', null)],
        pmgr([
          [1, slow],
          [5, quick],
        ]),
      ).get('P'),
    ).toContain('no channel tells');
    const damaged = pmgr([], {
      damaged: new Map([
        [5, 'says no'],
        [6, 'is empty'],
      ]),
    });
    expect(chooseTables([want('P', 2)], damaged).get('P')).toBe(
      "The tables of the CPUs' frequencies have no steps, and cores P have 2. voltage-states5 says no.",
    );
  });
});

describe.skipIf(noFakeDarwin !== null)('the power manager', () => {
  test('is one device of its class; its tables come by their numbers', () => {
    const fake = openFakeDarwin(
      pmgrOf({
        'voltage-states5-sram': directTable(M4_MAX[1]!.megahertz, 'kHz'),
        'voltage-states8': words(0, 0),
        'voltage-states9': directTable([0, 338, 1578], 'Hz'),
        'voltage-states5': 7,
      }),
    );
    const darwin = openDarwin(fake.host);
    const { tables, damaged, clusters } = readPmgr(darwin);
    expect([...tables.keys()]).toEqual([5, 9]);
    expect(tables.get(5)?.at(-1)).toBe(4_512_000_000);
    expect([...damaged]).toEqual([[8, 'is empty']]);
    expect(clusters).toEqual([]);
    expect(readGpuFrequencies(darwin)).toEqual([338e6, 1578e6]);
    fake.expectClean();
  });

  test('is missing in a virtual machine; a GPU without a table, or with a damaged one, says so', () => {
    const darwin = (machine: Parameters<typeof openFakeDarwin>[0]): ReturnType<typeof openDarwin> =>
      openDarwin(openFakeDarwin(machine).host);
    expect(() => readPmgr(darwin({}))).toThrow('shows no power manager (pmgr)');
    expect(() => readGpuFrequencies(darwin(pmgrOf({})))).toThrow('no table of the frequencies of its GPU');
    expect(() => readGpuFrequencies(darwin(pmgrOf({ 'voltage-states9': words(0, 0) })))).toThrow('voltage-states9 is empty');
  });

  test('properties of other kinds are none', () => {
    expect(parsePmgr({ 'voltage-states1-sram': 'text', 'acc-clusters': 5, 'voltage-states-sram': words(1, 2) })).toEqual({
      tables: new Map(),
      damaged: new Map([[1, 'is empty']]),
      clusters: [],
    });
  });
});
