// The history in tiers: CPU of a sample, bytes on the disk, time of questions, and the same question asked of the day CSVs.
// Run `npm run build` first; then `node packages/observe/bench/history.mjs [cores]`. Code runs interpreted, as in the daemon.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { COLUMNS } from '../dist/record/columns.js';
import { openRecorder } from '../dist/record/recorder.js';
import { createHistory } from '../dist/serve/history.js';
import { readRecordedHistory } from '../dist/serve/recorded-history.js';
import { joinPieces } from '../dist/serve/pieces.js';
import { listSegments } from '../dist/tier/segment.js';
import { sealSegment } from '../dist/tier/seal.js';
import { createTierWriter } from '../dist/tier/tier-writer.js';
import { startTiers, readTiers, tierDirectory } from '../dist/tier/tiers.js';
import { TIERS } from '../dist/tier/tier.js';

const cores = Number(process.argv[2] ?? 2);
const START = Math.floor(Date.UTC(2026, 10, 1) / 1000);
const DAY = 86_400;
const root = mkdtempSync(path.join(tmpdir(), 'hecate-bench-history-'));

/** A machine that works: random walks, bursts, and much that never changes. */
const series = [
  ...COLUMNS.map(({ name, unit }) => ({
    id: name,
    kind: /power|gpu|temperature/.test(name) ? 'none' : /total/.test(name) ? 'constant' : unit,
  })),
  ...Array.from({ length: cores }, (_, core) => ({ id: `core.${core}.usage_percent`, kind: 'percent' })),
  ...['sda.read', 'sda.write'].map((name) => ({ id: `disk.${name}_bytes_per_second`, kind: 'bytes/second' })),
  { id: 'disk.sda.utilization_percent', kind: 'percent' },
  ...['eth0.receive', 'eth0.transmit', 'lo.receive', 'lo.transmit'].map((name) => ({
    id: `network.${name}_bytes_per_second`,
    kind: 'bytes/second',
  })),
  ...['/', '/home'].map((mount) => ({ id: `filesystem.${mount}.used_percent`, kind: 'slow' })),
  ...Array.from({ length: 8 }, (_, sensor) => ({ id: `temperature.chip_temp${sensor}.celsius`, kind: 'celsius' })),
];
const ids = series.map(({ id }) => id);
const state = series.map(() => Math.random());
function next(values) {
  for (let slot = 0; slot < series.length; slot++) {
    const walk = (state[slot] = Math.min(1, Math.max(0, state[slot] + (Math.random() - 0.5) / 20)));
    const { kind } = series[slot];
    if (kind === 'none') values[slot] = Number.NaN;
    else if (kind === 'constant') values[slot] = 16 * 2 ** 30;
    else if (kind === 'percent') values[slot] = Math.random() < 0.3 ? 0 : walk * 30 * Math.random();
    else if (kind === 'bytes') values[slot] = Math.round(walk * 2e6) * 4096;
    else if (kind === 'bytes/second') values[slot] = Math.random() < 0.7 ? 0 : walk * 1e6 * Math.random();
    else if (kind === 'celsius') values[slot] = 40 + Math.round(walk * 20);
    else if (kind === 'slow') values[slot] = 40 + Math.round(walk * 100) / 1000;
    else values[slot] = Math.round(walk * 1000);
  }
  return values;
}

const run = (pieces) => {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
};
const sizeOf = (directory) => readdirSync(directory).reduce((sum, name) => sum + statSync(path.join(directory, name)).size, 0);
const cpu = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const values = new Float32Array(series.length);

async function appendCost() {
  const dataDir = path.join(root, 'append');
  const tiers = startTiers({ dataDir, confirm: () => undefined });
  const samples = Array.from({ length: 997 }, () => next(new Float32Array(series.length)));
  const seconds = 2 * 3600 + 600;
  let inTick = 0;
  const before = process.cpuUsage();
  for (let second = 0; second < seconds; second++) {
    const start = performance.now();
    tiers.add(START + second, { ids, values: samples[second % samples.length] });
    inTick += performance.now() - start;
    if (second % 10 === 9) await tiers.settle();
  }
  const all = cpu(before);
  console.log(
    `${series.length} series: ${((inTick / seconds) * 1000).toFixed(0)} us in a tick, ${((all / seconds) * 1000).toFixed(0)} us of CPU a sample with writing and sealing (${(all / seconds / 10).toFixed(4)} % of a core)`,
  );
  tiers.close();
}

