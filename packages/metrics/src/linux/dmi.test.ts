import { expect, test } from 'vitest';
import { chassisTypeOf } from '../domain/dmi.ts';
import type { DmiReading } from '../domain/dmi.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { askNodeExporter, differences, exporterMissing, seriesOf } from './device-files/node-exporter.testing.ts';
import { dmi } from './dmi.ts';
import { openMutatedHost } from '../model/mutated-host.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { Tree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/dmi.testing.ts';

function readTree(tree: Tree): { reading: DmiReading; gaps: Gap[] } {
  const made = createTree(tree);
  const gaps: Gap[] = [];
  const reading = dmi.open(made.host).read(collectGaps(gaps)) as DmiReading;
  made.remove();
  return { reading, gaps };
}

test('firmware with texts that are empty, padded or no UTF-8, and a device tree', () => {
  const { reading, gaps } = readTree(files);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject({
    systemVendor: 'Example Inc.',
    productName: 'PowerExample "R6" \\ 515',
    productVersion: '\ufffd\u001c[\ufffd',
    productUuid: '83340ca8-cb49-4474-8c29-d2088ca84dd9',
    boardAssetTag: null,
    chassisAssetTag: '',
    chassisVersion: '',
    chassisType: 'Rack Mount Chassis',
    deviceTreeModel: 'Raspberry Pi 4 Model B Rev 1.4',
    deviceTreeCompatible: ['raspberrypi,4-model-b', 'brcm,bcm2711'],
    deviceTreeSerial: '10000000abcdef01',
  });
});

test('kinds of cases by the standard; the highest bit is a lock', () => {
  expect([1, 3, 9, 10, 23, 30, 31, 36, 23 + 128].map(chassisTypeOf)).toEqual([
    'Other',
    'Desktop',
    'Laptop',
    'Notebook',
    'Rack Mount Chassis',
    'Tablet',
    'Convertible',
    'Stick PC',
    'Rack Mount Chassis',
  ]);
  expect([0, 37, 99, null].map(chassisTypeOf)).toEqual([null, null, null, null]);
});

test('what only root may read is a gap, not an error', () => {
  const tree = createTree(files);
  // Every read fails, and each with no permission.
  const host = { ...openMutatedHost(tree.host, () => 0), readText: (): string => denied() };
  const gaps: Gap[] = [];
  const reading = dmi.open(host).read(collectGaps(gaps)) as DmiReading;
  tree.remove();
  expect(reading.productUuid).toBeNull();
  expect(gaps.find(({ field }) => field === 'dmi.productUuid')).toMatchObject({ reason: 'permission' });
});

function denied(): never {
  throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
}

test('a machine that has neither', () => {
  const { reading, gaps } = readTree({});
  expect(Object.values(reading).every((value) => value === null || (Array.isArray(value) && value.length === 0))).toBe(true);
  expect(gaps).toMatchObject([{ field: 'dmi', reason: 'absent' }]);
});

const missing = exporterMissing();
if (missing) console.warn(`SKIPPED: DMI against node_exporter: ${missing}`);
test.skipIf(missing)('node_exporter has the same series', async () => {
  const tree = createTree(files);
  try {
    const theirs = await askNodeExporter(tree.directory, ['dmi']);
    const ours = seriesOf(dmi, dmi.open(tree.host).read(collectGaps([])) as DmiReading);
    expect(theirs.size).toBe(1);
    expect(differences(theirs, ours)).toEqual([]);
    expect(differences(ours, theirs)).toEqual([]);
  } finally {
    tree.remove();
  }
});
