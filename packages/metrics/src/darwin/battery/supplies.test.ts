import { expect, test } from 'vitest';
import { adapterOf, batteryOf, upsOf } from './supplies.ts';

const battery = { ExternalConnected: false, IsCharging: false, CurrentCapacity: 50, MaxCapacity: 100, Voltage: 12_000, Amperage: -1000 };

test('nothing that a battery does not say is made up', () => {
  expect(batteryOf({}, 'battery')).toMatchObject({
    ...{
      status: null,
      charge: null,
      energy: null,
      health: null,
      cycles: null,
      power: null,
      temperature: null,
      timeToEmpty: null,
      present: null,
    },
    type: 'Battery',
  });
  expect(adapterOf({})).toBeNull();
  expect(upsOf({}, 'ups')).toMatchObject({ type: 'UPS', charge: null, timeToEmpty: null });
});

test('65535 minutes are not known; the other property holds then', () => {
  expect(batteryOf({ ...battery, AvgTimeToEmpty: 65_535, TimeRemaining: 100 }, 'battery').timeToEmpty).toBe(6000);
  expect(batteryOf({ ...battery, AvgTimeToEmpty: 65_535, TimeRemaining: 65_535 }, 'battery').timeToEmpty).toBeNull();
  expect(batteryOf({ ...battery, AvgTimeToEmpty: 90, TimeRemaining: 100 }, 'battery').timeToEmpty).toBe(5400);
});

test('the states of a battery', () => {
  const status = (changes: object): string | null => batteryOf({ ...battery, ...changes }, 'battery').status;
  expect([status({}), status({ ExternalConnected: true }), status({ IsCharging: true }), status({ FullyCharged: true })]).toEqual([
    'Discharging',
    'Not charging',
    'Charging',
    'Full',
  ]);
});

test('a UPS that feeds the machine', () => {
  const ups = { 'Power Source State': 'Battery Power', 'Current Capacity': 40, 'Max Capacity': 100, 'Time to Empty': 12, Name: 'Back-UPS' };
  expect(upsOf(ups, 'ups0')).toMatchObject({ supply: 'ups0', status: 'Discharging', charge: 0.4, timeToEmpty: 720, model: 'Back-UPS' });
});
