import { describe, expect, test } from 'vitest';
import { fixture, refusalOf } from './fixture.testing.ts';
import { parsePmsetTherm } from './pmset-therm.ts';
import { parsePmset } from './pmset.ts';
import { powerFromPmset } from './readings/power.ts';
import { thermalFromPmset } from './readings/thermal.ts';

const AC = "Now drawing from 'AC Power'\n";
const ON_BATTERY = "Now drawing from 'Battery Power'\n";
const battery = (rest: string): string => ` -InternalBattery-0 (id=22806627)\t${rest}\n`;

test.each(['', '\n', 'pmset: error', 'Now drawing nothing'])('an answer that says nothing is refused (%#)', async (text) => {
  expect((await refusalOf(() => parsePmset(text))).code).toBe('FAILED');
  expect((await refusalOf(() => parsePmsetTherm(text))).code).toBe('FAILED');
});

describe('batteries', () => {
  test.each([
    ['charging', AC, '34%; charging; 5:58 remaining present: true', { status: 'Charging', charge: 0.34, timeToFull: 21_480 }, 'ac'],
    [
      'discharging',
      ON_BATTERY,
      '72%; discharging; 3:15 remaining present: true',
      { status: 'Discharging', timeToEmpty: 11_700 },
      'battery',
    ],
    ['no estimate', ON_BATTERY, '43%; discharging; (no estimate) present: true', { status: 'Discharging', timeToEmpty: null }, 'battery'],
    ['full', AC, '100%; charged; 0:00 remaining present: true', { status: 'Full', charge: 1, timeToFull: null }, 'ac'],
    ['held', AC, '80%; AC attached; not charging present: true', { status: 'Not charging', charge: 0.8, present: true }, 'ac'],
    ['almost full', AC, '97%; finishing charge; 0:12 remaining present: true', { status: 'Charging', timeToFull: 720 }, 'ac'],
    ['not there', AC, '0%; discharging; (no estimate) present: false', { present: false }, 'ac'],
    ['old, without the end', AC, '55%; charging', { status: 'Charging', charge: 0.55, present: null }, 'ac'],
    ['a charge only', AC, '55%', { status: null, charge: 0.55 }, 'ac'],
    ['a charge that is none', AC, '255%; charging', { charge: null, status: 'Charging' }, 'ac'],
  ])('%s', (_, first, rest, supply, source) => {
    const power = powerFromPmset(parsePmset(first + battery(rest)));
    expect(power.source).toBe(source);
    expect(power.supplies).toEqual([
      expect.objectContaining({ supply: 'InternalBattery-0', type: 'Battery', energy: null, power: null, ...supply }),
    ]);
  });

  test('blanks in place of the tab, no number, no first line', () => {
    expect(parsePmset(' -InternalBattery-0  40%; discharging; 1:05 remaining present: true')).toEqual({
      source: 'unknown',
      supplies: [
        { name: 'InternalBattery-0', id: null, charge: 0.4, state: 'discharging', attached: false, remaining: 3900, present: true },
      ],
    });
  });

  test('0:00 of a full one is no time', () => {
    expect(parsePmset(AC + battery('100%; charged; 0:00 remaining present: true')).supplies[0]).toMatchObject({
      state: 'charged',
      remaining: null,
    });
  });

  test('a UPS beside a battery; warnings between them are passed over', () => {
    const text = `Now drawing from 'UPS Power'\n -EXAMPLE UPS 700 (id=5)\t61%; discharging; 0:21 remaining present: true\n\tBattery Warning: Early\n${battery('100%; charged; 0:00 remaining present: true')}`;
    const power = powerFromPmset(parsePmset(text));
    expect(power).toMatchObject({ source: 'battery', batteries: ['InternalBattery-0'], charge: 1 });
    expect(power.supplies[0]).toMatchObject({ supply: 'EXAMPLE UPS 700', type: 'UPS', status: 'Discharging', timeToEmpty: 1260 });
  });

  test('a Mac without a battery', () => {
    expect(powerFromPmset(parsePmset(AC))).toMatchObject({ source: 'ac', batteries: [], charge: null, supplies: [] });
    expect(powerFromPmset(parsePmset("Now drawing from 'Sun Power'\n")).source).toBe('unknown');
  });
});

describe('heat', () => {
  test('Intel, held down', () => {
    const therm = parsePmsetTherm(fixture('pmset-therm-intel.txt'));
    expect(therm).toEqual({ speedLimit: 0.72, schedulerLimit: 1, availableCpus: 8, thermalWarning: 0, performanceWarning: null });
    expect(thermalFromPmset(therm)).toEqual({
      zones: [],
      coolingDevices: [{ device: 0, type: 'Processor', state: 28, maxState: 100, transitions: null }],
    });
  });

  test('Apple silicon says that it knows nothing: no limit is not a limit of 100 per cent', () => {
    const notes = 'Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n';
    const therm = parsePmsetTherm(`${notes}Note: No CPU power status has been recorded\n`);
    expect(therm).toEqual({ speedLimit: null, schedulerLimit: null, availableCpus: null, thermalWarning: 0, performanceWarning: 0 });
    expect(thermalFromPmset(therm)).toEqual({ zones: [], coolingDevices: [] });
  });

  test('a warning, and a limit that is none', () => {
    expect(parsePmsetTherm('Thermal Warning Level = 2\n\tCPU_Speed_Limit \t= 180\n')).toMatchObject({
      thermalWarning: 2,
      speedLimit: null,
    });
  });
});
