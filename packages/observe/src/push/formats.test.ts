import { beforeAll, describe, expect, test } from 'vitest';
import { hostileSnapshot, NOTHING } from '../export/snapshot.testing.ts';
import type { Snapshot } from '@hecate/metrics';
import type { PushFormat } from './format.ts';
import { FORMATS } from './formats.ts';
import { inputForTest, snapshotForTest } from './frame.testing.ts';

const EMPTY: Snapshot = { ...NOTHING, gaps: [], runs: [] };
const HOSTILE = [
  'a"b',
  'a\\',
  'a\\,b',
  'a\nb',
  'a\r\nb',
  '=cmd|calc',
  'a,b;c d',
  '\u0000\u001b[31m',
  '\ud800',
  '名前',
  '#',
  '../..',
  'x'.repeat(10_000),
];

let now: Snapshot;
beforeAll(async () => {
  now = await snapshotForTest();
});

/** What every format must do. */
function testFormat(name: string, format: PushFormat): void {
  describe(`what is pushed as ${name}`, () => {
    test('says nothing of a snapshot without readings', () => {
      expect(format.encode(inputForTest(EMPTY)).length).toBe(0);
      expect(format.encode(inputForTest(now, { exclude: ['*'] })).length).toBe(0);
    });

    test('the same sample gives the same bytes, whether something lay ready or not', () => {
      const labels = { host: 'box' };
      const input = inputForTest(now, { labels });
      const first = format.encode(input);
      expect(first.length).toBeGreaterThan(10);
      // Another sample in between, with other rows, must leave nothing behind.
      format.encode(inputForTest(hostileSnapshot('other'), { labels }));
      format.encode(inputForTest({ ...now, cpu: null, time: now.time + 1 }, { labels }));
      expect(format.encode(input).equals(first)).toBe(true);
      expect(format.encode({ ...input, labels: { host: 'box' } }).equals(first)).toBe(true);
    });

    test('a chunk is not changed by the samples after it', () => {
      const labels = {};
      const first = format.encode(inputForTest(now, { labels }));
      const copy = Buffer.from(first);
      format.encode(inputForTest({ ...now, time: now.time + 60 }, { labels }));
      expect(first.equals(copy)).toBe(true);
    });

    test('a body of one chunk is that of the chunk', () => {
      const chunk = format.encode(inputForTest(now));
      expect(format.join([chunk]).equals(format.join([Buffer.from(chunk)]))).toBe(true);
      if (name !== 'remote-write') expect(format.join([chunk]).equals(chunk)).toBe(true);
    });

    test.each(HOSTILE)('names of the machine stay names: %j', (hostile) => {
      const lines = (snapshot: Snapshot, more = {}): number => format.encode(inputForTest(snapshot, more)).toString().split('\n').length;
      if (name === 'remote-write' || name === 'otlp')
        return expect(format.encode(inputForTest(hostileSnapshot(hostile))).length).toBeGreaterThan(hostile.length);
      expect(lines(hostileSnapshot(hostile))).toBe(lines(hostileSnapshot('plain')));
      expect(lines(hostileSnapshot('plain'), { labels: { host: hostile } })).toBeGreaterThanOrEqual(lines(hostileSnapshot('plain')));
    });

    if (format.lines) {
      test('chunks are whole lines', () => {
        expect(format.encode(inputForTest(now)).at(-1)).toBe(10);
      });
    }

    test('says of an HTTP body what it is', () => {
      expect(format.headers['Content-Type']).toMatch(/^[a-z]+\/[a-z-]+/);
    });
  });
}

for (const [name, format] of Object.entries(FORMATS)) testFormat(name, format);
