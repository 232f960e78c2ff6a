import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { HecateError, openHost, openNativeLibraries } from '@hecate/host';
import type { Host, NativeLibraries } from '@hecate/host';
import type { CfTree, FakeMachine } from './machine.testing.ts';

const folder = fileURLToPath(new URL('../../../darwin-fake/', import.meta.url));
/** Another architecture comes with a stand-in that is built already: its compiler cannot be started from there. */
const built = process.env['HECATE_FAKE_DARWIN'];
const library = built ?? `${folder}build/libdarwin-fake.so`;

function build(): string | null {
  if (built !== undefined) return null;
  if (process.platform !== 'linux') return 'the stand-in for macOS is built on Linux';
  try {
    execFileSync(process.execPath, [`${folder}build.mjs`], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    if (!existsSync(library)) return `the stand-in for macOS could not be built: ${String((error as { stderr?: Buffer }).stderr)}`;
    throw error;
  }
  return null;
}

/** Why there is no stand-in for macOS here (no compiler); null when there is one. Tests of the backend are skipped then, and say so. */
export const noFakeDarwin: string | null = build();

/** What the stand-in wrote down of its caller. */
export interface FakeReport {
  /** Objects of Core Foundation that nobody released, and who gave them. */
  readonly objects: number;
  readonly leaks: readonly string[];
  /** Handles of the I/O registry that nobody released. */
  readonly handles: number;
  /** References to the machine's port that were not given back. */
  readonly hostReferences: number;
  /** Memory that Mach gave and nobody gave back. */
  readonly regions: number;
  /** Descriptors that nobody closed. */
  readonly descriptors: number;
  /** Names of notify(3) that somebody still listens to. */
  readonly tokens: number;
  /** Pools of objects of Objective-C that nobody closed. */
  readonly pools: number;
  readonly faults: number;
  /** How often each function was called. */
  readonly calls: Readonly<Record<string, number>>;
}

/** A machine that answers as macOS would. There is one at a time in a process. */
export interface FakeDarwin {
  readonly host: Host;
  readonly libraries: NativeLibraries;
  /** Lets time pass on both clocks. */
  advance(seconds: number): void;
  /** Sets other answers beside those that the machine has, or in their place. */
  change(machine: FakeMachine): void;
  report(): FakeReport;
  /** One mistake of the caller a line. */
  faults(): string;
  /** Fails the test when something leaked, or was used wrongly. */
  expectClean(): void;
  /** Whether the stand-in itself has a symbol. */
  exports(symbol: string): boolean;
}

const plain = (tree: CfTree): unknown => {
  if (Buffer.isBuffer(tree)) return { $data: tree.toString('hex') };
  if (Array.isArray(tree)) return tree.map((one: CfTree) => plain(one));
  if (typeof tree === 'object') return Object.fromEntries(Object.entries(tree).map(([key, one]) => [key, plain(one)]));
  return tree;
};
/** JSON of a tree. Bigints stand as digits; a float that is whole keeps its point. */
export const treeText = (tree: CfTree): string =>
  JSON.stringify(plain(tree), (_, value: unknown) => (typeof value === 'bigint' ? `\u0001${value}\u0001` : value)).replaceAll(
    /"\\u0001(?<digits>-?\d+)\\u0001"/g,
    '$<digits>',
  );

/** Programs of Linux have the names of those of macOS, and print other things. */
const noProgram: Host['run'] = ([program]) => Promise.reject(new HecateError('UNAVAILABLE', `${program} is not installed.`));

/** Opens the stand-in as this machine: everything that was set before is gone. */
export function openFakeDarwin(machine: FakeMachine): FakeDarwin {
  const libraries = openNativeLibraries(() => library);
  const fake = libraries.load(library);
  if (!fake) throw new Error(`${library} does not load.`);
  const call = (symbol: string, gives: 'void' | 'i32' | 'pointer', takes: readonly ('text' | 'memory' | 'u64' | 'i64' | 'i32')[]) =>
    fake.function(symbol, { gives, takes }) as (...given: readonly unknown[]) => unknown;
  const answer = call('fake_answer', 'void', ['text', 'memory', 'u64', 'i32', 'i32']);
  const entry = call('fake_entry', 'void', ['i64', 'i64', 'text', 'text', 'text', 'i32']);
  const isExported = call('fake_exports', 'i32', ['text']);
  const reportAt = call('fake_report', 'pointer', []);
  const faultsAt = call('fake_faults', 'pointer', []);
  const text = (address: unknown): string => {
    const bytes = libraries.copy(address as bigint, 1 << 16);
    return bytes.toString('utf8', 0, bytes.indexOf(0));
  };
  const change = ({ answers = {}, trees = {}, registry = [] }: FakeMachine): void => {
    for (const [key, given] of Object.entries(answers)) {
      const { bytes = Buffer.alloc(0), result = 0, error = 0 } = Buffer.isBuffer(given) ? { bytes: given } : given;
      answer(key, bytes, bytes.length, result, error);
    }
    for (const [key, tree] of Object.entries(trees)) {
      const bytes = Buffer.from(treeText(tree));
      answer(key, bytes, bytes.length, 0, 0);
    }
    for (const [index, { name, classes, parent = -1, properties, result = 0 }] of registry.entries())
      entry(index, parent, name, `,${classes.join(',')},`, treeText(properties), result);
  };
  let passed = 0;
  const clock = { now: () => (machine.time ?? 1_790_000_000) + passed, monotonic: () => 1000 + passed };
  call('fake_reset', 'void', [])();
  change(machine);
  const report = (): FakeReport => JSON.parse(text(reportAt())) as FakeReport;
  const faults = (): string => text(faultsAt());
  return {
    host: { ...openHost(), platform: 'darwin', clock, libraries: () => libraries, run: noProgram, cpuTimes: () => [] },
    libraries,
    advance(seconds) {
      passed += seconds;
    },
    change,
    report,
    faults,
    exports: (symbol) => isExported(symbol) !== 0,
    expectClean() {
      expect(faults()).toBe('');
      const { objects, leaks, handles, hostReferences, regions, descriptors, tokens, pools } = report();
      expect({ objects, leaks, handles, hostReferences, regions, descriptors, tokens, pools }).toEqual({
        objects: 0,
        leaks: [],
        handles: 0,
        hostReferences: 0,
        regions: 0,
        descriptors: 0,
        tokens: 0,
        pools: 0,
      });
    },
  };
}
