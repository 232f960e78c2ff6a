import { describe, expect, test } from 'vitest';
import { HecateError, LIBSYSTEM_PATH } from '@hecate/host';
import { readField, readText } from '../layout/layout.ts';
import { LAYOUTS } from '../layout/index.ts';
import type { LayoutField } from '../layout/layout.ts';
import { APPLE } from '../apple-numbers.ts';
import { ARCHITECTURES, encode, facts, layoutOf } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { bind, nativePrototype } from './bind.ts';
import { DARWIN_LIBRARIES } from './darwin.ts';
import { CORE_WLAN } from './core-wlan.ts';
import { IOKIT } from './iokit.ts';
import { LIBSYSTEM_VARIABLES } from './libsystem.ts';
import { OBJECTIVE_C, SHAPES } from './objective-c.ts';
import type { Prototype } from './prototypes.ts';

const DECLARED = Object.values(DARWIN_LIBRARIES).flatMap(({ path, table, symbols }) =>
  Object.entries<Prototype>(table).map(([name, prototype]) => ({
    path,
    name,
    symbol: symbols?.[name] ?? name,
    gives: prototype[0],
    native: nativePrototype(prototype),
  })),
);

/** Bytes, and whether it is a floating-point register: what a calling convention sees of a type. */
const OURS: Readonly<Record<string, string>> = {
  ...{ void: '0', i32: '4', u32: '4', u8: '1', f64: '8f', i64: '8', u64: '8' },
  ...{ pointer: '8p', memory: '8p', text: '8p' },
};
const THEIRS: Readonly<Record<string, string>> = {
  ...{ void: '0', i32: '4', u32: '4', u8: '1', bool: '1', f64: '8f', i64: '8', u64: '8', ptr: '8p' },
};
/** What takes the place of `...`, which no header says: by the manual pages fcntl(2), of F_SETFD and F_SETFL, and ioctl(2). */
const VARYING: Readonly<Record<string, readonly string[]>> = { fcntl: ['4'], ioctl: ['8p'] };
/** Where each library of ours finds what others export: libSystem is made of the libraries in /usr/lib/system. */
const isIn = (path: string, exporter: string): boolean =>
  path === LIBSYSTEM_PATH
    ? exporter.startsWith('/usr/lib/system/') || exporter === path
    : exporter === path || (path.includes('.framework/') && exporter.includes(path.split('/').at(-2)!));

describe('what we declare is what the headers of Apple say', () => {
  test.each(DECLARED)('$symbol', ({ path, symbol, native }) => {
    const known = facts.functions[symbol];
    expect(known, 'the function exists').toBeDefined();
    expect(
      known!.exportedBy.some((exporter) => isIn(path, exporter)),
      `${path} has it, not ${known!.exportedBy.join()}`,
    ).toBe(true);
    expect(
      native.varies?.map((type) => OURS[type]),
      'what is given in the place of ...',
    ).toEqual(known!.variadic ? VARYING[symbol] : undefined);
    for (const architecture of ARCHITECTURES) expect(known!.symbol?.[architecture] ?? symbol, `its symbol on ${architecture}`).toBe(symbol);
    // Its header says nothing of it: what it takes and gives is the method's, which its messages are held against.
    if (symbol === 'objc_msgSend') return expect(native.takes.slice(0, 2)).toEqual(['pointer', 'pointer']);
    expect(native.takes.map((type) => OURS[type])).toEqual(known!.takes!.map((type) => THEIRS[type]));
    expect(OURS[native.gives]).toBe(THEIRS[known!.gives!]);
  });

  const MESSAGES = Object.entries(CORE_WLAN).flatMap(([name, methods]) =>
    Object.entries(methods).map(([selector, shape]) => [`${name} ${selector}`, OBJECTIVE_C[SHAPES[shape]]] as const),
  );
  test.each(MESSAGES)('the message %s', (method, [gives, ...takes]) => {
    expect(OURS[gives]).toBe(THEIRS[facts.messages[method]!.gives]);
    expect(takes.slice(2).map((type) => OURS[type])).toEqual(facts.messages[method]!.takes.map((type) => THEIRS[type]));
  });

  test('a message takes as much as its method', () => {
    const { gives, takes } = facts.messages['NSObject respondsToSelector:']!;
    const [given, , , ...taken] = OBJECTIVE_C.sendSelectorForBoolean;
    expect([OURS[given], ...taken.map((type) => OURS[type])]).toEqual([gives, ...takes].map((type) => THEIRS[type]));
  });

  test.each(Object.entries(LIBSYSTEM_VARIABLES))('the variable %s', (name) => {
    expect(facts.functions[name]?.exportedBy.some((exporter) => isIn(LIBSYSTEM_PATH, exporter))).toBe(true);
  });

  test('what a function creates is released: the rule of its name decides', () => {
    // IOServiceMatching is taken over by the function that it is made for. Out-parameters are kept where they are read.
    const exceptions = new Set(['IOServiceMatching', 'IORegistryEntryCreateCFProperties']);
    for (const { symbol, gives } of DECLARED) {
      if (exceptions.has(symbol)) continue;
      const creates = /^(?:CF|IO|SC).*(?:Create|Copy)/.test(symbol);
      expect(gives === 'created', symbol).toBe(creates && symbol !== 'IOIteratorNext');
    }
    expect(IOKIT.IOIteratorNext[0]).toBe('object');
  });

  test.each(Object.entries(APPLE))('the number %s', (name, value) => {
    const known = facts.constants[name];
    expect(known, 'it is the same on both architectures').toBeTypeOf('number');
    expect((known as number) >>> 0).toBe(value);
  });
});

