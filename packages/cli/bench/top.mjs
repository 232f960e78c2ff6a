// What watching on a terminal costs: `hecate top` beside htop, btop, top and glances, each in a terminal of 200x50 of its own, looking
// twice a second, all in the same seconds. CPU and memory are those of the program with all that it has started.
// `node packages/cli/bench/top.mjs [seconds] [processes,...] [rounds]`. Run `npm run setup` first. Linux, root; peers that are not there
// are said (apt-get install htop btop procps glances). It runs in a pid namespace of its own, so that the number of processes is true.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine, findProgram, median, populate, printTable, sleep, verdict } from './daemon-process.mjs';
import { given, inOwnNamespace } from './own-namespace.mjs';
import { look } from './process-family.mjs';

const seconds = Number(given[0] ?? 20);
const populations = (given[1] ?? '100,1000').split(',').map(Number);
const rounds = Number(given[2] ?? 3);
/** Until starting is over, code is compiled, and the first minute of graphs has begun. */
const SETTLE = Math.min(30, seconds * 1.5);

const hecate = fileURLToPath(new URL('../bin/hecate.cjs', import.meta.url));
const harness = fileURLToPath(new URL('../../../test/pty.py', import.meta.url));

/** Each as its manual says it looks twice a second. None reads the configuration of whoever measures; btop has its interval from one. */
const PROGRAMS = [
  { name: 'hecate top', program: process.execPath, args: [hecate, 'top', '--interval', '0.5'], isOurs: true },
  { name: 'htop', args: ['-d', '5'] },
  { name: 'btop', args: ['--utf-force'], config: ['btop/btop.conf', 'update_ms = 500\n'] },
  { name: 'top', args: ['-d', '0.5'] },
  { name: 'glances', args: ['-t', '0.5', '--disable-check-update'] },
];

/** Starts a program in a terminal whose output nobody looks at. */
async function startInTerminal({ name, program = name, args, config }) {
  const home = mkdtempSync(path.join(tmpdir(), 'hecate-bench-top-'));
  for (const folder of ['config', 'state', 'data']) mkdirSync(path.join(home, folder));
  if (config) {
    const file = path.join(home, 'config', config[0]);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, config[1]);
  }
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, NO_COLOR: ___, ...env } = process.env;
  const child = spawn('python3', [harness, '200', '50', program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    env: {
      ...env,
      ...{ HOME: home, XDG_CONFIG_HOME: `${home}/config`, XDG_STATE_HOME: `${home}/state`, HECATE_DATA_DIR: `${home}/data` },
      ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor', LC_ALL: 'C.UTF-8' },
    },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let bytes = 0;
  child.stdout.on('data', (chunk) => (bytes += chunk.length));
  let told = '';
  const pid = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdio[3].on('data', (chunk) => {
      told += chunk;
      const started = /"started", "pid": (\d+)/.exec(told);
      if (started) resolve(Number(started[1]));
    });
  });
  return {
    name,
    pid,
    bytes: () => bytes,
    hasEnded: () => told.includes('"ended"'),
    async stop() {
      child.stdin.end();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** One round: all programs side by side, for some seconds. */
async function round(programs) {
  const running = [];
  try {
    for (const program of programs) running.push({ ...program, ...(await startInTerminal(program)), name: program.name });
    await sleep(SETTLE);
    const alive = running.filter(({ name, hasEnded }) => {
      if (hasEnded()) console.log(`SKIPPED: ${name} ended by itself.`);
      return !hasEnded();
    });
    const before = alive.map(({ pid, bytes }) => ({ cpu: look(pid).cpu, bytes: bytes() }));
    await sleep(seconds);
    return alive.map(({ name, isOurs, pid, bytes }, index) => {
      const now = look(pid);
      const cpu = ((now.cpu - before[index].cpu) / seconds) * 100;
      return { ...now, name, isOurs, cpu, written: (bytes() - before[index].bytes) / seconds };
    });
  } finally {
    await Promise.all(running.map((one) => one.stop()));
  }
}

async function measure(processes) {
  const programs = PROGRAMS.filter(({ name, program }) => {
    const found = program !== undefined || findProgram(name) !== null;
    if (!found) console.log(`SKIPPED: there is no ${name} here.`);
    return found;
  });
  const population = await populate(processes);
  const machine = describeMachine();
  const seen = [];
  try {
    for (let index = 0; index < rounds; index++) seen.push(await round(programs));
  } finally {
    await population.stop();
  }
  const of = (name, key) => median(seen.flatMap((all) => all.filter((one) => one.name === name).map((one) => one[key])));
  const names = [...new Set(seen.flat().map(({ name }) => name))];
  console.log(`\n${machine}, Node ${process.versions.node}, 200x50, two looks a second;`);
  console.log(`medians of ${rounds} rounds of ${seconds} s, ${SETTLE} s after the start:`);
  const htop = names.includes('htop') ? of('htop', 'cpu') : Number.NaN;
  printTable(
    ['', 'CPU, share of a core', 'CPU / htop', 'resident MiB', 'private MiB', 'kB/s to the terminal', 'at most htop'],
    names.map((name) => [
      name,
      `${of(name, 'cpu').toFixed(2)} %`,
      (of(name, 'cpu') / htop).toFixed(2),
      of(name, 'resident').toFixed(1),
      of(name, 'private').toFixed(1),
      (of(name, 'written') / 1000).toFixed(1),
      name === 'hecate top' && Number.isFinite(htop) ? verdict(of(name, 'cpu'), htop) : '',
    ]),
  );
}

await inOwnNamespace(import.meta.url, async () => {
  for (const processes of populations) await measure(processes);
});
