import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drain, temporary, testQueue } from './queue.testing.ts';
import type { Queue } from './queue.ts';

const count = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `record ${from + index}`);
const pushAll = (queue: Queue, texts: readonly string[]): void => {
  for (const text of texts) queue.push(Buffer.from(text));
};
const segments = (directory: string): string[] =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.endsWith('.queue'))
        .map((name) => path.join(directory, name))
        .toSorted()
    : [];
/** Waits until so many records can lie on the disk. */
async function written(directory: string, records: number): Promise<void> {
  const bytes = (): number => segments(directory).reduce((sum, file) => sum + statSync(file).size, 0);
  await expect.poll(bytes).toBeGreaterThan(16 + records * 16);
}

/** A directory in which an earlier process left these. */
function left(texts: readonly string[], mostBytes?: number): string {
  const directory = path.join(temporary(), 'queue');
  const { queue } = testQueue({ directory, ...(mostBytes === undefined ? {} : { mostBytes }) });
  pushAll(queue, texts);
  queue.close();
  return directory;
}

test('what is sent at once never touches the disk', () => {
  const directory = path.join(temporary(), 'queue');
  const { queue, said } = testQueue({ directory });
  for (let round = 0; round < 5; round++) {
    pushAll(queue, count(round, round + 3));
    expect(drain(queue, 2)).toEqual(count(round, round + 3));
  }
  queue.close();
  expect(existsSync(directory)).toBe(false);
  expect(said).toEqual([]);
});

test('a batch stays until it is released, and is bounded in records and in bytes', () => {
  const { queue } = testQueue({ directory: path.join(temporary(), 'queue') });
  expect(queue.peek(10, 100)).toBeNull();
  pushAll(queue, ['a'.repeat(60), 'b'.repeat(60), 'c', 'd', 'e', '']);
  expect(queue.peek(10, 100)?.records.map(String)).toEqual(['a'.repeat(60)]);
  expect(queue.peek(10, 10)?.records).toHaveLength(1);
  expect(queue.peek(2, 1000)?.records).toHaveLength(2);
  expect(queue.status).toMatchObject({ records: 5, bytes: 123, dropped: 0 });
  expect(drain(queue)).toHaveLength(5);
});

test('the next process gets what waits, in order, and nothing that was released', () => {
  const directory = left(count(0, 25));
  for (const take of [7, 3, 0, 15]) {
    const { queue } = testQueue({ directory });
    const before = 25 - queue.status.records;
    const batch = queue.peek(Math.max(1, take), 1e6)!;
    expect(batch.records.map(String)).toEqual(count(before, before + Math.max(1, take)));
    expect(Math.abs(batch.since - Date.now() / 1000)).toBeLessThan(60);
    if (take > 0) queue.release(batch);
    queue.close();
  }
  expect(segments(directory)).toEqual([]);
});

test('what waits longer than its patience is on the disk, and is released there although it was taken from memory', async () => {
  const directory = path.join(temporary(), 'queue');
  const { queue } = testQueue({ directory, patience: 0.01 });
  pushAll(queue, count(0, 4));
  const inFlight = queue.peek(3, 1e6)!;
  await expect.poll(() => queue.status.bytes).toBeGreaterThan(4000);
  await expect.poll(() => segments(directory).map((file) => readFileSync(file, 'latin1').includes('record 3'))).toEqual([true]);
  queue.release(inFlight);
  pushAll(queue, ['record 4']);
  // Another process sees what a kill would leave.
  expect(drain(queue)).toEqual(['record 3', 'record 4']);
  expect(queue.status).toEqual({ records: 0, bytes: 0, dropped: 0, damaged: 0, error: null });
});

test('long records are packed, and come out as they went in', () => {
  const texts = ['x'.repeat(100_000), randomBytes(50_000).toString('latin1'), 'y'.repeat(600)];
  const directory = left(texts);
  expect(statSync(segments(directory)[0]!).size).toBeLessThan(120_000);
  expect(drain(testQueue({ directory }).queue)).toEqual(texts);
});

test('the oldest go when the bound is reached: counted, told once', () => {
  const directory = path.join(temporary(), 'queue');
  const { queue, said } = testQueue({ directory, mostBytes: 64 * 1024, mostMemory: 1000 });
  const texts = Array.from({ length: 500 }, () => randomBytes(250).toString('hex'));
  pushAll(queue, texts);
  const { records, bytes, dropped } = queue.status;
  expect(bytes).toBeLessThan(66 * 1024);
  expect(records + dropped).toBe(500);
  expect(records).toBeGreaterThan(100);
  expect(said).toEqual(['The oldest samples for test are dropped: the queue is full.']);
  expect(drain(queue)).toEqual(texts.slice(-records));
});

test('a batch in flight whose records are dropped meanwhile takes no others with it', () => {
  const directory = path.join(temporary(), 'queue');
  const { queue } = testQueue({ directory, mostBytes: 32 * 1024, mostMemory: 1000 });
  const texts = Array.from({ length: 400 }, () => randomBytes(250).toString('hex'));
  pushAll(queue, texts.slice(0, 10));
  const inFlight = queue.peek(4, 1e6)!;
  pushAll(queue, texts.slice(10));
  const { records } = queue.status;
  queue.release(inFlight);
  expect(queue.status.records).toBe(records);
  expect(drain(queue)).toEqual(texts.slice(-records));
});

/** As a kill leaves it: without the note of how many records there are. */
function unfinish(file: string): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(8), 0, 8, 20);
  closeSync(descriptor);
}