describe.each(ARCHITECTURES)('our offsets are those of the headers, %s', (architecture) => {
  const WIDTH: Readonly<Record<string, number>> = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, u64: 8, i64: 8 };
  test.each(LAYOUTS.map((layout) => [layout.struct, layout] as const))('%s', (struct, layout) => {
    const known = layoutOf(struct, architecture);
    expect(layout.size).toBe(known.size);
    for (const [name, offset, type] of Object.values(layout.fields)) {
      const [, path = name, index = '0'] = /^(?<path>.*)\[(?<index>\d+)\]$/.exec(name) ?? [];
      const leaf = known.leaves.get(path);
      expect(leaf, name).toBeDefined();
      expect(offset, name).toBe(leaf!.offset + Number(index) * leaf!.width);
      expect(WIDTH[type], name).toBe(leaf!.width);
      // char is signed on both architectures of Apple.
      if (leaf!.type !== 'char') expect(type, name).toBe(leaf!.type === 'ptr' ? 'u64' : leaf!.type);
    }
    for (const [name, offset, length] of Object.values(layout.texts ?? {})) {
      expect({ offset, length, type: 'char' }, name).toEqual({
        offset: known.leaves.get(name)?.offset,
        length: known.leaves.get(name)?.count,
        type: known.leaves.get(name)?.type,
      });
    }
  });
});

test('fields are read with their width and sign, at any base', () => {
  const bytes = Buffer.alloc(40, 0xff);
  bytes.writeBigUInt64LE(2n ** 53n - 1n, 16);
  bytes.writeBigInt64LE(-3n, 24);
  const read = (type: LayoutField[2], offset: number): number => readField(bytes, ['x', offset, type], 8);
  expect([read('u8', 0), read('i8', 0), read('u16', 0), read('i16', 0), read('u32', 0), read('i32', 0)]).toEqual([
    255,
    -1,
    65_535,
    -1,
    2 ** 32 - 1,
    -1,
  ]);
  expect([read('u64', 8), read('i64', 16)]).toEqual([Number.MAX_SAFE_INTEGER, -3]);
});

test('texts end at their NUL, or with their array', () => {
  const bytes = encode('statfs', { f_fstypename: 'apfs', f_mntonname: '/System/Volumes/Daten – ü' });
  expect(readText(bytes, ['f_fstypename', 72, 16])).toBe('apfs');
  expect(readText(bytes, ['f_mntonname', 88, 1024])).toBe('/System/Volumes/Daten – ü');
  expect(readText(Buffer.from('abcdef'), ['x', 1, 3])).toBe('bcd');
});

describe.skipIf(noFakeDarwin !== null)(`the binding${noFakeDarwin === null ? '' : ` (skipped: ${noFakeDarwin})`}`, () => {
  test.each(DECLARED)('the stand-in has $symbol of its own', ({ symbol }) => {
    expect(openFakeDarwin({}).exports(symbol)).toBe(true);
  });

  test('a function or a library that is missing says so at its call, as unsupported', () => {
    const { libraries } = openFakeDarwin({});
    const bound = bind(libraries, LIBSYSTEM_PATH, { no_such_call: ['i32', 'u32'] });
    expect(() => bound.no_such_call(1)).toThrow(
      new HecateError('UNSUPPORTED', `The ${LIBSYSTEM_PATH} of this system has no no_such_call.`),
    );
    const nowhere = bind({ ...libraries, load: () => null }, '/usr/lib/none.dylib', { getpid: ['i32'] });
    expect(() => nowhere.getpid()).toThrow(new HecateError('UNSUPPORTED', 'This system has no /usr/lib/none.dylib.'));
  });
});
