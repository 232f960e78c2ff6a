import { renameSync } from 'node:fs';
import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import { openRecorder } from './recorder.ts';
import { dayFiles, temporary, textOf, THREE } from './recorder.testing.ts';
import { record } from './run-recording.ts';
import type { RecordingOptions } from './run-recording.ts';
import { servePage, stopServers } from './sources/http-page.testing.ts';
import { MACTOP_PAGES } from './sources/mactop.testing.ts';
import { openPrometheusSource } from './sources/prometheus-url.ts';
import type { RowSource } from './sources/row-source.ts';

const source = (read: RowSource['read']): RowSource => ({ name: 'the counter', read, close: () => Promise.resolve() });
const counting = (): RowSource => {
  let count = 0;
  return source(() => Promise.resolve({ time: Date.now() / 1000, values: [count++] }));
};
const outage = (): never => {
  throw new HecateError('UNAVAILABLE', 'The counter does not answer.');
};

/** Records into a new directory; answers the numbers of the first column beside the result. */
async function run(
  options: Partial<RecordingOptions> & Pick<RecordingOptions, 'source'>,
): Promise<{ rows: number; skipped: number; numbers: number[]; times: number[] }> {
  const dataDir = temporary();
  const recorder = openRecorder({ dataDir, columns: THREE });
  try {
    const result = await record({ recorder, interval: 0.05, ...options });
    expect(recorder.status.rowsWaiting).toBe(0);
    const lines = dayFiles(dataDir)
      .flatMap((name) => textOf(dataDir, name).trimEnd().split('\n').slice(1))
      .map((line) => line.split(','));
    return { ...result, numbers: lines.map((cells) => Number(cells[1])), times: lines.map((cells) => Date.parse(cells[0] ?? '') / 1000) };
  } finally {
    recorder.close();
  }
}

test('so many rows as asked for, each at or after its own multiple of the interval', async () => {
  const { rows, numbers, times } = await run({ source: counting(), count: 8 });
  expect(rows).toBe(8);
  expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const ticks = times.map((time) => Math.floor(time / 0.05 + 1e-6));
  expect(new Set(ticks).size).toBe(8);
});

test('aborting ends it without an error and writes what waits', async () => {
  const controller = new AbortController();
  let count = 0;
  const { rows, numbers } = await run({
    source: source(() => {
      if (count === 4) controller.abort();
      return Promise.resolve({ time: Date.now() / 1000, values: [count++] });
    }),
    signal: controller.signal,
  });
  expect(rows).toBe(4);
  expect(numbers).toEqual([0, 1, 2, 3]);
});

test('aborted before it begins, or while it waits for a far tick', async () => {
  expect(await run({ source: counting(), signal: AbortSignal.abort() })).toMatchObject({ rows: 0 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const before = Date.now();
  expect(await run({ source: counting(), interval: 86_400, signal: controller.signal })).toMatchObject({ rows: 0 });
  expect(Date.now() - before).toBeLessThan(30_000);
});

test('a read that hangs is ended by the signal', async () => {
  const controller = new AbortController();
  const hanging = source(
    (signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
        controller.abort();
      }),
  );
  expect(await run({ source: hanging, signal: controller.signal })).toMatchObject({ rows: 0 });
});

test('an outage leaves rows out, is told once, and so is its end', async () => {
  const said: string[] = [];
  let count = 0;
  const { rows, skipped, numbers } = await run({
    source: source(() => {
      const number = count++;
      if ([2, 3, 4, 6].includes(number)) outage();
      return Promise.resolve({ time: Date.now() / 1000, values: [number] });
    }),
    count: 5,
    say: (sentence) => said.push(sentence),
  });
  expect(rows).toBe(5);
  expect(skipped).toBeGreaterThanOrEqual(4);
  expect(numbers).toEqual([0, 1, 5, 7, 8]);
  expect(said).toEqual(
    Array.from({ length: 2 }, () => [
      'The counter does not answer. Rows are left out until it answers again.',
      'the counter answers again.',
    ]).flat(),
  );
});

test('from a page of metrics into a file, over an outage of its server', async () => {
  const page = (): string => MACTOP_PAGES['2.1.4']!;
  const port = await servePage(page);
  const dataDir = temporary();
  const recorder = openRecorder({ dataDir });
  const metrics = await openPrometheusSource(`http://127.0.0.1:${port}/metrics`);
  const said: string[] = [];
  const recording = record({
    recorder,
    source: metrics,
    interval: 0.05,
    count: 12,
    say: (sentence) => {
      said.push(sentence);
      if (said.length === 1) void servePage(page, port);
    },
  });
  while (recorder.status.rowsWritten < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  await stopServers();
  const { rows, skipped } = await recording;
  await metrics.close();
  recorder.close();
  expect(rows).toBe(12);
  expect(skipped).toBeGreaterThanOrEqual(1);
  expect(said).toEqual([
    `http://127.0.0.1:${port}/metrics cannot be read: nothing listens there. Rows are left out until it answers again.`,
    `http://127.0.0.1:${port}/metrics answers again.`,
  ]);
  const lines = dayFiles(dataDir).flatMap((name) => textOf(dataDir, name).trimEnd().split('\n').slice(1));
  expect(lines).toHaveLength(12);
  expect(new Set(lines.map((line) => line.split(',').slice(1, 4).join()))).toEqual(new Set(['12.5,7,13153337344']));
});

test('a first read that fails is an error', async () => {
  await expect(run({ source: source(async () => outage()) })).rejects.toThrow('The counter does not answer.');
});

test('a slow source misses ticks; they are counted and not made up for', async () => {
  let count = 0;
  const { rows, skipped, times } = await run({
    source: source(async () => {
      if (count === 1) await new Promise((resolve) => setTimeout(resolve, 180));
      return { time: Date.now() / 1000, values: [count++] };
    }),
    count: 4,
  });
  expect(rows).toBe(4);
  expect(skipped).toBeGreaterThanOrEqual(3);
  expect(new Set(times.map((time) => Math.floor(time / 0.05 + 1e-6))).size).toBe(4);
});

test('a recorder that fails ends the recording with its error', async () => {
  const dataDir = temporary();
  const recorder = openRecorder({ dataDir, columns: THREE });
  let count = 0;
  const recording = record({
    recorder,
    interval: 0.05,
    source: source(() => {
      if (count === 3) renameSync(dataDir, `${dataDir}-away`);
      return Promise.resolve({ time: Date.now() / 1000, values: [count++] });
    }),
  });
  await expect(recording).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const waiting = recorder.status.rowsWaiting;
  expect(waiting).toBeGreaterThan(0);
  renameSync(`${dataDir}-away`, dataDir);
  recorder.close();
  expect(recorder.status.rowsWritten).toBe(count);
});

test('impossible intervals and counts are refused', async () => {
  for (const interval of [0, -1, Number.NaN, 0.01, 1e6])
    await expect(run({ source: counting(), interval })).rejects.toMatchObject({ code: 'INVALID' });
  for (const count of [0, -1, 1.5, Number.NaN]) await expect(run({ source: counting(), count })).rejects.toMatchObject({ code: 'INVALID' });
});
