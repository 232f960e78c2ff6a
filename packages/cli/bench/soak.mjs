// A daemon that keeps, judges, streams and sends everything while clients come and go and the server that it sends to is away now and
// then: its memory, descriptors, CPU time and the lateness of its ticks, a line a minute; and what the crowd leaves behind.
// `node packages/cli/bench/soak.mjs [minutes]`, or `npm run soak` for ten. Run `npm run setup` first. Linux only.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { get } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { cpuTime, describeMachine, memory, printTable, sleep, startDaemon, verdict } from './daemon-process.mjs';

const minutes = Number(process.argv.at(-1)) > 0 ? Number(process.argv.at(-1)) : 3;
/**
 * MiB of private memory that may be more than before the crowd: code that is loaded with the first client of a kind, and the
 * history, which grows by three kilobytes a second until it holds an hour.
 */
const LEFT = 8 + (minutes / 60) * 10;
/** Descriptors that may be more. */
const DESCRIPTORS = 8;
/** Seconds until a daemon that nobody asks has trimmed its memory for the second time, and for the next time at the latest. */
const TRIMMED = { first: 32, next: 330 };
const LATENESS = 20;

/** A server of line protocol that is away for the last twenty seconds of every minute and a half; counts samples. */
async function startReceiver() {
  let samples = 0;
  const sockets = new Set();
  const server = createServer((request, response) => {
    if ((performance.now() / 1000) % 90 > 70) return request.socket.destroy();
    request.on('data', () => {});
    request.on('end', () => {
      samples++;
      response.writeHead(204).end();
    });
  });
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: server.address().port, close, samples: () => samples };
}

const chance = (below) => Math.floor(Math.random() * below);

/** Asks for a path and reads the answer; milliseconds until its end. A daemon that is gone is noticed elsewhere. */
function ask(url) {
  const start = performance.now();
  return new Promise((resolve) => {
    get(url, (response) => response.resume().on('end', () => resolve(performance.now() - start))).on('error', () => resolve(null));
  });
}

