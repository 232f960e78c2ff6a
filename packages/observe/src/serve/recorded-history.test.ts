import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayFileName, dayOf, encodeTimestamp } from '../day/day-file.ts';
import { feed, feedSeconds, openTiers } from '../tier/tiers.testing.ts';
import { readTiers } from '../tier/tiers.ts';
import { createHistory } from './history.ts';
import type { History, HistoryQuery } from './history.ts';
import { chooseTier, readRecordedHistory } from './recorded-history.ts';
import { refillHistory } from './refill.ts';

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
    if (!rows.has(day)) rows.set(day, ['timestamp,load1,memory_used,unknown_column']);
    rows.get(day)!.push(`${encodeTimestamp(time)},${index},${index % 2 ? '' : 1000},7`);
  }
  for (const [day, lines] of rows) writeFileSync(path.join(directory, dayFileName(day)), `${lines.join('\n')}\n`);
}

interface Answer {
  readonly step: number;
  readonly time: number[];
  readonly series: Record<string, (number | null)[]>;
  readonly min?: Record<string, (number | null)[]>;
  readonly max?: Record<string, (number | null)[]>;
}

async function ask(
  query: HistoryQuery & { readonly step: number },
  recent: History = createHistory(10),
  source = readTiers(directory),
): Promise<Answer | null> {
  const answer = await readRecordedHistory({ dataDir: directory, recent, ...source }, query);
  return answer && (JSON.parse([...answer.pieces].join('')) as Answer);
}

const START = 1_772_000_000 - (1_772_000_000 % 3600);

test('samples of the day files: averages over steps, across midnight, and knows the columns', async () => {
  const midnight = new Date(2026, 2, 3).getTime() / 1000;
  record([midnight - 20, midnight - 15, midnight - 5, midnight, midnight + 5, midnight + 12]);
  expect(await ask({ from: midnight - 20, to: midnight + 20, step: 5 })).toMatchObject({
    step: 5,
    time: [-20, -15, -5, 0, 5, 10].map((second) => midnight + second),
    series: { load1: [0, 1, 2, 3, 4, 5], memory_used: [1000, null, 1000, null, 1000, null] },
  });
});

test('only what was asked for, inside the stretch; nothing at all is null', async () => {
  record([START, START + 1, START + 2, START + 3]);
  const query = { from: START + 1, to: START + 2, step: 0, series: ['load1'] };
  expect(await ask(query)).toMatchObject({ step: 1, time: [START + 1, START + 2], series: { load1: [1, 2] } });
  expect(await ask({ from: 1, to: 2, step: 1 })).toBeNull();
  expect(await ask({ from: 1, to: 2, step: 60 })).toBeNull();
});

test('a file of a day is read where the stretch lies only, whatever its size', async () => {
  record(Array.from({ length: 20_000 }, (_, second) => START + second));
  for (const from of [0, 1, 9_999, 19_990]) {
    const answer = await ask({ from: START + from, to: START + from + 4, step: 1, series: ['load1'] });
    expect(answer?.series['load1']).toEqual([from, from + 1, from + 2, from + 3, from + 4]);
  }
  expect(await ask({ from: START + 20_000, to: START + 20_100, step: 1 })).toBeNull();
});

test('single objects stand beside samples with their means of ten seconds; what is in memory has them by the second', async () => {
  record([START, START + 1, START + 11, START + 12]);
  const tiers = openTiers(directory);
  feed(tiers, START, { 'core.0.usage_percent': 10, load1: 99 });
  feed(tiers, START + 1, { 'core.0.usage_percent': 20 });
  feed(tiers, START + 12, { 'core.0.usage_percent': 50 });
  const recent = createHistory(10);
  recent.append(START + 13, [
    { id: 'core.0.usage_percent', value: 40 },
    { id: 'load1', value: 98 },
  ]);
  expect(await ask({ from: START, to: START + 13, step: 1 }, recent, tiers)).toMatchObject({
    time: [0, 1, 11, 12, 13].map((second) => START + second),
    series: { load1: [0, 1, 2, 3, 98], 'core.0.usage_percent': [15, 15, 50, 50, 40] },
  });
  tiers.close();
});

test('buckets: a spike does not vanish from the band, gaps have no points, also where the process was not there', async () => {
  const tiers = openTiers(directory);
  await feedSeconds(tiers, START, 600, (second) => (second === 300 ? 100 : 1));
  await feedSeconds(tiers, START + 1800, 300, () => 2);
  tiers.close();
  const query = { from: START, to: START + 3600, step: 60, series: ['load1'] };
  const answer = await ask({ ...query, band: true });
  const minutes = [...Array.from({ length: 10 }, (_, minute) => minute), ...Array.from({ length: 5 }, (_, minute) => 30 + minute)];
  expect(answer?.time).toEqual(minutes.map((minute) => START + minute * 60));
  expect(answer?.max?.['load1']).toEqual(minutes.map((minute) => (minute === 5 ? 100 : minute < 10 ? 1 : 2)));
  expect(answer?.min?.['load1']).toEqual(minutes.map((minute) => (minute < 10 ? 1 : 2)));
  expect(answer?.series['load1']?.[5]).toBeCloseTo((59 + 100) / 60, 2);
  expect(await ask(query)).not.toHaveProperty('max');
});

