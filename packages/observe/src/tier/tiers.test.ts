import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../record/recorder.testing.ts';
import { dropOldSegments, listSegments, segmentFile } from './segment.ts';
import { feed, feedSeconds, openTiers, readAll } from './tiers.testing.ts';
import { readTiers, tierDirectory } from './tiers.ts';
import { TIERS } from './tier.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z') / 1000;
const wave = (second: number): number => Math.round(100 * Math.sin(second / 50)) / 100;

/** Mean, least and greatest of a bucket of `wave`, as the file keeps them. */
function expected(first: number, count: number): { count: number; mean: number; min: number; max: number } {
  const values = Array.from({ length: count }, (_, index) => wave(first + index));
  const mean = Math.round((values.reduce((sum, value) => sum + value, 0) / count) * 100) / 100;
  return { count, mean, min: Math.min(...values), max: Math.max(...values) };
}

async function check(dataDir: string, level: number, seconds: number): Promise<void> {
  const { step } = TIERS[level]!;
  const { table, damaged } = await readAll(readTiers(dataDir), level);
  expect(damaged).toBe(0);
  const load = table.get('load1')!;
  expect([...load.keys()].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: Math.ceil(seconds / step) }, (_, index) => NOON + index * step),
  );
  for (const [time, { count, sum, min, max }] of load) {
    const want = expected(time - NOON, Math.min(step, seconds - (time - NOON)));
    expect(count).toBe(want.count);
    expect(sum / count).toBeCloseTo(want.mean, 1);
    expect(min).toBeCloseTo(want.min, 9);
    expect(max).toBeCloseTo(want.max, 9);
  }
  expect(table.get('memory_total')!.get(NOON)).toMatchObject({ min: 8 * 2 ** 30, max: 8 * 2 ** 30 });
}

test('all tiers hold mean, min and max of what was sampled, over segments that are sealed and through restarts', async () => {
  const dataDir = temporary();
  const seconds = 2 * 3600 + 1234;
  const stops = [17, 1803, 3605, 3607, 7200, seconds];
  let from = 0;
  for (const stop of stops) {
    const tiers = openTiers(dataDir);
    await feedSeconds(tiers, NOON + from, stop - from, (second) => wave(from + second));
    tiers.close();
    from = stop;
  }
  for (const level of TIERS.keys()) await check(dataDir, level, seconds);
  const fine = readdirSync(tierDirectory(dataDir, TIERS[0]!)).toSorted();
  expect(fine).toEqual(['2026-11-21T12-00Z.1.sealed', '2026-11-21T13-00Z.1.sealed', '2026-11-21T14-00Z.1.open']);
  expect(readdirSync(tierDirectory(dataDir, TIERS[2]!))).toEqual(['2026-11-21T00-00Z.1.open']);
});

test('what is not written yet is answered too', async () => {
  const tiers = openTiers(temporary());
  feed(tiers, NOON, { load1: 1 });
  feed(tiers, NOON + 1, { load1: 3 });
  for (const level of TIERS.keys()) {
    const { table } = await readAll(tiers, level);
    expect(table).toEqual(new Map([['load1', new Map([[NOON, { count: 2, sum: 4, min: 1, max: 3 }]])]]));
  }
  tiers.close();
});

test('a process that ends without a word: coarser tiers get from the finest what they had not written', async () => {
  const dataDir = temporary();
  const killed = openTiers(dataDir);
  await feedSeconds(killed, NOON, 1500, wave);
  await killed.settle();
  // It is not closed: nothing more of it is written.
  const written = 10 * Math.max(...(await readAll(readTiers(dataDir), 0)).table.get('load1')!.keys()) - 10 * NOON;
  expect(written).toBeGreaterThan(14_000);
  const tiers = openTiers(dataDir);
  await tiers.settle();
  const seconds = written / 10 + 10;
  for (const level of TIERS.keys()) await check(dataDir, level, seconds);
  // Once more changes nothing.
  await openTiers(dataDir).settle();
  for (const level of TIERS.keys()) await check(dataDir, level, seconds);
});

test('a clock that goes back an hour or forward a day: every bucket once, in order, with all its samples', async () => {
  const dataDir = temporary();
  const tiers = openTiers(dataDir);
  const run = async (from: number, value: number): Promise<void> => feedSeconds(tiers, from, 1200, () => value);
  await run(NOON, 1);
  await run(NOON - 3600, 2);
  await run(NOON, 3);
  await run(NOON + 86_400, 4);
  await run(NOON + 1200, 5);
  tiers.close();
  const { table, damaged } = await readAll(readTiers(dataDir), 1);
  expect(damaged).toBe(0);
  const load = table.get('load1')!;
  expect(load.get(NOON)).toEqual({ count: 120, sum: 240, min: 1, max: 3 });
  expect(load.get(NOON - 3600)).toEqual({ count: 60, sum: 120, min: 2, max: 2 });
  expect(load.get(NOON + 86_400)).toMatchObject({ count: 60, min: 4 });
  expect(load.get(NOON + 1200)).toMatchObject({ count: 60, min: 5 });
  expect(load.size).toBe(80);
});

