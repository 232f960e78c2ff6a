import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporary } from '../record/recorder.testing.ts';
import { readBlocks } from './block-file.ts';
import type { Damage } from './block-file.ts';
import { finishNow } from './jobs.ts';
import { encodeTierBlock, MARKER, openTierBlock } from './tier-block.ts';
import type { NameLists, SeriesColumns } from './tier-block.ts';

const column = (id: string, rows: readonly (readonly [number, number, number, number] | null)[]): SeriesColumns => {
  const at = (index: number): Float64Array => Float64Array.from(rows, (row) => row?.[index] ?? Number.NaN);
  return { id, count: at(0), mean: at(1), min: at(2), max: at(3) };
};

/** Some blocks of three rows: block n has the values n, n + 1, n + 2. */
function blocks(count: number): Buffer[] {
  const names: NameLists = new Map();
  return Array.from({ length: count }, (_, block) => {
    const rows = [0, 1, 2].map((row) => [10, block + row, block, block + 9] as const);
    const series = new Map(['load1', 'disk.sdé.read_bytes_per_second'].map((id) => [id, column(id, rows)]));
    return finishNow(
      encodeTierBlock(Float64Array.of(block * 3, block * 3 + 1, block * 3 + 2), [...series.keys()], (id) => series.get(id)!, names),
    );
  });
}

/** The first bucket of every block that is found in these bytes, and what was damaged. */
function scan(bytes: Uint8Array): { found: number[]; damage: Damage } {
  const file = path.join(temporary(), 'x.open');
  writeFileSync(file, bytes);
  const descriptor = openSync(file, 'r');
  const damage: Damage = { blocks: 0, end: 0 };
  try {
    const found = [...readBlocks(descriptor, bytes.length, new Map(), damage)].map(({ times }) => times[0]! / 3);
    return { found, damage };
  } finally {
    closeSync(descriptor);
  }
}

test('values come back to the digits of their series, and NaN where nothing is known', () => {
  const value = fc.double({ min: -1e9, max: 1e12, noNaN: true });
  const row = fc.option(
    fc.tuple(fc.integer({ min: 1, max: 600 }), value, value, value).map(([count, a, b, c]) => {
      const [min, mean, max] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number];
      return [count, mean, min, max] as const;
    }),
  );
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 80 }), (rows) => {
      const times = Float64Array.from(rows, (_, index) => 179_526_480 + index * (1 + (index % 3)));
      const block = finishNow(encodeTierBlock(times, ['load1'], () => column('load1', rows), new Map()));
      expect(block.subarray(0, 4)).toEqual(MARKER);
      const opened = openTierBlock(block.subarray(12), new Map())!;
      expect(opened.times).toEqual(times);
      finishNow(
        opened.read(
          () => true,
          true,
          ({ id, count, mean, min, max }) => {
            expect(id).toBe('load1');
            for (const [index, given] of rows.entries()) {
              if (given === null) expect([count[index], mean[index], min[index], max[index]]).toEqual([NaN, NaN, NaN, NaN]);
              else {
                expect(count[index]).toBe(given[0]);
                // Two digits; a difference adds at most one unit in the last place of the mean.
                for (const [kept, want] of [
                  [mean[index]!, given[1]],
                  [min[index]!, given[2]],
                  [max[index]!, given[3]],
                ] as const)
                  expect(Math.abs(kept - want)).toBeLessThanOrEqual(
                    0.005 + 4 * Number.EPSILON * Math.abs(given[1]) + 1e-3 * Number(Math.abs(want) > 1e9),
                  );
              }
            }
          },
        ),
      );
    }),
  );
});

test('any damaged byte loses at most its block, and the blocks whose names were in it', () => {
  const made = blocks(5);
  const whole = Buffer.concat(made);
  expect(scan(whole)).toEqual({ found: [0, 1, 2, 3, 4], damage: { blocks: 0, end: whole.length } });
  const firstTwo = made[0]!.length + made[1]!.length;
  for (let at = 0; at < whole.length; at += 3) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    const { found, damage } = scan(damaged);
    if (at < made[0]!.length) expect(found).toEqual([]);
    else if (at >= firstTwo && at < firstTwo + made[2]!.length) expect(found).toEqual([0, 1, 3, 4]);
    else expect(found.length).toBe(4);
    expect(damage.blocks).toBe(at < made[0]!.length ? 5 : at < whole.length - made[4]!.length ? 1 : 0);
  }
});

test('any cut leaves the blocks before it', () => {
  const made = blocks(4);
  const whole = Buffer.concat(made);
  for (let length = 0; length < whole.length; length += 5) {
    const { found, damage } = scan(whole.subarray(0, length));
    let end = 0;
    let count = 0;
    while (end + made[count]!.length <= length) end += made[count++]!.length;
    expect(found).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(damage).toEqual({ blocks: 0, end });
  }
});

test('any bytes are read to their end, and bytes with a right checksum that no encoder wrote are damage', () => {
  const genuine = blocks(1)[0]!;
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constant(new Uint8Array(genuine)), fc.constant(new Uint8Array(MARKER)))),
      (parts) => {
        const bytes = Buffer.concat(parts);
        expect(scan(bytes).found.every((block) => block === 0)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
      try {
        const block = openTierBlock(body, new Map());
        if (block)
          finishNow(
            block.read(
              () => true,
              true,
              () => undefined,
            ),
          );
      } catch (error) {
        expect(error).toMatchObject({ name: 'TornBlockError' });
      }
    }),
    { numRuns: 2000 },
  );
});
