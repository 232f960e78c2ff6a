import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { openDarwin } from '../binding/darwin.ts';
import { constant } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { countRefusals } from './refusals.ts';
import { mapServices } from './services.ts';

const registry = [
  { name: 'driver', classes: ['IONVMeBlockStorageDriver', 'IOBlockStorageDriver'], properties: { Statistics: { a: 1 } } },
  { name: 'disk0', classes: ['IOMedia'], parent: 0, properties: { 'BSD Name': 'disk0' } },
  { name: 'disk1', classes: ['IOMedia'], properties: { 'BSD Name': 'disk1' } },
];

describe.skipIf(noFakeDarwin !== null)('the I/O registry', () => {
  test('no service of a class is an empty list; a refusal is an error; neither leaves a handle', () => {
    const fake = openFakeDarwin({
      registry: [{ name: 'x', classes: ['Locked'], properties: {}, result: constant('kIOReturnNotPrivileged') | 0 }],
      answers: { 'IOServiceGetMatchingServices:Broken': { result: 0xe000_02bc | 0 } },
    });
    const darwin = openDarwin(fake.host);
    expect(mapServices(darwin, 'AppleSmartBattery', () => 1)).toEqual([]);
    expect(() => mapServices(darwin, 'Broken', () => 1)).toThrow('IOServiceGetMatchingServices answered 0xe00002bc.');
    expect(() => mapServices(darwin, 'Locked', (entry) => entry.properties())).toThrow(expect.objectContaining({ code: 'DENIED' }));
    fake.expectClean();
  });

  test('services have properties, and parents of the class that is asked for', () => {
    const fake = openFakeDarwin({ registry });
    const darwin = openDarwin(fake.host);
    const read = mapServices(darwin, 'IOMedia', (entry) => [
      entry.properties()['BSD Name'],
      entry.parentOf('IOBlockStorageDriver')?.properties() ?? null,
      entry.parentOf('IOUSBDevice'),
    ]);
    expect(read).toEqual([
      ['disk0', { Statistics: { a: 1 } }, null],
      ['disk1', null, null],
    ]);
    fake.expectClean();
  });

  test('a visit that fails leaves nothing behind', () => {
    const fake = openFakeDarwin({ registry });
    const darwin = openDarwin(fake.host);
    expect(() =>
      mapServices(darwin, 'IOMedia', (entry) => {
        entry.parentOf('IOBlockStorageDriver');
        throw new Error('a visit');
      }),
    ).toThrow('a visit');
    fake.expectClean();
  });
});

test('who refuses in a list takes no other with it, and all who refuse are a refusal', () => {
  const refuse = (): never => {
    throw new HecateError('DENIED', 'No.');
  };
  const gaps: Gap[] = [];
  const some = countRefusals();
  expect([some.ask(() => 1), some.ask(refuse), some.ask(() => 3)]).toEqual([1, null, 3]);
  some.settle(collectGaps(gaps), 'disk');
  expect(gaps).toEqual([{ field: 'disk', reason: 'error', detail: '1 of 3 did not answer, and may be gone: No.' }]);
  const all = countRefusals();
  expect(all.ask(refuse)).toBeNull();
  expect(() => all.settle(collectGaps(gaps), 'disk')).toThrow('No.');
  countRefusals().settle(collectGaps(gaps), 'disk');
  expect(gaps).toHaveLength(1);
  expect(() => countRefusals().ask(() => (undefined as unknown as string).length)).toThrow(TypeError);
});
