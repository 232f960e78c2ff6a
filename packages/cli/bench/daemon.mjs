// CPU and memory of an idle `hecate serve` at 1 Hz, of one that does not record, and of peers: all in the same minutes, and that
// once with each number of processes. `node packages/cli/bench/daemon.mjs [minutes] [processes,...]`. Run `npm run setup` first.
// Linux only. As root each Node has two daemons: root's reads processes by BPF, nobody's from /proc. Without root there is the latter.
// All tick at the same moment, so they meet on the cores and in the caches: alone, each takes a little less. The difference of
// two daemons that differ in one thing is what that costs; differences below 0.03 % are noise.
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask, oneConnection, watch } from './dashboard-client.mjs';
import {
  cpuTime,
  describeMachine,
  median,
  memory,
  NOBODY,
  nodes,
  populate,
  printTable,
  routeOf,
  sleep,
  startDaemon,
  verdict,
} from './daemon-process.mjs';
import { startPeers } from './peers.mjs';

/** The recorder writes every 60 rows, so a window is as long. */
const WINDOW = 60;
/** Starting, the first slow readings and the trim of memory are over. */
const SETTLE = 12;
const BUDGET = { cpu: { proc: 0.6, bpf: 0.3 }, recorder: 0.2, resident: 50, anonymous: 15 };
const ROUTES = ['healthz', 'api/v1/snapshot', 'metrics', 'api/v1/processes'];

const windows = Number(process.argv[2] ?? 3);
const populations = (process.argv[3] ?? '100,500').split(',').map(Number);
const percent = (value) => `${value.toFixed(3)} %`;
const mebibytes = (value) => value.toFixed(1);

/** Percent of a core that each took in each window: `windows` numbers beside each subject, and `ticks` over all of them. */
async function measureCpu(subjects) {
  const first = subjects.map(({ pid }) => cpuTime(pid));
  const start = performance.now();
  let last = first;
  let lastAt = start;
  for (let window = 0; window < windows; window++) {
    await sleep(WINDOW);
    const now = performance.now();
    const times = subjects.map(({ pid }) => cpuTime(pid));
    for (const [at, subject] of subjects.entries()) subject.cpu.push(((times[at].threads - last[at].threads) / (now - lastAt)) * 1e5);
    [last, lastAt] = [times, now];
    if (window === 0) for (const subject of subjects) subject.memory = memory(subject.pid);
  }
  for (const [at, subject] of subjects.entries()) subject.ticks = ((last[at].ticks - first[at].ticks) / (lastAt - start)) * 1e5;
}

function printCpu(subjects) {
  const yardstick = subjects[0];
  printTable(
    ['', 'median of a core', 'lowest', 'highest', 'by ticks', `ratio to ${yardstick.name}`, 'budget'],
    subjects.map(({ name, does, cpu, ticks, kind, pid }) => [
      does ? `${name} (${does})` : name,
      percent(median(cpu)),
      percent(Math.min(...cpu)),
      percent(Math.max(...cpu)),
      percent(ticks),
      (median(cpu) / median(yardstick.cpu)).toFixed(2),
      kind === 'recording' ? verdict(median(cpu), BUDGET.cpu[routeOf(pid)]) : '',
    ]),
  );
}

function printRecorder(pairs) {
  printTable(
    ['', 'median of a core', 'by window', `budget ${BUDGET.recorder} %`],
    pairs.map(({ recording, idle }) => {
      const more = recording.cpu.map((value, window) => value - idle.cpu[window]);
      return [recording.name, percent(median(more)), more.map(percent).join(', '), verdict(median(more), BUDGET.recorder)];
    }),
  );
}

/** Both budgets are for a daemon that nobody asks. `kernel` is what its open files of /proc hold there, in no process's figures. */
function printMemory(daemons) {
  printTable(
    [
      '',
      'resident',
      `below ${BUDGET.resident}`,
      'private',
      `below ${BUDGET.anonymous}`,
      'peak since start',
      'descriptors',
      'kernel, about',
      'resident, used',
      'private, used',
    ],
    daemons.map(({ name, memory: { resident, anonymous, peak, descriptors, kernel }, used }) => [
      name,
      mebibytes(resident),
      verdict(resident, BUDGET.resident),
      mebibytes(anonymous),
      verdict(anonymous, BUDGET.anonymous),
      mebibytes(peak),
      descriptors,
      mebibytes(kernel),
      mebibytes(used.resident),
      mebibytes(used.anonymous),
    ]),
  );
}

async function use({ url }) {
  const agent = oneConnection();
  for (let count = 0; count < 200; count++) await ask(new URL(ROUTES[count % ROUTES.length], url), agent);
  agent.destroy();
  await watch(url, 20);
}

/** Daemons of one Node: each recording one by its user, and one that does not record. */
async function startPair({ name, program }) {
  const recording = [{ name, kind: 'recording', cpu: [], ...(await startDaemon(program)) }];
  if (process.getuid() === 0) {
    recording.push({ name: `${name}, nobody`, kind: 'recording', cpu: [], ...(await startDaemon(program, [], NOBODY)) });
  }
  const idle = { name: `${name}, --no-record`, kind: 'idle', cpu: [], ...(await startDaemon(program, ['--no-record'])) };
  return { recording: recording[0], others: recording.slice(1), idle };
}

async function measure(processes, programs) {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-peers-'));
  const running = [];
  try {
    const pairs = [];
    for (const program of programs) {
      const pair = await startPair(program);
      running.push(pair.recording, ...pair.others, pair.idle);
      pairs.push(pair);
    }
    const peers = startPeers(directory).map((peer) => ({ ...peer, kind: 'peer', cpu: [] }));
    running.push(...peers);
    running.push(await populate(processes));
    await sleep(SETTLE);
    const alive = peers.filter((peer) => peer.alive());
    for (const peer of peers)
      if (!alive.includes(peer)) console.log(`SKIPPED: ${peer.name} ended by itself, so nothing is compared with it.`);
    const recording = pairs.flatMap((pair) => [pair.recording, ...pair.others]);
    const subjects = [...recording, ...pairs.map(({ idle }) => idle), ...alive];
    console.log(`\n${describeMachine()}; nobody asks the daemons`);
    await measureCpu(subjects);
    console.log(`\nCPU over ${windows} windows of ${WINDOW} s at 1 Hz:`);
    printCpu(subjects);
    console.log('\nThe recorder: with it less without it, side by side:');
    printRecorder(pairs);
    await Promise.all(recording.map(use));
    for (const daemon of recording) daemon.used = memory(daemon.pid);
    console.log(`\nMemory in MiB: ${SETTLE + WINDOW} s after the start; used: at the end, after 200 requests and a dashboard for 20 s:`);
    printMemory(recording);
    console.log(`\n${describeMachine()} at the end`);
  } finally {
    await Promise.all(running.map((one) => one.stop()));
    rmSync(directory, { recursive: true, force: true });
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'hecate-bench-nodes-'));
try {
  chmodSync(folder, 0o755);
  // Copies: npm's cache of root is closed to nobody.
  const programs = nodes().map(({ name, program }, index) => {
    const copy = path.join(folder, `node-${index}`);
    copyFileSync(program, copy);
    chmodSync(copy, 0o755);
    return { name, program: copy };
  });
  for (const processes of populations) await measure(processes, programs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
