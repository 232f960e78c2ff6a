import { existsSync, readFileSync } from 'node:fs';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finish } from '../../model/collector.ts';
import { scanBtf } from './btf.ts';
import type { Btf } from './btf.ts';
import { createBtfWriter } from './btf-writer.testing.ts';
import type { BtfWriter } from './btf-writer.testing.ts';
import { readKernelTypes } from './kernel-types.ts';
import { TASK_NAMES } from './task-program.ts';

const scan = (writer: BtfWriter, ...wanted: string[]): Btf => finish(scanBtf(writer.encode(), wanted));

/** outer { int a; inner *p; struct { union { u64 hidden; long list[3] }; } ; list: numbers[2][4]; bit field flag:3 } */
function sample(): BtfWriter {
  const writer = createBtfWriter();
  const int = writer.int('int', 4);
  const long = writer.int('long', 8);
  const inner = writer.struct('inner', 16, [
    { name: 'first', type: int, offset: 0 },
    { name: 'second', type: long, offset: 64 },
  ]);
  const pointer = writer.pointer(writer.alias(10, '', writer.alias(8, 'inner_t', inner)));
  const list = writer.array(long, 3);
  const union = writer.union('', 24, [
    { name: 'hidden', type: long, offset: 0 },
    { name: 'list', type: list, offset: 0 },
  ]);
  const nameless = writer.struct('', 32, [
    { name: '', type: int, offset: 0 },
    { name: '', type: union, offset: 64 },
  ]);
  const table = writer.array(writer.array(int, 4), 2);
  const pointers = writer.array(pointer, 4);
  writer.func('outer');
  writer.struct('outer', 200, [
    { name: 'a', type: writer.alias(9, '', int), offset: 0 },
    { name: 'p', type: pointer, offset: 64 },
    { name: '', type: nameless, offset: 128 },
    { name: 'table', type: table, offset: 512 },
    { name: 'pointers', type: pointers, offset: 1024 },
  ]);
  writer.struct('fields', 8, [
    { name: 'whole', type: int, offset: 0, bits: 0 },
    { name: 'flag', type: int, offset: 32, bits: 3 },
  ]);
  return writer;
}

test('members are found through pointers, names for types, nameless members and arrays', () => {
  const btf = scan(sample(), 'outer', 'inner', 'fields', 'nobody');
  const outer = btf.struct('outer');
  expect(btf.path(outer, 'a')).toEqual({ loads: [0], size: 4 });
  expect(btf.path(outer, 'p')).toEqual({ loads: [8], size: 8 });
  expect(btf.path(outer, 'p.second')).toEqual({ loads: [8, 8], size: 8 });
  expect(btf.path(outer, 'hidden')).toEqual({ loads: [24], size: 8 });
  expect(btf.path(outer, 'list.2')).toEqual({ loads: [40], size: 8 });
  expect(btf.path(outer, 'table.1.3')).toEqual({ loads: [64 + 16 + 12], size: 4 });
  expect(btf.path(outer, 'table')).toEqual({ loads: [64], size: 32 });
  expect(btf.path(outer, 'pointers.2.first')).toEqual({ loads: [128 + 16, 0], size: 4 });
  expect(btf.path(outer, 'second')).toBeNull();
  expect(btf.path(outer, 'a.first')).toBeNull();
  expect(btf.path(outer, 'list.x')).toBeNull();
  expect(btf.path(outer, 'no_such_name')).toBeNull();
});

test('a function and a struct of one name are told apart, and what was not asked for is not known', () => {
  const btf = scan(sample(), 'outer', 'nobody');
  expect(btf.func('outer')).not.toBe(0);
  expect(btf.func('outer')).not.toBe(btf.struct('outer'));
  expect([btf.struct('inner'), btf.func('inner'), btf.struct('nobody')]).toEqual([0, 0, 0]);
  expect([btf.knows('second'), btf.knows('seco')]).toEqual([true, false]);
});

