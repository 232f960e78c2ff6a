import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeTimestamp } from '../day/day-file.ts';
import { createRowEncoder } from './row-encoder.ts';

function encode(values: readonly number[], decimals: readonly number[], time = 0): string {
  const encoder = createRowEncoder(decimals);
  encoder.add(Math.round(time * 1000), Float64Array.from(values), 0, Int16Array.from(values.keys()));
  return encoder.bytes.toString('latin1', 0, encoder.length);
}
const cells = (line: string): string[] => line.trimEnd().split(',').slice(1);
const cell = (value: number, decimals: number): string => cells(encode([value], [decimals]))[0]!;

test('numbers as people would write them', () => {
  expect(cell(0, 2)).toBe('0');
  expect(cell(-0, 2)).toBe('0');
  expect(cell(-0.001, 2)).toBe('0');
  expect(cell(12.5, 2)).toBe('12.5');
  expect(cell(12.04, 2)).toBe('12.04');
  expect(cell(12.999, 2)).toBe('13');
  expect(cell(-3.25, 2)).toBe('-3.25');
  expect(cell(0.000_012, 6)).toBe('0.000012');
  expect(cell(16_777_216_000, 0)).toBe('16777216000');
  expect(cell(9_007_199_254_740_991, 0)).toBe('9007199254740991');
  expect(cell(1_000_000_000, 0)).toBe('1000000000');
  expect(cell(1e21, 2)).toBe('1000000000000000000000');
  expect(cell(2 ** 51 + 0.5, 6)).toBe('2251799813685248.5');
  expect(cell(Number.NaN, 2)).toBe('');
  expect(cell(Infinity, 2)).toBe('');
});

test('any number: at most the decimals, no exponent, no trailing zeros, nearest value', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 6 }), (value, decimals) => {
      const text = cell(value, decimals);
      expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
      expect((text.split('.')[1] ?? '').length).toBeLessThanOrEqual(decimals);
      expect(text).not.toBe('-0');
      const error = Math.abs(Number(text) - value);
      expect(error).toBeLessThanOrEqual(0.5 * 10 ** -decimals * (1 + 1e-9) + Math.abs(value) * 2 ** -52);
    }),
    { numRuns: 3000 },
  );
});

test('numbers of the usual size are what toFixed says, without its zeros', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 6 }), (scaled, decimals) => {
      const value = scaled / 10 ** decimals;
      const fixed = value.toFixed(decimals);
      expect(cell(value, decimals)).toBe(fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed.replace(/^-0$/, '0'));
    }),
    { numRuns: 3000 },
  );
});

test.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns'])('timestamps are those of encodeTimestamp: %s', (zone) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const encoder = createRowEncoder([]);
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2300, 0, 1) }), (milliseconds) => {
        encoder.reset();
        encoder.add(milliseconds, new Float64Array(0), 0, []);
        expect(encoder.bytes.toString('latin1', 0, encoder.length)).toBe(`${encodeTimestamp(milliseconds / 1000)}\n`);
      }),
      { numRuns: 1000 },
    );
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('a layout moves columns and leaves unknown ones empty', () => {
  const encoder = createRowEncoder([0, 0]);
  encoder.add(0, Float64Array.of(99, 1, 2), 1, [1, -1, 0]);
  expect(cells(encoder.bytes.toString('latin1', 0, encoder.length))).toEqual(['2', '', '1']);
});

test('the buffer grows with the rows', () => {
  const encoder = createRowEncoder(Array.from({ length: 200 }, () => 6));
  const row = Float64Array.from({ length: 200 }, (_, i) => -1234567890.123456 - i);
  const layout = Int16Array.from(row.keys());
  for (let i = 0; i < 50; i++) encoder.add(i * 1000, row, 0, layout);
  const lines = encoder.bytes.toString('latin1', 0, encoder.length).split('\n');
  expect(lines).toHaveLength(51);
  expect(new Set(lines.slice(0, 50).map((line) => cells(line).join())).size).toBe(1);
});