/** Writes so many days of a tier with averages as the aggregator would make them. */
function fill(dataDir, tier, days) {
  const writer = createTierWriter(tierDirectory(dataDir, tier), tier);
  const samples = Array.from({ length: 6 }, () => next(new Float32Array(series.length)));
  let open = 0;
  for (let time = START - days * DAY; time < START; time += tier.step) {
    samples[(time / tier.step) % 6] = next(samples[(time / tier.step) % 6]);
    const known = ids.flatMap((id, slot) => (Number.isNaN(samples[0][slot]) ? [] : [[id, slot]]));
    const cells = known.map(([, slot]) => {
      const all = samples.map((sample) => sample[slot]);
      return {
        count: tier.step,
        sum: (all.reduce((sum, value) => sum + value, 0) / 6) * tier.step,
        min: Math.min(...all),
        max: Math.max(...all),
      };
    });
    writer.push({ time, ids: known.map(([id]) => id), cells });
    if (writer.waiting.length >= (tier.step === 10 ? 6 : 10)) run(writer.flush());
  }
  run(writer.flush());
  writer.release();
  const directory = tierDirectory(dataDir, tier);
  open = sizeOf(directory);
  for (const segment of listSegments(directory)) run(sealSegment(directory, tier, segment));
  const sealed = sizeOf(directory);
  console.log(
    `${tier.name}: ${days} days: ${(open / days / 1024).toFixed(0)} KiB a day written, ${(sealed / days / 1024).toFixed(0)} KiB a day sealed; all that is kept: ${(((sealed / days) * ((tier.keep * tier.span) / DAY)) / 2 ** 20).toFixed(1)} MiB`,
  );
}

async function ask(title, dataDir, query) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const recent = createHistory(10);
  const sources = { dataDir, recent, ...readTiers(dataDir) };
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.enable();
  const before = process.cpuUsage();
  const start = performance.now();
  const answer = await readRecordedHistory(sources, query);
  const text = answer ? await joinPieces(answer.pieces) : '';
  const elapsed = performance.now() - start;
  delay.disable();
  const points = text ? JSON.parse(text).time.length : 0;
  console.log(
    `${title}: ${elapsed.toFixed(0)} ms, ${cpu(before).toFixed(0)} ms of CPU, ${points} points, ${(text.length / 1024).toFixed(0)} KiB; longest delay of the event loop ${(delay.max / 1e6 - 1).toFixed(1)} ms`,
  );
}

try {
  const keep = process.argv.includes('--compiled');
  if (!keep)
    for (const flag of ['--no-opt', '--no-sparkplug', '--no-maglev'])
      if (!(flag === '--no-maglev' && process.version.startsWith('v20'))) setFlagsFromString(flag);
  await appendCost();
  const dataDir = path.join(root, 'data');
  if (!keep) for (const flag of ['--opt', '--sparkplug']) setFlagsFromString(flag);
  fill(dataDir, TIERS[0], 2);
  fill(dataDir, TIERS[1], 31);
  fill(dataDir, TIERS[2], 365);
  const recorder = openRecorder({ dataDir });
  for (let second = -2 * DAY; second < 0; second++) recorder.append(START + second, next(values).slice(0, COLUMNS.length));
  recorder.close();
  if (!keep) for (const flag of ['--no-opt', '--no-sparkplug']) setFlagsFromString(flag);
  const five = ['cpu_usage_percent', 'memory_used', 'load1', 'core.0.usage_percent', 'disk_write_bytes_per_second'];
  for (const [title, days, step] of [
    ['a day at 10 s', 1, 22],
    ['a month at 1 min', 31, 540],
    ['a month, charts of 1,200 points', 31, 2232],
    ['a year at 10 min', 365, 7884],
  ]) {
    const range = { from: START - days * DAY, to: START, step };
    await ask(`${title}, five series`, dataDir, { ...range, series: five });
    await ask(`${title}, all series`, dataDir, range);
    await ask(`${title}, all series with band`, dataDir, { ...range, band: true });
  }
  await ask('an hour of samples, all series', dataDir, { from: START - 7200, to: START - 3600, step: 1 });
  const days = path.join(root, 'days');
  const copy = openRecorder({ dataDir: days });
  for (let second = -DAY; second < 0; second++) copy.append(START + second, next(values).slice(0, COLUMNS.length));
  copy.close();
  await ask('a day from its CSV (not packed yet), all columns', days, { from: START - DAY, to: START, step: 22 });
  await ask('the same, packed', days, { from: START - DAY, to: START, step: 22 });
} finally {
  rmSync(root, { recursive: true, force: true });
}
