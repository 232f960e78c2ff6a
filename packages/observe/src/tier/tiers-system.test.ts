import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mayMount } from '../record/may-mount.testing.ts';
import { bundle, temporary } from '../record/recorder.testing.ts';
import { openTiers, feedSeconds, readAll } from './tiers.testing.ts';
import { readTiers } from './tiers.ts';
import { TIERS } from './tier.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z') / 1000;
const mounting = test.skipIf(!mayMount());

test(
  'killed at thirty moments: all that was written is read, nothing counts twice, and coarser tiers come back',
  { timeout: 120_000 },
  async () => {
    // Goes through 40 minutes a second or so: segments of the finest tier are sealed, and others begin, all the time.
    const program = await bundle(
      `
    import { startTiers } from '../tier/tiers.ts';
    const tiers = startTiers({ dataDir: process.argv[2], confirm: () => undefined });
    let second = Number(process.argv[3]);
    const go = async () => {
      for (let i = 0; i < 60; i++, second++) tiers.add(${NOON} + second, { ids: ['load1', 'load5'], values: [second, 1] });
      await tiers.settle();
      if (tiers.error) throw tiers.error;
      process.send(second);
      setImmediate(go);
    };
    go();
  `,
      temporary(),
    );
    const dataDir = temporary();
    let from = 0;
    const lost: [from: number, to: number][] = [];
    for (let round = 0; round < 30; round++) {
      const child = fork(program, [dataDir, String(from)], { execArgv: [] });
      let reported = from;
      let last = from;
      child.on('message', (second: number) => {
        // What is fed in the first 10 seconds of a minute closes the bucket before: one minute at most waits.
        reported = last;
        last = second;
      });
      await once(child, 'message');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      child.kill('SIGKILL');
      await once(child, 'close');
      const { table, damaged } = await readAll(readTiers(dataDir), 0);
      expect(damaged).toBe(0);
      const load = table.get('load1')!;
      const end = Math.max(...load.keys()) + 10 - NOON;
      expect(end).toBeGreaterThanOrEqual(reported - 60);
      for (let time = from; time < end; time += 10)
        expect(load.get(NOON + time), `round ${round}, second ${time}`).toMatchObject({ count: 10, min: time, max: time + 9 });
      // The next process goes on a minute later.
      lost.push([end, end + 60]);
      from = end + 60;
    }
    const tiers = openTiers(dataDir);
    await tiers.settle();
    const fine = (await readAll(tiers, 0)).table.get('load1')!;
    for (const level of [1, 2]) {
      const { table, damaged } = await readAll(tiers, level);
      expect(damaged).toBe(0);
      const { step } = TIERS[level]!;
      const wanted = new Map<number, number>();
      for (const [time, { count }] of fine)
        wanted.set(Math.floor(time / step) * step, (wanted.get(Math.floor(time / step) * step) ?? 0) + count);
      expect(new Map([...table.get('load1')!].map(([time, { count }]) => [time, count]))).toEqual(wanted);
    }
    tiers.close();
  },
);

mounting('a full disk: what waits is written when there is room, what was written stays', async () => {
  const output = execFileSync(
    'unshare',
    [
      '--map-root-user',
      '--mount',
      process.execPath,
      await bundle(
        `
    import { execFileSync } from 'node:child_process';
    import { rmSync, writeFileSync } from 'node:fs';
    import { startTiers, readTiers } from '../tier/tiers.ts';
    const mount = process.argv[2];
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96k', 'tmpfs', mount]);
    const tiers = startTiers({ dataDir: mount, confirm: () => undefined });
    const feed = async (from, to) => {
      for (let second = from; second < to; second++) {
        tiers.add(${NOON} + second, { ids: ['load1'], values: [second] });
        if (second % 60 === 59) await tiers.settle();
      }
      await tiers.settle();
    };
    const counts = async () => {
      const found = [];
      for (const level of [0, 1, 2]) {
        let count = 0;
        const damaged = await readTiers(mount).read(level, { from: 0, to: Infinity, wanted: () => true, extremes: true }, (id, time, cell) => { count += cell.count; });
        found.push([count, damaged]);
      }
      return found;
    };
    await feed(0, 600);
    let filler = 0;
    try { for (;; filler++) writeFileSync(mount + '/filler' + filler, Buffer.alloc(1024)); } catch {}
    const before = await counts();
    await feed(600, 4800);
    const error = tiers.error && tiers.error.code;
    const during = await counts();
    for (let i = 0; i <= filler; i++) rmSync(mount + '/filler' + i, { force: true });
    await feed(4800, 5400);
    const after = tiers.error;
    tiers.close();
    process.stdout.write(JSON.stringify({ before, error, during, after, end: await counts() }));
  `,
        temporary(),
      ),
      temporary(),
    ],
    { encoding: 'utf8' },
  );
  const result = JSON.parse(output) as { before: number[][]; error: string; during: number[][]; after: unknown; end: number[][] };
  expect(result.error).toBe('ENOSPC');
  expect(result.after).toBeNull();
  for (const [level, [count, damaged]] of result.during.entries()) {
    expect(damaged).toBe(0);
    expect(count).toBeGreaterThanOrEqual(result.before[level]![0]!);
  }
  expect(result.end).toEqual([
    [5400, 0],
    [5400, 0],
    [5400, 0],
  ]);
});

test('a directory that is taken away while we write is made anew', async () => {
  const dataDir = temporary();
  const tiers = openTiers(dataDir);
  await feedSeconds(tiers, NOON, 300, () => 1);
  renameSync(path.join(dataDir, 'tiers'), path.join(dataDir, 'moved'));
  await feedSeconds(tiers, NOON + 300, 300, () => 2);
  expect(tiers.error).toBeNull();
  const { table } = await readAll(readTiers(dataDir), 0);
  expect(table.get('load1')!.size).toBeGreaterThanOrEqual(30);
  rmSync(path.join(dataDir, 'tiers'), { recursive: true });
  tiers.close();
});

test('a directory that may not be written or read says so, and reading goes on where it may', async () => {
  const dataDir = temporary();
  const made = openTiers(dataDir);
  await feedSeconds(made, NOON, 300, () => 1);
  made.close();
  const programs = temporary();
  const copy = temporary();
  cpSync(dataDir, copy, { recursive: true });
  for (const directory of [programs, copy]) chmodSync(directory, 0o755);
  const protect = (directories: number, files: number): void => {
    for (const { name } of TIERS) {
      const directory = path.join(copy, 'tiers', name);
      chmodSync(directory, directories);
      for (const file of readdirSync(directory)) chmodSync(path.join(directory, file), files);
    }
  };
  protect(0o555, 0o444);
  const program = await bundle(
    `
    import { startTiers } from '../tier/tiers.ts';
    const tiers = startTiers({ dataDir: process.argv[2], confirm: () => undefined });
    for (let second = 300; second < 400; second++) tiers.add(${NOON} + second, { ids: ['load1'], values: [1] });
    await tiers.settle().catch(() => undefined);
    await tiers.settle();
    let count = 0;
    await tiers.read(0, { from: 0, to: Infinity, wanted: (id) => id === 'load1', extremes: true }, (id, time, cell) => { count += cell.count; });
    process.stdout.write(JSON.stringify({ code: tiers.error && tiers.error.code, count }));
  `,
    programs,
  );
  // Root may write everywhere, so there the program runs as nobody.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const output = execFileSync(process.execPath, [program, copy], { encoding: 'utf8', cwd: programs, ...user });
  protect(0o755, 0o644);
  expect(JSON.parse(output)).toEqual({ code: 'EACCES', count: 400 });
});
