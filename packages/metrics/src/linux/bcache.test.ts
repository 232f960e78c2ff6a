import fc from 'fast-check';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { bcacheGroups } from '../domain/bcache.ts';
import { bcache, parseWriteback } from './bcache.ts';
import { anyText } from './storage/any-text.testing.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { parseRoundedSize } from './storage/rounded-size.ts';
import { tree } from './trees/bcache.testing.ts';

test('a set of caches, what it caches, and how it is written back', async () => {
  const { reading, gaps } = await readTree(bcache, tree);
  expect(gaps).toEqual([]);
  expect(reading).toHaveLength(1);
  expect(reading[0]).toMatchObject({
    averageKeySize: 12 * 1024,
    available: 0.75,
    rootUsage: 0.2,
    treeReadTime: 0.000_25,
    readRaces: null,
    backings: [
      {
        backing: 'bdev0',
        hits: 900,
        misses: 100,
        bypassHits: null,
        readaheads: null,
        bypassedBytes: 5 * 1024 ** 2,
        writebackChange: 0,
        writebackIntegral: 790 * 1024,
      },
    ],
    caches: [{ cache: 'cache0', errors: 2, metadataWritten: 4096, written: 1024 ** 3 }],
  });
  expect(reading[0]!.backings[0]!.writebackProportional).toBeLessThan(-427 * 1024);
  expect(samplesOf(bcacheGroups(), reading, 'node_bcache_cache_available_percent')[0]).toMatch(/ 75$/);
  // As node_exporter has it: a thousandth.
  expect(samplesOf(bcacheGroups(), reading, 'node_bcache_btree_read_average_duration_seconds')[0]).toMatch(/ 2.5e-7$/);
});

test.each([
  ['512', 512],
  ['0', 0],
  ['-0', 0],
  ['1.0k', 1024],
  ['-2.0M', -2 * 1024 ** 2],
  ['20.4G', Math.trunc((20 + 4 / 10.24) * 1024 ** 3)],
  ['1.10k', Math.trunc((1 + 10 / 10.24) * 1024)],
  ['', null],
  ['k', null],
  ['1.2.3', null],
  ['1e9', null],
  [null, null],
])('a size written as %s', (text, size) => {
  expect(parseRoundedSize(text)).toBe(size);
});

test('any bytes give finite numbers', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const value of [...parseWriteback(`rate: ${text}`).values(), parseRoundedSize(text) ?? 0])
        expect(Number.isFinite(value)).toBe(true);
    }),
  );
});

test('this machine: as many sets as /sys has', async () => {
  const host = openHost();
  let sets = 0;
  try {
    sets = host.list('/sys/fs/bcache').filter((name) => name.includes('-')).length;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  expect((await readOnce(bcache, host)).reading).toHaveLength(sets);
});
