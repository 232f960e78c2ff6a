import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProcessIdentity } from '@hecate/metrics';
import { temporary } from '../record/recorder.testing.ts';
import { readProcessesAt, recordedProcessSpan } from './process-history.ts';
import { append, identityOf, openLogForTest, tableOf } from './process-tables.testing.ts';
import type { Invented } from './process-tables.testing.ts';
import { processDirectory } from './segment.ts';

const START = Date.UTC(2026, 10, 21, 10) / 1000;
const filesOf = (dataDir: string): string[] => readdirSync(processDirectory(dataDir)).sort();

/** What may happen to a machine between two samples. */
interface Happening {
  readonly seconds: number;
  readonly starts: readonly { readonly pid: number; readonly name: string; readonly command: string | null; readonly uid: number | null }[];
  readonly ends: readonly number[];
  readonly works: readonly { readonly at: number; readonly cpu: number; readonly rss: number; readonly read: number | null }[];
  readonly renames: readonly { readonly at: number; readonly name: string; readonly container: string | null }[];
}

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('a\nb', '\u001B[31mred', '', '💣'.repeat(3)));
const happening: fc.Arbitrary<Happening> = fc.record({
  seconds: fc.constantFrom(10, 10, 10, 9.997, 12, 200, 601, 4000),
  starts: fc.array(
    fc.record({
      pid: fc.integer({ min: 1, max: 40 }),
      name: text,
      command: fc.option(text),
      uid: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 2 })),
    }),
    { maxLength: 4 },
  ),
  ends: fc.array(fc.nat(20), { maxLength: 3 }),
  works: fc.array(
    fc.record({
      at: fc.nat(20),
      cpu: fc.nat(5000),
      rss: fc.nat(2 ** 28),
      read: fc.option(fc.nat(2 ** 48)),
    }),
    { maxLength: 6 },
  ),
  renames: fc.array(fc.record({ at: fc.nat(20), name: text, container: fc.option(text) }), { maxLength: 2 }),
});

