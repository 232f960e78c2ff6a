import { expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { once } from './once.ts';

/** Calls a function so often, and counts how often it was asked behind it. */
function asked(code: 'FAILED' | 'UNSUPPORTED', calls: number): number {
  let count = 0;
  const get = once(() => {
    count++;
    throw new HecateError(code, 'No.');
  });
  for (let call = 0; call < calls; call++) expect(get).toThrow('No.');
  return count;
}

test('a value is made once', () => {
  let count = 0;
  const get = once(() => ++count);
  expect([get(), get(), get()]).toEqual([1, 1, 1]);
});

test('what a machine has not is asked for once; what was refused is asked for again, less and less often', () => {
  expect(asked('UNSUPPORTED', 1000)).toBe(1);
  expect([10, 11, 12, 32, 33, 73].map((calls) => asked('FAILED', calls))).toEqual([1, 1, 2, 2, 3, 3]);
  expect(asked('FAILED', 10_000)).toBeLessThan(24);
});

test('what was refused for a while is there afterwards', () => {
  let count = 0;
  const get = once(() => {
    if (++count === 1) throw new HecateError('FAILED', 'Not yet.');
    return 'there';
  });
  for (let call = 0; call < 11; call++) expect(get).toThrow('Not yet.');
  expect([get(), get(), count]).toEqual(['there', 'there', 2]);
});

test('a mistake of this program is kept by nobody', () => {
  const get = once(() => {
    throw new TypeError('a mistake');
  });
  expect(get).toThrow(TypeError);
  expect(get).toThrow(TypeError);
});
