import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { ByteCursor } from '../model/cursor.ts';
import { parseArcSizes } from './memory/arc.ts';
import { createMeminfoParser, memory, parseMeminfo } from './memory.ts';
import { readOnce } from './reading.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';

const parse = (text: string): ReturnType<typeof parseMeminfo> => parseMeminfo(new ByteCursor().reset(bytesOf(text)));

test('bytes, glued values, lines without a unit and names with parentheses', () => {
  const reading = parse(
    'MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nActive(anon): 7 kB\nShadowCallStack:10373888 kB\nHugePages_Total: 3\nSwapTotal: 50 kB\nSwapFree: 20 kB\n',
  );
  expect(reading).toMatchObject({ total: 1_024_000, available: 409_600, used: 614_400, swapUsed: 30_720, buffers: null });
  expect(reading.lines).toContainEqual({ name: 'Active_anon', value: 7168, bytes: true });
  expect(reading.lines).toContainEqual({ name: 'ShadowCallStack', value: 10_373_888 * 1024, bytes: true });
  expect(reading.lines).toContainEqual({ name: 'HugePages_Total', value: 3, bytes: false });
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

const ARCSTATS =
  '13 1 0x01 3 816 1 2\nname                            type data\nhits                            4    9\nc_min                           4    1048576\nsize                            4    4194304\n';

test('what the ZFS cache can give back is available; what it keeps is not', () => {
  const tree = createTree({ 'proc/meminfo': 'MemTotal: 10240 kB\nMemAvailable: 1024 kB\n', 'proc/spl/kstat/zfs/arcstats': ARCSTATS });
  const { reading, gaps } = readOnce(memory, tree.host);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject({ zfsCache: 4_194_304, zfsCacheReclaimable: 3_145_728, available: 4_194_304, used: 6_291_456 });
  expect(reading.lines).toContainEqual({ name: 'MemAvailable', value: 1_048_576, bytes: true });
  tree.remove();
});

test('a cache below its smallest size gives nothing back; arcstats without sizes says nothing; never more than there is', () => {
  const arc = (text: string): ReturnType<typeof parseArcSizes> => parseArcSizes(bytesOf(text));
  expect(arc(ARCSTATS)).toEqual({ size: 4_194_304, smallest: 1_048_576 });
  expect(arc('header\nsize 4 x\nc_min 4 5\n')).toBeNull();
  expect(arc('')).toBeNull();
  const sized = (size: number): ReturnType<typeof parse> =>
    parseMeminfo(new ByteCursor().reset(bytesOf('MemTotal: 10 kB\nMemAvailable: 1 kB\n')), { size, smallest: 2000 });
  expect(sized(1000)).toMatchObject({ zfsCacheReclaimable: 0, available: 1024 });
  expect(sized(1e6)).toMatchObject({ available: 10_240, used: 0 });
});

const hasFree = process.platform === 'linux' && spawnSync('free', ['--version']).status === 0;
if (!hasFree) console.warn('SKIPPED: memory against free: it is not installed (procps)');

test.runIf(hasFree)('this machine: sizes that stand still are those of free, and the rest adds up', () => {
  const { stdout } = spawnSync('free', ['--bytes'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const { reading } = readOnce(memory, openHost());
  const sizes = [...stdout.matchAll(/^(?:Mem|Swap):\s+(\d+)/gm)].map(([, size]) => Number(size));
  expect([reading.total, reading.swapTotal]).toEqual(sizes);
  expect(reading.used! + reading.available!).toBe(reading.total);
  expect(reading.swapUsed! + reading.swapFree!).toBe(reading.swapTotal);
});

test('names that are kept from one reading to the next change nothing', () => {
  const lines = fc.array(
    fc.tuple(
      fc.constantFrom('MemTotal', 'MemFree', 'Mem', 'Active', 'Active(anon)', 'HugePages_Total', ''),
      fc.nat(),
      fc.constantFrom(' kB', ''),
    ),
    { minLength: 1, maxLength: 8 },
  );
  const text = (rows: readonly (readonly [string, number, string])[]): string =>
    rows.map(([name, value, unit]) => `${name}:${value}${unit}\n`).join('');
  const parseWith = (content: string, parser = createMeminfoParser()): unknown => {
    try {
      return parser(new ByteCursor().reset(bytesOf(content)), null);
    } catch (error) {
      return (error as Error).message;
    }
  };
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const parser = createMeminfoParser();
      parseWith(text(before), parser);
      expect(parseWith(text(after), parser)).toEqual(parseWith(text(after)));
    }),
  );
});
