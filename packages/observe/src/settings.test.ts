import { array, literal, minValue, number, optional, picklist, pipe, strictObject, string, variant } from 'valibot';
import { expect, test } from 'vitest';
import { checkSettings } from './settings.ts';

const schema = strictObject({
  count: optional(pipe(number(), minValue(1, 'must be 1 or more')), 3),
  mode: picklist(['fast', 'slow']),
  rule: optional(array(strictObject({ name: string() })), []),
});

test('what is right comes back with its defaults', () => {
  expect(checkSettings(schema, { mode: 'fast' }, 'x')).toEqual({ count: 3, mode: 'fast', rule: [] });
});

test.each([
  [{ mode: 'quick' }, 'f, [x]: mode must be one of "fast", "slow", not "quick".'],
  [{}, 'f, [x]: mode must be given.'],
  [{ mode: 'fast', count: '1' }, 'f, [x]: count must be a number, not "1".'],
  [{ mode: 'fast', count: 0 }, 'f, [x]: count must be 1 or more.'],
  [{ mode: 'fast', rule: 1 }, 'f, [x]: rule must be a list, not 1.'],
  [{ mode: 'fast', rule: [{ name: 'a' }, { name: 1 }] }, 'f, [x]: rule 2.name must be text in quotes, not 1.'],
  [{ mode: 'fast', rule: [{ name: 'a', nme: 1 }] }, 'f, [x]: there is no setting "rule 1.nme".'],
  [{ mode: 'fast', cuont: 1 }, 'f, [x]: there is no setting "cuont".'],
  [3, 'f, [x] must be a table, not 3.'],
])('%j is refused: %s', (value, sentence) => {
  expect(() => checkSettings(schema, value, 'f, [x]')).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence }));
});

test('what else there is is said for the table itself', () => {
  expect(() => checkSettings(schema, { mode: 'fast', cuont: 1 }, 'f')).toThrow(
    expect.objectContaining({ hint: 'Known are count, mode, rule.' }),
  );
});

test('one of several kinds', () => {
  const kinds = variant('type', [
    strictObject({ type: literal('http'), url: string() }),
    strictObject({ type: literal('file'), path: string() }),
  ]);
  expect(() => checkSettings(kinds, { type: 'ftp' }, 'f')).toThrow('f: type must be one of "http", "file", not "ftp".');
  expect(() => checkSettings(kinds, { type: 'file' }, 'f')).toThrow('f: path must be given.');
});
