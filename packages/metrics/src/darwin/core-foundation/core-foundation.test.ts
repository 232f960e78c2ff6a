import { describe, expect, test } from 'vitest';
import { openDarwin } from '../binding/darwin.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { CfTree } from '../fake/machine.testing.ts';
import { APPLE } from '../apple-numbers.ts';
import { booleanAt, dictionaryAt, numberAt, textAt } from './dictionary.ts';
import { withScope } from './scope.ts';
import { readCfValue } from './value.ts';
import type { CfValue } from './value.ts';

/** What we read of an object that IOKit made of this tree. */
function readTree(tree: CfTree): CfValue {
  const fake = openFakeDarwin({ trees: { IOPSCopyExternalPowerAdapterDetails: tree } });
  const darwin = openDarwin(fake.host);
  const value = withScope(darwin, (scope) => readCfValue(darwin, darwin.iokit.IOPSCopyExternalPowerAdapterDetails(scope)));
  fake.expectClean();
  return value;
}

describe.skipIf(noFakeDarwin !== null)('Core Foundation', () => {
  test('NULL is null and needs no release', () => {
    const fake = openFakeDarwin({});
    const darwin = openDarwin(fake.host);
    expect(withScope(darwin, (scope) => readCfValue(darwin, darwin.iokit.IOPSCopyExternalPowerAdapterDetails(scope)))).toBeNull();
    fake.expectClean();
  });

  test.each<[string, CfTree, CfValue]>([
    ['a text of three-byte letters', '電池電池電池', '電池電池電池'],
    ['a text beyond the basic plane', 'a🔋b', 'a🔋b'],
    ['an empty text', '', ''],
    ['an integer', -1402, -1402],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['an integer that a double cannot hold', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['a negative number that a driver wrote as unsigned', 18_446_744_073_709_550_214n, -1402],
    ['a float', 0.125, 0.125],
    ['booleans', [true, false], [true, false]],
    ['data', Buffer.from('00ff10', 'hex'), Buffer.from('00ff10', 'hex')],
    ['empty data', Buffer.alloc(0), Buffer.alloc(0)],
    ['empty containers', [[], {}], [[], {}]],
    ['an object of another kind', { known: 1, other: { $other: 1 } }, { known: 1, other: null }],
    ['a nested tree', { a: [{ b: { c: 'd' } }, [1, [2]]] }, { a: [{ b: { c: 'd' } }, [1, [2]]] }],
  ])('%s', (_what, tree, value) => {
    expect(readTree(tree)).toEqual(value);
  });

  test('dictionaries answer by kind: what is missing or of another kind is null', () => {
    const read = readTree({ number: 4, big: 2n ** 60n, text: 'x', empty: '', yes: true, inner: { a: 1 } }) as Readonly<
      Record<string, CfValue>
    >;
    expect([numberAt(read, 'number'), numberAt(read, 'big'), numberAt(read, 'text'), numberAt(read, 'none')]).toEqual([
      4,
      2 ** 60,
      null,
      null,
    ]);
    expect([textAt(read, 'text'), textAt(read, 'empty'), textAt(read, 'number')]).toEqual(['x', null, null]);
    expect([booleanAt(read, 'yes'), booleanAt(read, 'number'), dictionaryAt(read, 'inner'), dictionaryAt(read, 'text')]).toEqual([
      true,
      null,
      { a: 1 },
      null,
    ]);
  });

  test('a scope releases what was created in it once, also when its work fails', () => {
    const fake = openFakeDarwin({});
    const darwin = openDarwin(fake.host);
    expect(() =>
      withScope(darwin, (scope) => {
        for (const name of ['one', 'two']) darwin.coreFoundation.CFStringCreateWithCString(scope, 0n, name, APPLE.kCFStringEncodingUTF8);
        throw new Error('its work');
      }),
    ).toThrow('its work');
    expect(fake.report().calls).toMatchObject({ CFStringCreateWithCString: 2, CFRelease: 2 });
    fake.expectClean();
  });

  test('the stand-in sees a leak, a second release, a use after the release, and a cut address', () => {
    const fake = openFakeDarwin({});
    const { coreFoundation: cf } = openDarwin(fake.host);
    const made: bigint[] = [];
    const careless = { keep: (_kind: string, value: bigint | number) => void made.push(BigInt(value)) };
    for (let time = 0; time < 3; time++) cf.CFStringCreateWithCString(careless, 0n, 'x', APPLE.kCFStringEncodingUTF8);
    expect(fake.report()).toMatchObject({ objects: 3 });
    expect(fake.report().leaks[0]).toContain('CFStringCreateWithCString');
    cf.CFRelease(made[0]!);
    cf.CFRelease(made[0]!);
    cf.CFStringGetLength(made[0]!);
    cf.CFStringGetLength(BigInt.asUintN(32, made[1]!));
    cf.CFArrayGetCount(made[1]!);
    const faults = fake.faults().split('\n');
    expect(faults).toHaveLength(5);
    expect(faults[0]).toContain('CFRelease: an object of CFStringCreateWithCString is used after its release');
    expect(faults[1]).toContain('CFStringGetLength: an object');
    expect(faults[2]).toContain('was cut');
    expect(faults[3]).toContain('of type 7 where 19 is wanted');
  });
});
