import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDayCsvReader } from './day-csv.ts';
import { dayDirectory, temporaryDirectory } from './day-directory.testing.ts';
import type { Day } from './packed-day.ts';

const DAY = '2026-11-21';
const stamp = (second: number): string =>
  `2026-11-21T14:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000+01:00`;

async function read(content: string | readonly string[] | Buffer): Promise<Day> {
  return createDayCsvReader().read(path.join(dayDirectory({ [DAY]: content }), `${DAY}.csv`), DAY);
}

/** Columns by name; unknown is null. */
function table(day: Day): Record<string, (number | null)[]> {
  const columns: Record<string, (number | null)[]> = {};
  for (const [index, name] of day.columns.entries()) {
    const values = new Float64Array(day.rows);
    day.readColumn(index, values);
    columns[name] = Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  }
  return columns;
}

describe('a day file', () => {
  test('has numbers, unknown values and timestamps', async () => {
    const day = await read(['timestamp,a,b', `${stamp(0)},1.5,`, `${stamp(1)},-2,1e-7`, `${stamp(2)},,0.1`]);
    expect(day.rows).toBe(3);
    expect(table(day)).toEqual({ a: [1.5, -2, null], b: [null, 1e-7, 0.1] });
    const times = new Float64Array(3);
    day.readTimes(times);
    expect([...times]).toEqual([0, 1000, 2000].map((late) => Date.UTC(2026, 10, 21, 13) + late));
    expect(day.flaws).toEqual({ malformedLines: 0, malformedCells: 0, torn: false });
    expect(day.wallRange).toEqual([Date.UTC(2026, 10, 21, 14), Date.UTC(2026, 10, 21, 14, 0, 2)]);
  });

  test.each([
    ['0', 0],
    ['-0', 0],
    ['007', 7],
    ['1.', 1],
    ['.5', 0.5],
    ['+3', 3],
    ['-1.25', -1.25],
    ['1E3', 1000],
    ['12345678901234567', Number('12345678901234567')],
    ['0.1234567890123456789', 0.123_456_789_012_345_68],
    ['"4.5"', 4.5],
    [' 6 ', 6],
    ['nan', null],
    ['NaN', null],
    ['-nan', null],
    ['999999999999999', 999_999_999_999_999],
    ['9007199254740993', 9_007_199_254_740_992],
    ['0.000001', 0.000001],
  ])('the cell %j is %j', async (cell, value) => {
    const day = await read(['timestamp,a,b', `${stamp(0)},${cell},1`]);
    expect(table(day)).toEqual({ a: [value], b: [1] });
    expect(day.flaws.malformedCells).toBe(0);
  });

  test.each(['x', '1x', '--1', '-', '.', '1.2.3', 'inf', '-Infinity', '1e999', '0x10', '1_000', 'null', '"', '1e', '\u0000'])(
    'the cell %j is malformed: unknown, and counted',
    async (cell) => {
      const day = await read(['timestamp,a,b', `${stamp(0)},${cell},1`]);
      expect(table(day)).toEqual({ a: [null], b: [1] });
      expect(day.flaws).toEqual({ malformedLines: 0, malformedCells: 1, torn: false });
    },
  );

  test.each([
    ['too few cells', `${stamp(1)},1`],
    ['too many cells', `${stamp(1)},1,2,3`],
    ['no timestamp', 'yesterday,1,2'],
    ['a date that does not exist', '2026-02-30T00:00:00Z,1,2'],
    ['only a timestamp', stamp(1)],
    ['zeros after a power cut', '\u0000'.repeat(500)],
    ['a carriage return inside', `${stamp(1)},1\r,2`],
    ['a cut line with the next one on it', `${stamp(1)},1${stamp(2)},1,2`],
    ['a line of over a megabyte', `${stamp(1)},${'1'.repeat(2_500_000)},2`],
  ])('a line with %s is left out and counted', async (_, line) => {
    const day = await read(['timestamp,a,b', `${stamp(0)},1,2`, line, `${stamp(3)},3,4`]);
    expect(table(day)).toEqual({ a: [1, 3], b: [2, 4] });
    expect(day.flaws).toEqual({ malformedLines: 1, malformedCells: 0, torn: false });
  });

  test('a last line without a newline is torn, even when it looks whole', async () => {
    const day = await read(`timestamp,a\n${stamp(0)},1\n${stamp(1)},12`);
    expect(table(day)).toEqual({ a: [1] });
    expect(day.flaws.torn).toBe(true);
  });

  test('may have blank lines, CRLF, a byte order mark and quoted names', async () => {
    const day = await read(`\uFEFF"timestamp","a",b\r\n${stamp(0)},1,2\r\n\r\n${stamp(1)},3,\r\n\n`);
    expect(table(day)).toEqual({ a: [1, 3], b: [2, null] });
    expect(day.flaws).toEqual({ malformedLines: 0, malformedCells: 0, torn: false });
  });

  test('may change its columns where another version went on', async () => {
    const rows = Array.from({ length: 4000 }, (_, row) => `${stamp(row % 3600)},${row},1`);
    const day = await read([
      'timestamp,a,b',
      ...rows,
      'timestamp,c,a',
      `${stamp(0)},7,8`,
      'timestamp,',
      `${stamp(1)},9,`,
      'timestamp,a,b',
      `${stamp(2)},5,6`,
    ]);
    const { a = [], b = [], c = [] } = table(day);
    expect([a.length, a.slice(-4), b.slice(-4), c.slice(-4)]).toEqual([4003, [3999, 8, null, 5], [1, null, null, 6], [null, 7, 9, null]]);
    expect(day.flaws.malformedLines).toBe(1);
  });

  test.each([
    ['is empty', ''],
    ['has only a header', 'timestamp,a\n'],
    ['has a header that was cut off', 'timesta'],
    ['has a header without a newline', 'timestamp,a,b'],
    ['has no columns but the timestamp', 'timestamp\n'],
  ])('that %s has no rows and is no error', async (_, content) => {
    const day = await read(content);
    expect([day.rows, day.wallRange]).toEqual([0, null]);
  });

  test.each([
    ['another table', 'time,a\n1,2\n'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
    ['random bytes without a newline', Buffer.alloc(3_000_000, 0xab)],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0, 0])],
    ['a name twice', 'timestamp,a,a\n'],
    ['a column without a name', 'timestamp,a,,b\n'],
    ['a name that rewrites the terminal', 'timestamp,a\u001b[2J\n'],
    ['too many columns', `timestamp${',x'.repeat(5000)}\n`],
  ])('that is %s is refused, by name and with advice', async (_, content) => {
    await expect(read(content)).rejects.toMatchObject({
      name: 'HecateError',
      code: 'INVALID',
      message: expect.stringContaining(`${DAY}.csv`),
      hint: expect.stringContaining('Move'),
    });
  });

  test('that is not there or is a directory is refused', async () => {
    const directory = temporaryDirectory();
    mkdirSync(path.join(directory, 'd.csv'));
    const reader = createDayCsvReader();
    await expect(reader.read(path.join(directory, 'none.csv'), DAY)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(reader.read(path.join(directory, 'd.csv'), DAY)).rejects.toMatchObject({ code: 'INVALID' });
  });
});

