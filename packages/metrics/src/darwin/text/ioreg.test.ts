import { describe, expect, test } from 'vitest';
import { answering, fixture, refusalOf } from './fixture.testing.ts';
import { childrenOf, entriesOf, parseIoreg, readIoreg } from './ioreg.ts';
import { parsePmset } from './pmset.ts';
import { encodeXml } from './property-list.testing.ts';
import type { Sample } from './property-list.testing.ts';
import { disksFromIoreg } from './readings/disk.ts';
import { powerFromIoreg } from './readings/power.ts';

describe('an answer that is none', () => {
  test.each([
    ['cut off', fixture('ioreg-battery.plist').slice(0, 900), 'malformed at line 33'],
    ['a text', encodeXml('none'), 'is not understood'],
    ['a list of texts', encodeXml(['none']), 'is not understood'],
    ['words', '+-o Root  <class IORegistryEntry>', '<plist> is missing'],
  ])('%s is refused', async (_, text, what) => {
    const { code, message } = await refusalOf(() => parseIoreg(text));
    expect(code).toBe('FAILED');
    expect(message).toContain(what);
  });

  test('no entry of a class: ioreg prints nothing', async () => {
    const { host, asked } = answering({ stdout: '' });
    expect(await readIoreg(host, 'AppleSmartBattery')).toEqual([]);
    expect(asked).toEqual([['/usr/sbin/ioreg', '-a', '-l', '-r', '-c', 'AppleSmartBattery']]);
    await readIoreg(host, null);
    expect(asked[1]).toEqual(['/usr/sbin/ioreg', '-a', '-l']);
    expect(powerFromIoreg([], null)).toMatchObject({ source: 'unknown', supplies: [], batteries: [] });
    expect(disksFromIoreg([])).toEqual([]);
  });
});

test('one entry, a list, and the way down', () => {
  const tree: Sample = { name: 'a', IORegistryEntryChildren: [{ name: 'b', IORegistryEntryChildren: [{ name: 'c' }, 'no entry'] }] };
  const roots = parseIoreg(encodeXml(tree));
  expect([...entriesOf(roots)].map(([entry, above]) => [entry['name'], above.map((upper) => upper['name'])])).toEqual([
    ['a', []],
    ['b', ['a']],
    ['c', ['a', 'b']],
  ]);
  expect(childrenOf({ IORegistryEntryChildren: 'none' })).toEqual([]);
});

describe('power', () => {
  const entries = parseIoreg(fixture('ioreg-battery.plist'));

  test('a battery that is discharged: currents of more than 2^63 are below zero', () => {
    const power = powerFromIoreg(entries, parsePmset("Now drawing from 'Battery Power'\n"));
    expect(power).toMatchObject({ source: 'battery', batteries: ['battery'], charge: 0.83, timeToEmpty: 20_220 });
    expect(power.supplies[0]).toMatchObject({
      type: 'Battery',
      status: 'Discharging',
      current: -0.715,
      voltage: 12.22,
      cycles: 87,
      temperature: 30.52,
      timeToFull: null,
      health: 4841 / 5103,
      model: 'bq40z651',
    });
    expect(power.power).toBeCloseTo(-0.715 * 12.22, 6);
    expect(power.supplies[1]).toMatchObject({ supply: 'adapter', type: 'Mains', online: false });
  });

  test('without pmset the battery tells the source', () => {
    expect(powerFromIoreg(entries, null).source).toBe('battery');
    expect(powerFromIoreg([{ ...entries[0], ExternalConnected: true, IsCharging: true }], null).source).toBe('ac');
  });

  test('an entry without anything is a battery without anything', () => {
    expect(powerFromIoreg([{}], null).supplies).toEqual([
      expect.objectContaining({ charge: null, energy: null, power: null, status: null }),
    ]);
  });
});

describe('disks', () => {
  const devices = parseIoreg(fixture('ioreg-disks.plist'));

  test('each whole disk above a driver once; what APFS makes of it, and one that is not counted, are left out', () => {
    const disks = disksFromIoreg([...devices, ...devices]);
    expect(disks.map(({ device, physical }) => [device, physical])).toEqual([
      ['disk0', true],
      ['disk4', false],
    ]);
    expect(disks[0]).toMatchObject({
      major: 1,
      minor: 0,
      reads: 59_194_931,
      readBytes: 59_194_931 * 16_384,
      readTime: (59_194_931 * 120_000) / 1e9,
      writes: 29_597_465,
      writeBytes: 59_194_931 * 8192,
      inFlight: null,
      discards: null,
    });
  });

  test('a driver that tells no times', () => {
    const [device] = devices;
    const [driver] = childrenOf(device!);
    const { 'Total Time (Read)': _, ...statistics } = driver!['Statistics'] as Record<string, number>;
    const disks = disksFromIoreg([{ ...device, IORegistryEntryChildren: [{ ...driver, Statistics: statistics }] }]);
    expect(disks).toEqual([expect.objectContaining({ device: 'disk0', readTime: null, reads: 59_194_931 })]);
    expect(disks[0]!.writeTime).toBeGreaterThan(0);
  });
});
