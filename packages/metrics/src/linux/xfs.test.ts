import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { XfsReading } from '../domain/xfs.ts';
import { xfsGroups } from '../domain/xfs.ts';
import { anyText } from './storage/any-text.testing.ts';
import { createLoopFilesystem, loopFilesystemMissing } from './storage/loop-filesystem.testing.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/xfs.testing.ts';
import { parseXfsStats, xfs } from './xfs.ts';

test('each number has its name; the sum over all file systems is no device', async () => {
  const { reading, gaps } = await readTree(xfs, tree);
  expect(gaps).toEqual([]);
  expect(reading).toHaveLength(1);
  expect(reading[0]).toMatchObject({ device: 'vdr1', readBytes: 16_384, writtenBytes: 8192 });
  expect(reading[0]!.counters).toMatchObject({
    extent_allocation_blocks_freed: 4,
    block_mapping_extent_list_lookups: 10,
    directory_operation_getdents: 15,
    inode_operation_missed: 19,
    inode_operation_duplicates: 20,
    write_calls: 23,
    read_calls: 24,
    vnode_release: 29,
    allocation_btree_compares: 2,
  });
  expect(reading[0]!.counters).not.toHaveProperty('allocation_btree_lookups');
  expect(samplesOf(xfsGroups(), reading, 'node_xfs_write_calls_total')).toEqual(['device=vdr1 23']);
});

test('any bytes give finite numbers', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const content of [text, `rw ${text}`, `constructor 1\n__proto__ 2\n${text}`]) {
        expect(JSON.stringify(parseXfsStats('sda', content))).not.toMatch(/NaN|Infinity/);
      }
    }),
  );
});

const missing = loopFilesystemMissing('xfs', 'xfsprogs');
if (missing) console.warn(`SKIPPED: a real XFS: ${missing}`);

test.skipIf(missing)('a real file system counts what is done to it', async () => {
  const made = createLoopFilesystem('xfs', ['-q', '-f'], 1, 320);
  try {
    const read = async (): Promise<XfsReading> =>
      (await readOnce(xfs, openHost())).reading.find(({ device }) => device === made.devices[0])!;
    const before = await read();
    for (const name of ['a', 'b', 'c']) {
      const file = openSync(path.join(made.directory, name), 'w');
      for (let time = 0; time < 5; time++) writeSync(file, Buffer.alloc(1000, name));
      closeSync(file);
    }
    readdirSync(made.directory);
    const after = await read();
    const grown = (name: string): number => after.counters[name]! - before.counters[name]!;
    expect(grown('directory_operation_create')).toBe(3);
    expect(grown('write_calls')).toBe(15);
    expect(after.writtenBytes! - before.writtenBytes!).toBe(15_000);
    expect(grown('directory_operation_getdents')).toBeGreaterThan(0);
  } finally {
    made.remove();
  }
});
