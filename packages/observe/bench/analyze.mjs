// Statistics of a day and of a month, as whole processes: ours from CSV, ours from the sealed day, and pandas on the same file.
// Build first; then `node packages/observe/bench/analyze.mjs [rounds] [days of the month]`. Ratios count, not milliseconds:
// the runs of a round follow one another, so that a busy machine hits all of them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSyntheticDay } from './synthetic-days.mjs';

const DAY = '2026-06-01';
const MiB = 1024 * 1024;

/** One analysis in a process of its own; prints what it used at most. */
async function child(dataDir, startDate, endDate, today) {
  const { analyze } = await import('../dist/analyze/analyze.js');
  const { period, statistics } = await analyze({ dataDir, startDate, endDate, today });
  const { min, max, mean, p50, p75, p95, p99 } = statistics.cpu_usage_percent;
  console.log(
    JSON.stringify({
      values: [min, max, mean, p50, p75, p95, p99],
      rows: period.rows,
      exact: period.exact,
      rss: process.resourceUsage().maxRSS * 1024,
    }),
  );
}

function run(argv) {
  const env = { ...process.env };
  delete env.NODE_EXTRA_CA_CERTS; // It costs 50 ms at each start.
  const start = performance.now();
  const done = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', env });
  const seconds = (performance.now() - start) / 1000;
  if (done.status !== 0) throw new Error(`${argv.join(' ')} failed: ${done.stderr}`);
  return { seconds, stdout: done.stdout, stderr: done.stderr };
}

const self = fileURLToPath(import.meta.url);
const ours = (...args) => {
  const { seconds, stdout } = run([process.execPath, self, '--child', ...args]);
  return { seconds, ...JSON.parse(stdout) };
};

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const show = (list) =>
  `${(median(list) * 1000).toFixed(0)} ms (${(Math.min(...list) * 1000).toFixed(0)} to ${(Math.max(...list) * 1000).toFixed(0)})`;
const check = (name, value, limit, good) => console.log(`${good ? 'ok  ' : 'OVER'}  ${name}: ${value} (goal: ${limit})`);

function bench(rounds, monthDays) {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-analyze-'));
  try {
    benchDay(path.join(directory, 'day'), rounds);
    benchMonth(path.join(directory, 'month'), monthDays);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function findPandas() {
  const python = ['/usr/bin/python3', 'python3'].find((program) => spawnSync(program, ['-c', 'import pandas']).status === 0);
  if (python === undefined)
    console.log('SKIPPED: pandas is not installed (Debian: apt-get install python3-pandas), so nothing is compared with it.');
  return python;
}

function benchDay(directory, rounds) {
  mkdirSync(directory);
  const csv = path.join(directory, `${DAY}.csv`);
  const size = writeSyntheticDay(directory, DAY);
  const python = findPandas();
  const script = fileURLToPath(new URL('pandas-day.py', import.meta.url));
  const times = { csv: [], sealing: [], sealed: [], pandas: [] };
  let found;
  let theirs;
  for (let round = 0; round < rounds; round += 1) {
    // Its own day is never sealed: this is what a report of today costs.
    found = ours(directory, DAY, DAY, DAY);
    times.csv.push(found.seconds);
    if (python) {
      theirs = run([python, script, csv]);
      times.pandas.push(theirs.seconds);
    }
    rmSync(path.join(directory, `${DAY}.hcol`), { force: true });
    times.sealing.push(ours(directory, DAY, DAY, '2026-06-02').seconds);
    times.sealed.push(ours(directory, DAY, DAY, '2026-06-02').seconds);
  }
  const sealedSize = statSync(path.join(directory, `${DAY}.hcol`)).size;
  console.log(`\nA day: ${found.rows} rows, ${(size / MiB).toFixed(1)} MiB of CSV, ${(sealedSize / MiB).toFixed(1)} MiB sealed`);
  console.log(`  from CSV               ${show(times.csv)}, ${(found.rss / MiB).toFixed(0)} MiB`);
  console.log(`  from CSV, and sealing  ${show(times.sealing)}`);
  console.log(`  from the sealed day    ${show(times.sealed)}`);
  check('sealed day / CSV', (sealedSize / size).toFixed(3), '0.25', sealedSize <= size / 4);
  if (!theirs) return;
  console.log(`  pandas from CSV        ${show(times.pandas)}, ${(Number(theirs.stderr.trim()) / 1024).toFixed(0)} MiB`);
  const wanted = theirs.stdout.trim().split(',').map(Number);
  const same = wanted.every((value, index) => Math.abs(value - found.values[index]) <= 1e-9 * Math.abs(value));
  check('the same statistics as pandas', same, 'true', same);
  const ratios = times.pandas.map((seconds, round) => seconds / times.csv[round]);
  check(
    'pandas / ours, from CSV',
    `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    '1.5',
    median(ratios) >= 1.5,
  );
}

function benchMonth(directory, days) {
  mkdirSync(directory);
  const name = (day) => new Date(Date.UTC(2026, 5, day)).toISOString().slice(0, 10);
  for (let day = 1; day <= days; day += 1) writeSyntheticDay(directory, name(day));
  const first = ours(directory, name(1), name(days), '2027-01-01');
  const sealed = ours(directory, name(1), name(days), '2027-01-01');
  const bytes = readdirSync(directory).reduce(
    (sum, file) => sum + (file.endsWith('.csv') ? statSync(path.join(directory, file)).size : 0),
    0,
  );
  console.log(`\n${days} days: ${sealed.rows} rows, ${(bytes / MiB).toFixed(0)} MiB of CSV, exact: ${sealed.exact}`);
  console.log(`  first time, sealing    ${first.seconds.toFixed(1)} s, ${(first.rss / MiB).toFixed(0)} MiB`);
  console.log(`  from sealed days       ${sealed.seconds.toFixed(1)} s, ${(sealed.rss / MiB).toFixed(0)} MiB`);
  const most = Math.max(first.rss, sealed.rss) / MiB;
  check('memory of the month', `${most.toFixed(0)} MiB`, '100 MiB', most <= 100);
}

if (process.argv[2] === '--child') await child(...process.argv.slice(3));
else bench(Number(process.argv[2] ?? 7), Number(process.argv[3] ?? 30));
