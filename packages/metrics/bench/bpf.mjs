// What reading all processes with the BPF task iterator costs, beside a C program that keeps the files of /proc open, and other libraries.
// `node packages/metrics/bench/bpf.mjs [rounds] [processes...]`. Run `npm run setup` first. Linux with BTF, root, gcc.
//
// CPU time in user mode and in the kernel, medians of passes that lie a second apart, as a daemon makes them: what the caches of the CPU
// held is gone by then. All take turns within the second, in another order each time. The processes sleep, in a pid namespace of their own.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as contestants from './contestants.mjs';

const { judge, median } = contestants;
const contestant = fileURLToPath(new URL('contestant-bpf.mjs', import.meta.url));
/** The route is taken at the third pass; the code is compiled after some hundred, which is minutes in the life of a daemon. */
const WARM_UP = 400;
const WARM_UP_OTHERS = 2;
/** It takes seconds a pass. */
const SLOW_ROUNDS = 3;
const BUDGET = { kept: 0.15, systeminformation: 200, psutil: 40 };

/** What is of this project. */
const OURS = new Set(['iterator alone', 'hecate, processes', 'hecate, all']);

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
    judge('hecate, all / C kept', ours / kept, { atMost: BUDGET.kept, decimals: 3 });
    judge('hecate, processes / C kept', cost('hecate, processes') / kept, { atMost: BUDGET.kept, decimals: 3 });
    for (const peer of ['systeminformation', 'psutil']) {
      judge(`${peer} / hecate, all`, cost(peer) / ours, { atLeast: BUDGET[peer], decimals: 3 });
    }
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

if (process.argv[2] === '--inside') await inside(process.argv.slice(3));
else if (process.getuid() !== 0) console.log('SKIPPED: loading a BPF program needs root.');
else {
  const [rounds = '15', ...counts] = process.argv.slice(2);
  contestants.runAmongSleepers(import.meta.url, rounds, counts);
}
