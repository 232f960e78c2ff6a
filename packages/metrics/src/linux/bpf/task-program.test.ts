import { expect, test } from 'vitest';
import { finish } from '../../model/collector.ts';
import { scanBtf } from './btf.ts';
import type { Btf } from './btf.ts';
import { createBtfWriter } from './btf-writer.testing.ts';
import { createMemory, runProgram } from './machine.testing.ts';
import * as at from './task-layout.ts';
import { TASK_NAMES, taskProgram } from './task-program.ts';

/** How a pretended kernel was built, and how old it is. */
interface Kernel {
  /** Before Linux 5.14 and 6.2, and without bpf_get_current_task_btf. */
  readonly isOld: boolean;
  /** Built without accounting of storage, control groups and scaled CPU times. */
  readonly isBare: boolean;
}

/** Stands for the number of a type that is not written yet. */
const LATER = 0x7fff_0000;

/** Its types. Members lie one behind the other, eight bytes each, so that the test can count them. */
function typesOf({ isOld, isBare }: Kernel): Btf {
  const writer = createBtfWriter();
  const long = writer.int('long', 8);
  const int = writer.int('int', 4);
  const struct = (name: string, members: readonly (readonly [name: string, type: number, words?: number])[]): number => {
    let offset = 0;
    const placed = members.map(([member, type, words = 1]) => {
      const here = { name: member, type, offset };
      offset += words * 64;
      return here;
    });
    return writer.struct(name, offset / 8, placed);
  };
  const value = struct('kuid', [['val', int]]);
  const upid = struct('upid', [
    ['nr', int],
    ['ns', long],
  ]);
  const pid = struct('pid', [
    ['level', int],
    ['numbers', writer.array(upid, 0), 0],
  ]);
  const cred = struct('cred', [
    ['uid', value],
    ['euid', value],
    ['egid', value],
  ]);
  const kn = struct('kn', [['id', long]]);
  const cgroups = struct('css_set', [['dfl_cgrp', writer.pointer(struct('cgroup', [['kn', writer.pointer(kn)]]))]]);
  const io = struct('io', [
    ['read_bytes', long],
    ['write_bytes', long],
  ]);
  const cpu = struct('prev_cputime', [
    ['utime', long],
    ['stime', long],
  ]);
  const counter = writer.alias(8, 'atomic_long_t', struct('', [['counter', long]]));
  const rss = isOld
    ? struct('mm_rss_stat', [['count', writer.array(counter, 4), 4]])
    : writer.array(
        struct('percpu_counter', [
          ['lock', long],
          ['count', long],
        ]),
        4,
      );
  const mm = struct('mm_struct', [
    ['total_vm', long],
    ['rss_stat', rss, isOld ? 4 : 8],
  ]);
  const sums = ['sum_sched_runtime', 'utime', 'stime', 'nvcsw', 'nivcsw', 'min_flt', 'maj_flt'];
  const signal = struct('signal_struct', [
    ['nr_threads', int],
    ...sums.map((name) => [name, long] as const),
    ['pids', writer.array(writer.pointer(pid), 4), 4],
    ...(isBare
      ? []
      : ([
          ['ioac', io, 2],
          ['prev_cputime', cpu, 2],
        ] as const)),
  ]);
  const entity = struct('sched_entity', [['sum_exec_runtime', long]]);
  const parent = writer.pointer(LATER);
  const members: [string, number, number?][] = [
    [isOld ? 'state' : '__state', isOld ? long : int],
    ['tgid', int],
    ['pid', int],
    ['flags', int],
    ['se', entity],
    ['utime', long],
    ['stime', long],
    ['nvcsw', long],
    ['nivcsw', long],
    ['min_flt', long],
    ['maj_flt', long],
    ['start_boottime', long],
    ['static_prio', int],
    ['prio', int],
    ['exit_state', int],
    ['comm', writer.array(writer.int('char', 1), 16), 2],
    ['mm', writer.pointer(mm)],
    ['signal', writer.pointer(signal)],
    ['real_cred', writer.pointer(cred)],
    ['real_parent', parent],
    ['thread_pid', writer.pointer(pid)],
    ...(isBare
      ? []
      : ([
          ['ioac', io, 2],
          ['cgroups', writer.pointer(cgroups)],
        ] as [string, number, number?][])),
  ];
  const made = struct('task_struct', members);
  const meta = struct('bpf_iter_meta', [['seq', writer.pointer(long)]]);
  struct('bpf_iter__task', [
    ['meta', writer.pointer(meta)],
    ['task', writer.pointer(made)],
  ]);
  writer.func('bpf_iter_task');
  if (!isOld) writer.alias(8, 'BPF_FUNC_get_current_task_btf', long);
  // The pointer to the parent was written before the struct that it leads to had a number.
  const bytes = writer.encode();
  for (let word = 24; word < bytes.length - 8; word += 4) {
    if (bytes.readUInt32LE(word) === LATER) bytes.writeUInt32LE(made, word);
  }
  return finish(scanBtf(bytes, TASK_NAMES));
}

