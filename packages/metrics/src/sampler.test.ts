import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { createTree } from './linux/rooted-tree.testing.ts';
import type { Lane } from './model/collector.ts';
import { deriveRates } from './model/rates.ts';
import { openSampler, sample } from './platform-sampler.ts';
import { openSamplerOf } from './sampler.ts';
import type { AnyCollector, CollectorName, Snapshot } from './model/snapshot.ts';

const live = process.platform === 'linux';

test.runIf(live)('a snapshot has every reading of this machine, and rates need two', async () => {
  const sampler = openSampler(openHost());
  const first = await sampler.take(6);
  await new Promise((resolve) => {
    setTimeout(resolve, 60);
  });
  const second = await sampler.take();
  sampler.close();
  for (const { collector, success } of second.runs) expect([collector, success]).toEqual([collector, true]);
  expect(deriveRates(null, first)).toMatchObject({
    elapsed: null,
    cpu: null,
    gaps: expect.arrayContaining([expect.objectContaining({ field: 'rates.cpu', reason: 'no-baseline' })]),
  });
  const rates = deriveRates(first, second);
  expect(rates.elapsed).toBeGreaterThan(0.05);
  expect(rates.processes!(0)).toMatchObject({ cpu: expect.any(Number) });
  await expect(sampler.take()).rejects.toThrow('closed');
});

test.runIf(live)('only what was asked for is read, and all descriptors are given back', async () => {
  const before = readdirSync('/proc/self/fd').length;
  const sampler = openSampler(openHost(), { only: ['cpu', 'processes'] });
  const snapshot = await sampler.take();
  expect(snapshot.runs.map(({ collector }) => collector)).toEqual(['cpu', 'processes']);
  expect(snapshot.memory).toBeNull();
  expect(snapshot.gaps.map(({ field }) => field)).not.toContain('memory');
  expect(readdirSync('/proc/self/fd').length).toBeGreaterThan(before);
  sampler.close();
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
});

test('a collector that fails is a gap with its reason, and the others are read', async () => {
  const tree = createTree({ 'proc/loadavg': '1.00 2.00 3.00 1/50 99\n', 'proc/meminfo': 'nonsense' });
  try {
    const sampler = openSampler(tree.host, { only: ['load', 'memory', 'cpu'] });
    const snapshot = await sampler.take();
    expect(snapshot.load).toEqual({ load1: 1, load5: 2, load15: 3, runnable: 1, threads: 50 });
    expect(snapshot).toMatchObject({ memory: null, cpu: null });
    expect(snapshot.gaps.map(({ field, reason }) => [field, reason])).toEqual([
      ['cpu', 'absent'],
      ['memory', 'error'],
    ]);
    expect(snapshot.runs.map(({ collector, success }) => [collector, success])).toEqual([
      ['cpu', false],
      ['load', true],
      ['memory', false],
    ]);
    tree.write('proc/meminfo', 'MemTotal: 8 kB\n');
    expect((await sampler.take()).memory).toMatchObject({ total: 8192 });
    sampler.close();
  } finally {
    tree.remove();
  }
});

test('an operating system that nobody taught us gives gaps', async () => {
  const host: Host = { ...openHost(), platform: 'sunos' };
  const sampler = openSampler(host);
  const snapshot = await sampler.take();
  sampler.close();
  expect(snapshot.cpu).toBeNull();
  expect(snapshot.gaps).toContainEqual({ field: 'cpu', reason: 'unsupported', detail: 'hecate cannot read this on sunos yet.' });
});

test.runIf(live)('sampling is an async iterator that a signal ends', async () => {
  const stop = new AbortController();
  const seen: Snapshot[] = [];
  for await (const snapshot of sample(openHost(), { interval: 0.05, only: ['load'], signal: stop.signal })) {
    seen.push(snapshot);
    if (seen.length === 4) stop.abort();
  }
  expect(seen.length).toBe(4);
  for (let i = 1; i < seen.length; i++) expect(seen[i]!.monotonic).toBeGreaterThan(seen[i - 1]!.monotonic);
});