/** Clients of every kind, `together` of them at a time: each stays for some seconds and goes in one of the ways in which clients go. */
function crowd(url, together) {
  const counts = { streams: 0, events: 0, questions: 0, broken: 0 };
  let going = true;
  const base = new URL(url);
  const kinds = [
    async () => {
      counts.streams++;
      const socket = new WebSocket(`${url.replace('http', 'ws')}api/v1/stream?processes=${chance(2)}&backfill=${chance(900)}`);
      socket.on('error', () => {});
      await sleep(1 + chance(15));
      if (chance(2)) socket.close();
      else socket.terminate();
    },
    async () => {
      counts.events++;
      const request = get(`${url}api/v1/sse?processes=${chance(2)}`, (response) => response.resume());
      request.on('error', () => {});
      await sleep(1 + chance(15));
      request.destroy();
    },
    async () => {
      const time = Date.now() / 1000 - chance(120);
      const paths = ['', 'metrics', 'api/v1/snapshot', 'api/v1/processes', `api/v1/processes?at=${time}`, 'api/v1/alerts', 'api/v1/events'];
      const past = [`api/v1/history?seconds=${60 + chance(7200)}`, `api/v1/history?from=${time - 86_400}&to=${time}&step=60&band=1`];
      const all = [...paths, ...past];
      for (let count = 0; count < 20; count++) {
        counts.questions++;
        await ask(url + all[chance(all.length)]);
        await sleep(0.3);
      }
    },
    async () => {
      counts.broken++;
      const texts = ['', 'GET /metr', 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', 'nonsense\r\n\r\n'];
      const socket = connect(Number(base.port), base.hostname, () => socket.write(texts[chance(texts.length)]));
      socket.on('error', () => {});
      if (chance(2)) socket.resume();
      await sleep(chance(12));
      socket.destroy();
    },
  ];
  const done = Promise.all(
    Array.from({ length: together }, async () => {
      while (going) {
        await kinds[chance(kinds.length)]();
        await sleep(0.2);
      }
    }),
  );
  return {
    counts,
    stop: () => {
      going = false;
      return done;
    },
  };
}

/** How late each tick is, in milliseconds after the whole second, as a client hears of it. Takes the place of a closed connection. */
function listenForTicks(url) {
  let late = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}api/v1/stream?backfill=0&series=load1`);
  socket.on('message', (data) => {
    const { type, time } = JSON.parse(data);
    if (type === 'tick') late.push((time - Math.floor(time)) * 1000);
  });
  return {
    /** What came since the last call, sorted. */
    take() {
      const taken = late.toSorted((a, b) => a - b);
      late = [];
      return taken;
    },
    stop: () => socket.terminate(),
  };
}

const p99 = (sorted) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? Number.NaN;

/** The least that a daemon occupies over some seconds. */
async function leastOf(pid, seconds) {
  let least = memory(pid);
  for (let second = 0; second < seconds; second++) {
    await sleep(1);
    const now = memory(pid);
    least = { anonymous: Math.min(least.anonymous, now.anonymous), descriptors: Math.min(least.descriptors, now.descriptors) };
  }
  return least;
}

const receiver = await startReceiver();
const settings = `[[export]]\ntype = "influx"\nurl = "http://127.0.0.1:${receiver.port}"\ndb = "soak"\nevery = 1\n`;
const daemon = await startDaemon(process.execPath, [], process.getuid(), settings);
await sleep(TRIMMED.first);
const before = await leastOf(daemon.pid, 2);
const ticks = listenForTicks(daemon.url);
const clients = crowd(daemon.url, 30);
// Processes come and go, as they do where somebody works.
const births = setInterval(() => spawn('true', { stdio: 'ignore' }), 100);
const allLate = [];
try {
  console.log(`${describeMachine()}; 30 clients at a time, ten processes a second, a receiver that is away for 20 s in 90`);
  for (let minute = 1; minute <= minutes; minute++) {
    const cpu = cpuTime(daemon.pid).threads;
    const seen = [];
    const answers = [];
    for (let second = 0; second < 60 && daemon.alive(); second++) {
      seen.push(memory(daemon.pid));
      answers.push((await ask(`${daemon.url}healthz`)) ?? Number.NaN);
      await sleep(1);
    }
    if (!daemon.alive()) throw new Error('The daemon ended.');
    const least = (key) => Math.min(...seen.map((one) => one[key]));
    const late = ticks.take();
    allLate.push(...late);
    console.log(
      `minute ${String(minute).padStart(3)}: resident ${least('resident').toFixed(1)} to ${Math.max(...seen.map((one) => one.resident)).toFixed(1)} MiB, ` +
        `private ${least('anonymous').toFixed(1)} MiB, descriptors ${least('descriptors')} to ${Math.max(...seen.map((one) => one.descriptors))}, ` +
        `CPU ${(((cpuTime(daemon.pid).threads - cpu) / 60) * 100).toFixed(1)} %, tick late p99 ${p99(late).toFixed(1)} ms (${late.length} ticks), ` +
        `healthz p99 ${p99(answers.toSorted((a, b) => a - b)).toFixed(1)} ms, ${receiver.samples()} samples sent`,
    );
  }
  clearInterval(births);
  ticks.stop();
  await clients.stop();
  const { streams, events, questions, broken } = clients.counts;
  console.log(`\n${streams} WebSockets, ${events} streams of events, ${questions} questions, ${broken} broken clients came and went.`);
  console.log('Everybody is gone; its next trim comes within five minutes.');
  const after = await leastOf(daemon.pid, TRIMMED.next);
  const late = p99(allLate.sort((a, b) => a - b));
  printTable(
    ['', 'before', 'after', 'budget'],
    [
      [
        'private memory, MiB',
        before.anonymous.toFixed(1),
        after.anonymous.toFixed(1),
        `${LEFT.toFixed(0)} more: ${verdict(after.anonymous - before.anonymous, LEFT)}`,
      ],
      [
        'descriptors',
        before.descriptors,
        after.descriptors,
        `${DESCRIPTORS} more: ${verdict(after.descriptors - before.descriptors, DESCRIPTORS)}`,
      ],
      ['tick late p99, ms', '', late.toFixed(1), `${LATENESS}: ${verdict(late, LATENESS)}`],
    ],
  );
} finally {
  clearInterval(births);
  ticks.stop();
  await clients.stop();
  await daemon.stop();
  receiver.close();
}
process.exit();
