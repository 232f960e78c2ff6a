import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayDirectory } from './day-directory.testing.ts';
import { createDayOpener, estimateHeldBytes, sealedDayPath } from './open-day.ts';
import type { Day } from './packed-day.ts';
import { openSealedDay } from './sealed-day.ts';

const DAY = '2026-11-20';
const TODAY = '2026-11-21';
const lines = (rows: number): string[] => [
  'timestamp,percent,bytes,odd',
  ...Array.from({ length: rows }, (_, row) => {
    const time = new Date(Date.UTC(2026, 10, 20) + row * 1000).toISOString();
    return `${time},${((row * 37) % 10_000) / 100},${row % 5 === 0 ? '' : row * 4096},${row % 100 === 0 ? '1e-9' : row}`;
  }),
];

function table(day: Day): unknown {
  const read = (fill: (target: Float64Array) => void): number[] => {
    const target = new Float64Array(day.rows);
    fill(target);
    return [...target];
  };
  return {
    rows: day.rows,
    flaws: day.flaws,
    wallRange: day.wallRange,
    times: read((target) => day.readTimes(target)),
    offsets: read((target) => day.readOffsets(target)),
    columns: day.columns.map((name, index) => [name, read((target) => day.readColumn(index, target))]),
  };
}

const open = (directory: string, today: string = TODAY): Promise<Day> => createDayOpener(directory, today).open(DAY);

describe('a closed day', () => {
  test('is sealed beside its CSV, a quarter of it at most, and reads the same from there', async () => {
    const directory = dayDirectory({ [DAY]: lines(20_000) });
    const fresh = await open(directory, DAY);
    expect(existsSync(sealedDayPath(directory, DAY)), 'today is not sealed').toBe(false);
    const sealing = await open(directory);
    expect(sealing.heldBytes, 'nothing stays in memory').toBe(0);
    expect(statSync(sealedDayPath(directory, DAY)).size).toBeLessThan(statSync(path.join(directory, `${DAY}.csv`)).size / 4);
    const written = statSync(sealedDayPath(directory, DAY)).mtimeMs;
    const again = await open(directory);
    expect(statSync(sealedDayPath(directory, DAY)).mtimeMs, 'it is not written anew').toBe(written);
    const wanted = table(fresh);
    expect(table(sealing)).toEqual(wanted);
    expect(table(again)).toEqual(wanted);
    expect(readdirSync(directory).sort()).toEqual([`${DAY}.csv`, `${DAY}.hcol`]);
  });

  test('is sealed anew when its CSV changed', async () => {
    const directory = dayDirectory({ [DAY]: lines(10) });
    await open(directory);
    appendFileSync(path.join(directory, `${DAY}.csv`), '2026-11-20T12:00:00Z,1,2,3\n');
    expect((await open(directory)).rows).toBe(11);
    // The same number of bytes: only the time of the change tells.
    const file = path.join(directory, `${DAY}.csv`);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(',0.37,');
    writeFileSync(file, text.replace(',0.37,', ',0.38,'));
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    const percent = new Float64Array(11);
    (await open(directory)).readColumn(0, percent);
    expect(percent[1]).toBe(0.38);
  });

  test('is read from its CSV when the seal cannot be written, and leaves nothing behind', async () => {
    const directory = dayDirectory({ [DAY]: lines(50) });
    // A directory in its place: nobody can write there, root neither.
    mkdirSync(path.join(sealedDayPath(directory, DAY), 'in the way'), { recursive: true });
    const day = await open(directory);
    expect([day.rows, day.heldBytes > 0]).toEqual([50, true]);
    expect(readdirSync(directory).sort()).toEqual([`${DAY}.csv`, `${DAY}.hcol`]);
  });

  test.skipIf(process.getuid?.() === 0)(
    'is read from a directory that may only be read (skipped as root: root may write everywhere)',
    async () => {
      const directory = dayDirectory({ [DAY]: lines(50) });
      chmodSync(directory, 0o555);
      try {
        expect((await open(directory)).rows).toBe(50);
      } finally {
        chmodSync(directory, 0o755);
      }
    },
  );

  test('stays readable after the next day was opened', async () => {
    const directory = dayDirectory({ [DAY]: lines(30), '2026-11-21': lines(40), '2026-11-22': lines(20) });
    const opener = createDayOpener(directory, DAY);
    const days = [await opener.open(DAY), await opener.open('2026-11-21'), await opener.open('2026-11-22')];
    const alone = await open(directory, DAY);
    expect(days.map(({ rows }) => rows)).toEqual([30, 40, 20]);
    expect(table(days[0] as Day)).toEqual(table(alone));
  });

  test('that is lent is the same as one that is opened', async () => {
    const directory = dayDirectory({ [DAY]: lines(30) });
    const wanted = table(await open(directory, DAY));
    expect(table(await createDayOpener(directory, DAY).lend(DAY))).toEqual(wanted);
    expect(table(await createDayOpener(directory, TODAY).lend(DAY))).toEqual(wanted);
    expect(table(await createDayOpener(directory, TODAY).lend(DAY))).toEqual(wanted);
  });

  test('takes no memory when it is or can be sealed, and today takes its share', () => {
    const directory = dayDirectory({ [DAY]: lines(1000), [TODAY]: lines(1000) });
    const { size } = statSync(path.join(directory, `${TODAY}.csv`));
    expect(estimateHeldBytes(directory, [DAY], TODAY)).toBe(0);
    expect(estimateHeldBytes(directory, [DAY, TODAY], TODAY)).toBe(size / 4);
  });
});

