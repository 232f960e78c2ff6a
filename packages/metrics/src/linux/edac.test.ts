import { expect, test } from 'vitest';
import { edacGroups, edacLabel } from '../domain/edac.ts';
import { edac } from './edac.ts';
import { openReading, readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/memory.testing.ts';

const MC = 'sys/devices/system/edac/mc/mc0';

test('controller, rows with channels, modules', () => {
  const tree = createTree(files);
  const { reading, gaps } = readOnce(edac, tree.host);
  expect(gaps).toEqual([]);
  expect(reading).toEqual([
    {
      controller: '0',
      name: 'Skylake Socket#0 IMC#0',
      size: 32 * 2 ** 30,
      sinceReset: 3600,
      correctable: 5,
      uncorrectable: 0,
      unplacedCorrectable: 1,
      unplacedUncorrectable: 0,
      rows: [
        {
          row: '0',
          correctable: 4,
          uncorrectable: 0,
          channels: [
            { channel: '0', label: 'mc#0csrow#0channel#0', correctable: 3, uncorrectable: null },
            { channel: '1', label: null, correctable: 1, uncorrectable: null },
          ],
        },
      ],
      modules: [
        {
          module: 'dimm0',
          label: 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0',
          location: 'channel 0 slot 0',
          type: 'Registered-DDR4',
          size: 16 * 2 ** 30,
          correctable: 4,
          uncorrectable: 0,
        },
      ],
    },
  ]);
  const rows = edacGroups()
    .find(({ name }) => name === 'edac.rows')!
    .rows(reading);
  expect([...rows]).toContainEqual(expect.objectContaining({ csrow: 'unknown', correctable: 1 }));
  expect(edacLabel('mc#0csrow#1channel#0')).toBe('mc0_csrow1_channel0');
  expect(edacLabel(null)).toBe('unknown');
  tree.remove();
});

test('counters are read anew, a controller that comes is seen, and a machine without has none', () => {
  const tree = createTree({});
  const opened = openReading(edac, tree.host);
  expect(opened.read()).toEqual([]);
  tree.write(`${MC}/ce_count`, '0\n');
  expect(opened.read()).toMatchObject([{ controller: '0', correctable: 0, uncorrectable: null, rows: [], modules: [] }]);
  tree.write(`${MC}/ce_count`, '1\n');
  expect(opened.read()).toMatchObject([{ correctable: 1 }]);
  expect(opened.gaps).toEqual([]);
  opened.close();
  tree.remove();
});
