// Samples without a pause while processes come and go, and says what grew: descriptors, heap, memory outside of the heap.
// It does so in a pid namespace of its own: on a shared machine, what others start would count. Root or user namespaces, gcc.
// `node packages/metrics/bench/soak.mjs [ticks] [collector...]`. Run `npm run setup` first. Linux only.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openHost } from '@hecate/host';
import { deriveRates, openSampler } from '@hecate/metrics';
import { build, WITHOUT_BPF } from './contestants.mjs';

const isInside = process.argv[2] === '--inside';
const given = process.argv.slice(isInside ? 3 : 2);
const [ticks = 10_000, ...only] = [given.length > 0 ? Number(given[0]) : undefined, ...given.slice(1)];
/** Caches and compiled code have settled by then. */
const SETTLE = ticks / 5;
const POINTS = 40;
/** Milliseconds between two births; as many processes end. */
const CHURN = 2;
/** What a thousand ticks may add at most, beside noise: descriptors, kilobytes. */
const BUDGET = { descriptors: 1, kilobytes: 40 };

/** Growth a thousand ticks: the slope of the straight line that fits best. */
function slope(points, key) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const tick = mean((point) => point.tick);
  const value = mean((point) => point[key]);
  const over = points.reduce((sum, point) => sum + (point.tick - tick) * (point[key] - value), 0);
  return (over / points.reduce((sum, point) => sum + (point.tick - tick) ** 2, 0)) * 1000;
}

async function soak() {
  const sampler = openSampler(openHost(), only.length > 0 ? { only } : {});
  const points = [];
  const start = performance.now();
  let before = null;
  let rates = null;
  let route = '';
  try {
    for (let tick = 1; tick <= ticks; tick++) {
      const snapshot = await sampler.take();
      // Ends of children are noticed in a turn of the loop.
      await turn();
      rates = deriveRates(before, snapshot, Number.POSITIVE_INFINITY, rates);
      rates.processes?.(0);
      before = snapshot;
      route = snapshot.processes?.route ?? 'none';
      if (tick < SETTLE || tick % Math.ceil((ticks - SETTLE) / POINTS) !== 0) continue;
      // Some turns between: what is found dead outside of the heap is freed by others.
      for (let time = 0; time < 3; time++) {
        globalThis.gc();
        await sleep(10);
      }
      const { heapUsed, external } = process.memoryUsage();
      const descriptors = readdirSync('/proc/self/fd').length;
      points.push({ tick, descriptors, heap: heapUsed / 1024, external: external / 1024 });
    }
  } finally {
    sampler.close();
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${ticks} ticks in ${seconds.toFixed(0)} s, about ${Math.round((seconds * 1000) / CHURN)} processes came and went, route ${route}. Growth a thousand ticks:`,
  );
  for (const [key, unit, most] of [
    ['descriptors', '', BUDGET.descriptors],
    ['heap', ' kB', BUDGET.kilobytes],
    ['external', ' kB', BUDGET.kilobytes],
  ]) {
    const grown = slope(points, key);
    const { [key]: first } = points[0];
    const { [key]: last } = points.at(-1);
    const verdict = grown <= most ? 'ok' : 'MISSED';
    console.log(
      `  ${key.padEnd(12)} ${grown.toFixed(2)}${unit} (${first.toFixed(0)} at first, ${last.toFixed(0)} at last), budget ${most}${unit}: ${verdict}`,
    );
  }
}

if (isInside) await soak();
else {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-soak-'));
  try {
    const population = build('population', directory);
    const soaked = [process.execPath, '--expose-gc', fileURLToPath(import.meta.url), '--inside', ...given];
    // Both routes where there are two: over /proc, and as far as root may, with the task iterator.
    for (const program of process.getuid() === 0 ? [[...WITHOUT_BPF, ...soaked], soaked] : [soaked]) {
      const status = population ? spawnSync(population, ['100', String(CHURN), ...program], { stdio: 'inherit' }).status : 0;
      if (status !== 0) console.log(`SKIPPED: no pid namespace could be made or sampled (status ${status}).`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
