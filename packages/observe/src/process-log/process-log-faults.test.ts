import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { mayMount } from '../record/may-mount.testing.ts';
import { bundle, temporary } from '../record/recorder.testing.ts';
import { MOST_BLOCK_BYTES } from './block.ts';
import { readProcessesAt, recordedProcessSpan } from './process-history.ts';
import { append, identityOf, openLogForTest, tableOf } from './process-tables.testing.ts';
import { processDirectory } from './segment.ts';

const START = Date.UTC(2026, 10, 21, 10) / 1000;
const onlyFile = (dataDir: string): string => path.join(processDirectory(dataDir), readdirSync(processDirectory(dataDir))[0]!);

/** Fifty minutes of twenty processes, with runs of ten minutes in them. */
async function recorded(): Promise<string> {
  const dataDir = temporary();
  const log = openLogForTest(dataDir);
  const identities = Array.from({ length: 20 }, (_, at) => identityOf(at + 1, at));
  for (let at = 0; at < 3000; at += 10) {
    const machine = identities.map((identity, row) => ({ identity, figures: { cpuUser: (at * row) / 100 } }));
    await append(log, { time: START + at, monotonic: 100 + at, table: tableOf(machine, 100 + at) });
  }
  log.close();
  return dataDir;
}

/** What is answered has to be what was said; how much of it is counted. */
async function countRight(dataDir: string): Promise<number> {
  let right = 0;
  for (let at = 0; at < 3000; at += 70) {
    const back = await readProcessesAt(dataDir, START + at);
    if (back === null) continue;
    const told = Math.round(back.time - START);
    expect(at - told).toBeLessThanOrEqual(30);
    expect(back.table.length).toBe(20);
    for (let row = 0; row < 20; row++) expect(back.table.cpuUser[row]).toBeCloseTo((told * row) / 100, 6);
    right++;
  }
  return right;
}

test('flipped bits: never a wrong figure, never an error, and what is not beside the damage is still there', async () => {
  const dataDir = await recorded();
  const file = onlyFile(dataDir);
  const whole = readFileSync(file);
  const all = await countRight(dataDir);
  expect(all).toBe(43);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length * 8 - 1), { minLength: 1, maxLength: 4 }), async (bits) => {
      const damaged = Buffer.from(whole);
      for (const bit of bits) damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(file, damaged);
      // A damaged block ends its run of ten minutes: at most one of five for each.
      expect(await countRight(dataDir)).toBeGreaterThanOrEqual(all - bits.length * 9);
    }),
    { numRuns: 40 },
  );
});

test('a file that is cut anywhere: all before the cut is there; what is written after it too', async () => {
  const dataDir = await recorded();
  const file = onlyFile(dataDir);
  const whole = readFileSync(file);
  for (const cut of [0, 1, 39, 40, 41, 1000, Math.floor(whole.length / 2), whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, cut));
    await countRight(dataDir);
    const log = openLogForTest(dataDir);
    const sample = { time: START + 3300, monotonic: 9000, table: tableOf([{ identity: identityOf(99, 1) }], 9000) };
    await append(log, sample);
    log.close();
    expect((await readProcessesAt(dataDir, START + 3300))!.table.identities[0]!.pid).toBe(99);
    expect(await countRight(dataDir)).toBeGreaterThanOrEqual(Math.floor((cut / whole.length) * 43) - 9);
  }
});

test('bytes that were never ours: nothing is found, nothing is thrown, little memory is taken', async () => {
  const dataDir = temporary();
  mkdirSync(processDirectory(dataDir));
  const file = path.join(processDirectory(dataDir), '2026-11-21T10Z.hproc');
  const magics = Buffer.from('HPL1'.repeat(50_000));
  const huge = Buffer.alloc(400);
  huge.write('HPL1');
  huge.fill(255, 12, 20);
  // A header that is sane and promises more than there is.
  const promising = Buffer.alloc(200);
  promising.write('HPL1');
  promising.writeUInt32LE(MOST_BLOCK_BYTES, 12);
  promising.writeUInt32LE(MOST_BLOCK_BYTES, 16);
  for (const bytes of [Buffer.from('no log at all'), magics, huge, promising, Buffer.alloc(2_000_000)]) {
    writeFileSync(file, bytes);
    expect(await readProcessesAt(dataDir, START + 60)).toBeNull();
    expect(await recordedProcessSpan(dataDir)).toBeNull();
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      writeFileSync(file, Buffer.concat([Buffer.from('HPL1'), bytes]));
      expect(await readProcessesAt(dataDir, START + 60)).toBeNull();
    }),
    { numRuns: 50 },
  );
});