test('a seal that is damaged in any byte, or cut, is not used', async () => {
  const directory = dayDirectory({ [DAY]: lines(300) });
  await open(directory);
  const seal = sealedDayPath(directory, DAY);
  const good = readFileSync(seal);
  const { size, mtimeMs } = statSync(path.join(directory, `${DAY}.csv`));
  const stamp = { size, mtime: mtimeMs };
  expect(openSealedDay(seal, stamp)?.rows).toBe(300);
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ change;
      writeFileSync(seal, bad);
      expect(openSealedDay(seal, stamp)).toBeNull();
    }),
    { numRuns: 300 },
  );
  for (const length of [0, 1, 7, 8, 15, 16, 17, 100, good.length - 1]) {
    writeFileSync(seal, good);
    truncateSync(seal, length);
    expect(openSealedDay(seal, stamp), `${length} bytes`).toBeNull();
  }
  writeFileSync(seal, good);
  expect(openSealedDay(seal, { ...stamp, size: size + 1 })).toBeNull();
  expect(openSealedDay(seal, { ...stamp, mtime: mtimeMs + 1 })).toBeNull();
});

test('a damaged seal is made anew without a word', async () => {
  const directory = dayDirectory({ [DAY]: lines(300) });
  const wanted = table(await open(directory));
  const good = readFileSync(sealedDayPath(directory, DAY));
  writeFileSync(sealedDayPath(directory, DAY), Buffer.alloc(5000, 0x41));
  expect(table(await open(directory))).toEqual(wanted);
  expect(readFileSync(sealedDayPath(directory, DAY)).equals(good)).toBe(true);
});

test('a seal that is exchanged while it is read is an error that says so', async () => {
  const directory = dayDirectory({ [DAY]: lines(300) });
  const day = await open(directory);
  writeFileSync(path.join(directory, 'other'), 'x');
  const { renameSync } = await import('node:fs');
  renameSync(path.join(directory, 'other'), sealedDayPath(directory, DAY));
  expect(() => day.readColumn(0, new Float64Array(300))).toThrow(
    expect.objectContaining({ code: 'FAILED', message: expect.stringContaining('changed while it was read') }),
  );
});
