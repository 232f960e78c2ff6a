import { HecateError, openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import { createTree } from '../linux/rooted-tree.testing.ts';
import { collectGaps, gapReasonOf } from './gap.ts';
import type { Gap } from './gap.ts';

const failing = (code: string): Error => Object.assign(new Error(`${code}: socket`), { code });

test.each([
  ['ENOENT', 'absent'],
  ['ESRCH', 'absent'],
  ['EACCES', 'permission'],
  ['EPERM', 'permission'],
  ['ENOSYS', 'unsupported'],
  // What a sandbox without netlink answers, and a kernel without one of its protocols.
  ['EAFNOSUPPORT', 'unsupported'],
  ['EPROTONOSUPPORT', 'unsupported'],
  ['ETIMEDOUT', 'timeout'],
  ['EIO', 'error'],
] as const)('%s means %s', (code, reason) => {
  expect(gapReasonOf(failing(code))).toBe(reason);
});

test('our own errors say it themselves', () => {
  expect(gapReasonOf(new HecateError('UNAVAILABLE', 'It is not there.'))).toBe('absent');
  expect(gapReasonOf(new HecateError('DENIED', 'It may not be read.'))).toBe('permission');
  expect(gapReasonOf(new HecateError('UNSUPPORTED', 'There is none.'))).toBe('unsupported');
  expect(gapReasonOf(new HecateError('FAILED', 'It is nonsense.'))).toBe('error');
  // A program at its time limit.
  expect(gapReasonOf(new HecateError('FAILED', 'It did not end.', { cause: failing('ETIMEDOUT') }))).toBe('timeout');
  expect(gapReasonOf('thrown text')).toBe('error');
});

test('the first gap of a field stays', () => {
  const gaps: Gap[] = [];
  const sink = collectGaps(gaps);
  sink.addError('disk', failing('EACCES'));
  sink.add('disk', 'absent', 'There is none.');
  expect(gaps).toEqual([{ field: 'disk', reason: 'permission', detail: 'EACCES: socket' }]);
});

test('what could not be read is told in a sentence, with the path on the machine that is read', () => {
  const details = (host: Host): string[] => {
    const gaps: Gap[] = [];
    const sink = collectGaps(gaps);
    const reads = [host.read, host.readText, host.list, host.readLink, (file: string) => host.keep(file).read()];
    for (const [index, read] of reads.entries()) {
      try {
        read('/proc/nowhere/irq');
      } catch (error) {
        sink.addError(`pressure.${index}`, error);
      }
    }
    return gaps.map(({ detail }) => detail);
  };
  const tree = createTree({});
  try {
    for (const host of [openHost(), tree.host]) expect(details(host)).toEqual(Array<string>(5).fill('There is no /proc/nowhere/irq.'));
  } finally {
    tree.remove();
  }
});
