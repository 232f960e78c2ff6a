import { expect, test } from 'vitest';
import type { PowerSupply } from '../../domain/power.ts';
import type { CfDictionary } from '../core-foundation/value.ts';
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
  expect(adapterOf({}, () => ({ Watts: 30 }))).toBeNull();
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

test('what the battery does not know of the adapter, the power sources may', () => {
  const asked = (seen: CfDictionary, told: CfDictionary | null): PowerSupply | null => adapterOf(seen, () => told);
  const told = { Watts: 96, Manufacturer: 'Apple Inc.', Name: '96W USB-C Power Adapter' };
  const known = { attributes: { power_max: 96e6 }, manufacturer: 'Apple Inc.', model: '96W USB-C Power Adapter' };
  expect(asked({ ExternalConnected: true }, told)).toMatchObject({ online: true, ...known });
  expect(asked({ ExternalConnected: true, AdapterDetails: { FamilyCode: 1 } }, told)).toMatchObject(known);
  expect(asked({ ExternalConnected: true, AdapterDetails: { Watts: 30 } }, told)).toMatchObject({
    attributes: { power_max: 30e6 },
    model: null,
  });
  expect(asked({ ExternalConnected: true, AdapterDetails: { Name: 'one' } }, null)).toMatchObject({
    attributes: { online: 1 },
    model: 'one',
  });
  // Of one that is not connected nothing holds.
  expect(asked({ ExternalConnected: false, AdapterDetails: { FamilyCode: 0 } }, told)).toMatchObject({
    online: false,
    attributes: { online: 0 },
    model: null,
  });
});
