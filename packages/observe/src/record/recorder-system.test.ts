import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mayMount } from './may-mount.testing.ts';
import { openRecorder } from './recorder.ts';
import { bundle, local, temporary, textOf, THREE } from './recorder.testing.ts';

const NOON = local(2026, 11, 21, 12);

const mounting = test.skipIf(!mayMount());

/** Runs a program with a tmpfs of 64 KiB at `process.argv[2]` that nobody else sees; answers what it prints as JSON. */
async function onSmallDisk(program: string): Promise<unknown> {
  const directory = temporary();
  const source = `
    import { execFileSync } from 'node:child_process';
    import { appendFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
    import { mayMount } from './may-mount.testing.ts';
import { openRecorder } from './recorder.ts';
    const mount = process.argv[2];
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]);
    const columns = [{ name: 'memory', unit: 'bytes', decimals: 0, help: '' }];
    const day = mount + '/2026-11-21.csv';
    const NOON = ${NOON};
    const failure = (action) => { try { action(); return null; } catch (error) { return { code: error.code, message: error.message, hint: error.hint }; } };
    const print = (value) => process.stdout.write(JSON.stringify(value));
    ${program}
  `;
  const output = execFileSync('unshare', ['--map-root-user', '--mount', process.execPath, await bundle(source, directory), temporary()], {
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

interface FullDisk {
  rows: number;
  failure: { code: string; message: string; hint: string };
  full: string;
  waiting: number;
  again: { code: string };
  after: string;
  status: object;
}

mounting('a full disk: a clear error, whole lines only, nothing lost, and the rest when there is room again', async () => {
  const result = (await onSmallDisk(`
    writeFileSync(mount + '/filler', Buffer.alloc(16_384));
    const recorder = openRecorder({ dataDir: mount, columns, bufferRows: 50 });
    let rows = 0;
    let failed = null;
    while (!failed) failed = failure(() => { rows++; recorder.append(NOON + rows, [rows]); });
    const full = readFileSync(day, 'utf8');
    const waiting = recorder.status.rowsWaiting;
    const again = failure(() => recorder.flush());
    rmSync(mount + '/filler');
    recorder.flush();
    const status = recorder.status;
    recorder.close();
    print({ rows, failure: failed, full, waiting, again, after: readFileSync(day, 'utf8'), status });
  `)) as FullDisk;
  expect(result.failure).toMatchObject({
    code: 'FAILED',
    message: expect.stringContaining('the disk is full'),
    hint: expect.stringContaining('Free some space'),
  });
  expect(result.again.code).toBe('FAILED');
  expect(result.full.endsWith('\n')).toBe(true);
  const numbers = (text: string): number[] =>
    text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
  const kept = numbers(result.full);
  expect(kept).toEqual(Array.from({ length: result.rows - result.waiting }, (_, i) => i + 1));
  expect(numbers(result.after)).toEqual(Array.from({ length: result.rows }, (_, i) => i + 1));
  expect(result.status).toMatchObject({ rowsWritten: result.rows, rowsWaiting: 0, rowsDropped: 0, error: null });
});

mounting('a disk that is full from the start, and one that fills while an older file gets new columns', async () => {
  const result = await onSmallDisk(`
    const older = 'timestamp,power\\n' + 'x,1\\n'.repeat(8000);
    writeFileSync(day, older);
    const recorder = openRecorder({ dataDir: mount, columns });
    const widening = failure(() => recorder.append(NOON, [1]));
    const same = readFileSync(day, 'utf8') === older;
    const files = readdirSync(mount).sort();
    const closing = failure(() => recorder.close());
    failure(() => writeFileSync(mount + '/filler', Buffer.alloc(65_536)));
    const opening = failure(() => openRecorder({ dataDir: mount, columns }));
    print({ widening, same, files, closing, opening, left: readdirSync(mount).sort() });
  `);
  expect(result).toMatchObject({
    widening: { code: 'FAILED', message: expect.stringContaining('the disk is full') },
    same: true,
    files: ['2026-11-21.csv', 'recorder.lock'],
    closing: { message: expect.stringContaining('1 row was not written') },
    opening: { code: 'FAILED', message: expect.stringContaining('the disk is full') },
    left: ['2026-11-21.csv', 'filler'],
  });
});

mounting('a file system that becomes read-only, and one that is', async () => {
  const result = await onSmallDisk(`
    const recorder = openRecorder({ dataDir: mount, columns, bufferRows: 1 });
    recorder.append(NOON, [1]);
    recorder.flush();
    const remount = (how) => execFileSync('mount', ['-o', 'remount,bind,' + how, mount]);
    recorder.close();
    remount('ro');
    const opening = failure(() => openRecorder({ dataDir: mount, columns }));
    const below = failure(() => openRecorder({ dataDir: mount + '/a/b', columns }));
    remount('rw');
    openRecorder({ dataDir: mount, columns }).close();
    print({ opening, below, text: readFileSync(day, 'utf8').split('\\n').length });
  `);
  const readOnly = { code: 'DENIED', message: expect.stringContaining('read-only'), hint: expect.stringContaining('--data-dir') };
  expect(result).toEqual({ opening: readOnly, below: readOnly, text: 3 });
});

test('a directory that this user may not write to is refused at once', async () => {
  const dataDir = temporary();
  chmodSync(dataDir, 0o555);
  const programs = temporary();
  chmodSync(programs, 0o755);
  const program = await bundle(
    `
    import { mayMount } from './may-mount.testing.ts';
import { openRecorder } from './recorder.ts';
    try { openRecorder({ dataDir: process.argv[2] }); } catch (error) { process.stdout.write(JSON.stringify({ code: error.code, message: error.message })); }
  `,
    programs,
  );
  // Root may write everywhere, so there the program runs as nobody.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const output = execFileSync(process.execPath, [program, dataDir], { encoding: 'utf8', cwd: programs, ...user });
  expect(JSON.parse(output)).toEqual({ code: 'DENIED', message: `${dataDir} may not be written by this user.` });
});

test('kill -9 at any moment: the header, whole rows, at most one torn line; what was written stays', async () => {
  const program = await bundle(
    `
    import { mayMount } from './may-mount.testing.ts';
import { openRecorder } from './recorder.ts';
    const THREE = ${JSON.stringify(THREE)};
    const recorder = openRecorder({ dataDir: process.argv[2], columns: THREE, bufferRows: Number(process.argv[3]) });
    let row = 0;
    const go = () => {
      for (let i = 0; i < 20; i++, row++) recorder.append(${NOON} + row / 10, [row, row / 100, row / 1e6]);
      process.send(recorder.status.rowsWritten);
      setImmediate(go);
    };
    go();
  `,
    temporary(),
  );
  for (let round = 0; round < 12; round++) {
    const dataDir = temporary();
    const child = fork(program, [dataDir, String([1, 7, 60][round % 3])], { execArgv: [] });
    let reported = 0;
    child.on('message', (rows: number) => {
      reported = rows;
    });
    await once(child, 'message');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    child.kill('SIGKILL');
    await once(child, 'close');
    const after = textOf(dataDir, '2026-11-21.csv');
    const lines = after.slice(0, after.lastIndexOf('\n')).split('\n');
    expect(lines[0]).toBe('timestamp,memory,cpu,latency');
    expect(lines.length - 1).toBeGreaterThanOrEqual(reported);
    for (const [index, line] of lines.slice(1).entries())
      expect(line.split(',').slice(1).map(Number)).toEqual([index, index / 100, index / 1e6]);
    // The next recorder takes the lock over and goes on behind the last whole line.
    const copy = temporary();
    cpSync(dataDir, copy, { recursive: true });
    const recorder = openRecorder({ dataDir: copy, columns: THREE });
    recorder.append(NOON + 40_000, [-1]);
    recorder.close();
    expect(textOf(copy, '2026-11-21.csv').split('\n').slice(0, lines.length)).toEqual(lines);
    expect(textOf(copy, '2026-11-21.csv').split('\n')[lines.length]).toMatch(/,-1,,$/);
    expect(readdirSync(copy)).toEqual(['2026-11-21.csv']);
  }
});
