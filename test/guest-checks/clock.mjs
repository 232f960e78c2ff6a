// A daemon that keeps, judges and sends everything while somebody sets the clock: back an hour, forward a day, and back again under the
// next one. No sample is missing, no figure is made of the jump, and every file is whole.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const CLI = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'packages', 'cli', 'bin', 'hecate.cjs');
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Seconds on a clock that nobody sets. */
const monotonic = () => performance.now() / 1000;
const now = () => Date.now() / 1000;
const setClock = (by) => execFileSync('date', ['--set', `@${(now() + by).toFixed(3)}`]);

async function eventually(ask, what, seconds = 120) {
  for (const end = monotonic() + seconds; ; await sleep(200)) {
    const found = await ask();
    if (found) return found;
    assert.ok(monotonic() < end, `It did not come to pass: ${what}.`);
  }
}

/** A server of line protocol that remembers the times of the samples, in seconds. */
async function startReceiver() {
  const times = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
      const lines = text.split('\n').filter((one) => one.startsWith('load'));
      for (const line of lines) times.push(Number(line.slice(line.lastIndexOf(' '))) / 1e9);
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { times, port: server.address().port, close: () => server.close().closeAllConnections() };
}

async function startDaemon(directory) {
  const env = { ...process.env, HOME: directory, XDG_CONFIG_HOME: join(directory, 'config'), XDG_STATE_HOME: join(directory, 'state') };
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--data-dir', join(directory, 'data')], { env });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    const json = async (path) => (await fetch(url + path)).json();
    const samples = async () => (await json('healthz')).samples;
    return {
      json,
      stderr: () => said,
      /** Waits until so many more samples were taken. */
      async sampled(count) {
        const wanted = (await samples()) + count;
        await eventually(async () => (await samples()) >= wanted, `${count} more samples. ${said}`);
      },
      async end() {
        child.kill();
        return (await ended)[0];
      },
    };
  }
  throw new Error(`The daemon ended: ${said}`);
}

/** Times of all rows of the day files, oldest file first; each row is whole. */
function recordedTimes(directory) {
  const names = readdirSync(directory).filter((name) => name.endsWith('.csv'));
  return names.sort().flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    assert.ok(text.endsWith('\n'), `${name} ends in a row`);
    const [head, ...rows] = text.trimEnd().split('\n');
    for (const row of rows) assert.equal(row.split(',').length, head.split(',').length, name);
    for (const row of rows) assert.equal(row.slice(0, 10), name.slice(0, 10), 'a row of another day');
    return rows.map((row) => Date.parse(row.slice(0, row.indexOf(','))) / 1000);
  });
}

/** That what is in memory is of this side of the jump, and nothing in it is made of the jump. */
async function expectSound(daemon, jumpedAt, least = 5) {
  const { time, series } = await daemon.json('api/v1/history?seconds=60');
  assert.ok(time.length >= least, `${time.length} points after the jump: ${time}, at ${now()}`);
  assert.ok(Math.abs(time.at(-1) - now()) < 12, `the newest sample is ${time.at(-1)}, the clock says ${now()}`);
  for (const [index, value] of time.entries()) assert.ok(index === 0 || value > time[index - 1], 'time goes back');
  assert.ok(
    time.every((value) => value >= jumpedAt - 61),
    'samples of the other side',
  );
  for (const [id, values] of Object.entries(series)) {
    for (const value of values) {
      assert.ok(value === null || (Number.isFinite(value) && (value >= 0 || /celsius|offset/.test(id))), `${id} is ${value}`);
      if (/usage_percent$|used_percent$/.test(id)) assert.ok(value <= 100.5, `${id} is ${value}`);
    }
  }
  const { alerts } = await daemon.json('api/v1/alerts');
  for (const { id, value } of alerts) assert.ok(value === null || Number.isFinite(value), `${id} has ${value}`);
}

/** Sets the clock of a running daemon and expects that everything goes on. */
async function jump(daemon, receiver, by) {
  setClock(by);
  const jumpedAt = now();
  const sent = receiver.times.length;
  await daemon.sampled(12);
  await expectSound(daemon, jumpedAt);
  await eventually(
    () => receiver.times.slice(sent).some((time) => Math.abs(time - now()) < 30),
    'a sample of the new time at the receiver',
  );
  const { events } = await daemon.json('api/v1/events');
  assert.ok(
    events.some(({ kind, time }) => kind === 'clock' && Math.abs(time - jumpedAt) < 30),
    'an event says that the clock was set',
  );
  const table = await eventually(async () => {
    const found = await daemon.json(`api/v1/processes?at=${now()}`);
    return found.processes && found.time > jumpedAt - 1 ? found : null;
  }, 'a process table of the new time');
  assert.ok(table.processes.length > 3);
  for (const { cpu } of table.processes) assert.ok(cpu === null || (cpu >= 0 && cpu < 1000), `a process uses ${cpu}`);
  assert.equal((await daemon.json('healthz')).recording, true);
}

export async function check() {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-clock-'));
  const data = join(directory, 'data');
  const receiver = await startReceiver();
  const realTime = now() - monotonic();
  try {
    mkdirSync(join(directory, 'config', 'hecate'), { recursive: true });
    const settings = `[record]\nprocesses_every = 5\n[[export]]\ntype = "influx"\nurl = "http://127.0.0.1:${receiver.port}"\ndb = "x"\nevery = 1\n`;
    writeFileSync(join(directory, 'config', 'hecate', 'config.toml'), settings, { mode: 0o600 });
    const daemon = await startDaemon(directory);
    await daemon.sampled(12);
    await jump(daemon, receiver, -HOUR);
    await jump(daemon, receiver, DAY);
    const { samples } = await daemon.json('healthz');
    assert.equal(await daemon.end(), 0, daemon.stderr());
    process.stdout.write(`  it said: ${daemon.stderr().trim() || 'nothing'}\n`);
    // The first sample has no rates and is no row.
    const times = recordedTimes(data);
    assert.ok(times.length >= samples - 1, `${times.length} rows of ${samples} samples`);
    const missing = receiver.times.filter((time) => !times.some((one) => Math.abs(one - time) < 1));
    assert.deepEqual(missing, [], 'sent, and not recorded');

    // The one after it starts in what is the past of its files.
    setClock(realTime + monotonic() - now());
    const next = await startDaemon(directory);
    await next.sampled(8);
    // A day on which the clock was put back is answered for by its means of ten seconds where the order of its rows misleads.
    await expectSound(next, now() - 60, 2);
    const report = await next.json(`api/v1/history?from=${now() - 2 * HOUR}&to=${now()}&step=10`);
    assert.ok(report.time.length >= 2, 'the hour before is there');
    assert.equal(await next.end(), 0, next.stderr());
    assert.ok(recordedTimes(data).length >= times.length + 7);
    // Of all days, the one that has not come yet among them.
    const period = ['--start-date', '2020-01-01', '--end-date', '2099-12-31'];
    const analysed = execFileSync(process.execPath, [CLI, 'analyze', '--data-dir', data, '--format', 'json', ...period]);
    assert.equal(JSON.parse(String(analysed)).period.rows, new Set(recordedTimes(data)).size);
  } finally {
    setClock(realTime + monotonic() - now());
    receiver.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
