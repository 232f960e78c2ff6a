import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { bytesOf } from '../rooted-tree.testing.ts';
import { ALL_NUMBERS, createStatLine, nameHash, parseProcessStat, STAT, TABLE_NUMBERS } from './stat.ts';
import type { StatLine } from './stat.ts';

const tail = 'S 1 10 10 0 -1 4194560 98 0 7 0 12 34 0 0 20 -5 3 0 156146 3133440 380 18446744073709551615 1 1 0\n';

function parse(text: string | Uint8Array, wanted?: number): StatLine & { name: string } {
  const { buffer, length } = bytesOf(text);
  const line = parseProcessStat(buffer, length, createStatLine(), wanted);
  return { ...line, name: buffer.toString('utf8', line.nameStart, line.nameEnd) };
}

test.each(['bash', 'Web Content', 'a) S 9 (b', '((()))', 'line\nbreak', '', ')'])('the name %j is taken whole', (name) => {
  const line = parse(`42 (${name}) ${tail}`);
  expect(line).toMatchObject({ pid: 42, name, state: 83, count: TABLE_NUMBERS });
  const { numbers } = line;
  expect(numbers[STAT.ppid]).toBe(1);
  expect(numbers[STAT.foregroundGroup]).toBe(-1);
  expect(numbers[STAT.flags]).toBe(4194560);
  expect(numbers[STAT.minorFaults]).toBe(98);
  expect(numbers[STAT.majorFaults]).toBe(7);
  expect(numbers[STAT.userTicks]).toBe(12);
  expect(numbers[STAT.systemTicks]).toBe(34);
  expect(numbers[STAT.nice]).toBe(-5);
  expect(numbers[STAT.threads]).toBe(3);
  expect(numbers[STAT.startTicks]).toBe(156146);
  expect(numbers[STAT.virtual]).toBe(3133440);
  expect(numbers[STAT.rssPages]).toBe(380);
});

test('older kernels give fewer numbers, and what is asked for is all that is decoded', () => {
  const text = `42 (x) ${tail}`;
  expect(parse(text, ALL_NUMBERS).count).toBe(25);
  expect(parse(text).end).toBe(text.indexOf('380') + 3);
});

test('a name of bytes that are no UTF-8 is shown with replacement characters', () => {
  expect(parse(Buffer.concat([Buffer.from('7 ('), Buffer.from([0xff, 0xfe]), Buffer.from(`) ${tail}`)])).name).toBe('\ufffd\ufffd');
});

test.each(['', '7', '7 (x', '7 (x) S 1 2', ' 7 (x) S', 'x (y) S', `7 (x) S ${'9'.repeat(30)} `.repeat(30)])(
  '%j is no stat line',
  (text) => {
    expect(() => parse(text)).toThrow(HecateError);
  },
);

test('any bytes give a line or an error, never NaN', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.constantFrom('7 ', '(', ') ', 'S', ' 1', ' -', ' 99999999999999999999', '\n'), { maxLength: 60 })
      .map((parts) => Buffer.from(parts.join(''))),
  );
  fc.assert(
    fc.property(bytes, (given) => {
      try {
        const { numbers, pid, state } = parse(given);
        for (const value of [...numbers, pid, state]) expect(Number.isFinite(value)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('names that differ have other hashes', () => {
  const hash = (text: string): number => {
    const { buffer, length } = bytesOf(`1 (${text}) ${tail}`);
    return nameHash(buffer, parseProcessStat(buffer, length, createStatLine()));
  };
  expect(hash('kworker/0:1')).toBe(hash('kworker/0:1'));
  expect(new Set(['', 'a', 'b', 'ab', 'ba', 'kworker/0:1', 'kworker/1:0'].map(hash)).size).toBe(7);
});