test('whatever happens on a machine, each table comes back as it was, with its rates', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 12 }), async (happenings) => {
      const dataDir = temporary();
      const log = openLogForTest(dataDir);
      let now = 0;
      let starts = 0;
      let machine: Invented[] = [{ identity: identityOf(41, 0.5) }];
      const told: { readonly time: number; readonly seconds: number; readonly json: unknown[]; readonly cpu: Map<string, number> }[] = [];
      for (const { seconds, starts: started, ends, works, renames } of happenings) {
        now += seconds;
        // There is always one: a table without processes is none.
        machine = machine.filter((_, at) => at === machine.length - 1 || !ends.includes(at));
        // A process id is there once: a second one takes the place of the first.
        for (const { pid, ...rest } of started) {
          machine = machine.filter(({ identity }) => identity.pid !== pid);
          machine.push({ identity: identityOf(pid, ++starts / 100, rest), figures: {} });
        }
        machine.sort((a, b) => a.identity.pid - b.identity.pid);
        for (const { at, cpu, rss, read } of works) {
          const one = machine[at];
          if (!one) continue;
          const hundredths = Math.round((one.figures?.cpuUser ?? 0) * 100) + cpu;
          machine[at] = { ...one, figures: { ...one.figures, cpuUser: hundredths / 100, rss: rss * 4096, readBytes: read ?? Number.NaN } };
        }
        for (const { at, ...changes } of renames) if (machine[at]) Object.assign(machine[at].identity, changes);
        const table = tableOf(machine, 1000 + now);
        const json = JSON.parse(JSON.stringify(table)) as unknown[];
        const cpu = new Map(
          machine.map(({ identity, figures }) => [`${identity.pid} ${identity.startedAfterBoot}`, figures?.cpuUser ?? 0]),
        );
        told.push({ time: START + now, seconds, json, cpu });
        await append(log, { time: START + now, monotonic: 1000 + now, table });
      }
      log.close();
      for (const [index, { time, seconds, json, cpu }] of told.entries()) {
        const back = await readProcessesAt(dataDir, time);
        expect(back?.time).toBeCloseTo(time, 3);
        expect(JSON.parse(JSON.stringify(back!.table))).toEqual(json);
        const before = told[index - 1]?.cpu;
        for (let row = 0; row < back!.table.length; row++) {
          const { pid, startedAfterBoot } = back!.table.identities[row]!;
          const key = `${pid} ${startedAfterBoot}`;
          const was = seconds <= 30 ? before?.get(key) : undefined;
          const rate = back!.rates?.(row).cpu ?? null;
          if (was === undefined) expect(rate).toBeNull();
          else expect(rate).toBeCloseTo((cpu.get(key)! - was) / seconds, 2);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('between two samples the one before counts; after three intervals without one nothing was recorded', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  const machine = [{ identity: identityOf(7, 1) }];
  for (const at of [0, 10, 20]) await append(log, { time: START + at, monotonic: 50 + at, table: tableOf(machine, 50 + at) });
  log.close();
  const timeAt = async (at: number): Promise<number | undefined> => (await readProcessesAt(dataDir, START + at))?.time;
  expect(await timeAt(-0.01)).toBeUndefined();
  expect(await timeAt(0)).toBe(START);
  expect(await timeAt(19.9)).toBe(START + 10);
  expect(await timeAt(49)).toBe(START + 20);
  expect(await timeAt(50.1)).toBeUndefined();
  expect(await timeAt(86_400)).toBeUndefined();
  expect(await recordedProcessSpan(dataDir)).toEqual({ from: START, to: START + 20 });
  await expect(readProcessesAt(dataDir, Number.NaN)).rejects.toMatchObject({ code: 'INVALID' });
  await expect(readProcessesAt(dataDir, -1)).rejects.toMatchObject({ code: 'INVALID' });
  expect(await readProcessesAt(path.join(dataDir, 'nowhere'), START)).toBeNull();
  expect(await recordedProcessSpan(path.join(dataDir, 'nowhere'))).toBeNull();
});

test('over the hour and over midnight: files of an hour of UTC, each whole by itself, rates across them', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  const midnight = Date.UTC(2026, 10, 22) / 1000;
  const identity = identityOf(7, 1);
  for (let at = -7205; at <= 95; at += 10) {
    const figures = { cpuUser: Math.round((at + 7205) * 50) / 100 };
    await append(log, { time: midnight + at, monotonic: 50_000 + at, table: tableOf([{ identity, figures }], 50_000 + at) });
  }
  log.close();
  expect(filesOf(dataDir)).toEqual(['2026-11-21T21Z.hproc', '2026-11-21T22Z.hproc', '2026-11-21T23Z.hproc', '2026-11-22T00Z.hproc']);
  for (const at of [-7195, -3605, -3595, -5, 5, 95]) {
    const back = await readProcessesAt(dataDir, midnight + at + 3);
    expect(back).toMatchObject({ time: midnight + at });
    expect(back!.rates!(0).cpu).toBeCloseTo(0.5, 6);
  }
  // The first file has one sample and no rates; 23:59:58 and 00:00:02 are answered from the file before.
  expect((await readProcessesAt(dataDir, midnight + 2))!.time).toBe(midnight - 5);
  expect((await readProcessesAt(dataDir, midnight - 7205))!.rates).toBeNull();
});

test('the same id and another start is another process, and has no rates', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  const sample = (at: number, identity: ProcessIdentity, cpuUser: number) =>
    append(log, { time: START + at, monotonic: at, table: tableOf([{ identity, figures: { cpuUser } }], at) });
  await sample(10, identityOf(7, 1, { name: 'first' }), 500);
  await sample(20, identityOf(7, 15.5, { name: 'second' }), 3);
  log.close();
  const back = (await readProcessesAt(dataDir, START + 20))!;
  expect(back.table.row(0)).toMatchObject({ pid: 7, startedAfterBoot: 15.5, name: 'second', cpuUser: 3 });
  expect(back.rates!(0).cpu).toBeNull();
  expect((await readProcessesAt(dataDir, START + 19))!.table.row(0)).toMatchObject({ name: 'first', cpuUser: 500 });
});

test('the clock an hour back: of an hour that was twice, the later telling counts; a day on: a gap', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  let monotonic = 100;
  const sample = async (time: number, name: string): Promise<void> => {
    monotonic += 10;
    await append(log, { time, monotonic, table: tableOf([{ identity: identityOf(7, 1, { name }) }], monotonic) });
  };
  for (let at = 0; at < 300; at += 10) await sample(START + 1800 + at, 'before');
  for (let at = 0; at < 200; at += 10) await sample(START + 1900 + at - 3600, 'an hour back');
  for (let at = 0; at < 100; at += 10) await sample(START + 1850 + at, 'the same hour again');
  for (let at = 0; at < 100; at += 10) await sample(START + 86_400 + at, 'a day on');
  log.close();
  const nameAt = async (time: number): Promise<string | undefined> => (await readProcessesAt(dataDir, time))?.table.identities[0]?.name;
  expect(await nameAt(START + 1820)).toBe('before');
  expect(await nameAt(START + 1905)).toBe('the same hour again');
  expect(await nameAt(START + 2090)).toBe('before');
  expect(await nameAt(START + 1950 - 3600)).toBe('an hour back');
  expect(await nameAt(START + 86_455)).toBe('a day on');
  expect(await nameAt(START + 40_000)).toBeUndefined();
});

