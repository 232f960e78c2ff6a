import { expect, test } from 'vitest';
import type { PowerReading, PowerSupply } from '../domain/power.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { askNodeExporter, differences, exporterMissing, seriesOf } from './device-files/node-exporter.testing.ts';
import { cleanWord, openPower, power } from './power.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { Tree } from './rooted-tree.testing.ts';
import { laptop, tree as everySupply } from './trees/power.testing.ts';

async function readTree(files: Tree): Promise<{ reading: PowerReading; gaps: Gap[] }> {
  const tree = createTree(files);
  const reader = openPower(tree.host);
  const gaps: Gap[] = [];
  try {
    return { reading: await reader.read(collectGaps(gaps)), gaps };
  } finally {
    reader.close();
    tree.remove();
  }
}

const supplyOf = ({ supplies }: PowerReading, name: string): PowerSupply => supplies.find(({ supply }) => supply === name)!;

test('a battery that counts energy', async () => {
  const { reading, gaps } = await readTree(laptop);
  expect(gaps).toEqual([]);
  expect(supplyOf(reading, 'BAT0')).toMatchObject({
    type: 'Battery',
    isDevice: false,
    present: true,
    online: null,
    status: 'Discharging',
    charge: 0.5,
    energy: 72_000,
    energyFull: 144_000,
    energyDesign: 180_000,
    health: 0.8,
    cycles: 312,
    power: -8,
    voltage: 11.9,
    current: null,
    timeToEmpty: 9000,
    timeToFull: null,
    temperature: null,
    technology: 'Li-ion',
    manufacturer: 'BYD',
    serial: '4711',
  });
});

test('a battery that counts charge, with strings that are no text', async () => {
  const { reading } = await readTree(laptop);
  expect(supplyOf(reading, 'BAT1')).toMatchObject({
    charge: 0.25,
    energy: 18_000,
    energyFull: 72_000,
    health: 0.5,
    // It says 0, which is that it does not count.
    cycles: null,
    power: -12,
    current: -1,
    timeToEmpty: 1500,
    temperature: 31.2,
    model: 'LNV\ufffd\ufffd',
  });
  expect(cleanWord('a\u0000b\u001b[31m c ')).toBe('a b [31m c');
});

test('the machine as a whole: both batteries, not the mouse', async () => {
  const { reading } = await readTree(laptop);
  expect(supplyOf(reading, 'hidpp_battery_0')).toMatchObject({ isDevice: true, charge: 0.05, model: 'Wireless Mouse MX' });
  expect(supplyOf(reading, 'ucsi-source-psy-USBC000:001')).toMatchObject({ type: 'USB', online: false, usbType: 'C [PD] PD_PPS' });
  expect(reading).toMatchObject({
    source: 'battery',
    batteries: ['BAT0', 'BAT1'],
    energy: 90_000,
    power: -20,
    timeToEmpty: 4500,
    timeToFull: null,
  });
  expect(reading.charge).toBeCloseTo(90 / 216);
  const plugged = await readTree({ ...laptop, 'sys/class/power_supply/AC/online': '1\n' });
  expect(plugged.reading.source).toBe('ac');
});

test('every attribute of a phone, and supplies that say nothing', async () => {
  const { reading } = await readTree(everySupply);
  expect(supplyOf(reading, 'battery')).toMatchObject({
    charge: 0.61,
    condition: 'Good',
    chargeType: 'Fast',
    // The driver counts what flows out; the status says that it flows in.
    current: 1.5,
    timeToFull: 4300,
    timeToEmpty: null,
    temperature: -0.5,
    attributes: { time_to_empty_now: -1, current_now: -1_500_000 },
  });
  expect(supplyOf(reading, 'silent')).toMatchObject({ type: null, online: null, charge: null, attributes: {} });
  expect(reading.batteries).toEqual(['BAT0', 'BAT1', 'battery']);
});

test('a machine without supplies', async () => {
  const { reading, gaps } = await readTree({});
  expect(reading).toMatchObject({ source: 'unknown', batteries: [], charge: null, supplies: [] });
  expect(gaps).toEqual([]);
});

const missing = exporterMissing();
if (missing) console.warn(`SKIPPED: power supplies against node_exporter: ${missing}`);
test.skipIf(missing)('node_exporter has the same series', async () => {
  const tree = createTree(everySupply);
  const reader = openPower(tree.host);
  try {
    const theirs = await askNodeExporter(tree.directory, ['powersupplyclass']);
    const ours = seriesOf(power, await reader.read(collectGaps([])));
    expect(theirs.size).toBeGreaterThan(50);
    // Control characters in names stay out of ours, and each byte that is no text is one mark.
    const isName = (line: string): boolean => line.startsWith('node_power_supply_info') && line.includes('"BAT1"');
    expect(differences(theirs, ours).filter((line) => !isName(line))).toEqual([]);
    expect(differences(ours, theirs).filter((line) => !isName(line))).toEqual([]);
    expect(differences(ours, theirs)).toHaveLength(1);
  } finally {
    reader.close();
    tree.remove();
  }
});
