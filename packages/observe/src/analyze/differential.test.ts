import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dayDirectory } from '../day/day-directory.testing.ts';
import { analyze } from './analyze.ts';

const DAY = '2026-11-21';

function answers(...argv: [string, ...string[]]): boolean {
  return spawnSync(argv[0], argv.slice(1)).status === 0;
}
const PYTHON = ['/usr/bin/python3', 'python3'].find((program) => answers(program, '-c', 'import statistics'));
const PANDAS = PYTHON !== undefined && answers(PYTHON, '-c', 'import pandas');
if (PYTHON === undefined)
  console.warn('SKIPPED: python3 is not installed, so the statistics are not compared with its module `statistics`.');
if (!PANDAS) console.warn('SKIPPED: pandas is not installed (Debian: python3-pandas), so the statistics are not compared with it.');

/** Values as machines make them: percentages, bytes, heavy tails, holes, negatives, constants. */
function lines(rows: number): string[] {
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 4_294_967_296;
  };
  const cells = (): string[] => [
    (random() * 100).toFixed(2),
    String(Math.floor(random() * 2 ** 34)),
    (1 / (random() + 1e-4)).toFixed(6),
    random() < 0.3 ? '' : (random() - 0.5).toFixed(3),
    '7.25',
    String(random() * 1e-9),
    random() < 0.95 ? '0' : (random() * 1e7).toFixed(0),
  ];
  return [
    'timestamp,percent,bytes,tail,holes,constant,tiny,bursts',
    ...Array.from(
      { length: rows },
      (_, row) => `${new Date(Date.UTC(2026, 10, 21) + row * 8000).toISOString().slice(0, 23)}+00:00,${cells().join(',')}`,
    ),
  ];
}

function python(script: string, directory: string): unknown {
  const done = spawnSync(PYTHON ?? 'python3', ['-c', script, path.join(directory, `${DAY}.csv`)], { encoding: 'utf8', maxBuffer: 1 << 26 });
  expect(done.stderr).toBe('');
  return JSON.parse(done.stdout);
}

/** Equal up to the rounding of sums. */
function expectNear(found: number | null | undefined, wanted: number, what: string): void {
  expect(found, what).toBeTypeOf('number');
  expect(Math.abs((found as number) - wanted), `${what}: ${found} against ${wanted}`).toBeLessThanOrEqual(
    1e-11 * Math.max(Math.abs(wanted), 1e-12),
  );
}

describe('differential', () => {
  test.skipIf(PYTHON === undefined)('agrees with the exact sums of python3 `statistics`', async () => {
    const directory = dayDirectory({ [DAY]: lines(3000) });
    const wanted = python(
      `import csv, json, statistics, sys
rows = list(csv.DictReader(open(sys.argv[1])))
out = {}
for name in rows[0]:
    if name == "timestamp": continue
    v = [float(r[name]) for r in rows if r[name] != ""]
    q = statistics.quantiles(v, n=100, method="inclusive")
    out[name] = dict(count=len(v), min=min(v), max=max(v), mean=statistics.mean(v), median=statistics.median(v), p75=q[74], p95=q[94], p99=q[98], variance=statistics.variance(v), standardDeviation=statistics.stdev(v))
print(json.dumps(out))`,
      directory,
    ) as Record<string, Record<string, number>>;
    const { statistics } = await analyze({ dataDir: directory, today: DAY });
    for (const [name, own] of Object.entries(wanted)) {
      for (const [key, value] of Object.entries(own)) expectNear(statistics[name]?.[key as 'mean'], value, `${name} ${key}`);
    }
  });

  test.skipIf(!PANDAS)('agrees with pandas, heat map included', async () => {
    const directory = dayDirectory({ [DAY]: lines(10_000) });
    const wanted = python(
      `import json, sys, pandas as pd
f = pd.read_csv(sys.argv[1])
t = pd.to_datetime(f.pop("timestamp"))
q = f.quantile([.5, .75, .95, .99])
g = f.groupby(t.dt.hour).mean()
out = {c: dict(count=int(f[c].count()), missing=float(f[c].isna().mean()), min=f[c].min(), max=f[c].max(), mean=f[c].mean(), p50=q[c][.5], p75=q[c][.75], p95=q[c][.95], p99=q[c][.99], variance=f[c].var(), standardDeviation=f[c].std()) for c in f}
print(json.dumps(dict(statistics=out, hours={c: list(g[c]) for c in f})))`,
      directory,
    ) as { statistics: Record<string, Record<string, number>>; hours: Record<string, number[]> };
    const { statistics, blocks } = await analyze({ dataDir: directory, today: DAY });
    for (const [name, own] of Object.entries(wanted.statistics)) {
      for (const [key, value] of Object.entries(own)) expectNear(statistics[name]?.[key as 'mean'], value, `${name} ${key}`);
    }
    for (const [name, hours] of Object.entries(wanted.hours)) {
      const known = (blocks[name] ?? []).filter(({ count }) => count > 0);
      expect(known.length).toBe(hours.length);
      for (const [index, mean] of hours.entries()) expectNear(known[index]?.mean, mean, `${name} hour ${index}`);
    }
  });
});
