import { expect, test } from 'vitest';
import { ByteCursor } from '../model/cursor.ts';
import { parseMeminfo } from './memory.ts';
import { bytesOf } from './rooted-tree.testing.ts';

const parse = (text: string): ReturnType<typeof parseMeminfo> => parseMeminfo(new ByteCursor().reset(bytesOf(text)));

test('bytes, glued values, lines without a unit and names with parentheses', () => {
  const memory = parse(
    'MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nActive(anon): 7 kB\nShadowCallStack:10373888 kB\nHugePages_Total: 3\nSwapTotal: 50 kB\nSwapFree: 20 kB\n',
  );
  expect(memory).toMatchObject({ total: 1_024_000, available: 409_600, used: 614_400, swapUsed: 30_720, buffers: null });
  expect(memory.lines).toContainEqual({ name: 'Active_anon', value: 7168, bytes: true });
  expect(memory.lines).toContainEqual({ name: 'ShadowCallStack', value: 10_373_888 * 1024, bytes: true });
  expect(memory.lines).toContainEqual({ name: 'HugePages_Total', value: 3, bytes: false });
});

test('a kernel without MemAvailable, or one that says 0, has it estimated', () => {
  const expected = (100 + 10 + 200 + 30 - 40) * 1024;
  const rest = 'MemFree: 100 kB\nBuffers: 10 kB\nCached: 200 kB\nSReclaimable: 30 kB\nShmem: 40 kB\n';
  expect(parse(`MemTotal: 1000 kB\n${rest}`).available).toBe(expected);
  expect(parse(`MemTotal: 1000 kB\nMemAvailable: 0 kB\n${rest}`).available).toBe(expected);
});

test('more available than there is, as LXC can show, is cut to the total', () => {
  expect(parse('MemTotal: 100 kB\nMemAvailable: 900 kB\n')).toMatchObject({ available: 102_400, used: 0 });
});

test('a malformed line costs only itself; a file without any line is an error', () => {
  expect(parse('MemTotal: x kB\nMemFree: 1 kB\n')).toMatchObject({ total: null, free: 1024, used: null });
  expect(() => parse('')).toThrow('no line');
  expect(() => parse('\u0000\u0001')).toThrow('no line');
});
