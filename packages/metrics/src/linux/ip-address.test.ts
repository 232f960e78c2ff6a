import { isIPv6, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import { ByteCursor } from '../model/cursor.ts';
import { readHexadecimal } from './hexadecimal.ts';
import { formatAddress, formatIpv6, parsePlainAddress, parseWordAddress } from './ip-address.ts';
import { bytesOf } from './rooted-tree.testing.ts';

const sixteen = fc.array(fc.constantFrom(0, 0, 0, 1, 0xab, 0xff), { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes));

test.each([
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['20010db8000000000000000000000001', '2001:db8::1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
  ['fe800000000000000000000000000000', 'fe80::'],
  ['00000000000000000000ffffc0000207', '::ffff:192.0.2.7'],
  ['c0000207', '192.0.2.7'],
])('%s is %s', (hexadecimal, text) => {
  expect(parsePlainAddress(hexadecimal)).toBe(text);
});

test('every address of IPv6 is written as Node writes it', () => {
  fc.assert(
    fc.property(sixteen, (bytes) => {
      const text = formatIpv6(bytes);
      expect(isIPv6(text)).toBe(true);
      // Node writes some of them with an IPv4 end, which RFC 5952 leaves open.
      const theirs = new SocketAddress({ address: text, family: 'ipv6' }).address;
      if (!theirs.includes('.') || text.includes('.')) expect(text).toBe(theirs);
    }),
  );
});

test('words of a little-endian machine', () => {
  expect(parseWordAddress('0100007F')).toBe('127.0.0.1');
  expect(parseWordAddress('B80D0120000000000000000001000000')).toBe('2001:db8::1');
  for (const text of ['', '0100007', '0100007G', 'zzzzzzzz', '0'.repeat(31)]) expect(parseWordAddress(text)).toBeNull();
  for (const text of ['', 'c000020', 'c000020g']) expect(parsePlainAddress(text)).toBeNull();
  expect(formatAddress(new Uint8Array(5))).toBeNull();
});

test('hexadecimal numbers of up to 64 bits', () => {
  const read = (text: string): number => readHexadecimal(new ByteCursor().reset(bytesOf(text)));
  expect([read(' 0aF:'), read('ffffffff'), read('51D8C8883AB3')]).toEqual([0xaf, 0xffffffff, 0x51d8c8883ab3]);
  expect(read('f'.repeat(16))).toBe(2 ** 64);
  for (const text of ['', 'x', '-1', 'f'.repeat(17)]) expect(() => read(text)).toThrow(HecateError);
});
