import { expect, test } from 'vitest';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { askNodeExporter, differences, exporterMissing, seriesOf } from './device-files/node-exporter.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { openThermal, thermal } from './thermal.ts';
import { tree as files } from './trees/thermal.testing.ts';

test('zones with their trip points, and what cools them', async () => {
  const tree = createTree(files);
  const reader = openThermal(tree.host);
  const gaps: Gap[] = [];
  const { zones, coolingDevices } = await reader.read(collectGaps(gaps));
  reader.close();
  tree.remove();
  expect(zones.map(({ zone, type, temperature, enabled }) => [zone, type, temperature, enabled])).toEqual([
    [0, 'acpitz', 27.8, true],
    [1, 'x86_pkg_temp', 62, null],
    [2, 'iwlwifi_1', null, false],
    [10, 'cpu-thermal', null, null],
  ]);
  expect(zones[0]!.tripPoints).toEqual([
    { trip: 0, type: 'critical', temperature: 119, hysteresis: 0 },
    { trip: 1, type: 'passive', temperature: 95, hysteresis: 2 },
    { trip: 10, type: 'active', temperature: null, hysteresis: null },
  ]);
  expect(coolingDevices).toEqual([
    { device: 0, type: 'Processor', state: 0, maxState: 3, transitions: 12 },
    { device: 1, type: 'Fan', state: 1, maxState: 1, transitions: null },
  ]);
  expect(gaps.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
    'thermal.zones.2.temperature error',
    'thermal.zones.10.temperature absent',
  ]);
});

test('a machine without the class has no zones and no gap', async () => {
  const tree = createTree({});
  const gaps: Gap[] = [];
  expect(await openThermal(tree.host).read(collectGaps(gaps))).toEqual({ zones: [], coolingDevices: [] });
  expect(gaps).toEqual([]);
  tree.remove();
});

const missing = exporterMissing();
if (missing) console.warn(`SKIPPED: thermal zones against node_exporter: ${missing}`);
test.skipIf(missing)('node_exporter has the same series', async () => {
  // One zone that cannot be read is an end of all to it, and one that says nonsense is a temperature.
  const sound = Object.fromEntries(Object.entries(files).filter(([file]) => !/thermal_zone(2|10)/.test(file)));
  const tree = createTree(sound);
  const reader = openThermal(tree.host);
  try {
    const theirs = await askNodeExporter(tree.directory, ['thermal_zone']);
    const ours = seriesOf(thermal, await reader.read(collectGaps([])));
    expect(theirs.size).toBe(6);
    expect(differences(theirs, ours)).toEqual([]);
    expect(differences(ours, theirs)).toEqual([]);
  } finally {
    reader.close();
    tree.remove();
  }
});
