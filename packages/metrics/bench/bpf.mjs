// What reading all processes with the BPF task iterator costs, beside a C program that keeps the files of /proc open, and other libraries.
// `node packages/metrics/bench/bpf.mjs [rounds] [processes...]`. Run `npm run setup` first. Linux with BTF, root, gcc.
//
// CPU time in user mode and in the kernel, medians of passes that lie a second apart, as a daemon makes them: what the caches of the CPU
// held is gone by then. All take turns within the second, in another order each time. The processes sleep, in a pid namespace of their own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as contestants from './contestants.mjs';

const { median } = contestants;
const contestant = fileURLToPath(new URL('contestant-bpf.mjs', import.meta.url));
/** The route is taken at the third pass; the code is compiled after some hundred, which is minutes in the life of a daemon. */
const WARM_UP = 400;
const WARM_UP_OTHERS = 2;
/** It takes seconds a pass. */
const SLOW_ROUNDS = 3;
const BUDGET = { kept: 0.15, systeminformation: 200, psutil: 40 };

/** What is of this project. */
const OURS = new Set(['iterator alone', 'hecate, processes', 'hecate, all']);

const verdict = (holds) => (holds ? 'ok' : 'MISSED');

async function measure(subjects, rounds) {
  for (const { name, pass } of subjects) {
    for (let passes = OURS.has(name) ? WARM_UP : WARM_UP_OTHERS; passes > 0; passes--) await pass();
  }
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(turn + round) % subjects.length];
      if (subject.isSlow && round >= SLOW_ROUNDS) continue;
      subject.answers.push(await subject.pass());
    }
    await sleep(Math.max(0, 1000 - (performance.now() - started)));
  }
}

/** Within the pid namespace. */
async function inside([floor, manifest, psutil, rounds]) {
  const subjects = [];
  const add = (name, running, isSlow = false) => subjects.push({ name, isSlow, answers: [], ...running });
  try {
    add('C, kept', contestants.startFloor(floor, 'kept'));
    for (const [name, mode] of [
      ['iterator alone', 'route'],
      ['hecate, processes', 'table'],
      ['hecate, all', 'full'],
    ]) {
      add(name, contestants.start(process.execPath, [contestant, mode]));
    }
    if (psutil === 'yes') add('psutil', contestants.startPsutil());
    if (manifest) add('systeminformation', contestants.startSysteminformation(manifest), true);
    await measure(subjects, Number(rounds));
    const cost = (name) => {
      const subject = subjects.find((other) => other.name === name);
      return subject ? median(subject.answers.map(({ cpu }) => cpu / 1e6)) : Number.NaN;
    };
    const [kept, ours] = [cost('C, kept'), cost('hecate, all')];
    const { processes, route } = subjects.find(({ name }) => name === 'hecate, all').answers.at(-1);
    console.log(`\n${processes} processes by ${route}; CPU of a pass, ratios to C kept and to hecate, all:`);
    for (const { name } of subjects) {
      const value = cost(name);
      console.log(
        `  ${name.padEnd(24)} ${value.toFixed(3).padStart(9)} ms ${(value / kept).toFixed(3).padStart(7)} ${(value / ours).toFixed(1).padStart(7)}`,
      );
    }
    const judge = (what, value, holds, budget) => {
      if (!Number.isNaN(value)) console.log(`  ${what}: ${value.toFixed(3)}, budget ${budget}: ${verdict(holds)}`);
    };
    judge('hecate, all / C kept', ours / kept, ours / kept <= BUDGET.kept, `at most ${BUDGET.kept}`);
    const table = cost('hecate, processes');
    judge('hecate, processes / C kept', table / kept, table / kept <= BUDGET.kept, `at most ${BUDGET.kept}`);
    for (const peer of ['systeminformation', 'psutil']) {
      judge(`${peer} / hecate, all`, cost(peer) / ours, cost(peer) / ours >= BUDGET[peer], `at least ${BUDGET[peer]}`);
    }
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

function outside([rounds = '15', ...counts]) {
  if (process.getuid() !== 0) {
    console.log('SKIPPED: loading a BPF program needs root.');
    return;
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-bpf-'));
  try {
    const floor = contestants.build('floor', directory);
    const population = contestants.build('population', directory);
    if (!floor || !population) return;
    const manifest = contestants.installSysteminformation(directory) ?? '';
    const psutil = contestants.hasPsutil() ? 'yes' : 'no';
    for (const count of counts.length > 0 ? counts : ['500', '2000']) {
      const args = [count, '0', process.execPath, fileURLToPath(import.meta.url), '--inside', floor, manifest, psutil, rounds];
      const { status } = spawnSync(population, args, { stdio: 'inherit' });
      if (status !== 0) console.log(`SKIPPED: no pid namespace with ${count} processes could be made or measured (status ${status}).`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--inside') await inside(process.argv.slice(3));
else outside(process.argv.slice(2));
