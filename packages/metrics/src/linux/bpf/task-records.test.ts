import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { finish } from '../../model/collector.ts';
import { createColumns } from '../process/columns.ts';
import type { ProcessColumns } from '../process/route.ts';
import type { Records } from './pass.ts';
import * as at from './task-layout.ts';
import { createTaskDecoder } from './task-records.ts';
import type { TaskDecoder } from './task-records.ts';

/** Words of a record that differ from 0, by their place; values of 64 bits are given as one number. */
type Words = Readonly<Record<number, number>>;

function record(bytes: number, words: Words): Buffer {
  const made = Buffer.alloc(bytes);
  made.writeUInt32LE(bytes, 0);
  for (const [place, value] of Object.entries(words)) {
    if (value > 0xffff_ffff) made.writeUInt32LE(Math.floor(value / 2 ** 32), Number(place) * 4 + 4);
    made.writeUInt32LE(value >>> 0, Number(place) * 4);
  }
  return made;
}

function leader(pid: number, words: Words, name: string = 'name'): Buffer {
  const made = record(at.LEADER_BYTES, {
    [at.AT_PROCESS]: pid,
    [at.AT_THREAD]: pid,
    [at.AT_THREADS]: 1,
    [at.AT_START]: 5e9 + 123,
    [at.AT_STATE]: 1,
    [at.AT_STATIC_PRIORITY]: 120,
    [at.AT_PRIORITY]: 120,
    ...words,
  });
  made.write(name, at.AT_NAME * 4, 16, 'latin1');
  return made;
}

const thread = (pid: number, tid: number, words: Words): Buffer =>
  record(at.THREAD_BYTES, { [at.AT_PROCESS]: pid, [at.AT_THREAD]: tid, ...words });

function records(...parts: readonly Buffer[]): Records {
  const bytes = Buffer.from(Buffer.concat(parts));
  const aligned = Buffer.from(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4 + 64), 0);
  bytes.copy(aligned);
  return { bytes: aligned, words: new Uint32Array(aligned.buffer), length: bytes.length };
}

let columns: ProcessColumns;
let decoder: TaskDecoder;
let asked: number[];
const decoderWith = (absent: readonly string[] = []): TaskDecoder =>
  createTaskDecoder({
    pageSize: 4096,
    userHz: 100,
    absent: new Set(absent),
    kernelName: (pid, short) => {
      asked.push(pid);
      return `${short}-long`;
    },
  });
beforeEach(() => {
  columns = createColumns();
  asked = [];
  decoder = decoderWith();
});
const decode = (...parts: readonly Buffer[]): void => finish(decoder.decode(records(...parts), columns, 7));

test('a record becomes a row in base units', () => {
  decode(
    leader(10, {
      [at.AT_EXEC]: 3e9,
      [at.AT_USER]: 1e9,
      [at.AT_SYSTEM]: 3e9,
      [at.AT_RSS_PAGES]: 3,
      [at.AT_VIRTUAL_PAGES]: 2 ** 33,
      [at.AT_READ]: 2 ** 40,
      [at.AT_PAST_READ]: 1,
      [at.AT_PARENT]: 9,
      [at.AT_UID]: 0xffff_fffe,
      [at.AT_CGROUP]: 77,
      [at.AT_STATIC_PRIORITY]: 133,
      [at.AT_PRIORITY]: 89,
      [at.AT_VOLUNTARY]: 4,
    }),
  );
  const row = Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => (ArrayBuffer.isView(column) ? [[name, (column as Uint8Array)[0]]] : [])),
  );
  expect(row).toEqual({
    time: 7,
    pid: 10,
    ppid: 9,
    startTicks: 500,
    state: 83,
    flags: 0,
    threads: 1,
    nice: 13,
    priority: -11,
    cpuUser: 0.75,
    cpuSystem: 2.25,
    cpuExact: 3,
    minorFaults: 0,
    majorFaults: 0,
    voluntarySwitches: 4,
    involuntarySwitches: 0,
    rss: 3 * 4096,
    virtual: 2 ** 33 * 4096,
    readBytes: 2 ** 40 + 1,
    writeBytes: 0,
    uid: 0xffff_fffe,
    gid: 0,
    cgroupId: 77,
  });
  expect([columns.length, columns.names[0]]).toEqual([1, 'name']);
  expect([decoder.saw(10), decoder.saw(11)]).toEqual([true, false]);
});

test('threads are added to their leader, also those that come before it', () => {
  decode(
    thread(20, 3, { [at.AT_EXEC]: 1e9, [at.AT_MINOR]: 1 }),
    leader(10, { [at.AT_THREADS]: 2 }),
    thread(10, 11, { [at.AT_MINOR]: 5 }),
    leader(20, { [at.AT_THREADS]: 3, [at.AT_EXEC]: 1e9, [at.AT_MINOR]: 10 }),
    thread(20, 21, { [at.AT_EXEC]: 2e9, [at.AT_MINOR]: 100 }),
    thread(99, 98, {}),
  );
  expect([...columns.minorFaults.subarray(0, 2)]).toEqual([5, 111]);
  expect(columns.cpuExact[1]).toBe(4);
  expect(columns.length).toBe(2);
});

