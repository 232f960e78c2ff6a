import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost, openRootedHost } from '@hecate/host';
import { afterEach, expect, test } from 'vitest';
import { rowOfProcess } from '../scene.ts';
import type { Scene } from '../scene.ts';
import type { TopSource } from '../source.ts';
import { openLiveSource } from './live.ts';

const isLinux = process.platform === 'linux';
const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-source-'));
  made.push(directory);
  return directory;
}

function open(said: string[] = [], interval = 0.2): { source: TopSource; stateDir: string } {
  const stateDir = temporary();
  const say = (sentence: string): void => void said.push(sentence);
  return { source: openLiveSource({ host: openHost(), dataDir: join(stateDir, 'none'), stateDir, interval, say }), stateDir };
}

/** So many scenes, and then no more. */
async function take(source: TopSource, count: number): Promise<Scene[]> {
  const scenes: Scene[] = [];
  const ending = new AbortController();
  for await (const scene of source.scenes(ending.signal)) if (scenes.push(scene) >= count) ending.abort();
  return scenes;
}

test.skipIf(!isLinux)('scenes of this machine: what is there at once, then with rates; a scene never changes', async () => {
  const { source } = open();
  const [first, second, third] = (await take(source, 3)) as [Scene, Scene, Scene];
  expect(first.values.get('memory_total')).toBeGreaterThan(0);
  expect(first.values.get('cpu_usage_percent')).toBeNull();
  expect(third.values.get('cpu_usage_percent')).toBeGreaterThanOrEqual(0);
  expect(third.values.has('core.0.usage_percent')).toBe(true);
  expect(second.time).toBeGreaterThan(first.time);
  expect(third.machine).toMatchObject({
    hostname: expect.any(String),
    kernel: expect.stringContaining('Linux'),
    cores: expect.any(Number),
  });
  expect(third.machine.bootTime).toBeLessThan(third.time);
  const row = rowOfProcess(third.processes!, keyOf(third, process.pid));
  const { figures, identities, length } = third.processes!;
  expect(identities[row]!.pid).toBe(process.pid);
  expect(figures.rss[row]).toBeGreaterThan(1e6);
  expect(figures.cpu[row]).toBeGreaterThanOrEqual(0);
  expect(figures.cpuTime).toHaveLength(length);
  // A process that is there for both readings has a rate; before the second reading none has.
  expect([...first.processes!.figures.cpu].every(Number.isNaN)).toBe(true);
  const kept = [...first.processes!.figures.cpuTime];
  await take(source, 2);
  expect([...first.processes!.figures.cpuTime]).toEqual(kept);
  await source.close();
});

function keyOf({ processes }: Scene, pid: number): { pid: number; startedAfterBoot: number } {
  return processes!.identities.find((identity) => identity.pid === pid)!;
}

test.skipIf(!isLinux)('details, and acts that are written down; of a process that is gone or another one there is nothing', async () => {
  const said: string[] = [];
  const { source, stateDir } = open(said);
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    const [scene] = await take(source, 1);
    const key = keyOf(scene!, child.pid!);
    const found = await source.detail(key);
    expect(found?.detail).toMatchObject({ pid: child.pid, ppid: process.pid });
    expect(found?.connections).toEqual(expect.any(Array));
    expect(await source.detail({ ...key, startedAfterBoot: key.startedAfterBoot - 10 })).toBeNull();
    await source.actor!.setNice(key, 5);
    expect((await source.detail(key))?.detail.nice).toBe(5);
    await expect(source.actor!.signal({ ...key, startedAfterBoot: 1 }, 'KILL')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(source.actor!.signal(keyOf(scene!, process.pid), 'KILL')).rejects.toMatchObject({
      code: 'DENIED',
      message: `Process ${process.pid} is this program: nothing is done to it.`,
    });
    const ended = once(child, 'exit');
    await source.actor!.signal(key, 'TERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    await expect(source.actor!.signal(key, 'TERM')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await source.detail(key)).toBeNull();
    const log = readFileSync(join(stateDir, 'acts.jsonl'), 'utf8');
    expect(log).toContain('"signal":"TERM"');
    expect(log).toContain('"from":"hecate top"');
    expect(said).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    await source.close();
  }
});

test.skipIf(!isLinux)('an interval that is changed holds from the next tick on; it is kept within its bounds', async () => {
  const { source } = open([], 60);
  const ending = new AbortController();
  const times: number[] = [];
  for await (const { time } of source.scenes(ending.signal)) {
    times.push(time);
    // A minute is waited for from here on; the change wakes it.
    if (times.length === 2) setTimeout(() => (source.interval = 0.1), 20);
    if (times.length === 5) ending.abort();
  }
  expect(times.at(-1)! - times[0]!).toBeLessThan(30);
  source.interval = 0;
  expect(source.interval).toBe(0.1);
  source.interval = 1e9;
  expect(source.interval).toBe(60);
  source.interval = Number.NaN;
  expect(source.interval).toBe(0.1);
  await source.close();
});

test('nothing is recorded: no past, no error', async () => {
  const { source } = open();
  expect(await source.at(Date.now() / 1000 - 60)).toBeNull();
  expect(await source.extent()).toBeNull();
  expect(await source.stretch({ from: 1e9, to: 1e9 + 600, step: 10 })).toBeNull();
  expect(source.meta('load1')?.unit).toBe('load');
  expect(source.meta('nonsense')).toBeUndefined();
  await source.close();
});

test('a machine of files: one scene that stands still, nobody to act on, no past of this machine', async () => {
  const root = temporary();
  mkdirSync(join(root, 'proc'));
  writeFileSync(join(root, 'proc', 'uptime'), '100.00 50.00\n');
  writeFileSync(join(root, 'proc', 'loadavg'), '0.50 0.25 0.10 1/200 300\n');
  writeFileSync(join(root, 'proc', 'stat'), 'cpu  10 0 10 100 0 0 0 0 0 0\ncpu0 10 0 10 100 0 0 0 0 0 0\nctxt 5\nbtime 1763726400\n');
  const source = openLiveSource({ host: openRootedHost(root), dataDir: root, stateDir: root, interval: 0.1, say: () => undefined });
  expect(source.actor).toBeNull();
  expect(source.whyNoActor).toMatch(/files/);
  const ending = new AbortController();
  const scenes: Scene[] = [];
  for await (const scene of source.scenes(ending.signal)) {
    scenes.push(scene);
    setTimeout(() => ending.abort(), 50);
  }
  expect(scenes).toHaveLength(1);
  expect(scenes[0]).toMatchObject({ mounts: null, power: null, alerts: null });
  expect(scenes[0]!.values.get('load1')).toBe(0.5);
  expect(scenes[0]!.gaps.length).toBeLessThanOrEqual(20);
  expect(await source.at(1)).toBeNull();
  await source.close();
});
