// How long a query to `hecate serve` takes while it samples at 1 Hz, with a hundred and with two thousand processes; and a scrape
// of /metrics with a thousand, while nobody asks anything else.
// `node packages/cli/bench/queries.mjs [seconds] [scrapes [pause]]`: the scrapes only, if that is said, with so many milliseconds between
// two. Run `npm run setup` first. Linux only.
// The floor is a server that does nothing else: one client asks both by turns over one kept connection each, so that
// whatever the machine, the client and its garbage collector do hits both.
import { fileURLToPath } from 'node:url';
import { ask, oneConnection } from './dashboard-client.mjs';
import { describeMachine, nodes, populate, printTable, sleep, startDaemon, startProgram, verdict } from './daemon-process.mjs';

const BUDGET = 10;
/** Milliseconds between two queries. */
const PAUSE = 3;
const ROUTES = ['/healthz', '/api/v1/snapshot', '/metrics', '/api/v1/processes?limit=50', '/api/v1/processes'];
/** Milliseconds that a scrape may take (p99), and the processes there are then. */
const SCRAPE_BUDGET = 2;
const SCRAPE_PROCESSES = 1000;
/**
 * Milliseconds between two scrapes. After long pauses (97) the processor has to wake up first: on a small machine that alone takes 2 ms,
 * as the floor shows, and three hundred scrapes are few for a p99.
 */
const SCRAPE_PAUSE = Number(process.argv[4] ?? 2);
const seconds = Number(process.argv[2] ?? 40);

/** The server that does nothing, in a process of its own; prints its address. */
async function answerOnly() {
  const { createServer } = await import('node:http');
  const body = JSON.stringify({ status: 'ok' });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
}

async function startFloor() {
  const floor = startProgram(process.execPath, [fileURLToPath(import.meta.url), '--floor'], { stdout: 'pipe' });
  const url = await new Promise((resolve) => floor.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  return { url, stop: floor.stop };
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function row(name, times, floor) {
  const sorted = times.toSorted((a, b) => a - b);
  const p999 = quantile(sorted, 0.999);
  return [
    name,
    sorted.length,
    ...[0.5, 0.99, 0.999, 1].map((share) => quantile(sorted, share).toFixed(2)),
    `${((sorted.filter((time) => time >= BUDGET).length / sorted.length) * 100).toFixed(3)} %`,
    floor
      ? (
          p999 /
          quantile(
            floor.toSorted((a, b) => a - b),
            0.999,
          )
        ).toFixed(2)
      : '',
    floor ? verdict(p999, BUDGET) : '',
  ];
}

/** Asks a daemon and the floor by turns. Returns times in milliseconds, by route; those of the floor under 'floor'. */
async function query(daemon, floor) {
  const targets = ROUTES.map((route) => ({ route, url: new URL(route, daemon.url) }));
  const agents = { daemon: oneConnection(), floor: oneConnection() };
  const times = new Map([...ROUTES, 'floor'].map((name) => [name, []]));
  // The first answers load and compile what they need.
  for (let round = 0; round < 5; round++) for (const { url } of targets) await ask(url, agents.daemon);
  for (let round = 0; round < 20; round++) await ask(floor.url, agents.floor);
  const end = performance.now() + seconds * 1000;
  for (let count = 0; performance.now() < end; count++) {
    const { route, url } = targets[count % targets.length];
    times.get(route).push((await ask(url, agents.daemon)).milliseconds);
    await sleep(PAUSE / 1000);
    times.get('floor').push((await ask(floor.url, agents.floor)).milliseconds);
    await sleep(PAUSE / 1000);
  }
  agents.daemon.destroy();
  agents.floor.destroy();
  return times;
}

/** Asks for /metrics only, at moments that wander through the second. */
async function scrape(url, floor) {
  const [agent, floorAgent] = [oneConnection(), oneConnection()];
  const [times, idle] = [[], []];
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < 20; round++) await ask(floor.url, floorAgent);
  for (let count = 0; performance.now() < end; count++) {
    const { milliseconds } = await ask(url, agent);
    // The first answers load and compile what they need, and nothing can be ready for a scraper that nobody knows.
    if (count >= 20) times.push(milliseconds);
    await sleep(SCRAPE_PAUSE / 1000);
    idle.push((await ask(floor.url, floorAgent)).milliseconds);
  }
  agent.destroy();
  floorAgent.destroy();
  return { times: times.sort((a, b) => a - b), idle: idle.sort((a, b) => a - b) };
}

async function benchScrapes() {
  const population = await populate(SCRAPE_PROCESSES);
  try {
    for (const { name, program } of nodes()) {
      const floor = await startFloor();
      const daemon = await startDaemon(program);
      try {
        await sleep(30);
        const { times, idle } = await scrape(new URL('/metrics', daemon.url), floor);
        const figures = (sorted) => [0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(2));
        console.log(`\n${name}, ${describeMachine()}, a scrape each ${SCRAPE_PAUSE} ms for ${seconds} s; milliseconds:`);
        printTable(
          ['', 'scrapes', 'p50', 'p99', 'max', `p99 below ${SCRAPE_BUDGET}`],
          [
            ['/metrics', times.length, ...figures(times), verdict(quantile(times, 0.99), SCRAPE_BUDGET)],
            ['floor: a server that does nothing else', idle.length, ...figures(idle), ''],
          ],
        );
      } finally {
        await Promise.all([daemon.stop(), floor.stop()]);
      }
    }
  } finally {
    await population.stop();
  }
}

async function bench(processes) {
  const population = await populate(processes);
  try {
    for (const { name, program } of nodes()) {
      const floor = await startFloor();
      const daemon = await startDaemon(program);
      try {
        await sleep(8);
        const times = await query(daemon, floor);
        const idle = times.get('floor');
        console.log(`\n${name}, ${describeMachine()}, a query each ${PAUSE} ms for ${seconds} s; milliseconds:`);
        printTable(
          ['', 'queries', 'p50', 'p99', 'p99.9', 'max', `over ${BUDGET} ms`, 'p99.9 / floor', `p99.9 below ${BUDGET}`],
          [
            row(
              'all routes',
              ROUTES.flatMap((route) => times.get(route)),
              idle,
            ),
            ...ROUTES.map((route) => row(`  ${route}`, times.get(route), idle)),
            row('floor: a server that does nothing else', idle),
          ],
        );
      } finally {
        await Promise.all([daemon.stop(), floor.stop()]);
      }
    }
  } finally {
    await population.stop();
  }
}

if (process.argv[2] === '--floor') await answerOnly();
else {
  await benchScrapes();
  if (process.argv[3] !== 'scrapes') for (const processes of [100, 2000]) await bench(processes);
}
