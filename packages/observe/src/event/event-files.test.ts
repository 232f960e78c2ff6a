import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MachineEvent } from '@hecate/metrics';
import { openEventFiles } from './event-files.ts';
import type { EventFiles } from './event-files.ts';

let directory: string;
const said: string[] = [];
const open = (changes: Partial<Parameters<typeof openEventFiles>[0]> = {}): EventFiles =>
  openEventFiles({ directory, log: (text) => said.push(text), ...changes });
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'hecate-events-')), 'data');
  said.length = 0;
});
afterEach(() => {
  rmSync(join(directory, '..'), { recursive: true, force: true });
  expect(said).toEqual([]);
});

const at = (time: number, seconds = 1): MachineEvent => ({ time, kind: 'clock', change: 'set', seconds });
const NOVEMBER = Date.UTC(2026, 10, 30, 23, 59, 58) / 1000;
const everything = { from: 0, to: 8.64e12, limit: 1000 };

test('a file a month, made with the first event; a stretch is read across months, the last of it where there is more', async () => {
  const files = open();
  expect(await files.read(everything)).toEqual([]);
  expect(existsSync(directory)).toBe(false);
  for (let second = 0; second < 4; second++) files.add(at(NOVEMBER + second, second));
  await files.close();
  expect(readdirSync(directory).sort()).toEqual(['events-2026-11.jsonl', 'events-2026-12.jsonl']);
  const secondsOf = async (from: number, to: number, limit = 1000): Promise<unknown[]> =>
    (await files.read({ from, to, limit })).map((event) => (event as { seconds: number }).seconds);
  expect(await secondsOf(0, 8.64e12)).toEqual([0, 1, 2, 3]);
  expect(await secondsOf(NOVEMBER + 1, NOVEMBER + 2)).toEqual([1, 2]);
  expect(await secondsOf(0, 8.64e12, 3)).toEqual([1, 2, 3]);
  expect(await secondsOf(NOVEMBER + 10, 8.64e12)).toEqual([]);
});

test('a torn last line is no event, and the next one begins a line of its own', async () => {
  const files = open();
  files.add(at(NOVEMBER, 1));
  await files.close();
  const path = join(directory, 'events-2026-11.jsonl');
  appendFileSync(path, '{"time":1795');
  const next = open();
  next.add(at(NOVEMBER, 2));
  await next.close();
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  expect(await next.read(everything)).toEqual([at(NOVEMBER, 1), at(NOVEMBER, 2)]);
});

test('whatever stands in a file, what is read are events of the stretch, in order', async () => {
  mkdirSync(directory);
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.integer({ min: 0, max: 5 }).map((seconds) => JSON.stringify(at(NOVEMBER, seconds))),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
      writeFileSync(join(directory, 'events-2026-11.jsonl'), lines.join('\n'));
      const wanted = lines.flatMap((text) => text.split(/\r?\n|\r/)).filter((text) => text.startsWith('{"time":17') && text.endsWith('}'));
      expect(await open().read({ ...everything, from: NOVEMBER })).toEqual(wanted.map((text) => JSON.parse(text) as unknown));
    }),
    { numRuns: 60 },
  );
});

test('old months go; files of other names stay', async () => {
  mkdirSync(directory);
  for (const name of ['events-2020-01.jsonl', 'events-2026-09.jsonl', 'events-2026-10.jsonl', '2020-01-01.csv', 'events-2020-01.jsonl.bak'])
    writeFileSync(join(directory, name), '');
  const files = open({ months: 2 });
  files.add(at(NOVEMBER));
  await files.close();
  expect(readdirSync(directory).sort()).toEqual([
    '2020-01-01.csv',
    'events-2020-01.jsonl.bak',
    'events-2026-10.jsonl',
    'events-2026-11.jsonl',
  ]);
});

test('a month has its bound, and that is said once', async () => {
  const files = open({ mostBytes: 200 });
  for (let count = 0; count < 5; count++) {
    files.add(at(NOVEMBER, count));
    await files.close();
  }
  expect((await files.read(everything)).length).toBe(Math.floor(200 / JSON.stringify(at(NOVEMBER)).length));
  expect(said.splice(0)).toEqual([expect.stringMatching(/events-2026-11\.jsonl is full/)]);
});