/** A struct in memory, eight bytes a value. */
const words = (...values: readonly (number | bigint)[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), index * 8);
  return bytes;
};

/** One task in memory; gives the context of an iterator's call. `pid` 0 numbers are of the machine, 1 of a namespace. */
function place(
  { isOld, isBare }: Kernel,
  given: { tid: number; parentLevel?: number; mm?: boolean },
): { memory: ReturnType<typeof createMemory>; context: bigint; task: bigint } {
  const memory = createMemory();
  const pid = memory.put(words(1, 100, 0, 7, 0));
  const threadPid = memory.put(words(1, given.tid, 0, given.tid === 100 ? 7 : 8, 0));
  const parentPid = memory.put(words(given.parentLevel ?? 1, 50, 0, 3, 0));
  const rss = isOld ? [10, -1, 1000, 5] : [0, 10, 0, -1, 0, 1000, 0, 5];
  const mm = given.mm === false ? 0n : memory.put(words(77, ...rss));
  const cred = memory.put(words(1, 2, 3));
  const kn = memory.put(words(4321));
  const cgroups = memory.put(words(memory.put(words(kn))));
  const dead = [1000, 2000, 3000, 4000, 5000, 6000, 7000];
  const ids = [0, pid, 0, 0];
  const signal = memory.put(words(2, ...dead, ...ids, ...(isBare ? [] : [8000, 9000, 111, 222])));
  const parentSignal = memory.put(words(1, ...dead.map(() => 0), 0, parentPid, 0, 0));
  const name = Buffer.from('a name\0 and more', 'latin1');
  const task = (tid: number, itsSignal: bigint, parent: bigint): Buffer =>
    words(
      0x402,
      tid === 50 ? 50 : 100,
      tid,
      0x40,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      133,
      89,
      0,
      name.readBigInt64LE(0),
      name.readBigInt64LE(8),
      mm,
      itsSignal,
      cred,
      parent,
      threadPid,
      ...(isBare ? [] : [9, 10, cgroups]),
    );
  const parent = memory.put(task(50, parentSignal, 0n));
  const made = memory.put(task(given.tid, signal, parent));
  return { memory, task: made, context: memory.put(words(memory.put(words(0x5e9)), made)) };
}

const get = (record: Buffer, word: number): number => record.readUInt32LE(word * 4);
const long = (record: Buffer, word: number): number => Number(record.readBigUInt64LE(word * 4));

const KERNELS: readonly (readonly [string, Kernel])[] = [
  ['a new kernel', { isOld: false, isBare: false }],
  ['an old kernel', { isOld: true, isBare: false }],
  ['a bare kernel', { isOld: false, isBare: true }],
];

