import { describe, expect, it } from 'vitest';
import { bytes, duration, milliseconds, percent, UNKNOWN } from './quantity.ts';

const KIB = 1024;

describe('bytes', () => {
  it.each([
    [0, '0 B'], [999, '999 B'], [1000, '0.98 KiB'], [1024, '1.00 KiB'], [1536, '1.50 KiB'], [99.96 * KIB, '100.0 KiB'], [512 * KIB, '512 KiB'], [KIB ** 2, '1.00 MiB'],
    [1.5 * KIB ** 3, '1.50 GiB'], [2 ** 63, '8.00 EiB'], [1e30, '867361737988 EiB'],
  ])('%d', (value, text) => expect(bytes(value)).toBe(text));
  it('has a suffix only where it is known', () => expect([bytes(10, '/s'), bytes(null, '/s'), bytes(undefined)]).toEqual(['10 B/s', UNKNOWN, UNKNOWN]));
});

it.each([[0, '0.0 %'], [0.12345, '12.3 %'], [1, '100.0 %'], [2.5, '250.0 %'], [null, UNKNOWN], [undefined, UNKNOWN]])('percent(%s)', (ratio, text) => expect(percent(ratio)).toBe(text));

it.each([
  [0, '0 s'], [59.9, '59 s'], [60, '1 min'], [61, '1 min 1 s'], [3600, '1 h'], [3661, '1 h 1 min'], [90_000, '1 d 1 h'], [86_400 * 400, '400 d'], [null, UNKNOWN],
])('duration(%s) is %s', (seconds, text) => expect(duration(seconds)).toBe(text));

it.each([[0.00042, '0.42 ms'], [0.0099, '9.90 ms'], [0.5, '500 ms'], [null, UNKNOWN]])('milliseconds(%s) is %s', (seconds, text) => expect(milliseconds(seconds)).toBe(text));
