import { describe, expect, test } from 'vitest';
import { openDarwin } from '../binding/darwin.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { accountsOf } from '../fake/processes.testing.ts';
import { readCString } from './c-string.ts';
import { openUserNames } from './user-name.ts';

describe.skipIf(noFakeDarwin !== null)('names of users', () => {
  test('an account that is not there has its number; names are asked for again after ten minutes', () => {
    const fake = openFakeDarwin(accountsOf({ 501: 'anna' }));
    const name = openUserNames(openDarwin(fake.host), fake.host.clock);
    expect([name(501), name(501), name(4_294_967_294)]).toEqual(['anna', 'anna', '4294967294']);
    expect(fake.report().calls['getpwuid']).toBe(2);
    fake.change(accountsOf({ 501: 'anne' }));
    expect(name(501)).toBe('anna');
    fake.advance(601);
    expect(name(501)).toBe('anne');
    fake.expectClean();
  });
});

test('a text is read page by page, and no further than its NUL', () => {
  const memory = Buffer.concat([Buffer.alloc(4091, 0x61), Buffer.from('üübc'), Buffer.from([0]), Buffer.alloc(5000, 0x78)]);
  const asked: number[] = [];
  const copy = (address: bigint, length: number): Buffer => {
    asked.push(length);
    return memory.subarray(Number(address), Number(address) + length);
  };
  const libraries = { load: () => null, errno: () => 0, watch: () => () => {}, copy };
  expect(readCString(libraries, 4088n)).toBe('aaaüübc');
  expect(asked).toEqual([8, 4096]);
  expect(readCString(libraries, 4096n)).toBe('c');
  const endless = { ...libraries, copy: (_address: bigint, length: number) => Buffer.alloc(length, 0x79) };
  expect(readCString(endless, 0n)).toHaveLength(65_536);
});
