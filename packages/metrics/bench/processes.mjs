// What reading all processes over /proc costs, beside a C program that reads and decodes the same files and beside other libraries.
// `node packages/metrics/bench/processes.mjs [rounds] [processes...]`. Run `npm run setup` first. Linux, gcc, root or user namespaces.
//
// CPU time in user mode and in the kernel, medians of passes that take turns, so all meet the same machine. The processes sleep, in a
// pid namespace of their own. `in turns` is how hecate samples: stat of every process at every pass, io of every fifth, user and
// command rarely. `io each pass` reads as much as the C program does.
import { readdirSync, readFileSync } from 'node:fs';
import * as contestants from './contestants.mjs';

const { judge, median, verdict } = contestants;
const WARM_UP = 30;
/** They take a second a pass. */
const SLOW_ROUNDS = 5;
const BUDGET = { open: 0.9, kept: 1.35, systeminformation: 20, psutil: 4, stall: 5, slab: 10 };

/** Kernel memory of the kind that open files of /proc hold, in MiB; null where only root may see it. */
function slab() {
  try {
    const line = /^kmalloc-cg-4k +(\d+) +\d+ +(\d+)/m.exec(readFileSync('/proc/slabinfo', 'utf8'));
    return line ? (Number(line[1]) * Number(line[2])) / 2 ** 20 : null;
  } catch {
    return null;
  }
}

/** Files of processes that a process keeps open. */
function keptFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}

async function measure(subjects, rounds) {
  for (let round = 0; round < WARM_UP; round++) for (const subject of subjects) if (!subject.isSlow || round < 2) await subject.pass();
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      if (subject.isSlow && round >= SLOW_ROUNDS) continue;
      const answer = await subject.pass();
      subject.cpu.push(answer.cpu / 1e6);
      subject.answers.push(answer);
    }
  }
}

function print(subjects) {
  const of = (name) => subjects.find((subject) => subject.name === name);
  const cost = (name) => (of(name) ? median(of(name).cpu) : Number.NaN);
  const [open, kept, ours] = [cost('C, open-read-close'), cost('C, kept'), cost('hecate, in turns')];
  for (const { name, cpu } of subjects) {
    const value = median(cpu);
    const ratios = `${(value / open).toFixed(2).padStart(7)} ${(value / kept).toFixed(2).padStart(7)} ${(value / ours).toFixed(1).padStart(7)}`;
    console.log(`  ${name.padEnd(24)} ${value.toFixed(2).padStart(9)} ms ${ratios}`);
  }
  judge('hecate / C open-read-close', ours / open, { atMost: BUDGET.open });
  judge('hecate / C kept', ours / kept, { atMost: BUDGET.kept });
  const full = cost('hecate, io each pass');
  judge('io each pass / C open-read-close', full / open, { atMost: BUDGET.open });
  console.log(
    `  io each pass / C kept: ${(full / kept).toFixed(2)}; C keeps three files of each process, past the budget of kernel memory from 800 on`,
  );
  for (const peer of ['systeminformation', 'psutil']) {
    judge(`${peer} / hecate`, cost(peer) / ours, { atLeast: BUDGET[peer] });
  }
}

function printStall({ answers }) {
  const longest = answers.map((answer) => answer.longest);
  const worst = Math.max(...longest);
  const figures = `${worst.toFixed(2)} ms (median of passes ${median(longest).toFixed(2)})`;
  console.log(`  longest stall of the event loop: ${figures}, budget below ${BUDGET.stall}: ${verdict(worst < BUDGET.stall)}`);
}

/** Within the pid namespace. */
async function inside([floor, manifest, psutil, roundsText]) {
  const rounds = Number(roundsText);
  const running = [];
  const add = (name, contestant, isSlow = false) => {
    running.push({ name, isSlow, cpu: [], answers: [], ...contestant });
    return running.at(-1);
  };
  try {
    const before = slab();
    const ours = add('hecate, in turns', contestants.startHecate('turns'));
    for (let pass = 0; pass < 3; pass++) await ours.pass();
    const after = slab();
    const files = keptFiles(ours.pid);
    add('C, open-read-close', contestants.startFloor(floor, 'open'));
    add('C, kept', contestants.startFloor(floor, 'kept'));
    add('hecate, io each pass', contestants.startHecate('full'));
    if (psutil === 'yes') add('psutil', contestants.startPsutil(), true);
    if (manifest) add('systeminformation', contestants.startSysteminformation(manifest), true);
    const stall = add('hecate, sampler', contestants.startHecate('stall'));
    await measure(running, rounds);
    const processes = running[0].answers.at(-1).processes;
    console.log(`\n${processes} processes; CPU of a pass, ratios to C open-read-close, to C kept, to hecate in turns:`);
    print(running);
    printStall(stall);
    const held = (files * 4096) / 2 ** 20;
    const seen = before === null || after === null ? 'not seen: only root may' : `${(after - before).toFixed(1)} MiB more of kmalloc-cg-4k`;
    console.log(
      `  kernel memory of ${files} open files: at most ${held.toFixed(1)} MiB (${seen}), budget below ${BUDGET.slab}: ${verdict(held < BUDGET.slab)}`,
    );
  } finally {
    await Promise.all(running.map((subject) => subject.stop()));
  }
}

if (process.argv[2] === '--inside') await inside(process.argv.slice(3));
else {
  const [rounds = '21', ...counts] = process.argv.slice(2);
  contestants.runAmongSleepers(import.meta.url, rounds, counts);
}
