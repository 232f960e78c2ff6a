import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { lacksRights, levelOf } from './task-iterator.ts';
import { AT_LEVEL, LEADER_BYTES, THREAD_BYTES } from './task-layout.ts';

const withRights = (bits: readonly number[]): string =>
  `Name:\tx\nCapInh:\t0000000000000000\nCapEff:\t${bits
    .reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
    .toString(16)
    .padStart(16, '0')}\nCapBnd:\t000001ffffffffff\n`;

test('programs may be loaded by who administers the system, or with both of the rights made for it', () => {
  expect(lacksRights(withRights([21]))).toBe(false);
  expect(lacksRights(withRights([38, 39]))).toBe(false);
  expect([[], [38], [39], [19, 20, 22]].map((bits) => lacksRights(withRights(bits)))).toEqual([true, true, true, true]);
  expect(lacksRights('Name:\tx\n')).toBe(false);
});

test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)('root without these rights lacks them', () => {
  const drop = ['--bounding-set=-sys_admin,-perfmon,-bpf', '--inh-caps=-sys_admin,-perfmon,-bpf', 'cat', '/proc/self/status'];
  const { status, stdout, stderr } = spawnSync('setpriv', drop, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(lacksRights(stdout)).toBe(true);
});

test('the depth of our namespace is in any record of a leader', () => {
  const words = new Uint32Array((THREAD_BYTES + LEADER_BYTES) / 4);
  words[0] = THREAD_BYTES;
  words[THREAD_BYTES / 4] = LEADER_BYTES;
  words[THREAD_BYTES / 4 + AT_LEVEL] = 3;
  expect(levelOf(words, words.length * 4)).toBe(3);
  expect(levelOf(words, THREAD_BYTES)).toBeNull();
  expect(levelOf(new Uint32Array(9), 36)).toBeNull();
});
