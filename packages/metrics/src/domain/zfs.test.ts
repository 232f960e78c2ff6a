import { expect, test } from 'vitest';
import { zfsRates } from './zfs.ts';
import type { ZfsArc, ZfsPool, ZfsReading } from './zfs.ts';

const NOTHING: ZfsArc = {
  size: null,
  target: null,
  minimum: null,
  maximum: null,
  metadata: null,
  recent: null,
  frequent: null,
  compressed: null,
  uncompressed: null,
  hits: null,
  misses: null,
  demandDataHits: null,
  demandDataMisses: null,
  demandMetadataHits: null,
  demandMetadataMisses: null,
  secondHits: null,
  secondMisses: null,
  secondSize: null,
};
const reading = (arc: Partial<ZfsArc> | null, pools: ZfsPool[] = []): ZfsReading => ({
  arc: arc && { ...NOTHING, ...arc },
  pools,
  statistics: [],
});
const pool = (counters: Record<string, number> | null, datasets: Record<string, Record<string, number>> = {}): ZfsPool => ({
  pool: 'tank',
  state: 'online',
  counters,
  datasets: Object.entries(datasets).map(([dataset, own]) => ({ dataset, counters: own })),
});

test('the share of hits is that of what was looked up in between', () => {
  const before = reading({
    hits: 100,
    misses: 100,
    demandDataHits: 10,
    demandDataMisses: 0,
    demandMetadataHits: 5,
    demandMetadataMisses: 5,
  });
  const after = reading({
    hits: 190,
    misses: 110,
    demandDataHits: 10,
    demandDataMisses: 0,
    demandMetadataHits: 8,
    demandMetadataMisses: 6,
  });
  expect(zfsRates(before, after, 10)).toEqual({ hitRatio: 0.9, demandHitRatio: 0.75, hitsPerSecond: 9, missesPerSecond: 1, pools: [] });
});

test('nothing looked up, counters that went back or are not there give no share', () => {
  const arc = reading({ hits: 5, misses: 5 });
  expect(zfsRates(arc, arc, 1)).toMatchObject({ hitRatio: null, hitsPerSecond: 0, demandHitRatio: null });
  expect(zfsRates(reading({ hits: 9, misses: 5 }), arc, 1)).toMatchObject({ hitRatio: null, hitsPerSecond: null, missesPerSecond: 0 });
  expect(zfsRates(reading(null), arc, 1)).toBeNull();
});

test('a pool without counters of its own has those of its data sets', () => {
  const before = reading({}, [pool(null, { a: { nread: 0, reads: 0 }, gone: { nread: 7 } })]);
  const after = reading({}, [pool(null, { a: { nread: 100, reads: 4 }, new: { nread: 900 } })]);
  expect(zfsRates(before, after, 2)!.pools).toEqual([
    { pool: 'tank', readBytesPerSecond: 50, readsPerSecond: 2, writeBytesPerSecond: null, writesPerSecond: null },
  ]);
  const own = (nread: number): ZfsReading => reading(null, [pool({ nread, nwritten: 1 }, { a: { nread: 0 } })]);
  expect(zfsRates(own(10), own(20), 2)).toMatchObject({ hitRatio: null, pools: [{ readBytesPerSecond: 5, writeBytesPerSecond: 0 }] });
});
