import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useTimeZone } from './day-directory.testing.ts';
import { encodeTimestamp } from './day-file.ts';
import { createTimestampReader, daysOfMonth, daysSinceEpoch } from './timestamp.ts';

function read(text: string): { time: number; offset: number } | null {
  const reader = createTimestampReader();
  // Surrounded by other bytes, as in a file: none of them may be taken for a part of it.
  const bytes = Buffer.from(`9,${text},9`);
  return reader.read(bytes, 2, 2 + Buffer.byteLength(text)) ? { time: reader.time, offset: reader.offset } : null;
}

describe('what is a timestamp', () => {
  test.each([
    ['2026-11-21T14:05:09.250+01:00', Date.UTC(2026, 10, 21, 13, 5, 9, 250), 60],
    ['2026-11-21T14:05:09.250-0330', Date.UTC(2026, 10, 21, 17, 35, 9, 250), -210],
    ['2026-11-21T14:05:09+14', Date.UTC(2026, 10, 21, 0, 5, 9), 840],
    ['2026-11-21T14:05:09Z', Date.UTC(2026, 10, 21, 14, 5, 9), 0],
    ['2026-11-21T14:05Z', Date.UTC(2026, 10, 21, 14, 5), 0],
    ['2026-11-21 14:05:09.123456Z', Date.UTC(2026, 10, 21, 14, 5, 9, 123), 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29), 0],
    ['1969-12-31T23:59:59.999Z', -1, 0],
  ])('%s', (text, time, offset) => {
    expect(read(text)).toEqual({ time, offset });
  });

  test('the wall clock of this machine when no zone is written, and for epoch seconds', () => {
    useTimeZone('America/St_Johns');
    expect(read('2026-07-01 12:00:00')).toEqual({ time: Date.UTC(2026, 6, 1, 14, 30), offset: -150 });
    expect(read('2026-12-01 12:00:00')).toEqual({ time: Date.UTC(2026, 11, 1, 15, 30), offset: -210 });
    expect(read('1782907200')).toEqual({ time: 1_782_907_200_000, offset: -150 });
    expect(read('1782907200.5')).toEqual({ time: 1_782_907_200_500, offset: -150 });
  });

  test.each([
    '',
    '2026-11-21',
    '2026-11-21T14',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T14:60:00Z',
    '2026-11-21T14:05:61Z',
    '2026-11-21T14:05:09+',
    '2026-11-21T14:05:09+1',
    '2026-11-21T14:05:09+01:',
    '2026-11-21T14:05:09+25:00',
    '2026-11-21T14:05:09ZZ',
    '2026-11-21x14:05:09',
    '2026-11-21T14:05:',
    '20x6-11-21T14:05:09Z',
    'timestamp',
    '-5',
    '1e9',
    '99999999',
    '9999999999999',
  ])('refuses %j', (text) => {
    expect(read(text)).toBeNull();
  });
});

test('reads back what the recorder writes, in any zone', () => {
  useTimeZone('UTC');
  const reader = createTimestampReader();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Apia', 'America/St_Johns'),
      (time, zone) => {
        process.env['TZ'] = zone;
        const bytes = Buffer.from(encodeTimestamp(time / 1000));
        expect(reader.read(bytes, 0, bytes.length)).toBe(true);
        expect(reader.time).toBe(time);
        expect(reader.offset + new Date(time).getTimezoneOffset()).toBe(0);
      },
    ),
    { numRuns: 500 },
  );
});

test('never reads outside its bytes, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const reader = createTimestampReader();
      const found = reader.read(bytes, 0, bytes.length);
      if (found) expect(Number.isFinite(reader.time)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('counts days as Date does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), (year, month, day) => {
      const date = new Date(0);
      date.setUTCFullYear(year, month - 1, day);
      expect(daysSinceEpoch(year, month, day)).toBe(date.getTime() / 86_400_000);
      const end = new Date(0);
      end.setUTCFullYear(year, month, 0);
      expect(daysOfMonth(year, month)).toBe(end.getUTCDate());
    }),
  );
});
