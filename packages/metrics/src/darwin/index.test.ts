import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeLibraries } from '@hecate/host';
import { openMachineOf } from '../machine.ts';
import { collectorsOf } from '../platform.ts';
import { COLLECTOR_NAMES } from '../model/collector-names.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { DARWIN_LIBRARIES } from './binding/darwin.ts';
import { expectDeclared, expectExplained, expectNumbers } from './contract.testing.ts';
import { noFakeDarwin, openFakeDarwin } from './fake/fake-darwin.testing.ts';
import type { FakeDarwin } from './fake/fake-darwin.testing.ts';
import { text } from './fake/machine.testing.ts';
import type { FakeMachine } from './fake/machine.testing.ts';
import { darwinCollectors } from './index.ts';
import { intelLaptop } from './machines/intel-laptop.testing.ts';
import { m1Laptop } from './machines/m1-laptop.testing.ts';
import { m2Ultra } from './machines/m2-ultra.testing.ts';
import { m3Pro } from './machines/m3-pro.testing.ts';
import { m4Max } from './machines/m4-max.testing.ts';
import { m4Mini } from './machines/m4-mini.testing.ts';
import { m5Max } from './machines/m5-max.testing.ts';
import { virtualMachine } from './machines/virtual-machine.testing.ts';

/** Those that a snapshot reads without being asked for them by name. */
const READ = darwinCollectors.filter(({ onRequest }) => !onRequest);

/** A snapshot of a machine whose libraries lack some symbols, or everything. */
async function snapshotOf(fake: FakeDarwin, lacks: (symbol: string) => boolean = () => false): Promise<Snapshot> {
  const load: NativeLibraries['load'] = (path) => {
    const library = fake.libraries.load(path);
    return library && { ...library, function: (symbol, prototype) => (lacks(symbol) ? null : library.function(symbol, prototype)) };
  };
  const host = { ...fake.host, libraries: () => ({ ...fake.libraries, load }) };
  using machine = openMachineOf(darwinCollectors, host);
  return await machine.snapshot();
}

test('macOS offers its collectors once each, in the order of a snapshot', () => {
  const names = darwinCollectors.map(({ name }) => name);
  expect(names).toEqual(COLLECTOR_NAMES.filter((name) => names.includes(name)));
  expect(collectorsOf('darwin')).toBe(darwinCollectors);
  for (const { remedy, sources } of darwinCollectors) {
    expect(remedy).toMatch(/\.$/);
    expect(sources.length).toBeGreaterThan(0);
  }
});

describe.skipIf(noFakeDarwin !== null)('every machine', () => {
  const MACHINES: readonly (readonly [string, FakeMachine])[] = [
    ['M1 laptop', m1Laptop],
    ['Intel laptop', intelLaptop],
    ['virtual machine', virtualMachine],
    ['M2 Ultra', m2Ultra],
    ['M3 Pro', m3Pro],
    ['M4 Max', m4Max],
    ['M4 mini', m4Mini],
    ['M5 Max', m5Max],
  ];

  test.each(MACHINES)('%s: numbers or null, and rows that have every declared field', async (_name, machine) => {
    const fake = openFakeDarwin(machine);
    const snapshot = await snapshotOf(fake);
    expectDeclared(snapshot, darwinCollectors);
    fake.expectClean();
  });

  test.each(MACHINES)('%s: what is null has a gap, of itself or of what it is in', async (_name, machine) => {
    const snapshot = await snapshotOf(openFakeDarwin(machine));
    expectExplained(snapshot, READ);
  });

  test.each(MACHINES)('%s: read again and again it stays clean, and there are rates', async (_name, machine) => {
    const fake = openFakeDarwin(machine);
    const opened = openMachineOf(darwinCollectors, fake.host);
    for (let time = 0; time < 3; time++) {
      for (const { name } of READ) await opened[name]();
      fake.advance(1);
    }
    // What is kept between reads goes with the machine.
    opened.close();
    fake.expectClean();
  });

  const SYMBOLS = new Set(
    Object.values(DARWIN_LIBRARIES).flatMap(({ table, symbols }) => Object.keys(table).map((name) => symbols?.[name] ?? name)),
  );
  // Without these nothing can be given back; no macOS lacks them.
  const ALWAYS = new Set([
    ...['CFRelease', 'IOObjectRelease', 'mach_port_deallocate', 'vm_deallocate', 'close', 'objc_autoreleasePoolPop'],
  ]);
  test.each([...SYMBOLS].filter((symbol) => !ALWAYS.has(symbol)))(
    'a macOS without %s has gaps and no crash, and nothing leaks',
    async (symbol) => {
      const fake = openFakeDarwin(m1Laptop);
      const snapshot = await snapshotOf(fake, (name) => name === symbol);
      for (const { name } of READ) if (snapshot[name] === null) expect(snapshot.gaps.some(({ field }) => field === name)).toBe(true);
      const whole = await snapshotOf(openFakeDarwin(m1Laptop));
      const isSame = (name: keyof Snapshot): boolean => JSON.stringify(snapshot[name]) === JSON.stringify(whole[name]);
      const changed = READ.map(({ name }) => name).filter((name) => !isSame(name));
      // Whatever became null because of it says that it is this symbol.
      for (const name of changed.filter((one) => one !== 'processes'))
        expect(
          snapshot.gaps.some(({ field, detail }) => field.startsWith(name) && detail.includes(symbol)),
          `${name} without ${symbol}`,
        ).toBe(true);
    },
  );

  test('a macOS that is too old, or without any library, says so for everything', async () => {
    const old = await snapshotOf(openFakeDarwin({ answers: { 'sysctl:kern.osrelease': text('20.6.0') } }));
    const bare = await snapshotOf(openFakeDarwin(m1Laptop), () => true);
    for (const { name } of READ) {
      expect(old.gaps.find(({ field }) => field === name)).toMatchObject({
        reason: 'unsupported',
        detail: expect.stringContaining('macOS 12'),
      });
      expect(bare.gaps.find(({ field }) => field === name)).toMatchObject({ reason: 'unsupported' });
      expect(old[name]).toBeNull();
    }
  });

  test('a machine that answers nothing but its version makes nothing up', async () => {
    const fake = openFakeDarwin({ answers: { 'sysctl:kern.osrelease': text('23.0.0') } });
    const snapshot = await snapshotOf(fake);
    const said = READ.map(({ name }) => JSON.stringify(snapshot[name])).join('\n');
    expect(said.match(/:-?\d+(?:\.\d+)?/g) ?? []).toEqual([]);
    fake.expectClean();
  });

  test('answers of any bytes give readings or errors, never a crash of another kind, never NaN', async () => {
    const keys = Object.keys(m1Laptop.answers ?? {}).filter(
      (key) => !/^(?:proc_|smc-)/.test(key) && key !== 'getfsstat64' && key !== 'sysctl:kern.osrelease',
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.uint8Array({ maxLength: 400 }), async (key, bytes) => {
        const fake = openFakeDarwin(m1Laptop);
        fake.change({ answers: { [key]: Buffer.from(bytes) } });
        const snapshot = await snapshotOf(fake);
        for (const { name } of READ) if (name !== 'processes') expectNumbers(snapshot[name], name);
        fake.expectClean();
      }),
      { numRuns: 60 },
    );
  });
});
