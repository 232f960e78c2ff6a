import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../day/day-directory.testing.ts';
import { append, identityOf, openLogForTest, tableOf } from '../process-log/process-tables.testing.ts';
import type { Invented } from '../process-log/process-tables.testing.ts';
import { processDirectory } from '../process-log/segment.ts';
import { readConsumers } from './consumers.ts';
import type { Consumer, Consumers } from './consumers.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z') / 1000;
const MIB = 2 ** 20;
const BOOT = NOON - 5000;
const born = (pid: number, second: number, changes: Parameters<typeof identityOf>[2] = {}): ReturnType<typeof identityOf> =>
  identityOf(pid, 5000 + second, { startTime: BOOT + 5000 + second, ...changes });

/** A recording: `at(second)` is who is there. */
async function record(dataDir: string, seconds: readonly number[], at: (second: number) => readonly Invented[]): Promise<void> {
  const log = openLogForTest(dataDir);
  for (const second of seconds)
    await append(log, { time: NOON + second, monotonic: 5000 + second, table: tableOf(at(second), 5000 + second) });
  log.close();
}
const every10 = (to: number, from: number = 0): number[] => Array.from({ length: (to - from) / 10 + 1 }, (_, index) => from + index * 10);
const read = (dataDir: string, seconds: number, options: Parameters<typeof readConsumers>[3] = {}): Promise<Consumers | null> =>
  readConsumers(dataDir, { from: NOON * 1000, to: (NOON + seconds) * 1000 }, seconds, options);
const named = (found: Consumers | null, name: string): Consumer => found!.top.find((one) => one.name === name)!;

describe('nothing', () => {
  test('is null: no directory, no table in the stretch, one table', async () => {
    const dataDir = temporaryDirectory();
    expect(await read(dataDir, 60)).toBeNull();
    await record(dataDir, [0], () => [{ identity: born(7, -100) }]);
    expect(await read(dataDir, 60)).toBeNull();
    expect(await readConsumers(dataDir, { from: 0, to: 1000 }, 1)).toBeNull();
  });

  test.skipIf(process.getuid?.() === 0)('may be known of what may not be read: DENIED', async () => {
    const dataDir = temporaryDirectory();
    mkdirSync(processDirectory(dataDir), { mode: 0 });
    await expect(read(dataDir, 60)).rejects.toMatchObject({ code: 'DENIED' });
    chmodSync(processDirectory(dataDir), 0o700);
  });
});

