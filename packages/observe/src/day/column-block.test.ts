import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_ROWS, createByteSink, decodeColumn, encodeColumnBlock, NO_SCALE } from './column-block.ts';
import { TornBlockError } from './varint.ts';

function pack(values: readonly number[], decimals: number): Uint8Array {
  const sink = createByteSink(8);
  for (let row = 0; row < values.length; row += BLOCK_ROWS) {
    const block = Float64Array.from(values.slice(row, row + BLOCK_ROWS));
    encodeColumnBlock(sink, block, 0, block.length, decimals);
  }
  return sink.bytes.slice(0, sink.length);
}

function unpack(bytes: Uint8Array, rows: number): number[] {
  const target = new Float64Array(rows).fill(-12_345);
  decodeColumn(bytes, rows, target);
  return [...target];
}

/** A decimal as a day file may hold it: up to 15 digits, so many of them after the point. */
const decimal = (places: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constant(Number.NaN),
    fc.constant(0),
    fc.integer({ min: -500, max: 500 }).map((number) => Number(`${number}e-${places}`) || 0),
    fc.maxSafeInteger().map((number) => Number(`${Math.trunc(number / 10)}e-${places}`) || 0),
  );

describe('a column comes back as it went in', () => {
  test('decimals with unknown values, any number of rows', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 0, max: 9 })
          .chain((places) => fc.tuple(fc.constant(places), fc.array(decimal(places), { minLength: 1, maxLength: 300 }))),
        ([places, values]) => {
          expect(unpack(pack(values, places), values.length)).toEqual(values);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any double, when no scale fits', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noDefaultInfinity: true }), { minLength: 1, maxLength: 200 }), (values) => {
        expect(unpack(pack(values, NO_SCALE), values.length)).toEqual(values);
      }),
    );
  });

  test('every width of difference, up to 52 bits', () => {
    for (let bits = 0; bits <= 49; bits += 1) {
      const top = 2 ** bits;
      const values = [0, top - 1, -(top - 1), 0, top - 1, 1, Number.NaN, top - 1];
      expect(unpack(pack(values, 0), values.length), `${bits} bits`).toEqual(
        values.map((value) => value || (Number.isNaN(value) ? value : 0)),
      );
    }
  });

  test('several blocks, the last one not full', () => {
    const values = Array.from({ length: 2 * BLOCK_ROWS + 17 }, (_, row) =>
      row % 7 === 3 ? Number.NaN : Math.round(Math.sin(row) * 10_000) / 100 + 0,
    );
    expect(unpack(pack(values, 2), values.length)).toEqual(values);
  });
});

test('what does not change costs nothing, what is in pages costs as if it were not', () => {
  expect(
    pack(
      Array.from({ length: BLOCK_ROWS }, () => 16_777_216),
      0,
    ).length,
  ).toBe(9);
  expect(
    pack(
      Array.from({ length: BLOCK_ROWS }, () => Number.NaN),
      0,
    ).length,
  ).toBe(1);
  const pages = Array.from({ length: BLOCK_ROWS }, (_, row) => (1_000_000 + (row % 50)) * 4096);
  const counts = pages.map((value) => value / 4096);
  expect(pack(pages, 0).length).toBeLessThan(pack(counts, 0).length + 8);
});

test('damaged bytes are refused or read as other numbers, and never harm', () => {
  const values = Array.from({ length: 200 }, (_, row) => (row % 11 === 5 ? Number.NaN : row * 1.25));
  const good = pack(values, 2);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.nat(good.length),
      (edits, length) => {
        const bad = Uint8Array.from(good.slice(0, length));
        for (const [at, byte] of edits) if (at < bad.length) bad[at] = byte;
        const target = new Float64Array(values.length + 1).fill(7);
        try {
          decodeColumn(bad, values.length, target);
        } catch (error) {
          expect(error).toBeInstanceOf(TornBlockError);
        }
        expect(target[values.length]).toBe(7);
      },
    ),
    { numRuns: 3000 },
  );
});

test('random bytes are refused or read, and never harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.integer({ min: 1, max: 90 }), (bytes, rows) => {
      const target = new Float64Array(rows + 1).fill(7);
      try {
        decodeColumn(bytes, rows, target);
      } catch (error) {
        expect(error).toBeInstanceOf(TornBlockError);
      }
      expect(target[rows]).toBe(7);
    }),
    { numRuns: 5000 },
  );
});
