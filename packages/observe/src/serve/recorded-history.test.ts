import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayFileName, dayOf, encodeTimestamp } from '../day/day-file.ts';
import { createHistory } from './history.ts';
import { readRecordedHistory } from './recorded-history.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-history-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Day files with one row a time: `load1` counts up, `unknown_column` is nobody's. */
function record(times: readonly number[]): void {
  const rows = new Map<string, string[]>();
  for (const [index, time] of times.entries()) {
    const day = dayOf(time);
    rows.set(day, [
      ...(rows.get(day) ?? ['timestamp,load1,memory_used,unknown_column']),
      `${encodeTimestamp(time)},${index},${index % 2 ? '' : 1000},7`,
    ]);
  }
  for (const [day, lines] of rows) writeFileSync(path.join(directory, dayFileName(day)), `${lines.join('\n')}\n`);
}

const ask = async (query: Parameters<typeof readRecordedHistory>[1]) =>
  JSON.parse([...(await readRecordedHistory(directory, query))].join('')) as {
    step: number;
    time: number[];
    series: Record<string, (number | null)[]>;
  };

test('averages over steps, across midnight, and knows the columns', async () => {
  const midnight = new Date(2026, 2, 3).getTime() / 1000;
  record([midnight - 20, midnight - 15, midnight - 5, midnight, midnight + 5, midnight + 12]);
  const { step, time, series } = await ask({ from: midnight - 20, to: midnight + 20, step: 10 });
  expect(step).toBe(10);
  expect(time).toEqual([midnight - 20, midnight - 10, midnight, midnight + 10]);
  expect(series).toEqual({ load1: [0.5, 2, 3.5, 5], memory_used: [1000, 1000, 1000, null] });
});

test('only what was asked for, inside the stretch', async () => {
  record([1_772_000_000, 1_772_000_001, 1_772_000_002, 1_772_000_003]);
  expect(await ask({ from: 1_772_000_001, to: 1_772_000_002, step: 0, series: ['load1'] })).toMatchObject({
    step: 1,
    time: [1_772_000_001, 1_772_000_002],
    series: { load1: [1, 2] },
  });
});

test('a stretch without files, or too long for a chart, is an error that says so', async () => {
  await expect(ask({ from: 1, to: 2, step: 1 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(ask({ from: 0, to: 32 * 86_400, step: 60 })).rejects.toMatchObject({ code: 'INVALID' });
});

test('cores, disks and interfaces come from memory, as far as it reaches', async () => {
  const recent = createHistory(10);
  recent.append(1_772_000_003, [
    { id: 'core.0.usage_percent', value: 40 },
    { id: 'load1', value: 99 },
  ]);
  record([1_772_000_001, 1_772_000_003]);
  const pieces = await readRecordedHistory(directory, { from: 1_772_000_001, to: 1_772_000_003, step: 1 }, recent);
  expect(JSON.parse([...pieces].join(''))).toMatchObject({
    time: [1_772_000_001, 1_772_000_003],
    series: { load1: [0, 1], 'core.0.usage_percent': [null, 40] },
  });
});
