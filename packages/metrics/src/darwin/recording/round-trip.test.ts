import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Host, NativeLibraries } from '@hecate/host';
import { openMachineOf } from '../../machine.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { openDarwin } from '../binding/darwin.ts';
import { CALLED } from './called.ts';
import { readCfValue } from '../core-foundation/value.ts';
import { withScope } from '../core-foundation/scope.ts';
import { darwinCollectors } from '../index.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { CfTree, FakeMachine } from '../fake/machine.testing.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { m2Ultra } from '../machines/m2-ultra.testing.ts';
import { m5Max } from '../machines/m5-max.testing.ts';
import { virtualMachine } from '../machines/virtual-machine.testing.ts';
import { encodeRecording, parseRecording } from './format.ts';
import type { DarwinRecording } from './format.ts';
import { LESSONS } from './lessons/index.ts';
import { openDarwinRecorder } from './recorder.ts';
import { replayLibraries } from './replay.ts';

/** What two snapshots that follow each other say, without how long it took. */
async function twice(host: Host): Promise<string> {
  using machine = openMachineOf(darwinCollectors, host);
  const said: Snapshot[] = [];
  for (let time = 0; time < 2; time++) {
    const read = {} as Record<string, unknown>;
    for (const { name } of darwinCollectors) {
      const { value, gaps } = await machine[name]();
      read[name] = { value, gaps };
    }
    said.push(read as unknown as Snapshot);
  }
  return JSON.stringify(said, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 1);
}

/** A recording of one moment, as it comes back from its file. */
async function record(machine: FakeMachine): Promise<{ recording: DarwinRecording; problems: readonly string[]; said: string }> {
  const fake = openFakeDarwin(machine);
  const recorder = openDarwinRecorder(fake.host);
  const said = await twice(recorder.openMoment());
  recorder.closeMoment();
  const { recording, problems } = recorder.finish();
  fake.expectClean();
  return { recording: parseRecording(encodeRecording(recording)), problems, said };
}

const MACHINES: readonly (readonly [string, FakeMachine])[] = [
  ['M1 laptop', m1Laptop],
  ['Intel laptop', intelLaptop],
  ['virtual machine', virtualMachine],
  ['M2 Ultra', m2Ultra],
  ['M5 Max', m5Max],
  ['a machine that answers nothing', {}],
];

test('every function that is called is taught to the recorder and the replay, and nothing else', () => {
  const bound = Object.values(CALLED).flatMap((functions) => Object.keys(functions));
  const untaught = bound.filter((symbol) => !Object.hasOwn(LESSONS, symbol));
  expect(
    untaught,
    'add a lesson for each to a file of recording/lessons/: how its answer is written down, and how it answers from that',
  ).toEqual([]);
  expect(
    Object.keys(LESSONS).filter((symbol) => !bound.includes(symbol)),
    'lessons of functions that nobody calls',
  ).toEqual([]);
});

describe.skipIf(noFakeDarwin !== null)('a machine that was recorded', () => {
  describe.each(MACHINES)('%s', (_name, machine) => {
    let direct: string;
    let recorded: Awaited<ReturnType<typeof record>>;
    beforeAll(async () => {
      direct = await twice(openFakeDarwin(machine).host);
      recorded = await record(machine);
    });

    test('is read as if nobody wrote anything down', () => {
      expect(recorded.problems).toEqual([]);
      expect(recorded.said).toBe(direct);
    });

    test('gives the same readings when it is replayed, and everything is released', async () => {
      const libraries = replayLibraries(recorded.recording);
      const { host } = openFakeDarwin({ time: recorded.recording.moments[0]!.time });
      expect(await twice({ ...host, libraries: () => libraries })).toBe(direct);
      expect(libraries.held()).toBe(0);
    });

    test('is a machine for the stand-in, with the same readings', async () => {
      const fake = openFakeDarwin(recorded.recording.moments[0]!);
      expect(await twice(fake.host)).toBe(direct);
      fake.expectClean();
    });
  });

  test('objects of any kind come back as they were', () => {
    const { tree } = fc.letrec<{ tree: CfTree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }).map((said) => said.replaceAll('\0', '')),
        fc.maxSafeInteger(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
        fc.boolean(),
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        fc.constant({ $other: 1 }),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'Serial', '__proto__', 'constructor', 'toString', 'ü', ''), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (given) => {
        const fake = openFakeDarwin({ trees: { IOPSCopyExternalPowerAdapterDetails: given } });
        const recorder = openDarwinRecorder(fake.host);
        const read = (host: Host): unknown => {
          const darwin = openDarwin(host);
          return withScope(darwin, (scope) => readCfValue(darwin, darwin.iokit.IOPSCopyExternalPowerAdapterDetails(scope)));
        };
        const direct = read(recorder.openMoment());
        recorder.closeMoment();
        const libraries = replayLibraries(parseRecording(encodeRecording(recorder.finish().recording)));
        expect(read({ ...fake.host, libraries: () => libraries })).toEqual(direct);
        expect(libraries.held()).toBe(0);
        fake.expectClean();
      }),
      { numRuns: 150 },
    );
  });

  test('answers of any bytes come back as they were', async () => {
    const keys = Object.keys(m1Laptop.answers ?? {}).filter(
      (key) => key !== 'getfsstat64' && key !== 'smc-layout' && !key.startsWith('smc-'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.uint8Array({ maxLength: 300 }), async (key, bytes) => {
        const machine = merge(m1Laptop, { answers: { [key]: Buffer.from(bytes) } });
        const { recording, said } = await record(machine);
        const libraries = replayLibraries(recording);
        expect(await twice({ ...openFakeDarwin({ time: recording.moments[0]!.time }).host, libraries: () => libraries })).toBe(said);
      }),
      { numRuns: 25 },
    );
  });

  test('a macOS without a function, or without a library, is one when it is replayed', async () => {
    const lacking = new Set(['host_statistics64', '/usr/lib/libIOReport.dylib']);
    const fake = openFakeDarwin(m1Laptop);
    const load: NativeLibraries['load'] = (path) => {
      const library = lacking.has(path) ? null : fake.libraries.load(path);
      return library && { ...library, function: (symbol, prototype) => (lacking.has(symbol) ? null : library.function(symbol, prototype)) };
    };
    const host = { ...fake.host, libraries: () => ({ ...fake.libraries, load }) };
    const recorder = openDarwinRecorder(host);
    const said = await twice(recorder.openMoment());
    recorder.closeMoment();
    const { recording } = recorder.finish();
    expect(new Set(recording.lacks)).toEqual(lacking);
    expect(said).toContain('of this system has no host_statistics64');
    const libraries = replayLibraries(recording);
    expect(await twice({ ...host, libraries: () => libraries })).toBe(said);
  });
});