test('a torn pass keeps the values of the pass before, and the one after takes its own', () => {
  const own = { [at.AT_THREADS]: 2, [at.AT_MINOR]: 10 };
  decode(leader(10, own), thread(10, 11, { [at.AT_MINOR]: 100 }));
  decode(leader(10, { ...own, [at.AT_MINOR]: 11 }));
  expect(columns.minorFaults[0]).toBe(110);
  decode(leader(10, { ...own, [at.AT_MINOR]: 11 }), thread(10, 11, { [at.AT_MINOR]: 101 }), thread(10, 12, { [at.AT_MINOR]: 1000 }));
  expect(columns.minorFaults[0]).toBe(110);
  decode(leader(10, { ...own, [at.AT_THREADS]: 1, [at.AT_MINOR]: 113 }));
  expect(columns.minorFaults[0]).toBe(113);
});

test('a process that is torn at every pass is followed all the same', () => {
  for (let pass = 0; pass < 12; pass++) decode(leader(10, { [at.AT_THREADS]: 2, [at.AT_MINOR]: pass }));
  expect(columns.minorFaults[0]).toBeGreaterThan(5);
});

test('counters never go back while a process lives, and begin anew with another of its number', () => {
  decode(leader(10, { [at.AT_MINOR]: 10, [at.AT_EXEC]: 2e9, [at.AT_READ]: 5 }));
  decode(leader(10, { [at.AT_MINOR]: 9, [at.AT_EXEC]: 1e9, [at.AT_READ]: 4 }));
  expect([columns.minorFaults[0], columns.cpuExact[0], columns.readBytes[0]]).toEqual([10, 2, 5]);
  decode(leader(10, { [at.AT_MINOR]: 1, [at.AT_EXEC]: 1e9, [at.AT_START]: 9e9 }, 'other'));
  expect([columns.minorFaults[0], columns.cpuExact[0], columns.readBytes[0], columns.names[0]]).toEqual([1, 1, 0, 'other']);
});

test('a process that did not run keeps its counters; a thread that comes then makes it torn', () => {
  decode(leader(10, { [at.AT_EXEC]: 1e9, [at.AT_MINOR]: 3 }));
  decode(leader(10, { [at.AT_EXEC]: 1e9, [at.AT_MINOR]: 4 }));
  expect(columns.minorFaults[0]).toBe(3);
  decode(leader(10, { [at.AT_EXEC]: 1e9, [at.AT_MINOR]: 4 }), thread(10, 11, { [at.AT_MINOR]: 1000 }));
  expect(columns.minorFaults[0]).toBe(3);
  decode(leader(10, { [at.AT_EXEC]: 2e9, [at.AT_MINOR]: 5 }));
  expect(columns.minorFaults[0]).toBe(5);
  decode(leader(10, { [at.AT_EXEC]: 2e9, [at.AT_MINOR]: 6, [at.AT_STATE]: 0 }));
  expect(columns.minorFaults[0]).toBe(6);
});

test('what the kernel gave to another reader is the least that is given', () => {
  decode(leader(10, { [at.AT_EXEC]: 10e9, [at.AT_USER]: 5e9, [at.AT_SYSTEM]: 5e9, [at.AT_GIVEN_SYSTEM]: 6e9 }));
  expect([columns.cpuUser[0], columns.cpuSystem[0]]).toEqual([4, 6]);
  decode(leader(10, { [at.AT_EXEC]: 11e9, [at.AT_USER]: 9e9, [at.AT_SYSTEM]: 2e9 }));
  expect([columns.cpuUser[0], columns.cpuSystem[0]]).toEqual([5, 6]);
});

test('a process that is shown twice is one row, and one that is gone is forgotten', () => {
  decode(leader(10, {}), leader(11, {}), leader(10, {}));
  expect([...columns.pid.subarray(0, columns.length)]).toEqual([10, 11]);
  decode(leader(11, {}));
  expect([columns.length, decoder.saw(10), decoder.saw(11)]).toEqual([1, false, true]);
});

test('kernel threads have the name of /proc and no memory; names are made only when they change', () => {
  const kernel = { [at.AT_FLAGS]: 0x20_0000, [at.AT_RSS_PAGES]: 9, [at.AT_VIRTUAL_PAGES]: 9 };
  decode(leader(10, kernel, 'kworker/0:1'), leader(11, {}, 'exactly16bytes!!'));
  expect(columns.names).toEqual(['kworker/0:1-long', 'exactly16bytes!!']);
  expect([columns.rss[0], columns.virtual[0]]).toEqual([0, 0]);
  const before = columns.names[1];
  decode(leader(10, kernel, 'kworker/0:1'), leader(11, {}, 'exactly16bytes!!'));
  expect(asked).toEqual([10]);
  expect(columns.names[1]).toBe(before);
  for (let pass = 0; pass < 64; pass++) decode(leader(10, { ...kernel, [at.AT_FLAGS]: 0x20_0020, [at.AT_EXEC]: pass }, 'kworker/0:1'));
  expect(asked).toEqual([10, 10]);
});

