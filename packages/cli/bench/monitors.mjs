// What a whole daemon takes beside those that watch a machine otherwise: memory and CPU of `hecate serve` as it ships, of one that
// also pushes to a server, and of node_exporter, netdata and glances from Debian; all in the same minutes, all asked every 15 seconds.
// `node packages/cli/bench/monitors.mjs [windows] [processes,...]`. Run `npm run setup` first. Linux, root.
// It does so in a pid namespace of its own, so that the number of processes is what it says. Each is counted with its children.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  describeMachine,
  findProgram,
  median,
  populate,
  printTable,
  sleep,
  startDaemon,
  startProgram,
  verdict,
} from './daemon-process.mjs';
import { given, inOwnNamespace } from './own-namespace.mjs';
import { look } from './process-family.mjs';

const windows = Number(given[0] ?? 3);
const populations = (given[1] ?? '100,1000').split(',').map(Number);
const WINDOW = 30;
/** Starting is over, and a daemon of ours has trimmed its memory twice. */
const SETTLE = 45;
const SCRAPE = 15;
const BUDGET = 50;
const PORTS = { exporter: 19_101, netdata: 19_102 };

/** Asks now and then, as a monitoring server would. */
function scrape(url) {
  const timer = setInterval(() => {
    const request = get(url, (response) => response.resume());
    // It may not have opened its port yet; whether it lives is seen otherwise.
    request.on('error', () => {});
  }, SCRAPE * 1000);
  return () => clearInterval(timer);
}

function startNetdata(program, directory) {
  const config = path.join(directory, 'netdata.conf');
  for (const name of ['cache', 'lib', 'log', 'conf']) mkdirSync(path.join(directory, name));
  writeFileSync(path.join(directory, 'conf', '.opt-out-from-anonymous-statistics'), '');
  const lines = [
    `[global]\n  run as user = root`,
    `[directories]\n  config = ${directory}/conf\n  cache = ${directory}/cache\n  lib = ${directory}/lib\n  log = ${directory}/log`,
    `[logs]\n  debug = none\n  error = ${directory}/log/error.log\n  access = none`,
    `[web]\n  bind to = 127.0.0.1:${PORTS.netdata}`,
    // Listens on a port of its own otherwise, which another netdata of the machine may have.
    `[statsd]\n  enabled = no`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return startProgram(program, ['-D', '-c', config]);
}

/** The peers: how each is started, and the address that is asked; null where it writes by itself. */
const PEERS = [
  {
    program: 'prometheus-node-exporter',
    does: 'no processes, no history',
    url: `http://127.0.0.1:${PORTS.exporter}/metrics`,
    start: (program) => startProgram(program, [`--web.listen-address=127.0.0.1:${PORTS.exporter}`]),
  },
  {
    program: 'netdata',
    does: "Debian's core: apps.plugin, no python.d, no go.d",
    url: `http://127.0.0.1:${PORTS.netdata}/api/v1/allmetrics?format=prometheus`,
    start: startNetdata,
  },
  {
    program: 'glances',
    does: 'every 2 s, to CSV',
    url: null,
    start: (program, directory) => startProgram(program, ['-q', '--export', 'csv', '--export-csv-file', path.join(directory, 'stats.csv')]),
  },
];

function startPeers(directory) {
  return PEERS.flatMap(({ program: name, does, url, start }) => {
    const program = findProgram(name);
    if (!program) {
      console.log(`SKIPPED: ${name} is not installed.`);
      return [];
    }
    const own = path.join(directory, name);
    mkdirSync(own);
    const peer = start(program, own);
    const quiet = url === null ? () => {} : scrape(url);
    return [{ ...peer, name: `${name} (${does})`, stop: () => (quiet(), peer.stop()) }];
  });
}

async function startOurs(name, settings) {
  const daemon = await startDaemon(process.execPath, [], process.getuid(), settings);
  const quiet = scrape(`${daemon.url}metrics`);
  return { ...daemon, name, ours: true, stop: () => (quiet(), daemon.stop()) };
}

/** Takes whatever is pushed. */
async function startReceiver() {
  const server = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

async function measure(processes) {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-monitors-'));
  const receiver = await startReceiver();
  const address = `http://127.0.0.1:${receiver.address().port}`;
  const running = [];
  try {
    running.push(await startOurs('hecate serve, as it ships', ''));
    const push = `[[export]]\ntype = "influx"\nurl = "${address}"\ndb = "x"\n[[export]]\ntype = "remote-write"\nurl = "${address}/write"\n`;
    running.push(await startOurs('hecate serve, and two exports', push));
    running.push(...startPeers(directory));
    const population = await populate(processes);
    running.push(population);
    await sleep(SETTLE);
    const subjects = running.filter(({ name, alive }) => {
      if (name && !alive()) console.log(`SKIPPED: ${name} ended by itself.`);
      return name && alive();
    });
    for (const subject of subjects) subject.seen = [];
    for (let window = 0; window < windows; window++) {
      const before = subjects.map(({ pid }) => look(pid).cpu);
      await sleep(WINDOW);
      for (const [index, { pid, seen }] of subjects.entries()) {
        const now = look(pid);
        seen.push({ ...now, cpu: ((now.cpu - before[index]) / WINDOW) * 100 });
      }
    }
    console.log(
      `\n${describeMachine()}, Node ${process.versions.node}; medians of ${windows} windows of ${WINDOW} s, ${SETTLE} s after the start:`,
    );
    const of = ({ seen }, key) => median(seen.map((one) => one[key]));
    const first = subjects[0];
    printTable(
      ['', 'resident MiB', 'PSS', 'private', 'CPU, share of a core', 'resident / ours', `below ${BUDGET}`],
      subjects.map((subject) => [
        subject.name,
        ...['resident', 'proportional', 'private'].map((key) => of(subject, key).toFixed(1)),
        `${of(subject, 'cpu').toFixed(2)} %`,
        (of(subject, 'resident') / of(first, 'resident')).toFixed(2),
        subject.ours ? verdict(of(subject, 'resident'), BUDGET) : '',
      ]),
    );
  } finally {
    await Promise.all(running.map((one) => one.stop()));
    receiver.closeAllConnections();
    receiver.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

await inOwnNamespace(import.meta.url, async () => {
  for (const processes of populations) await measure(processes);
});
