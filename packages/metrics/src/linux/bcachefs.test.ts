import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bcachefsGroups } from '../domain/bcachefs.ts';
import { bcachefs } from './bcachefs.ts';
import { anyText } from './storage/any-text.testing.ts';
import {
  parseCompression,
  parseCounter,
  parseErrors,
  parseIoDone,
  parseIoErrors,
  parseShortNumber,
  parseWrites,
} from './storage/bcachefs.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/bcachefs.testing.ts';

test('counters since it was made, compression, faults, devices', async () => {
  expect(await readTree(bcachefs, tree)).toEqual({
    reading: [
      {
        uuid: '12345678-9abc-def0-1234-56789abcdef0',
        indexCacheSize: 1_572_864,
        counters: { data_read: 1024 ** 3, fsync: 50 },
        compression: [{ algorithm: 'lz4', compressed: 1024 ** 2, uncompressed: 2 * 1024 ** 2 }],
        errors: [{ error: 'bset_bad_csum', count: 2 }],
        writes: [{ type: 'initial', count: 300, size: 102_400 }],
        devices: [
          {
            device: '0',
            label: 'ssd.one',
            state: '[rw] ro evacuating spare',
            bucketSize: 524_288,
            buckets: 1000,
            durability: 1,
            io: [
              { operation: 'read', data: 'sb', bytes: 4096 },
              { operation: 'read', data: 'user', bytes: 8192 },
              { operation: 'write', data: 'sb', bytes: 1024 },
            ],
            errors: { read: 1, write: 2, checksum: 3 },
          },
        ],
      },
    ],
    gaps: [],
  });
});

test("node_exporter's names", async () => {
  const { reading } = await readTree(bcachefs, tree);
  const uuid = 'uuid=12345678-9abc-def0-1234-56789abcdef0';
  expect(samplesOf(bcachefsGroups(), reading, 'node_bcachefs_fsync_total')).toEqual([`${uuid} 50`]);
  expect(samplesOf(bcachefsGroups(), reading, 'node_bcachefs_device_io_errors_total')).toContain(`${uuid} device=0 type=checksum 3`);
});

test('any bytes give finite numbers', () => {
  expect(['1.26k', '512', '0', 'k', '-1', '1e5', '21.5P', undefined].map(parseShortNumber)).toEqual([
    1290,
    512,
    0,
    null,
    null,
    null,
    Math.trunc(21.5 * 1024 ** 5),
    null,
  ]);
  fc.assert(
    fc.property(anyText, (text) => {
      const content = `heading\n${text}\nread:\n a : ${text}`;
      const parsed = [parseCompression, parseErrors, parseWrites, parseCounter, parseIoDone, parseIoErrors].map((parse) => parse(content));
      expect(JSON.stringify(parsed)).not.toMatch(/NaN|Infinity/);
    }),
  );
});

test('this machine: as many as are mounted', async () => {
  const host = openHost();
  const mounted = new Set(
    [...host.readText('/proc/self/mountinfo').matchAll(/^\S+ \S+ (\S+) .* - bcachefs /gm)].map(([, number]) => number),
  );
  const { reading } = await readOnce(bcachefs, host);
  expect(reading.length).toBeGreaterThanOrEqual(mounted.size);
  if (mounted.size === 0) expect(reading).toEqual([]);
});