test('one reader reads one file after another, and nothing of the first is left in the second', async () => {
  const reader = createDayCsvReader();
  const directory = dayDirectory({
    '2026-11-20': ['timestamp,a,b,c', `${stamp(0)},1.25,x,3`, 'bad'],
    '2026-11-21': ['timestamp,b', `${stamp(0)},4`],
  });
  await reader.read(path.join(directory, '2026-11-20.csv'), '2026-11-20');
  const day = await reader.read(path.join(directory, '2026-11-21.csv'), '2026-11-21');
  expect([day.columns, table(day), day.flaws]).toEqual([['b'], { b: [4] }, { malformedLines: 0, malformedCells: 0, torn: false }]);
});

test('stops when it is told to', async () => {
  const directory = temporaryDirectory();
  writeFileSync(path.join(directory, `${DAY}.csv`), `timestamp,a\n${`${stamp(0)},1\n`.repeat(200_000)}`);
  await expect(createDayCsvReader().read(path.join(directory, `${DAY}.csv`), DAY, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
    'enough',
  );
});

/** The same rules, written the slow and obvious way. */
function readNaively(text: string): { rows: (number | null)[][]; lines: number; cells: number } {
  const lines = text.split('\n');
  lines.pop();
  const count = (lines.shift() ?? '').split(',').length;
  const found = { rows: [] as (number | null)[][], lines: 0, cells: 0 };
  for (const raw of lines) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') continue;
    const [time = '', ...cells] = line.split(',');
    // A cell of nine digits or more that comes to stand first is seconds since the epoch.
    const isTime = /^2026-11-21T14:\d\d:\d\d\.000\+01:00$/.test(time) || (/^\d{9,12}(\.\d+)?$/.test(time) && time.length <= 24);
    if (line.includes('\r') || cells.length !== count - 1 || !isTime) {
      found.lines += 1;
      continue;
    }
    found.rows.push(
      cells.map((cell) => {
        if (/^\s*$/.test(cell) || /^\s*[+-]?nan\s*$/i.test(cell)) return null;
        if (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(cell) && Number.isFinite(Number(cell))) return Number(cell) || 0;
        found.cells += 1;
        return null;
      }),
    );
  }
  return found;
}