test('a directory in the place of a file, and a file that may not be read, are told', async () => {
  const dataDir = temporary();
  const file = path.join(processDirectory(dataDir), '2026-11-21T10Z.hproc');
  mkdirSync(file, { recursive: true });
  await expect(readProcessesAt(dataDir, START + 60)).rejects.toMatchObject({ code: 'FAILED' });
  rmSync(file, { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, 0);
  if (process.getuid?.() === 0) expect(await readProcessesAt(dataDir, START + 60)).toBeNull();
  else await expect(readProcessesAt(dataDir, START + 60)).rejects.toMatchObject({ code: 'DENIED' });
});

test('a directory that goes away, a link and a FIFO in its place: told, and kept again when it is gone', async () => {
  const dataDir = temporary();
  const states: (HecateError | null)[] = [];
  const log = openLogForTest(dataDir, { onState: (error) => states.push(error) });
  let at = 0;
  // A minute apart, so that each is written.
  const sample = async (): Promise<HecateError | null> => {
    at += 60;
    await append(log, { time: START + at, monotonic: at, table: tableOf([{ identity: identityOf(7, 1) }], at) });
    return states.at(-1)!;
  };
  expect(await sample()).toBeNull();
  renameSync(processDirectory(dataDir), `${processDirectory(dataDir)}.away`);
  expect(await sample()).toMatchObject({ code: 'UNAVAILABLE' });
  expect(await sample()).toBeNull();
  expect((await readProcessesAt(dataDir, START + at))!.table.length).toBe(1);

  const file = onlyFile(dataDir);
  const elsewhere = path.join(temporary(), 'elsewhere');
  writeFileSync(elsewhere, 'precious');
  rmSync(file);
  symlinkSync(elsewhere, file);
  await sample();
  expect(await sample()).toMatchObject({ code: 'INVALID' });
  expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
  rmSync(file);
  execFileSync('mkfifo', [file]);
  expect(await sample()).toBeInstanceOf(HecateError);
  rmSync(file);
  expect(await sample()).toBeNull();
  log.close();
  expect((await readProcessesAt(dataDir, START + at))!.table.length).toBe(1);
});

test.skipIf(!mayMount())(
  'a full disk: told, nothing torn stays, no memory is taken, and all is kept again when there is room',
  async () => {
    const mount = temporary();
    const source = `
    import { execFileSync } from 'node:child_process';
    import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
    import { readProcessesAt } from '../process-log/process-history.ts';
    import { append, identityOf, openLogForTest, tableOf } from '../process-log/process-tables.testing.ts';
    const mount = process.argv[2];
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount]);
    writeFileSync(mount + '/filler', Buffer.alloc(40_000));
    const states = [];
    const log = openLogForTest(mount, { onState: (error) => states.push(error && { code: error.code, message: error.message }) });
    let at = 0;
    const sample = async () => {
      at += 60;
      const machine = Array.from({ length: 300 }, (_, pid) => ({ identity: identityOf(pid + 1, at + pid, { command: String(Math.random()) }) }));
      await append(log, { time: ${START} + at, monotonic: at, table: tableOf(machine, at) });
      return states.at(-1);
    };
    let failure = null;
    while (!failure && at < 3000) failure = await sample();
    const failedAt = at;
    const before = await readProcessesAt(mount, ${START} + at - 60);
    const again = await sample();
    rmSync(mount + '/filler');
    const freed = await sample();
    log.close();
    const after = await readProcessesAt(mount, ${START} + at);
    process.stdout.write(JSON.stringify({ failure, failedAt, before: before?.table.length, again, freed, after: after?.table.length }));
  `;
    const program = await bundle(source, temporary());
    const output = execFileSync('unshare', ['--map-root-user', '--mount', process.execPath, program, mount], { encoding: 'utf8' });
    expect(JSON.parse(output)).toMatchObject({
      failure: { code: 'FAILED', message: expect.stringContaining('the disk is full') },
      before: 300,
      again: { code: 'FAILED' },
      freed: null,
      after: 300,
    });
  },
);

test('SIGKILL, thirty times: the file is whole up to the last minute that was written, and goes on', async () => {
  const dataDir = temporary();
  const source = `
    import { append, identityOf, openLogForTest, tableOf } from '../process-log/process-tables.testing.ts';
    const [, , dataDir, from] = process.argv;
    const log = openLogForTest(dataDir);
    const identity = identityOf(process.pid, Number(from));
    let written = 0;
    for (let at = Number(from); ; at += 10) {
      await append(log, { time: ${START} + at, monotonic: at, table: tableOf([{ identity, figures: { cpuUser: at } }], at) });
      if (log.bytesWritten === written) continue;
      written = log.bytesWritten;
      process.send(at);
    }
  `;
  const program = await bundle(source, temporary());
  let from = 10;
  const told: { readonly pid: number; readonly at: number }[] = [];
  for (let round = 0; round < 30; round++) {
    const child = fork(program, [dataDir, String(from)], { stdio: 'ignore' });
    const { pid } = child;
    let last = -1;
    try {
      // At another moment each time: after so many blocks, and whatever it does then.
      await new Promise<void>((resolve, reject) => {
        child.on('error', reject).on('exit', () => reject(new Error('it ended by itself')));
        child.on('message', (at) => {
          last = at as number;
          if (last >= from + (round % 7) * 60) resolve();
        });
      });
    } finally {
      child.removeAllListeners('exit');
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    told.push({ pid: pid!, at: last });
    from = last + 2000;
    // The beginning of a block, as a power cut leaves it: its header promises more than there is of it.
    const newest = path.join(processDirectory(dataDir), readdirSync(processDirectory(dataDir)).sort().at(-1)!);
    if (round % 3 === 0) appendFileSync(newest, readFileSync(newest).subarray(0, 41 + round * 2));
  }
  for (const { pid, at } of told) {
    const back = await readProcessesAt(dataDir, START + at);
    expect(back?.table.row(0)).toMatchObject({ pid, cpuUser: at });
  }
});
