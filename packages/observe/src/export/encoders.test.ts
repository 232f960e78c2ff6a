import { describe, expect, test } from 'vitest';
import { deriveRates } from '@hecate/metrics';
import { COLUMNS } from '../record/columns.ts';
import { ENCODERS } from './encoders.ts';
import type { Encoder } from './encoders.ts';
import { hostileSnapshot, NOTHING } from './snapshot.testing.ts';

const rates = deriveRates(null, NOTHING);
const HOSTILE = ['a"b', 'a\\b', 'a\nb', '=cmd|calc', 'a,b;c', '\u0000\u001b[31m', '<script>', '\ud800', '名前', '#'];

/** What every format must do. */
function testEncoder(name: string, encoder: Encoder): void {
  describe(`the ${name} format`, () => {
    const encode = (snapshot = NOTHING): string => encoder.encode({ snapshot, rates, platform: 'linux' });

    test('says nothing of what is unknown, and ends its last line', () => {
      const text = encode();
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
      expect(text.endsWith('\n')).toBe(true);
      expect(encoder.type).toMatch(/^[a-z]+\/[a-z-]+; .*charset=utf-8$|^application\/json; charset=utf-8$/);
    });

    test('is pure: the same twice, and the snapshot is as it was', () => {
      const before = structuredClone(NOTHING);
      expect(encode()).toBe(encode());
      expect(NOTHING).toEqual(before);
    });

    test.each(HOSTILE)('has the same shape whatever a machine names things: %j', (hostile) => {
      const shape = (text: string): number => text.split('\n').length;
      expect(shape(encode(hostileSnapshot(hostile)))).toBe(shape(encode(hostileSnapshot('plain'))));
    });
  });
}

for (const [name, encoder] of Object.entries(ENCODERS)) testEncoder(name, encoder);

test('JSON carries names as they are, processes with their rates, and every gap', () => {
  const tree = JSON.parse(ENCODERS.json.encode({ snapshot: hostileSnapshot('a"\n\\'), rates, platform: 'linux' }));
  expect(tree.network[0].device).toBe('a"\n\\');
  expect(tree.processes[0]).toMatchObject({ pid: 7, cpu: null, readBytes: null });
  expect(tree.gaps.map(({ field }: { field: string }) => field)).toEqual(expect.arrayContaining(['cpu', 'rates.cpu']));
  expect(tree).not.toHaveProperty('monotonic');
});

test('CSV has the columns of a day file and empty cells for what is unknown', () => {
  const [header, row] = ENCODERS.csv.encode({ snapshot: NOTHING, rates, platform: 'linux' }).trimEnd().split('\n');
  expect(header!.split(',')).toEqual(['timestamp', ...COLUMNS.map(({ name }) => name)]);
  expect(
    row!
      .split(',')
      .slice(1)
      .every((cell) => cell === ''),
  ).toBe(true);
});
