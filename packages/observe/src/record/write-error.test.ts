import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import { writeError } from './write-error.ts';

const failing = (code: string): Error => Object.assign(new Error(`${code}: as the system says it, write`), { code, syscall: 'write' });

test.each([
  ['ENOSPC', 'FAILED', '/data/day.csv cannot be written: the disk is full.'],
  ['EACCES', 'DENIED', '/data/day.csv may not be written by this user.'],
  ['EMFILE', 'FAILED', '/data/day.csv cannot be written: too many open files (EMFILE).'],
] as const)('%s is %s, in a sentence with the path', (errno, code, message) => {
  expect(writeError(failing(errno), '/data/day.csv')).toMatchObject({ code, message });
});

test('an error that is a sentence already stays', () => {
  const error = new HecateError('CONFLICT', 'Another recorder writes there.');
  expect(writeError(error, '/data/day.csv')).toBe(error);
});