test('what the kernel does not keep is NaN, and CPU times are not scaled where it times every entry', () => {
  decoder = decoderWith(['read', 'cgroup', 'givenUser']);
  decode(leader(10, { [at.AT_EXEC]: 10e9, [at.AT_USER]: 5e9, [at.AT_SYSTEM]: 1e9 }));
  expect([columns.readBytes[0], columns.writeBytes[0], columns.cgroupId[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect([columns.cpuUser[0], columns.cpuSystem[0]]).toEqual([5, 1]);
});

test('it tells which rows changed, as long as all are in their places', () => {
  const changed = (): number[] | null => {
    const rows = decoder.changedRows();
    return rows && [...rows.subarray(0, columns.length)];
  };
  const [one, two, three] = [leader(1, {}), leader(2, {}), leader(3, {})];
  decode(one, two, three);
  expect(changed()).toBeNull();
  decode(one, two, three);
  expect(changed()).toEqual([0, 0, 0]);
  decode(one, leader(2, { [at.AT_RSS_PAGES]: 1 }), three);
  expect(changed()).toEqual([0, 1, 0]);
  decode(one, three);
  expect(changed()).toBeNull();
  decode(one, three);
  expect(changed()).toEqual([0, 0]);
  decode(one, leader(3, { [at.AT_START]: 9e9 }));
  expect(changed()).toBeNull();
  decode(one, leader(4, {}));
  expect(changed()).toBeNull();
  decode(one, leader(4, {}));
  expect(changed()).toEqual([0, 0]);
  columns = createColumns();
  decode(one, leader(4, {}));
  expect(changed()).toBeNull();
});

test('rows that did not change are passed over, and come out as if they had been decoded', () => {
  const value = fc.nat(3);
  const process = fc.record({
    pid: fc.integer({ min: 1, max: 24 }),
    exec: value,
    minor: value,
    state: fc.nat(1),
    rss: value,
    threads: fc.integer({ min: 1, max: 2 }),
    seen: fc.nat(2),
  });
  const passes = fc.array(fc.uniqueArray(process, { selector: ({ pid }) => pid, maxLength: 24 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(passes, fc.boolean(), (made, isTwice) => {
      const [skipping, plain] = [decoderWith(), decoderWith()];
      const reused = createColumns();
      for (const pass of made.flatMap((one) => (isTwice ? [one, one] : [one]))) {
        const parts = pass
          .toSorted((a, b) => a.pid - b.pid)
          .flatMap(({ pid, exec, minor, state, rss, threads, seen }) => [
            leader(pid, {
              [at.AT_EXEC]: exec,
              [at.AT_MINOR]: minor,
              [at.AT_STATE]: state,
              [at.AT_RSS_PAGES]: rss,
              [at.AT_THREADS]: threads,
            }),
            ...Array.from({ length: seen }, (_, index) => thread(pid, 100 + index, { [at.AT_EXEC]: exec, [at.AT_MINOR]: minor })),
          ]);
        const fresh = createColumns();
        finish(skipping.decode(records(...parts), reused, 7));
        finish(plain.decode(records(...parts), fresh, 7));
        expect(reused.length).toBe(fresh.length);
        for (const name of Object.keys(fresh) as (keyof ProcessColumns)[]) {
          const [a, b] = [reused[name], fresh[name]];
          if (ArrayBuffer.isView(a))
            expect([...(a as Float64Array).subarray(0, fresh.length)], name).toEqual([...(b as Float64Array).subarray(0, fresh.length)]);
        }
        expect(reused.names.slice(0, fresh.length)).toEqual(fresh.names);
      }
    }),
    { numRuns: 300 },
  );
});

test('many processes come and go without the memory growing', () => {
  for (let pass = 0; pass < 200; pass++)
    decode(...Array.from({ length: 300 }, (_, index) => leader(1 + pass * 300 + index, { [at.AT_MINOR]: index })));
  expect(columns.length).toBe(300);
  expect([...columns.minorFaults.subarray(0, 3)]).toEqual([0, 1, 2]);
});

test('any bytes give rows without NaN where there must be none, or a HecateError', () => {
  const good = Buffer.concat([leader(10, { [at.AT_THREADS]: 2 }), thread(10, 11, {}), leader(12, {})]);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 700 }),
    fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 20 }).map((changes) => {
      const changed = Buffer.from(good);
      for (const [place, value] of changes) changed[place] = value;
      return changed;
    }),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), (passes) => {
      const any = decoderWith();
      const into = createColumns();
      for (const pass of passes) {
        try {
          finish(any.decode(records(Buffer.from(pass)), into, 0));
        } catch (error) {
          if (!(error instanceof HecateError)) throw error;
          continue;
        }
        for (const column of [into.cpuUser, into.cpuSystem, into.cpuExact, into.rss, into.minorFaults, into.startTicks]) {
          expect(column.subarray(0, into.length).every((value) => value >= 0)).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});