test('the number of segments is bounded by count: a clock that jumps by years removes one, not all', () => {
  const directory = temporary();
  const tier = { ...TIERS[0]!, keep: 5 };
  for (let hour = 0; hour < 8; hour++) writeFileSync(path.join(directory, segmentFile(NOON + hour * 3600, 1, 'sealed')), '');
  dropOldSegments(directory, tier);
  expect(listSegments(directory).map(({ start }) => start)).toEqual([3, 4, 5, 6, 7].map((hour) => NOON + hour * 3600));
  writeFileSync(path.join(directory, segmentFile(NOON + 3600 * 555_000, 1, 'open')), '');
  dropOldSegments(directory, tier);
  expect(listSegments(directory).map(({ start }) => start)).toEqual([
    ...[4, 5, 6, 7].map((hour) => NOON + hour * 3600),
    NOON + 3600 * 555_000,
  ]);
});

test('what a crash in the middle of sealing leaves counts once and goes away', async () => {
  const dataDir = temporary();
  const tiers = openTiers(dataDir);
  await feedSeconds(tiers, NOON, 600, wave);
  tiers.close();
  const directory = tierDirectory(dataDir, TIERS[0]!);
  const [name] = readdirSync(directory);
  const rows = readFileSync(path.join(directory, name!));
  // Killed between the sealed file and the removal of its source; another was killed while it wrote.
  writeFileSync(path.join(directory, '2026-11-21T12-00Z.1.sealed'), rows);
  writeFileSync(path.join(directory, '2026-11-21T11-00Z.3.sealed.tmp'), rows);
  writeFileSync(path.join(directory, 'notes.txt'), 'mine');
  await check(dataDir, 0, 600);
  await openTiers(dataDir).settle();
  expect(readdirSync(directory).toSorted()).toEqual(['2026-11-21T12-00Z.1.sealed', 'notes.txt']);
  await check(dataDir, 0, 600);
});

test('a torn end is cut off, and what follows is appended behind the last whole block', async () => {
  const dataDir = temporary();
  const tiers = openTiers(dataDir);
  await feedSeconds(tiers, NOON, 120, wave);
  tiers.close();
  const directory = tierDirectory(dataDir, TIERS[0]!);
  const file = path.join(directory, readdirSync(directory)[0]!);
  const whole = readFileSync(file);
  for (const torn of [1, 11, 12, 13, 100]) {
    appendFileSync(file, whole.subarray(0, torn));
    const again = openTiers(dataDir);
    await again.settle();
    await feedSeconds(again, NOON + 120, 60, (second) => wave(120 + second));
    again.close();
    await check(dataDir, 0, 180);
    writeFileSync(file, whole);
  }
});

test('a tier whose directory cannot be used does not stop the others, and no file is no error', async () => {
  const dataDir = temporary();
  mkdirSync(path.join(dataDir, 'tiers'));
  expect(readTiers(dataDir).oldest()).toEqual([null, null, null]);
  expect((await readAll(readTiers(dataDir), 0)).table.size).toBe(0);
  rmSync(path.join(dataDir, 'tiers'), { recursive: true });
  writeFileSync(path.join(dataDir, 'tiers'), 'a file in its place');
  const tiers = openTiers(dataDir);
  await feedSeconds(tiers, NOON, 120, wave);
  expect(tiers.error).toMatchObject({ code: expect.stringMatching(/ENOTDIR|EEXIST/) });
  rmSync(path.join(dataDir, 'tiers'));
  await feedSeconds(tiers, NOON + 120, 120, (second) => wave(120 + second));
  expect(tiers.error).toBeNull();
  tiers.close();
  for (const level of TIERS.keys()) await check(dataDir, level, 240);
});

test('a series whose name is longer than any that is read is left out, and takes no other with it', async () => {
  const dataDir = temporary();
  const tiers = openTiers(dataDir);
  const mountpoint = `/${'é'.repeat(600)}`;
  for (let second = 0; second < 70; second++)
    feed(tiers, NOON + second, { load1: 1, [`filesystem.${mountpoint}.used_percent`]: 5, 'filesystem./.used_percent': 6 });
  await tiers.settle();
  tiers.close();
  const { table, damaged } = await readAll(readTiers(dataDir), 0);
  expect(damaged).toBe(0);
  expect([...table.keys()].toSorted()).toEqual(['filesystem./.used_percent', 'load1']);
});