test('a place that cannot be written is told once, events wait, and are written when it can', async () => {
  writeFileSync(directory, 'a file where the directory should be');
  const files = open();
  for (let count = 0; count < 2000; count++) files.add(at(NOVEMBER, count));
  await files.close();
  await files.close();
  expect(said.splice(0)).toEqual([expect.stringMatching(/^Events are not kept on disk\. .+ is not a directory\.$/)]);
  rmSync(directory);
  await files.close();
  expect(said.splice(0)).toEqual(['Events are kept on disk again.']);
  // A thousand wait at most: the last ones.
  expect((await files.read({ ...everything, limit: 5000 })).map((event) => (event as { seconds: number }).seconds)).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1000),
  );
});

test.skipIf(!existsSync('/dev/full'))('a full disk: told, kept, and nothing half of it written', async () => {
  mkdirSync(directory);
  const path = join(directory, 'events-2026-11.jsonl');
  symlinkSync('/dev/full', path);
  const files = open();
  files.add(at(NOVEMBER));
  await files.close();
  expect(said.splice(0)).toEqual([expect.stringMatching(/^Events are not kept on disk\./)]);
  rmSync(path);
  await files.close();
  expect(said.splice(0)).toEqual(['Events are kept on disk again.']);
  expect(await files.read(everything)).toEqual([at(NOVEMBER)]);
});

test.skipIf(process.getuid?.() === 0)('a directory that may not be written by this user', async () => {
  mkdirSync(directory);
  chmodSync(directory, 0o555);
  const files = open();
  files.add(at(NOVEMBER));
  await files.close();
  expect(said.splice(0)).toEqual([expect.stringMatching(/may not be written by this user/)]);
  chmodSync(directory, 0o755);
});

test('who asks at the same time as others, or at the end, writes nothing twice', async () => {
  const files = open();
  files.add(at(NOVEMBER));
  const answers = await Promise.all([files.read(everything), files.read(everything), files.close(), files.read(everything)]);
  expect(answers[0]).toEqual([at(NOVEMBER)]);
  expect(await files.read(everything)).toEqual([at(NOVEMBER)]);
});

test('what comes while others are written stays, however much comes', async () => {
  const files = open();
  files.add(at(NOVEMBER, 0));
  const first = files.close();
  // The write has begun, and has not ended.
  await Promise.resolve();
  for (let count = 1; count <= 1000; count++) files.add(at(NOVEMBER, count));
  await first;
  await files.close();
  expect((await files.read({ ...everything, limit: 5000 })).map((event) => (event as { seconds: number }).seconds)).toEqual(
    Array.from({ length: 1001 }, (_, index) => index),
  );
});

test('a clock that jumps years ahead costs one month and not all', async () => {
  const files = open({ months: 3 });
  for (const month of [9, 10, 11]) files.add(at(Date.UTC(2026, month, 15) / 1000));
  files.add(at(Date.UTC(2036, 0, 1) / 1000));
  await files.close();
  expect(readdirSync(directory).sort()).toEqual(['events-2026-11.jsonl', 'events-2026-12.jsonl', 'events-2036-01.jsonl']);
});

test('an old month that cannot be removed is told, and events are written once all the same', async () => {
  mkdirSync(join(directory, 'events-2020-01.jsonl'), { recursive: true });
  const files = open({ months: 1 });
  files.add(at(NOVEMBER));
  await files.close();
  await files.close();
  expect(said.splice(0)).toEqual([expect.stringMatching(/^Old events could not be removed\. .+events-2020-01\.jsonl/)]);
  expect(readFileSync(join(directory, 'events-2026-11.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
});

test.skipIf(process.platform === 'win32')('events are for their owner', async () => {
  const files = open();
  files.add(at(NOVEMBER));
  await files.close();
  expect(statSync(join(directory, 'events-2026-11.jsonl')).mode & 0o777).toBe(0o600);
});
