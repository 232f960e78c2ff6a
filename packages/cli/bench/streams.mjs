// What a client of the stream costs `hecate serve`: microseconds of CPU for each frame that it is sent, and what many of them
// do to the ticks. `node packages/cli/bench/streams.mjs [seconds] [clients]`. Run `npm run setup` first. Linux only.
// The floor is a server that writes the same bytes to as many sockets once a second and does nothing else, in the same run.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { cpuTime, describeMachine, memory, nodes, printTable, sleep, startDaemon, startProgram, verdict } from './daemon-process.mjs';

/** Microseconds of CPU a frame at 1,000 clients, and milliseconds that a tick may be late at 200. */
const BUDGET = 40;
const LATENESS = 20;
const self = fileURLToPath(import.meta.url);

/** The floor, in a process of its own: whoever connects gets `bytes` bytes once a second. Prints its port. */
async function writeOnly(bytes) {
  const { createServer } = await import('node:net');
  const frame = randomBytes(bytes);
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
  setInterval(() => {
    for (const socket of sockets) socket.write(frame);
  }, 1000);
}

/** Many clients, in a process of their own: counts bytes and frames, and prints a line of JSON a second. */
async function listenOnly(url, count, upgrade) {
  const { hostname, port, pathname, search } = new URL(url);
  let bytes = 0;
  let pieces = 0;
  for (let client = 0; client < count; client++) {
    const socket = connect(Number(port), hostname);
    socket.on('error', (error) => {
      console.error(error.message);
      process.exit(1);
    });
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      pieces++;
    });
    if (upgrade) {
      const key = randomBytes(16).toString('base64');
      socket.write(
        `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      );
    }
    if (client % 20 === 19) await sleep(0.01);
  }
  setInterval(() => console.log(JSON.stringify({ bytes, pieces })), 200);
}

async function linesOf(program, handle) {
  for await (const line of createInterface({ input: program.stdout })) handle(line);
}

/** Starts clients; `bytes()` is what they have got so far. */
function startClients(url, count, upgrade) {
  const program = startProgram(process.execPath, [self, '--clients', url, String(count), String(upgrade)], { stdout: 'pipe' });
  let last = { bytes: 0, pieces: 0 };
  void linesOf(program, (line) => (last = JSON.parse(line)));
  return { stop: program.stop, alive: program.alive, got: () => last };
}

/** CPU seconds of a process over some seconds, what its clients got meanwhile, and how many ticks there were. */
async function measure(pid, clients, seconds) {
  const [before, gotBefore] = [cpuTime(pid).threads, clients.got()];
  await sleep(seconds);
  return { cpu: cpuTime(pid).threads - before, bytes: clients.got().bytes - gotBefore.bytes };
}

/** How late a timer of a process that does nothing is, in milliseconds after the whole second: what the machine itself does to ticks. */
async function idleLateness(seconds) {
  const late = [];
  for (let count = 0; count < seconds; count++) {
    const wait = 1000 - (Date.now() % 1000);
    const due = performance.now() + wait;
    await sleep(wait / 1000);
    late.push(Math.max(0, performance.now() - due));
  }
  return late.toSorted((a, b) => a - b);
}

const p99Of = (sorted) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)];

/** How late the ticks of a daemon are, in milliseconds after the whole second, as one more client hears of them. */
async function lateness(url, seconds) {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(`${url.replace('http', 'ws')}api/v1/stream?backfill=0&series=load1`);
  const late = [];
  socket.addEventListener('message', ({ data }) => {
    const { type, time } = JSON.parse(data);
    if (type === 'tick') late.push((time - Math.floor(time)) * 1000);
  });
  await sleep(seconds);
  socket.terminate();
  return late.toSorted((a, b) => a - b);
}

async function withClients(daemon, count, seconds, query = 'backfill=0') {
  // The one that measures how late ticks are is a client too.
  const clients = startClients(`${daemon.url}api/v1/stream?${query}`, count - 1, true);
  try {
    await sleep(5 + count / 250);
    const late = lateness(daemon.url, seconds);
    const idle = idleLateness(seconds - 1);
    const { cpu, bytes } = await measure(daemon.pid, clients, seconds);
    if (!clients.alive()) throw new Error('The clients ended before their time: the daemon refused some.');
    return { cpu, bytes, late: await late, idle: await idle, resident: memory(daemon.pid).resident };
  } finally {
    await clients.stop();
    await sleep(1);
  }
}

async function floorOf(bytes, count, seconds) {
  const floor = startProgram(process.execPath, [self, '--floor', String(bytes)], { stdout: 'pipe' });
  const url = await new Promise((resolve) => floor.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  const clients = startClients(url, count, false);
  try {
    await sleep(5 + count / 250);
    const { cpu } = await measure(floor.pid, clients, seconds);
    return (cpu / seconds / count) * 1e6;
  } finally {
    await Promise.all([clients.stop(), floor.stop()]);
  }
}

async function bench(seconds, most) {
  for (const { name, program } of nodes()) {
    const daemon = await startDaemon(program, ['--no-record']);
    try {
      // Two trims of its memory later.
      await sleep(30);
      const rows = [];
      const two = await withClients(daemon, 2, seconds);
      for (const count of [200, most]) {
        const many = await withClients(daemon, count, seconds);
        const frame = Math.round(many.bytes / seconds / (count - 1));
        const each = ((many.cpu - two.cpu) / seconds / (count - 2)) * 1e6;
        const least = await floorOf(frame, count, seconds);
        const p99 = p99Of(many.late);
        rows.push([
          count,
          frame,
          each.toFixed(1),
          least.toFixed(1),
          (each / least).toFixed(2),
          many.resident.toFixed(1),
          p99.toFixed(1),
          p99Of(many.idle).toFixed(1),
          count === most ? verdict(each, BUDGET) : verdict(p99, LATENESS),
        ]);
      }
      console.log(
        `\n${name}, ${describeMachine()}, ${seconds} s each; with two clients ${((two.cpu / seconds) * 100).toFixed(2)} % of a core:`,
      );
      printTable(
        ['clients', 'bytes a frame', 'us a frame', 'floor', 'ratio', 'resident MiB', 'tick late p99 ms', 'idle timer', 'budget'],
        rows,
      );
    } finally {
      await daemon.stop();
    }
  }
}

const [mode, first, second, third] = process.argv.slice(2);
if (mode === '--floor') await writeOnly(Number(first));
else if (mode === '--clients') await listenOnly(first, Number(second), third === 'true');
else await bench(Number(mode ?? 30), Number(first ?? 1000));