test('bit fields are no members; whole members beside them are', () => {
  const btf = scan(sample(), 'fields');
  expect(btf.path(btf.struct('fields'), 'whole')).toEqual({ loads: [0], size: 4 });
  expect(btf.path(btf.struct('fields'), 'flag')).toBeNull();
});

test('all kinds with words behind them are passed over', () => {
  const writer = createBtfWriter();
  writer.raw(6, 'enumeration', 2, 4, [1, 0, 1, 1]);
  writer.raw(7, 'forward', 0, 0, []);
  writer.raw(13, '', 2, 0, [1, 1, 1, 1]);
  writer.raw(14, 'variable', 0, 1, [1]);
  writer.raw(15, '.data', 1, 4, [1, 0, 4]);
  writer.raw(16, 'float', 0, 8, []);
  writer.raw(17, 'tag', 0, 1, [0xffff_ffff]);
  writer.raw(18, 'user', 0, 1, []);
  writer.raw(19, 'big', 1, 8, [1, 0, 1]);
  writer.struct('last', 4, []);
  expect(scan(writer, 'last').struct('last')).toBe(10);
});

test('a kind that is not known, another byte order and no BTF at all are unsupported', () => {
  const writer = createBtfWriter();
  writer.raw(20, 'new', 1, 4, [1, 2]);
  expect(() => scan(writer)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  expect(() => finish(scanBtf(Buffer.from([0xeb, 0x9f, ...Array.from<number>({ length: 30 }).fill(0)]), []))).toThrow('little-endian');
  expect(() => finish(scanBtf(Buffer.alloc(0), []))).toThrow('little-endian');
});

test('circles are damage, not a hang', () => {
  const writer = createBtfWriter();
  writer.alias(8, 'a', 2);
  writer.alias(8, 'b', 1);
  writer.array(3, 2);
  writer.struct('circle', 4, [{ name: '', type: 4, offset: 0 }]);
  writer.struct('start', 4, [
    { name: 'named', type: 1, offset: 0 },
    { name: 'array', type: 3, offset: 0 },
  ]);
  const btf = scan(writer, 'circle', 'start');
  for (const [struct, path] of [
    ['circle', 'named'],
    ['start', 'named'],
    ['start', 'array'],
    ['start', 'array.1'],
  ] as const) {
    expect(() => btf.path(btf.struct(struct), path)).toThrow(HecateError);
  }
});

test('any damage gives an answer or a HecateError', () => {
  const good = sample().encode();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }), fc.nat(good.length), (changes, cut) => {
      const bytes = Buffer.from(good.subarray(0, cut < good.length / 2 ? good.length : cut));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        const btf = finish(scanBtf(bytes, ['outer', 'inner', 'fields']));
        for (const path of ['a', 'p.second', 'hidden', 'table.1.3', 'pointers.2.first', 'flag']) {
          const found = btf.struct('outer') && btf.path(btf.struct('outer'), path);
          if (found) expect([...found.loads, found.size].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        }
      } catch (error) {
        if (!(error instanceof HecateError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

const noBtf = existsSync('/sys/kernel/btf/vmlinux') ? null : 'this kernel has no BTF';
if (noBtf) console.warn(`SKIPPED: the types of the running kernel: ${noBtf}`);

test.skipIf(noBtf)('the types of the running kernel are read in slices, and their memory is given back', () => {
  const reading = readKernelTypes(openHost(), TASK_NAMES);
  let slices = 0;
  let step = reading.next();
  for (; !step.done; step = reading.next()) slices++;
  const types = step.value;
  expect(slices).toBeGreaterThan(10);
  expect(types.func('bpf_iter_task')).toBeGreaterThan(0);
  expect(types.struct('bpf_iter_task')).not.toBe(types.func('bpf_iter_task'));
  expect(types.path(types.struct('task_struct'), 'signal.nr_threads')).toMatchObject({ size: 4 });
  const privateBytes = (): number => Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))![1]) * 1024;
  const before = privateBytes();
  types.release();
  expect(before - privateBytes()).toBeGreaterThan(2_000_000);
});