test('days from before there were tiers are brought by the day files', async () => {
  const old = START - 3 * 86_400;
  record([old, old + 30, old + 700]);
  const tiers = openTiers(directory);
  await feedSeconds(tiers, START, 600, () => 5);
  tiers.close();
  const answer = await ask({ from: old, to: START + 600, step: 600, series: ['load1'] });
  expect(answer).toMatchObject({
    step: 600,
    time: [Math.floor(old / 600) * 600, Math.floor((old + 700) / 600) * 600, START],
    series: { load1: [0.5, 2, 5] },
  });
});

test('the coarsest tier that is fine enough; a coarser one where a finer one does not reach', () => {
  const all = [1000, 1000, 1000];
  expect(chooseTier(1, 2000, all)).toBeNull();
  expect(chooseTier(10, 2000, all)).toBe(0);
  expect(chooseTier(59, 2000, all)).toBe(0);
  expect(chooseTier(60, 2000, all)).toBe(1);
  expect(chooseTier(9000, 2000, all)).toBe(2);
  const aged = [9e6, 5e6, 1000];
  expect(chooseTier(10, 9.1e6, aged)).toBe(0);
  expect(chooseTier(10, 8e6, aged)).toBe(1);
  expect(chooseTier(10, 4e6, aged)).toBe(2);
  expect(chooseTier(60, 4e6, aged)).toBe(2);
  // Before everything: what reaches back furthest.
  expect(chooseTier(10, 0, aged)).toBe(2);
  expect(chooseTier(600, 0, [null, null, null])).toBe(2);
});

test('after a restart memory begins where it ended', async () => {
  record(Array.from({ length: 100 }, (_, second) => START + second));
  const tiers = openTiers(directory);
  await feedSeconds(tiers, START, 100, () => 0);
  feed(tiers, START + 99, { 'core.0.usage_percent': 30 });
  const history = createHistory(60);
  history.append(START + 110, [{ id: 'load1', value: 7 }]);
  expect(await refillHistory(directory, history, 3600, tiers, 0)).toBe(59);
  tiers.close();
  expect(history.length).toBe(60);
  expect(history.oldest).toBe(START + 41);
  const { time, series } = JSON.parse([...history.encode({ from: START, to: START + 200 })].join('')) as Answer;
  expect(time).toEqual([...Array.from({ length: 59 }, (_, index) => START + 41 + index), START + 110]);
  expect(series['load1']).toEqual([...Array.from({ length: 59 }, (_, index) => 41 + index), 7]);
  expect(series['core.0.usage_percent']!.slice(-11)).toEqual([...Array.from({ length: 10 }, () => 30), null]);
});

test('after a restart memory has what was recorded before the clock was put back, too', async () => {
  const [before, after] = [
    Array.from({ length: 20 }, (_, second) => START + 100 + second),
    Array.from({ length: 20 }, (_, second) => START + second),
  ];
  record([...before, ...after]);
  const tiers = openTiers(directory);
  const history = createHistory(100);
  history.append(START + 200, [{ id: 'load1', value: 7 }]);
  expect(await refillHistory(directory, history, 3600, tiers, 0)).toBe(40);
  tiers.close();
  const { time } = JSON.parse([...history.encode({ from: START, to: START + 300 })].join('')) as Answer;
  expect(time).toEqual([...after, ...before, START + 200]);
});

test('an answer with very many series has a larger step instead of more memory', async () => {
  const tiers = openTiers(directory);
  const names = Array.from({ length: 900 }, (_, index) => `network.veth${index}.receive_bytes_per_second`);
  for (let second = 0; second < 30; second += 10)
    feed(tiers, START + second, Object.fromEntries(names.map((name, index) => [name, index * 100 + second])));
  const answer = await ask({ from: START - 30_000, to: START + 29, step: 10, band: true }, undefined, tiers);
  expect(answer?.step).toBe(40);
  expect(Object.keys(answer?.series ?? {})).toHaveLength(900);
  const at = answer!.time.indexOf(Math.floor(START / 40) * 40);
  expect(answer?.max?.['network.veth899.receive_bytes_per_second']?.[at]).toBeGreaterThanOrEqual(89_900);
  tiers.close();
});
