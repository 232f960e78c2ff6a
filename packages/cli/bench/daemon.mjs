// CPU and memory of an idle `hecate serve` at 1 Hz, of one that does not record, and of peers: all in the same minutes.
// `node packages/cli/bench/daemon.mjs [minutes] [processes]`. Run `npm run setup` first. Linux only.
// All tick at the same moment, so they meet on the cores and in the caches: alone, each takes a little less. The difference of
// two daemons that differ in one thing is what that costs; differences below 0.03 % are noise.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask, oneConnection, watch } from './dashboard-client.mjs';
import { cpuTime, describeMachine, median, memory, nodes, populate, printTable, sleep, startDaemon, verdict } from './daemon-process.mjs';
import { startPeers } from './peers.mjs';

/** The recorder writes every 60 rows, so a window is as long. */
const WINDOW = 60;
/** Starting, the first slow readings and the trim of memory are over. */
const SETTLE = 12;
const BUDGET = { cpu: 0.6, recorder: 0.2, resident: 50, anonymous: 15 };
const ROUTES = ['healthz', 'api/v1/snapshot', 'metrics', 'api/v1/processes'];

const windows = Number(process.argv[2] ?? 3);
const processes = Number(process.argv[3] ?? 100);
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
    ['', 'median of a core', 'lowest', 'highest', 'by ticks', `ratio to ${yardstick.name}`, `budget ${BUDGET.cpu} %`],
    subjects.map(({ name, does, cpu, ticks, kind }) => [
      does ? `${name} (${does})` : name,
      percent(median(cpu)),
      percent(Math.min(...cpu)),
      percent(Math.max(...cpu)),
      percent(ticks),
      (median(cpu) / median(yardstick.cpu)).toFixed(2),
      kind === 'recording' ? verdict(median(cpu), BUDGET.cpu) : '',
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

/** The budget of private memory is for Node 24 and 26, and both budgets are for a daemon that nobody asks. */
function printMemory(daemons) {
  printTable(
    [
      '',
      'resident',
      `below ${BUDGET.resident}`,
      'private',
      `below ${BUDGET.anonymous}`,
      'peak since start',
      'resident, used',
      'private, used',
    ],
    daemons.map(({ name, memory: { resident, anonymous, peak }, used }) => [
      name,
      mebibytes(resident),
      verdict(resident, BUDGET.resident),
      mebibytes(anonymous),
      verdict(anonymous, BUDGET.anonymous),
      mebibytes(peak),
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

const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-peers-'));
const running = [];
try {
  const pairs = [];
  for (const { name, program } of nodes()) {
    const pair = {
      recording: { name, kind: 'recording', cpu: [], ...(await startDaemon(program)) },
      idle: { name: `${name}, --no-record`, kind: 'idle', cpu: [], ...(await startDaemon(program, ['--no-record'])) },
    };
    running.push(pair.recording, pair.idle);
    pairs.push(pair);
  }
  const peers = startPeers(directory).map((peer) => ({ ...peer, kind: 'peer', cpu: [] }));
  running.push(...peers);
  running.push(await populate(processes));
  await sleep(SETTLE);
  const alive = peers.filter((peer) => peer.alive());
  for (const peer of peers)
    if (!alive.includes(peer)) console.log(`SKIPPED: ${peer.name} ended by itself, so nothing is compared with it.`);
  const daemons = pairs.flatMap(({ recording, idle }) => [recording, idle]);
  const recording = pairs.map((pair) => pair.recording);
  console.log(`${describeMachine()}; nobody asks the daemons`);
  await measureCpu([...daemons, ...alive]);
  console.log(`\nCPU over ${windows} windows of ${WINDOW} s at 1 Hz:`);
  printCpu([...daemons, ...alive]);
  console.log('\nThe recorder: with it less without it, side by side:');
  printRecorder(pairs);
  for (const daemon of recording) {
    await use(daemon);
    daemon.used = memory(daemon.pid);
  }
  console.log(`\nMemory in MiB: ${SETTLE + WINDOW} s after the start; used: at the end, after 200 requests and a dashboard for 20 s:`);
  printMemory(recording);
  console.log(`\n${describeMachine()} at the end`);
} finally {
  await Promise.all(running.map((one) => one.stop()));
  rmSync(directory, { recursive: true, force: true });
}
