// What keeping process tables costs: CPU of a sample, interpreted as in the daemon, and bytes a day; and how long it takes to know the
// table of a moment. The floor is the same tables as JSON lines, deflated in blocks of a minute.
// Run `npm run build` first; then `node packages/observe/bench/process-log.mjs [samples]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { deflateRawSync } from 'node:zlib';
import { openSampler } from '@hecate/metrics';
import { openHost } from '@hecate/host';
import { openProcessLog } from '../dist/process-log/process-log.js';
import { readProcessesAt } from '../dist/process-log/process-history.js';
import { tableOfColumns } from '../dist/process-log/recorded-table.js';
import { processDirectory } from '../dist/process-log/segment.js';

// As lean-memory.ts does it for the daemon.
for (const flag of ['--no-opt', '--no-sparkplug', '--no-maglev']) setFlagsFromString(flag);

const samples = Number(process.argv[2] ?? 360);
const EVERY = 10;
const START = Date.UTC(2026, 10, 21, 10) / 1000;

/** The same numbers at each run. */
let seed = 1;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

function createMachine(count) {
  let identities = [];
  let nextPid = 1;
  const columns = {};
  const NAMES = [
    'state',
    'cpuUser',
    'cpuSystem',
    'rss',
    'virtual',
    'threads',
    'nice',
    'priority',
    'minorFaults',
    'majorFaults',
    'readBytes',
    'writeBytes',
  ];
  const start = (time) => {
    const pid = nextPid++;
    const kernel = pid % 3 === 0;
    const name = kernel ? `kworker/${pid % 8}:${pid % 5}` : ['postgres', 'nginx', 'node', 'sshd', 'bash', 'python3'][pid % 6];
    const hash = Math.floor(random() * 2 ** 40).toString(16);
    const command = kernel ? '' : `/usr/lib/${name}/bin/${name} --config=/etc/${name}/${hash}.conf --worker ${pid}`;
    const unit = kernel ? null : `${name}.service`;
    return {
      pid,
      ppid: kernel ? 2 : 1,
      startedAfterBoot: Math.round(time * 100) / 100,
      startTime: 1.7e9 + time,
      name,
      command,
      uid: kernel ? 0 : 1000 + (pid % 4),
      user: kernel ? 'root' : `user${pid % 4}`,
      gid: 0,
      kernel,
      cgroup: kernel ? '/' : `/system.slice/${unit}`,
      unit,
      slice: kernel ? null : 'system.slice',
      container: null,
    };
  };
  for (let i = 0; i < count; i++) identities.push(start(i / 10));
  const make = () => Object.fromEntries(NAMES.map((name) => [name, new Float64Array(identities.length)]));
  Object.assign(columns, make());
  for (let i = 0; i < count; i++) {
    columns.state[i] = identities[i].kernel ? 73 : 83;
    columns.rss[i] = identities[i].kernel ? 0 : 4096 * Math.floor(random() * 50_000);
    columns.virtual[i] = columns.rss[i] * 4;
    columns.threads[i] = 1 + Math.floor(random() * 8);
    columns.priority[i] = 20;
  }
  /** A tenth runs, a twentieth grows, a few do I/O; one process in a hundred ends and another comes. */
  const step = (time) => {
    for (const name of NAMES) columns[name] = columns[name].slice();
    for (let i = 0; i < identities.length; i++) {
      if (random() < 0.1) columns.cpuUser[i] += Math.ceil(random() * 20) / 100;
      if (random() < 0.05) columns.cpuSystem[i] += Math.ceil(random() * 5) / 100;
      if (random() < 0.1) columns.minorFaults[i] += Math.floor(random() * 300);
      if (random() < 0.05) columns.rss[i] += 4096 * Math.floor(random() * 40);
      if (random() < 0.03) columns.writeBytes[i] += 4096 * Math.floor(random() * 100);
      if (random() < 0.02) columns.state[i] = columns.state[i] === 83 ? 82 : 83;
    }
    const ends = Math.floor(identities.length / 100);
    if (ends === 0) return;
    identities = [...identities.slice(0, -ends), ...Array.from({ length: ends }, () => start(time))];
    for (const name of ['cpuUser', 'cpuSystem', 'minorFaults', 'majorFaults', 'readBytes', 'writeBytes']) columns[name].fill(0, -ends);
  };
  const table = (time) => tableOfColumns(columns, identities, time);
  return { step, table };
}

/** Milliseconds of CPU so far: what others do on this machine does not count. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function measure(name, wanted, tables) {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-process-log-'));
  try {
    const log = openProcessLog({
      directory: processDirectory(directory),
      every: EVERY,
      commands: true,
      limits: { hours: 1000, bytes: 1e12 },
      onState: (error) => {
        if (error) throw error;
      },
    });
    let spent = 0;
    const stretches = [];
    let count = 0;
    for await (const { time, table } of tables(wanted)) {
      const before = process.cpuUsage();
      const appended = cpu();
      log.append({ time: START + time, monotonic: 1000 + time, table });
      stretches.push(cpu() - appended);
      while (log.samples <= count) {
        const begun = cpu();
        await settle();
        stretches.push(cpu() - begun);
      }
      const { user, system } = process.cpuUsage(before);
      spent += user + system;
      count++;
    }
    log.close();
    const p99 = stretches.sort((a, b) => a - b)[Math.floor(stretches.length * 0.99)] ?? 0;
    const perDay = (log.bytesWritten / count) * (86_400 / EVERY);
    let lines = '';
    for await (const { table } of tables(6)) lines += `${JSON.stringify(table)}\n`;
    const plain = deflateRawSync(lines).length / 6;
    let reading = 0;
    let read = 0;
    for (let i = 0; i < 20; i++) {
      const at = START + Math.floor(random() * count) * EVERY;
      const begun = performance.now();
      if ((await readProcessesAt(directory, at)) !== null) read++;
      reading += performance.now() - begun;
    }
    console.log(
      `${name.padEnd(18)} ${(spent / count / 1000).toFixed(2).padStart(7)} ms a sample  ${p99.toFixed(1).padStart(5)} ms at a stretch (p99)  ` +
        `${(perDay / 1e6).toFixed(2).padStart(7)} MB a day (JSON, deflated: ${((plain * (86_400 / EVERY)) / 1e6).toFixed(0)})  ` +
        `${(reading / 20).toFixed(1).padStart(6)} ms to read a moment (${read} of 20 found)`,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function* invented(count, wanted) {
  const machine = createMachine(count);
  for (let i = 0; i < wanted; i++) {
    const time = i * EVERY;
    machine.step(time);
    yield { time, table: machine.table(1000 + time) };
  }
}

/** This machine, read every 0.5 s and told as if it were every 10 s: it changes less in between. */
async function* thisMachine(wanted) {
  const sampler = openSampler(openHost(), { only: ['processes'] });
  try {
    for (let i = 0; i < wanted; i++) {
      yield { time: i * EVERY, table: (await sampler.take()).processes };
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    sampler.close();
  }
}

for (const [count, wanted] of [
  [100, samples],
  [1000, samples],
  [10_000, Math.min(samples, 60)],
])
  await measure(`${count} processes`, wanted, (most) => invented(count, most));
await measure('this machine', 60, thisMachine);
