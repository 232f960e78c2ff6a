import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, parseRecord } from './record.ts';
import type { JournalRecord } from './record.ts';

const records: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.record({ type: fc.constant('done' as const), step: fc.nat() }),
  fc.record({
    type: fc.constant('undo' as const),
    time: fc.double({ noNaN: true, noDefaultInfinity: true }),
    why: fc.string({ unit: 'binary' }),
  }),
  fc.record({
    type: fc.constant('intent' as const),
    step: fc.nat(),
    was: fc.jsonValue() as fc.Arbitrary<never>,
    wanted: fc.string({ unit: 'binary' }),
    device: fc.constant(null),
  }),
);

describe('a record of the journal', () => {
  it('is one line, and comes back as it was', () => {
    fc.assert(
      fc.property(records, (record) => {
        const line = encodeRecord(record);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(parseRecord(line.slice(0, -1))).toEqual(JSON.parse(JSON.stringify(record)));
        // As the file system gives it back.
        expect(parseRecord(Buffer.from(line).toString('utf8').slice(0, -1))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });

  it('is not read when a bit of it is another, or when it was cut short', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(7), (record, place, bit) => {
        const bytes = Buffer.from(encodeRecord(record).slice(0, -1));
        expect(parseRecord(bytes.subarray(0, place % bytes.length).toString('utf8'))).toBeNull();
        bytes[place % bytes.length]! ^= 1 << bit;
        const text = bytes.toString('utf8');
        // Small and capital letters of the checksum are the same number.
        if (text.toLowerCase() !== encodeRecord(record).slice(0, -1).toLowerCase()) expect(parseRecord(text)).toBeNull();
      }),
    );
  });

  it.each(['', ' ', '00000000 ', '00000000', '{"type":"done","step":1}', `${'0'.repeat(8)} {}`, 'zzzzzzzz {}'])('is not %j', (line) => {
    expect(parseRecord(line)).toBeNull();
  });
});
