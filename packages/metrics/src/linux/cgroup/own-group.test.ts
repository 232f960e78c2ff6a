import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost } from '@hecate/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../../bundle.testing.ts';
import type { CgroupReading } from '../../domain/cgroup.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { cgroup } from '../cgroup.ts';
import { runcMissing, startContainer } from './runc.testing.ts';

const HIERARCHIES = ['memory', 'cpu', 'cpuacct', 'pids'] as const;

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'only root makes control groups';
  return HIERARCHIES.every((name) => existsSync(`/sys/fs/cgroup/${name}/cgroup.procs`)) ? null : 'this machine has no v1 hierarchies';
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: v1 groups of our own: ${missing}`);
const noContainer = missing ?? runcMissing();
if (noContainer) console.warn(`SKIPPED: our limits inside a container of runc: ${noContainer}`);

interface Inside {
  readonly reading: CgroupReading;
  readonly gaps: Gap[];
  readonly before: string[];
  readonly after: string[];
}

let directory = '';
const program = (): string => path.join(directory, 'program.mjs');

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-inside-'));
  await bundleProgram(new URL('inside.testing.ts', import.meta.url), program());
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The number of a line `key value` in each of two texts. */
const range = (key: string, { before, after }: Inside, index: number): [number, number] => {
  const of = (text: string | undefined): number => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(text ?? '')?.[1]);
  return [of(before[index]), of(after[index])];
};

function expectBetween(value: number | null, [least, most]: readonly [number, number]): void {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
}

test.skipIf(missing)('limits of our group and of the one above, and what we used, are those of the files', () => {
  const top = `hecate-own-${process.pid}`;
  const at = (name: string, file: string): string => `/sys/fs/cgroup/${name}/${top}/${file}`;
  for (const name of HIERARCHIES) mkdirSync(at(name, 'inner'), { recursive: true });
  try {
    writeFileSync(at('memory', 'memory.limit_in_bytes'), String(300 << 20));
    writeFileSync(at('memory', 'inner/memory.limit_in_bytes'), String(700 << 20));
    writeFileSync(at('cpu', 'cpu.cfs_quota_us'), '160000');
    writeFileSync(at('cpu', 'inner/cpu.cfs_quota_us'), '80000');
    writeFileSync(at('pids', 'pids.max'), '64');
    const asked = {
      join: HIERARCHIES.map((name) => at(name, 'inner/cgroup.procs')),
      files: [at('cpu', 'inner/cpu.stat'), at('cpuacct', 'inner/cpuacct.usage')],
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program(), JSON.stringify(asked)], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const inside = JSON.parse(stdout) as Inside;
    const { reading, gaps, before, after } = inside;
    expect(gaps).toEqual([]);
    expect(reading).toMatchObject({
      path: `/${top}/inner`,
      version: 1,
      memoryLimit: 300 << 20,
      cpuLimit: 0.8,
      pidsLimit: 64,
      oomKills: 0,
      limitHits: 0,
    });
    expect(reading.pids).toBeGreaterThan(5);
    expect(reading.memoryUsage).toBeGreaterThanOrEqual(reading.workingSet!);
    expect(reading.rss).toBeGreaterThan(1e6);
    expect(reading.cpuUsage).toBeGreaterThan(0.19);
    expectBetween(reading.cpuUsage! * 1e9, [Number(before[1]) - 1, Number(after[1]) + 1]);
    expectBetween(reading.periods, range('nr_periods', inside, 0));
    expectBetween(reading.throttledPeriods, range('nr_throttled', inside, 0));
    expectBetween(reading.throttledTime! * 1e9, range('throttled_time', inside, 0));
    expect(reading.periods).toBeGreaterThan(0);
  } finally {
    for (const name of HIERARCHIES) for (const group of [at(name, 'inner'), path.dirname(at(name, 'inner'))]) rmdirSync(group);
  }
});

test.skipIf(noContainer)('inside a container of runc its limits are seen', () => {
  const container = startContainer(
    'docker',
    { memory: { limit: 128 << 20 }, cpu: { quota: 90_000, period: 100_000 }, pids: { limit: 40 } },
    [directory],
  );
  try {
    const { reading } = JSON.parse(container.exec(process.execPath, program(), '{"join":[],"files":[]}')) as Inside;
    expect(reading).toMatchObject({ path: container.path, version: 1, memoryLimit: 128 << 20, cpuLimit: 0.9, pidsLimit: 40 });
    expect(reading.memoryUsage).toBeLessThanOrEqual(128 << 20);
    expect(reading.pids).toBeGreaterThan(5);
  } finally {
    container.remove();
  }
});

test.runIf(process.platform === 'linux')('this machine: a path, and each figure is a number or has a gap', () => {
  const gaps: Gap[] = [];
  const reading = cgroup.open(openHost()).read(collectGaps(gaps)) as CgroupReading;
  expect(reading.path).toMatch(/^\//);
  for (const key of ['memoryUsage', 'cpuUsage', 'pids', 'pressure'] as const)
    if (reading[key] === null) expect(gaps.map(({ field }) => field)).toContain(`cgroup.${key}`);
});