test('files are for their owner, and the oldest go when there are too many or they are too large', async () => {
  const dataDir = temporary();
  const machine = Array.from({ length: 50 }, (_, at) => ({ identity: identityOf(at + 1, at) }));
  const fill = async (hours: number, limits: { hours: number; bytes: number }): Promise<string[]> => {
    const log = openLogForTest(dataDir, { limits });
    for (let hour = 0; hour < hours; hour++) {
      const at = hour * 3600;
      await append(log, { time: START + at, monotonic: 10 + at, table: tableOf(machine, 10 + at) });
    }
    log.close();
    return filesOf(dataDir);
  };
  expect(await fill(5, { hours: 3, bytes: 1e9 })).toEqual(['2026-11-21T12Z.hproc', '2026-11-21T13Z.hproc', '2026-11-21T14Z.hproc']);
  const { size, mode } = statSync(path.join(processDirectory(dataDir), '2026-11-21T14Z.hproc'));
  expect(mode & 0o777).toBe(0o600);
  expect(statSync(processDirectory(dataDir)).mode & 0o777).toBe(0o700);
  expect(await fill(6, { hours: 100, bytes: size * 2.5 })).toHaveLength(2);
});

test('without command lines none is on the disk, and names are', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir, { commands: false });
  const identity = identityOf(7, 1, { command: 'login --password=secret' });
  await append(log, { time: START, monotonic: 1, table: tableOf([{ identity }], 1) });
  identity.command = 'login --password=other';
  await append(log, { time: START + 10, monotonic: 11, table: tableOf([{ identity }], 11) });
  log.close();
  for (const at of [0, 10]) {
    expect((await readProcessesAt(dataDir, START + at))!.table.identities[0]).toMatchObject({ name: 'process-7', command: null });
  }
});

test('10,000 processes: others have their turn while they are written and read', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  const machine = Array.from({ length: 10_000 }, (_, at) => ({ identity: identityOf(at + 1, at / 100) }));
  let turns = 0;
  const count = (): void => {
    turns++;
    ticking = setImmediate(count);
  };
  let ticking = setImmediate(count);
  try {
    await append(log, { time: START, monotonic: 1, table: tableOf(machine, 1) });
    await append(log, { time: START + 10, monotonic: 11, table: tableOf(machine, 11) });
    log.close();
    const written = turns;
    expect(written).toBeGreaterThan(20);
    const back = (await readProcessesAt(dataDir, START + 10))!;
    expect(turns - written).toBeGreaterThan(20);
    expect(back.table.length).toBe(10_000);
    expect(back.table.row(9999)).toMatchObject({ pid: 10_000, command: '/usr/bin/process-10000 --number 10000' });
  } finally {
    clearImmediate(ticking);
  }
});

test('while a sample is encoded another is left out, and the one that is encoded is whole at the end', async () => {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  const machine = Array.from({ length: 5000 }, (_, at) => ({ identity: identityOf(at + 1, at / 100) }));
  log.append({ time: START, monotonic: 1, table: tableOf(machine, 1) });
  log.append({ time: START + 10, monotonic: 11, table: tableOf(machine.slice(1), 11) });
  log.flush();
  log.close();
  log.close();
  log.append({ time: START + 20, monotonic: 21, table: tableOf(machine, 21) });
  expect(log.samples).toBe(1);
  expect((await readProcessesAt(dataDir, START + 20))!.table.length).toBe(5000);
});

test('a sample that cannot be encoded is told, and the next one is kept', async () => {
  const dataDir = temporary();
  const told: (string | null)[] = [];
  const log = openLogForTest(dataDir, { onState: (error) => told.push(error?.message ?? null) });
  const broken = tableOf([{ identity: identityOf(1, 0.5) }], 1);
  Object.defineProperty(broken, 'rss', {
    get: () => {
      throw new Error('the table went wrong');
    },
  });
  log.append({ time: START, monotonic: 1, table: broken });
  await expect.poll(() => told).toEqual([expect.stringContaining('the table went wrong')]);
  await append(log, { time: START + 10, monotonic: 11, table: tableOf([{ identity: identityOf(2, 0.5) }], 11) });
  log.close();
  expect((await readProcessesAt(dataDir, START + 10))?.table.identities.map(({ pid }) => pid)).toEqual([2]);
});
