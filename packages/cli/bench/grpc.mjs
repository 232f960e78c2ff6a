// What a client of the gRPC stream costs `hecate serve`: microseconds of CPU for each message, against a plain @grpc/grpc-js server
// that sends the same message to as many clients once a second, in the same run, in turns. Medians.
// `node packages/cli/bench/grpc.mjs [seconds] [clients] [rounds]`. Run `npm run setup` first. Linux only.
// Each client has a connection of its own. Sockets cost a daemon that counts them something too: as many clients that get no message are
// what others are compared with. A third row is our own stream by way of connect, as gRPC-Web clients get it.
import { connect as connectHttp2 } from 'node:http2';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cpuTime, describeMachine, median, memory, printTable, sleep, startDaemon, startProgram, verdict } from './daemon-process.mjs';

const self = fileURLToPath(import.meta.url);
const protos = fileURLToPath(new URL('../../observe/proto', import.meta.url));
/** What a message may cost, as a share of what grpc-js takes. */
const BUDGET = 0.5;
/** Seconds between two messages for clients that are there and get none. */
const IDLE = 86_400;

async function loadService() {
  const { loadPackageDefinition, ...grpc } = await import('@grpc/grpc-js').then(({ default: whole }) => whole);
  const { loadSync } = await import('@grpc/proto-loader').then(({ default: whole }) => whole);
  const definition = loadSync('hecate/v1/hecate.proto', { includeDirs: [protos], longs: Number });
  return { grpc, Hecate: loadPackageDefinition(definition).hecate.v1.Hecate };
}

/** The plain server, in a process of its own: whoever calls `Stream` gets `message` once a second. */
async function serveByLibrary(message) {
  const { grpc, Hecate } = await loadService();
  const calls = new Set();
  const server = new grpc.Server();
  server.addService(Hecate.service, {
    Stream(call) {
      if (call.request.every === IDLE) return;
      calls.add(call);
      call.on('cancelled', () => calls.delete(call));
    },
  });
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(`http://127.0.0.1:${port}/`);
  });
  setInterval(() => {
    message.time += 1;
    for (const call of calls) call.write(message);
  }, 1000);
}

/** Many clients, in a process of their own: counts bytes, and prints them five times a second. */
async function listenOnly(url, count, type, every) {
  let bytes = 0;
  const request = Buffer.alloc(14);
  request[4] = request[5] = 9;
  request.writeDoubleLE(every, 6);
  for (let client = 0; client < count; client++) {
    const session = connectHttp2(url, { settings: { initialWindowSize: 1 << 20 } });
    const fail = (error) => {
      console.error(error.message);
      process.exit(1);
    };
    session.on('error', fail);
    const stream = session.request({ ':method': 'POST', ':path': '/hecate.v1.Hecate/Stream', 'content-type': type, te: 'trailers' });
    stream.on('error', fail);
    stream.on('data', (chunk) => (bytes += chunk.length));
    stream.end(request);
    if (client % 20 === 19) await sleep(0.02);
  }
  setInterval(() => console.log(bytes), 200);
}

function startClients(url, count, type, every) {
  const program = startProgram(process.execPath, [self, '--clients', url, String(count), type, String(every)], { stdout: 'pipe' });
  let last = 0;
  createInterface({ input: program.stdout }).on('line', (line) => (last = Number(line)));
  return { stop: program.stop, alive: program.alive, got: () => last };
}

async function measure({ pid, url }, count, seconds, type, every) {
  const clients = startClients(url, count, type, every);
  try {
    await sleep(4 + count / 200);
    const [before, gotBefore] = [cpuTime(pid).threads, clients.got()];
    await sleep(seconds);
    const cpu = cpuTime(pid).threads - before;
    if (!clients.alive()) throw new Error('The clients ended before their time: the server refused some.');
    return { cpu: cpu / seconds, bytes: (clients.got() - gotBefore) / seconds / count, resident: memory(pid).resident };
  } finally {
    await clients.stop();
    await sleep(1);
  }
}

/** Microseconds of CPU a message: what clients cost above what as many cost that are connected and get none. */
async function costOf(server, count, seconds, type) {
  const idle = await measure(server, count, seconds, type, IDLE);
  const busy = await measure(server, count, seconds, type, 0);
  return { each: ((busy.cpu - idle.cpu) / count) * 1e6, bytes: busy.bytes, resident: busy.resident };
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** One message of the daemon, as grpc-js decodes it. */
async function messageOf(url) {
  const { grpc, Hecate } = await loadService();
  const client = new Hecate(new URL(url).host, grpc.credentials.createInsecure());
  const call = client.stream({});
  const message = await new Promise((resolve, reject) => call.once('data', resolve).on('error', reject));
  call.removeAllListeners('error').on('error', () => undefined);
  call.cancel();
  client.close();
  return message;
}

async function startPlain(message) {
  const plain = startProgram(process.execPath, [self, '--plain', JSON.stringify(message)], { stdout: 'pipe' });
  const url = await new Promise((resolve) => plain.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  return { ...plain, url };
}

async function bench(seconds, most, rounds) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const daemon = await startDaemon(process.execPath, ['--no-record', '--grpc-port', String(port)]);
  let plain;
  try {
    await sleep(3);
    const message = await messageOf(url);
    plain = await startPlain(message);
    // Two trims of its memory later.
    await sleep(27);
    console.log(`\nNode ${process.versions.node}, ${describeMachine()}, ${seconds} s each, ${rounds} rounds;`);
    console.log(`resident before the first client: daemon ${memory(daemon.pid).resident.toFixed(1)} MiB, plain grpc-js`);
    console.log(`server ${memory(plain.pid).resident.toFixed(1)} MiB; ${Object.keys(message.series).length} series a message`);
    const kinds = [
      ['hecate', { pid: daemon.pid, url }, 'application/grpc'],
      ['plain grpc-js', plain, 'application/grpc'],
      ['hecate through connect', { pid: daemon.pid, url }, 'application/grpc-web+proto'],
    ];
    const rows = [];
    for (const count of [100, most]) {
      const found = kinds.map(() => []);
      for (let round = 0; round < rounds; round++) {
        for (const [index, [, server, type]] of kinds.entries()) found[index].push(await costOf(server, count, seconds, type));
      }
      const each = found.map((list) => median(list.map((one) => one.each)));
      for (const [index, [name]] of kinds.entries()) {
        const { bytes, resident } = found[index].at(-1);
        const share = each[index] / each[1];
        const judged = index === 0 ? verdict(share, BUDGET) : '';
        rows.push([name, count, Math.round(bytes), each[index].toFixed(1), share.toFixed(2), resident.toFixed(1), judged]);
      }
    }
    printTable(['server', 'clients', 'bytes a message', 'us a message', 'of grpc-js', 'resident MiB', 'budget 0.5'], rows);
  } finally {
    await Promise.all([daemon.stop(), plain?.stop()]);
  }
}

const [mode, first, second, third, fourth] = process.argv.slice(2);
if (mode === '--plain') await serveByLibrary(JSON.parse(first));
else if (mode === '--clients') await listenOnly(first, Number(second), third, Number(fourth));
else await bench(Number(mode ?? 20), Number(first ?? 1000), Number(second ?? 3));
