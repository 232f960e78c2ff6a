import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { energyRates } from '../domain/energy.ts';
import type { EnergyReading } from '../domain/energy.ts';
import { finish } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { askNodeExporter, differences, exporterMissing, seriesOf } from './device-files/node-exporter.testing.ts';
import { energy } from './energy.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/energy.testing.ts';

const readOnce = (reader: ReturnType<typeof energy.open>, gaps: Gap[] = []): EnergyReading =>
  finish(reader.read(collectGaps(gaps)) as EnergyReading);

test('zones, what holds them, and their limits', () => {
  const tree = createTree(files);
  const reader = energy.open(tree.host);
  const gaps: Gap[] = [];
  const { zones } = readOnce(reader, gaps);
  reader.close();
  tree.remove();
  expect(gaps).toEqual([]);
  expect(zones.map(({ zone, kind, parent, index, energy: joules }) => [zone, kind, parent, index, joules])).toEqual([
    ['intel-rapl-mmio:0', 'package', null, 0, 240_422.366267],
    ['intel-rapl:0', 'package', null, 0, 240_422.366267],
    ['intel-rapl:0:0', 'core', 'intel-rapl:0', 0, 118_821.284256],
    ['intel-rapl:0:1', 'uncore', 'intel-rapl:0', 0, 1],
    ['intel-rapl:0:2', 'dram', 'intel-rapl:0', 0, 22],
    ['intel-rapl:1', 'package', null, 1, 900],
    ['intel-rapl:1:0', 'dram', 'intel-rapl:1', 1, 33],
    ['intel-rapl:2', 'psys', null, 0, 777],
  ]);
  expect(zones[1]).toMatchObject({
    maxEnergy: 262_143.32885,
    enabled: true,
    constraints: [
      { name: 'long_term', limit: 45, timeWindow: 27.983872, max: 45 },
      { name: 'short_term', limit: 107, timeWindow: 0.00244, max: null },
    ],
  });
});

test('watts from the files: a counter that goes round is no loss', () => {
  const tree = createTree(files);
  const reader = energy.open(tree.host);
  const before = readOnce(reader);
  tree.write('sys/class/powercap/intel-rapl:0/energy_uj', '240462366267\n');
  tree.write('sys/class/powercap/intel-rapl-mmio:0/energy_uj', '240462366267\n');
  tree.write('sys/class/powercap/intel-rapl:1/energy_uj', '930000000\n');
  const after = readOnce(reader);
  reader.close();
  tree.remove();
  const rates = energyRates(before, after, 1)!;
  expect(rates.packagePower).toBeCloseTo(70);
  expect(rates.zones.find(({ zone }) => zone === 'intel-rapl:0')!.power).toBeCloseTo(40);
});

const isRoot = process.getuid?.() === 0;
if (isRoot) console.warn('SKIPPED: energy counters that may not be read: root may read all.');
test.skipIf(isRoot)('counters that may not be read are one gap with what helps', () => {
  const tree = createTree(files);
  for (const file of Object.keys(files)) if (file.endsWith('energy_uj')) chmodSync(path.join(tree.directory, file), 0);
  const reader = energy.open(tree.host);
  const gaps: Gap[] = [];
  const { zones } = readOnce(reader, gaps);
  reader.close();
  tree.remove();
  expect(zones.map((zone) => zone.energy)).toEqual(zones.map(() => null));
  expect(gaps).toEqual([{ field: 'energy.zones.energy', reason: 'permission', detail: expect.stringMatching(/root/) }]);
});

const missing = exporterMissing();
if (missing) console.warn(`SKIPPED: energy counters against node_exporter: ${missing}`);
test.skipIf(missing)('node_exporter has the same series', async () => {
  const tree = createTree(files);
  const reader = energy.open(tree.host);
  try {
    // Its label has the whole path, where ours has that of the machine.
    const theirs = await askNodeExporter(tree.directory, ['rapl']);
    const same = new Map([...theirs].map(([key, value]) => [key.replace(tree.directory, ''), value]));
    const ours = seriesOf(energy, readOnce(reader));
    expect(theirs.size).toBe(8);
    expect(differences(same, ours)).toEqual([]);
    expect(differences(ours, same)).toEqual([]);
  } finally {
    reader.close();
    tree.remove();
  }
});
