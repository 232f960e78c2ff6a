import { closeSync, openSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nativeBuffer } from './native.ts';
import { openNativeLibraries } from './native-library.ts';

const C = 'libc.so.6';

describe.runIf(process.platform === 'linux')('native libraries', () => {
  test('what is missing is null: a library, a function, a variable', () => {
    const libraries = openNativeLibraries();
    expect(libraries.load('/nowhere/libnone.so')).toBeNull();
    const library = libraries.load(C)!;
    expect(library.function('no_such_function', { gives: 'i32', takes: [] })).toBeNull();
    expect(library.address('no_such_variable')).toBeNull();
  });

  test('functions take and give each type at its width', () => {
    const libraries = openNativeLibraries();
    const library = libraries.load(C)!;
    expect(library.function('strlen', { gives: 'u64', takes: ['text'] })!('drei – ü')).toBe(11);
    expect(library.function('abs', { gives: 'i32', takes: ['i32'] })!(-5)).toBe(5);
    expect(library.function('llabs', { gives: 'i64', takes: ['i64'] })!(-(2n ** 52n))).toBe(2 ** 52);
    const bytes = nativeBuffer(8);
    expect(library.function('memset', { gives: 'pointer', takes: ['memory', 'i32', 'u64'] })!(bytes, 7, 4)).toBeTypeOf('bigint');
    expect([...bytes]).toEqual([7, 7, 7, 7, 0, 0, 0, 0]);
    expect(library.function('time', { gives: 'i64', takes: ['memory'] })!(null)).toBeGreaterThan(1e9);
  });

  test('memory is copied from an address, and a failed call leaves its errno', () => {
    const libraries = openNativeLibraries();
    const library = libraries.load(C)!;
    const at = library.address('program_invocation_short_name')!;
    expect(libraries.copy(at, 8).readBigUInt64LE(0)).toBeGreaterThan(0n);
    expect(libraries.copy(0n, 0)).toHaveLength(0);
    expect(library.function('close', { gives: 'i32', takes: ['i32'] })!(987_654)).toBe(-1);
    expect(libraries.errno()).toBe(9);
  });

  test('what takes the place of ... goes the way of such functions', () => {
    const library = openNativeLibraries().load(C)!;
    const print = library.function('snprintf', { gives: 'i32', takes: ['memory', 'u64', 'text'], varies: ['i32', 'f64', 'text', 'i64'] })!;
    const bytes = nativeBuffer(64);
    const length = print(bytes, 64, '%d %.2f %s %ld', -3, 1.25, 'ü', 2n ** 40n) as number;
    expect(bytes.toString('utf8', 0, length)).toBe('-3 1.25 ü 1099511627776');
    const none = library.function('snprintf', { gives: 'i32', takes: ['memory', 'u64', 'text'], varies: [] })!;
    expect(none(bytes, 64, 'plain')).toBe(5);
    expect(library.function('no_such_function', { gives: 'i32', takes: [], varies: ['i32'] })).toBeNull();
  });

  test('another library can stand in for one', () => {
    const asked: string[] = [];
    const libraries = openNativeLibraries((file) => (asked.push(file), C));
    expect(libraries.load('/usr/lib/libSystem.B.dylib')!.function('getpid', { gives: 'i32', takes: [] })!()).toBe(process.pid);
    libraries.load('/usr/lib/libSystem.B.dylib');
    expect(asked).toEqual(['/usr/lib/libSystem.B.dylib']);
  });

  test('a descriptor is watched until it is let go, without holding the event loop', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'hecate-watch-'));
    const pipe = path.join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const descriptor = openSync(pipe, 'r+');
    try {
      let stop = (): void => {};
      const told = new Promise<void>((resolve) => {
        stop = openNativeLibraries().watch(descriptor, resolve);
      });
      writeSync(descriptor, 'x');
      await told;
      stop();
    } finally {
      closeSync(descriptor);
      rmSync(directory, { recursive: true });
    }
  });
});