test.each([true, false])('a torn last record is cut, and nothing else is lost; killed: %j', (killed) => {
  const directory = left(count(0, 5));
  const [file] = segments(directory) as [string];
  if (killed) unfinish(file);
  truncateSync(file, statSync(file).size - 3);
  const { queue } = testQueue({ directory });
  pushAll(queue, ['new']);
  expect(drain(queue)).toEqual([...count(0, 4), 'new']);
  expect(queue.status).toMatchObject({ records: 0, damaged: 1 });
});

test('what a killed process had released does not come again', () => {
  const directory = left(count(0, 5));
  unfinish(segments(directory)[0]!);
  const { queue } = testQueue({ directory });
  queue.release(queue.peek(2, 1e6)!);
  // Another one opens it in the state of this moment.
  const copy = path.join(temporary(), 'copy');
  cpSync(directory, copy, { recursive: true });
  rmSync(path.join(copy, 'lock'));
  expect(drain(testQueue({ directory: copy }).queue)).toEqual(count(2, 5));
  expect(drain(queue)).toEqual(count(2, 5));
});

test('zeros at the end, as a power cut leaves them, are no records', () => {
  const directory = left(count(0, 3));
  unfinish(segments(directory)[0]!);
  appendFileSync(segments(directory)[0]!, Buffer.alloc(4096));
  expect(drain(testQueue({ directory }).queue)).toEqual(count(0, 3));
});

test('a damaged record is left out and counted', () => {
  const directory = left(count(0, 10));
  const [file] = segments(directory) as [string];
  const at = readFileSync(file).indexOf('record 4');
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, 'RECORD', at);
  closeSync(descriptor);
  const { queue } = testQueue({ directory });
  expect(drain(queue)).toEqual([...count(0, 4), ...count(5, 10)]);
  expect(queue.status.damaged).toBe(1);
});

test('any bytes in place of any others: what comes out was put in, in order, and no error comes', () => {
  fc.assert(
    fc.property(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.boolean(), fc.boolean(), (place, bytes, cut, killed) => {
      const texts = count(0, 12);
      const directory = left(texts);
      const [file] = segments(directory) as [string];
      if (killed) unfinish(file);
      const content = readFileSync(file);
      const at = place % content.length;
      const spoilt = cut ? Buffer.concat([content.subarray(0, at), bytes]) : Buffer.from(content);
      if (!cut) spoilt.set(bytes.subarray(0, content.length - at), at);
      writeFileSync(file, spoilt);
      const { queue } = testQueue({ directory });
      queue.push(Buffer.from('after'));
      const got = drain(queue);
      queue.close();
      rmSync(directory, { recursive: true });
      expect(got.at(-1)).toBe('after');
      const numbers = got.slice(0, -1).map((text) => texts.indexOf(text));
      // A start that was torn sends some again, from the beginning; here none was released.
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      expect(numbers).not.toContain(-1);
    }),
    { numRuns: 150 },
  );
});

test('strangers in the directory are left alone, broken segments go and are counted', () => {
  const directory = left(count(0, 2));
  writeFileSync(path.join(directory, 'notes.txt'), 'mine');
  writeFileSync(path.join(directory, '0000000000.queue'), 'not a queue');
  mkdirSync(path.join(directory, '9999999999.queue'));
  const { queue } = testQueue({ directory });
  expect(queue.status).toMatchObject({ records: 2, damaged: 2, error: null });
  expect(drain(queue)).toEqual(count(0, 2));
  expect(readFileSync(path.join(directory, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a directory that is removed: what was in it is counted as lost, and the next records have a new one', async () => {
  const directory = path.join(temporary(), 'queue');
  const { queue } = testQueue({ directory, patience: 0.01 });
  pushAll(queue, count(0, 3));
  await written(directory, 3);
  rmSync(directory, { recursive: true });
  pushAll(queue, ['later']);
  await written(directory, 1);
  expect(drain(queue)).toEqual(['later']);
  expect(queue.status).toMatchObject({ records: 0, dropped: 3 });
});

test('two processes: the second keeps its records in memory, and takes over when the first has ended', async () => {
  const directory = left(['old']);
  const { queue: first } = testQueue({ directory });
  const { queue: second, said } = testQueue({ directory, patience: 0.01 });
  pushAll(second, count(0, 2));
  expect(second.status.error).toMatchObject({ code: 'CONFLICT' });
  expect(said).toEqual([expect.stringContaining('cannot be kept on the disk, and are kept in memory: Another hecate')]);
  const inFlight = second.peek(1, 1e6)!;
  expect(inFlight.records.map(String)).toEqual(['record 0']);
  first.close();
  await expect.poll(() => second.status.error).toBeNull();
  // What the first one left comes first, and the batch that is under way does not take it along.
  second.release(inFlight);
  expect(drain(second)[0]).toBe('old');
  expect(said).toHaveLength(2);
});

test.skipIf(!existsSync('/dev/full'))('a place that cannot be written: kept in memory, told once, and bounded there', () => {
  const { queue, said } = testQueue({ directory: '/dev/full/queue', mostMemory: 10_000 });
  const texts = Array.from({ length: 100 }, (_, index) => `${index} ${randomBytes(150).toString('hex')}`);
  pushAll(queue, texts);
  const { records, bytes, dropped, error } = queue.status;
  expect(error).not.toBeNull();
  expect(bytes).toBeLessThanOrEqual(10_000);
  expect(records + dropped).toBe(100);
  expect(drain(queue)).toEqual(texts.slice(-records));
  expect(said.filter((sentence) => sentence.includes('kept in memory'))).toHaveLength(1);
});