test('a row of another recorder among ours: seconds since the epoch, with nine digits or more', async () => {
  const day = await read(`timestamp,a\n${stamp(0)},1\n1795266000,2\n99999999,3\n`);
  expect([table(day), day.flaws]).toEqual([{ a: [1, 2] }, { malformedLines: 1, malformedCells: 0, torn: false }]);
});

test('agrees with a naive reader on any lines', async () => {
  const cell = fc.oneof(
    fc.constant(''),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc
      .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 6 }))
      .map(([number, places]) => (number / 7).toFixed(places)),
    fc.string({ unit: fc.constantFrom(...'0123456789.-+eEnax "'), maxLength: 8 }).filter((text) => !text.includes('"')),
  );
  const line = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.nat(3599), fc.array(cell, { minLength: 3, maxLength: 3 }))
        .map(([second, cells]) => [stamp(second), ...cells].join(',')),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(cell, { maxLength: 5 })
        .map((cells) => cells.join(','))
        .filter((text) => !text.startsWith('timestamp')),
    },
    { weight: 1, arbitrary: fc.constantFrom('', '\r', 'x', `${stamp(5)},1,2,3\r`, `${stamp(5)},1\r,2,3`, `${stamp(5)},1,2,3,`) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 60 }), fc.boolean(), async (lines, torn) => {
      const text = `timestamp,a,b,c\n${lines.map((one) => `${one}\n`).join('')}${torn ? '2026-11' : ''}`;
      const day = await read(text);
      const wanted = readNaively(text);
      const { a = [], b = [], c = [] } = table(day);
      expect(a.map((value, row) => [value, b[row], c[row]])).toEqual(wanted.rows);
      expect(day.flaws).toEqual({ malformedLines: wanted.lines, malformedCells: wanted.cells, torn });
    }),
    { numRuns: 150 },
  );
});

test('never crashes on any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const day = await read(Buffer.concat([Buffer.from('timestamp,a,b\n'), bytes]));
      expect(day.rows).toBeGreaterThanOrEqual(0);
      expect(Object.keys(table(day)).slice(0, 2)).toEqual(['a', 'b']);
    }),
    { numRuns: 150 },
  );
});
