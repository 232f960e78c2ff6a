import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { createTree } from './linux/rooted-tree.testing.ts';
import { deriveRates } from './model/rates.ts';
import { openSampler, sample } from './platform-sampler.ts';
import type { Snapshot } from './model/snapshot.ts';

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

test('a sleep between two snapshots breaks rates', () => {
  const snapshot = (monotonic: number): Snapshot => ({ time: monotonic, monotonic, gaps: [], runs: [], load: null }) as unknown as Snapshot;
  expect(deriveRates(snapshot(0), snapshot(100), 3).gaps[0]).toMatchObject({ reason: 'suspended' });
  expect(deriveRates(snapshot(5), snapshot(5)).gaps[0]).toMatchObject({ reason: 'no-baseline' });
});
