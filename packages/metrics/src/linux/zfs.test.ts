import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zfsGroups } from '../domain/zfs.ts';
import { anyText } from './storage/any-text.testing.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { parseIoKstat, parseNamedKstat } from './storage/kstat.ts';
import { tree } from './trees/zfs.testing.ts';
import { zfs } from './zfs.ts';

test('the cache, the pools, their data sets', async () => {
  const { reading, gaps } = await readTree(zfs, tree);
  expect(gaps).toEqual([]);
  expect(reading.arc).toMatchObject({
    size: 4_294_967_296,
    target: 6_442_450_944,
    minimum: 268_435_456,
    maximum: 8_589_934_592,
    metadata: 536_870_912,
    hits: 900,
    misses: 100,
    // It went below zero: that is no size.
    secondSize: null,
  });
  expect(reading.pools).toEqual([
    {
      pool: 'old pool',
      state: 'degraded',
      counters: null,
      datasets: [
        {
          dataset: 'old pool/with  space',
          counters: { writes: 4, nwritten: 4096, reads: 2, nread: 1024, nunlinks: 1, nunlinked: 1 },
        },
      ],
    },
    {
      pool: 'tank',
      state: 'online',
      counters: {
        nread: 1_048_576,
        nwritten: 2_097_152,
        reads: 10,
        writes: 20,
        wtime: 1,
        wlentime: 2,
        wupdate: 3,
        rtime: 4,
        rlentime: 5,
        rupdate: 6,
        wcnt: 0,
        rcnt: 0,
      },
      datasets: [],
    },
  ]);
});

test("node_exporter's names come from the data", async () => {
  const { reading } = await readTree(zfs, tree);
  const series = (name: string): string[] => samplesOf(zfsGroups(), reading, name);
  expect(series('node_zfs_fm_erpt_dropped')).toEqual(['3']);
  expect(series('node_zfs_arc_l2_size')).toEqual(['18446744073709537000']);
  expect(series('node_zfs_zpool_nread')).toEqual(['zpool=tank 1048576']);
  expect(series('node_zfs_zpool_dataset_nread')).toEqual(['zpool=old pool dataset=old pool/with  space 1024']);
  expect(series('node_zfs_zpool_state').filter((line) => line.endsWith(' 1'))).toEqual([
    'zpool=old pool state=degraded 1',
    'zpool=tank state=online 1',
  ]);
});

test('any bytes give finite numbers', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { numbers } = parseNamedKstat(`1 1\nname type data\n${text}`);
      for (const value of numbers.values()) expect(Number.isFinite(value)).toBe(true);
      for (const value of Object.values(parseIoKstat(`x\nnread writes\n${text}`) ?? {})) expect(Number.isFinite(value)).toBe(true);
    }),
  );
  expect(parseNamedKstat('name type data\nsigned 3 -5\ntoo_long 4 999999999999999999999\ntext 7 a b\n')).toEqual({
    numbers: new Map([['signed', -5]]),
    texts: new Map([['text', 'a b']]),
  });
});

test('this machine: nothing without ZFS, and a cache with it', async () => {
  const host = openHost();
  const { reading } = await readOnce(zfs, host);
  let entries: string[] = [];
  try {
    entries = host.list('/proc/spl/kstat/zfs');
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  expect(reading.arc !== null).toBe(entries.includes('arcstats'));
  expect(reading.statistics.length > 0).toBe(entries.length > 0);
});