describe('known answers', () => {
  test('CPU, memory, I/O and time over runs and hours are those that were put in', async () => {
    const dataDir = temporaryDirectory();
    const worker = born(7, -100, { name: 'worker', unit: 'work.service' });
    const other = born(8, -50, { name: 'worker', unit: 'work.service' });
    const idle = born(9, -100, { name: 'idle', unit: null, container: 'c'.repeat(64) });
    const END = 4800;
    await record(dataDir, every10(END), (second) => [
      // Half a core from 1,000 CPU seconds on; 10 kB/s written.
      {
        identity: worker,
        figures: { cpuUser: 1000 + second / 2, cpuSystem: 3, rss: 100 * MIB, readBytes: 500, writeBytes: 1e6 + second * 10_000 },
      },
      // A tenth of a core in its first half hour, then it is gone.
      ...(second <= 1800 ? [{ identity: other, figures: { cpuUser: second / 10, rss: 300 * MIB } }] : []),
      { identity: idle },
    ]);
    const found = await read(dataDir, END);
    expect(found).toMatchObject({ stepSeconds: 10, coveredSeconds: END, missingSeconds: 0, names: 2 });
    const work = named(found, 'worker');
    expect(work).toMatchObject({ unit: 'work.service', container: null, seconds: END, processes: 2, readBytes: 0, peakMemory: 400 * MIB });
    expect(work.cpuSeconds).toBeCloseTo(END / 2 + 180, 6);
    expect(work.meanCores).toBeCloseTo((END / 2 + 180) / END, 9);
    expect(work.meanMemory).toBeCloseTo(100 * MIB + (300 * MIB * 1800) / END, 0);
    expect(work.writeBytes).toBe(END * 10_000);
    expect(named(found, 'idle')).toMatchObject({
      cpuSeconds: 0,
      readBytes: null,
      writeBytes: null,
      container: 'c'.repeat(64),
      processes: 1,
    });
    expect(found!.top[0]).toBe(work);

    // One table in ten minutes knows the CPU time of who lived on, and not what was there between.
    const sparse = await read(dataDir, END, { everyTable: 0 });
    expect(sparse!.stepSeconds).toBe(600);
    expect(named(sparse, 'worker').cpuSeconds).toBeCloseTo(named(found, 'worker').cpuSeconds, 0);
    expect(sparse!.coveredSeconds).toBeGreaterThan(END - 700);
  });

  test('a process that begins between two tables counts whole, one that was there before only from then on', async () => {
    const dataDir = temporaryDirectory();
    const [old, young] = [born(7, -3000, { name: 'old' }), born(8, 105, { name: 'young' })];
    await record(dataDir, every10(200), (second) => [
      { identity: old, figures: { cpuUser: 900 } },
      ...(second >= 110 ? [{ identity: young, figures: { cpuUser: 4 } }] : []),
    ]);
    const found = await read(dataDir, 200);
    expect(named(found, 'old').cpuSeconds).toBe(0);
    expect(named(found, 'young')).toMatchObject({ cpuSeconds: 4, seconds: 100 });
  });

  test('what a process becomes is counted under its new name; a number that comes again is another process', async () => {
    const dataDir = temporaryDirectory();
    const shell = born(7, 5, { name: 'sh', unit: null });
    const again = born(7, 100, { name: 'again', unit: null });
    await record(dataDir, every10(200), (second) => {
      if (second >= 100) return [{ identity: again, figures: { cpuUser: second / 100 } }];
      // Who reads processes keeps one object for each, and changes its name.
      if (second === 50) shell.name = 'make';
      return [{ identity: shell, figures: { cpuUser: second / 10 } }];
    });
    const found = await read(dataDir, 200);
    expect(named(found, 'make').cpuSeconds).toBeCloseTo(5, 6);
    expect(named(found, 'again')).toMatchObject({ processes: 1 });
  });

  test('a pause is not covered and its CPU time is nobody’s; threads of the kernel go by what they do', async () => {
    const dataDir = temporaryDirectory();
    const busy = born(7, -100, { name: 'busy' });
    const workers = ['kworker/3:1', 'kworker/u8:2'].map((name, index) => born(8 + index, -100, { name, kernel: true, unit: null }));
    await record(dataDir, [...every10(100), ...every10(1000, 900)], (second) => [
      { identity: busy, figures: { cpuUser: second } },
      ...workers.map((identity) => ({ identity, figures: { cpuSystem: second / 10 } })),
    ]);
    const found = await read(dataDir, 1000);
    expect(found).toMatchObject({ coveredSeconds: 200, missingSeconds: 800 });
    expect(named(found, 'busy').cpuSeconds).toBeCloseTo(200, 6);
    expect(named(found, 'kworker')).toMatchObject({ processes: 2, cpuSeconds: expect.closeTo(40, 6) });
  });
});

describe('harm', () => {
  test('torn, damaged and foreign files cost their part, and what is left is true', async () => {
    const dataDir = temporaryDirectory();
    const busy = born(7, -100, { name: 'busy' });
    await record(dataDir, every10(4000), (second) => [{ identity: busy, figures: { cpuUser: second } }]);
    const directory = processDirectory(dataDir);
    const [first, second] = readdirSync(directory)
      .sort()
      .map((name) => path.join(directory, name)) as [string, string];
    const bytes = readFileSync(first);
    bytes.fill(0x5a, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.5));
    writeFileSync(first, bytes);
    truncateSync(second, readFileSync(second).length - 7);
    appendFileSync(second, 'garbage');
    writeFileSync(path.join(directory, '2026-11-21T14Z.hproc'), 'no block at all');
    const found = (await read(dataDir, 4000))!;
    expect(found.coveredSeconds).toBeGreaterThan(2000);
    expect(found.coveredSeconds).toBeLessThan(4000);
    expect(named(found, 'busy').cpuSeconds).toBeCloseTo(found.coveredSeconds, 6);
  });

  test('names without end take bounded memory: the least are dropped, the busy one stays', { timeout: 60_000 }, async () => {
    const dataDir = temporaryDirectory();
    let pid = 100;
    const busy = born(7, -100, { name: 'busy' });
    await record(dataDir, every10(300), (second) => [
      { identity: busy, figures: { cpuUser: second } },
      ...Array.from({ length: 500 }, () => ({ identity: born(pid, second - 1, { name: `x${pid++}`, unit: null }) })),
    ]);
    const found = (await read(dataDir, 300))!;
    expect(found.names).toBeGreaterThan(14_000);
    expect(named(found, 'busy').cpuSeconds).toBeCloseTo(300, 6);
    expect(found.top.length).toBeLessThanOrEqual(45);
  });
});