test('a recording goes on to its next moment by itself, and stays at the last one', async () => {
  let at = 0;
  const clock = { now: () => 100 + at, monotonic: () => 100 + at, stands: true as const };
  const recording = { count: 3, moment: () => at, next: () => at < 2 && ++at > 0 };
  const stop = new AbortController();
  const seen: number[] = [];
  for await (const { time } of sample({ ...openHost(), clock, recording }, { interval: 3600, only: ['host'], signal: stop.signal })) {
    seen.push(time);
    // Would wait for ever after the last one.
    if (seen.length === 3) setImmediate(() => stop.abort());
  }
  expect(seen).toEqual([100, 101, 102]);
});

test('a sleep between two snapshots breaks rates', () => {
  const snapshot = (monotonic: number): Snapshot => ({ time: monotonic, monotonic, gaps: [], runs: [], load: null }) as unknown as Snapshot;
  expect(deriveRates(snapshot(0), snapshot(100), 3).gaps[0]).toMatchObject({ reason: 'suspended' });
  expect(deriveRates(snapshot(5), snapshot(5)).gaps[0]).toMatchObject({ reason: 'no-baseline' });
});

/** A collector that says how often it was read: by that much, at each `step`. */
function countingCollector(
  name: CollectorName,
  lane: 'fast' | 'slow',
  onStep: () => void = () => undefined,
  steps: number = 0,
): AnyCollector {
  let reads = 0;
  const collector = {
    name,
    lane,
    sources: [],
    remedy: '',
    groups: [],
    open: () => ({
      *read() {
        reads++;
        for (let step = 0; step < steps; step++) {
          onStep();
          yield;
        }
        return { reads };
      },
      close: () => undefined,
    }),
  };
  return collector as unknown as AnyCollector;
}

test('what nobody looks at is read as rarely as it is in demand, and keeps its reading and its time in between', async () => {
  let now = 100;
  const real = openHost();
  const host: Host = { ...real, clock: { now: () => now, monotonic: () => now } };
  let wanted = 5;
  const collectors = [countingCollector('cpu', 'fast'), countingCollector('processes', 'fast'), countingCollector('host', 'slow')];
  const lanes = new Map<string, string>();
  const demand = (name: CollectorName, lane: Lane): number => {
    lanes.set(name, lane);
    return name === 'processes' ? wanted : 0;
  };
  const sampler = openSamplerOf(collectors, host, { demand });
  const seen: unknown[] = [];
  const tick = async (at: number): Promise<void> => {
    now = at;
    const snapshot = await sampler.take();
    const readings = snapshot as unknown as Record<string, { reads: number }>;
    const readAt = snapshot.runs.find(({ collector }) => collector === 'processes')!.readAt;
    seen.push([readings['cpu']!.reads, readings['processes']!.reads, readAt, readings['host']!.reads]);
  };
  // Ticks come some milliseconds early and late.
  for (const at of [100, 101.002, 102, 103, 104, 104.997]) await tick(at);
  wanted = 0;
  for (const at of [106, 107]) await tick(at);
  wanted = 60;
  for (const at of [108, 110]) await tick(at);
  sampler.close();
  expect(seen).toEqual([
    [1, 1, 100, 1],
    [2, 1, 100, 1],
    [3, 1, 100, 1],
    [4, 1, 100, 1],
    [5, 1, 100, 1],
    [6, 2, 104.997, 1],
    [7, 3, 106, 1],
    [8, 4, 107, 1],
    [9, 4, 107, 1],
    [10, 4, 107, 2],
  ]);
  expect(Object.fromEntries(lanes)).toEqual({ cpu: 'fast', processes: 'fast', host: 'slow' });
});

test('of several long reads one goes on at each turn of the event loop', async () => {
  let turn = 0;
  let isDone = false;
  const count = (): void => {
    turn++;
    if (!isDone) setImmediate(count);
  };
  const steps: number[] = [];
  const onStep = (): void => {
    steps.push(turn);
  };
  const collectors = (['host', 'block', 'filesystem'] as const).map((name) => countingCollector(name, 'slow', onStep, 4));
  const sampler = openSamplerOf(collectors, openHost(), { slice: 0 });
  setImmediate(count);
  const snapshot = await sampler.take(10);
  isDone = true;
  sampler.close();
  expect(snapshot.runs.map(({ success }) => success)).toEqual([true, true, true]);
  expect(steps.length).toBe(12);
  // The first step of each comes when it is started; all others have a turn of their own.
  expect(new Set(steps).size).toBeGreaterThanOrEqual(11);
});