test.each(KERNELS)('%s: a leader has all of its process', (_name, kernel) => {
  const program = taskProgram(typesOf(kernel), 0);
  const { memory, context, task } = place(kernel, { tid: 100 });
  const [record, ...more] = runProgram(program.instructions, context, memory, { current: task });
  expect(more).toEqual([]);
  expect(record!.length).toBe(at.LEADER_BYTES);
  const io = kernel.isBare ? [0, 0, 0, 0] : [9, 10, 8000, 9000];
  expect([at.AT_LENGTH, at.AT_PROCESS, at.AT_THREAD, at.AT_FLAGS].map((word) => get(record!, word))).toEqual([
    at.LEADER_BYTES,
    100,
    100,
    0x40,
  ]);
  expect(
    [at.AT_EXEC, at.AT_USER, at.AT_SYSTEM, at.AT_VOLUNTARY, at.AT_INVOLUNTARY, at.AT_MINOR, at.AT_MAJOR].map((word) => long(record!, word)),
  ).toEqual([1001, 2002, 3003, 4004, 5005, 6006, 7007]);
  expect([at.AT_READ, at.AT_WRITE, at.AT_PAST_READ, at.AT_PAST_WRITE].map((word) => long(record!, word))).toEqual(io);
  // A counter below 0 counts as 0, and swap not at all.
  expect([at.AT_START, at.AT_VIRTUAL_PAGES, at.AT_RSS_PAGES].map((word) => long(record!, word))).toEqual([8, 77, 15]);
  expect([at.AT_CGROUP, at.AT_GIVEN_USER, at.AT_GIVEN_SYSTEM].map((word) => long(record!, word))).toEqual(
    kernel.isBare ? [0, 0, 0] : [4321, 111, 222],
  );
  expect(record!.toString('latin1', at.AT_NAME * 4, at.AT_NAME * 4 + 16)).toBe('a name\0 and more');
  expect([at.AT_PARENT, at.AT_UID, at.AT_GID, at.AT_THREADS].map((word) => get(record!, word))).toEqual([50, 2, 3, 2]);
  expect([at.AT_STATIC_PRIORITY, at.AT_PRIORITY, at.AT_STATE, at.AT_EXIT_STATE].map((word) => get(record!, word))).toEqual([
    133, 89, 0x402, 0,
  ]);
  expect(get(record!, at.AT_LEVEL)).toBe(kernel.isOld ? 0 : 1);
  expect(get(record!, at.AT_NOTHING)).toBe(0);
  const absent = kernel.isBare ? ['cgroup', 'givenSystem', 'givenUser', 'pastRead', 'pastWrite', 'read', 'write'] : [];
  expect([...program.absent].toSorted()).toEqual(kernel.isOld ? ['level'] : absent);
});

test.each(KERNELS)('%s: a thread has its own numbers only; without a task nothing is written', (_name, kernel) => {
  const { instructions } = taskProgram(typesOf(kernel), 0);
  const { memory, context } = place(kernel, { tid: 101 });
  const [record] = runProgram(instructions, context, memory);
  expect(record!.length).toBe(at.THREAD_BYTES);
  expect([at.AT_LENGTH, at.AT_PROCESS, at.AT_THREAD].map((word) => get(record!, word))).toEqual([at.THREAD_BYTES, 100, 101]);
  expect([at.AT_EXEC, at.AT_MAJOR].map((word) => long(record!, word))).toEqual([1, 7]);
  const nobody = memory.put(words(0, 0));
  expect(runProgram(instructions, nobody, memory)).toEqual([]);
});

test.each(KERNELS)('%s: without memory there is none', (_name, kernel) => {
  const { memory, context, task } = place(kernel, { tid: 100, mm: false });
  const [record] = runProgram(taskProgram(typesOf(kernel), 0).instructions, context, memory, { current: task });
  expect([at.AT_VIRTUAL_PAGES, at.AT_RSS_PAGES].map((word) => long(record!, word))).toEqual([0, 0]);
});

test('in a namespace the numbers are its own, and a parent outside of it is 0', () => {
  const kernel = { isOld: false, isBare: false };
  const { instructions } = taskProgram(typesOf(kernel), 1);
  const inside = place(kernel, { tid: 100 });
  const [record] = runProgram(instructions, inside.context, inside.memory, { current: inside.task });
  expect([at.AT_PROCESS, at.AT_THREAD, at.AT_PARENT].map((word) => get(record!, word))).toEqual([7, 7, 3]);
  const outside = place(kernel, { tid: 100, parentLevel: 0 });
  const [other] = runProgram(instructions, outside.context, outside.memory, { current: outside.task });
  expect(get(other!, at.AT_PARENT)).toBe(0);
  const thread = place(kernel, { tid: 101 });
  const [short] = runProgram(instructions, thread.context, thread.memory);
  expect([at.AT_LENGTH, at.AT_PROCESS, at.AT_THREAD].map((word) => get(short!, word))).toEqual([at.THREAD_BYTES, 7, 8]);
});

test('a kernel that lacks what is needed has no such iterator', () => {
  const empty = finish(scanBtf(createBtfWriter().encode(), TASK_NAMES));
  expect(() => taskProgram(empty, 0)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  const fields = { thread: [], leader: [{ name: 'x', at: at.AT_UID, bytes: 4 as const, paths: ['nowhere', 'signal.nowhere'] }] };
  expect(() => taskProgram(typesOf({ isOld: false, isBare: false }), 0, fields)).toThrow('nowhere or signal.nowhere');
});
