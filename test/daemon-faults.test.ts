// What happens to a daemon that keeps, judges and sends everything when it is killed, when its disk is full, and when there are two of it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../packages/observe/src/free-port.testing.ts';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { sampledOn } from './daemon-faults.testing.ts';
import { configured, sampledSeconds, startLineServer } from './export.testing.ts';
import { noMounts, seenBy, smallDisk } from './mounts.testing.ts';

const linux = process.platform === 'linux';

/** Everything that is kept by default, more often; and samples to a server at this port. */
const everything = (port: number): string =>
  `[record]\nprocesses_every = 5\n[[export]]\ntype = "influx"\nurl = "http://127.0.0.1:${port}"\ndb = "x"\nevery = 1\n`;

interface HistoryAnswer {
  readonly time: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
}

const historyOf = async (daemon: Daemon, from: number, to: number): Promise<HistoryAnswer> =>
  (await daemon.json(`api/v1/history?from=${from}&to=${to}`)) as unknown as HistoryAnswer;

/** The names of the columns and the moments of the rows of all day files. */
function recorded(directory: string): { columns: string[]; times: number[] } {
  const names = readdirSync(directory).filter((name) => /^\d{4}-\d\d-\d\d\.csv$/.test(name));
  const texts = names.sort().map((name) => readFileSync(join(directory, name), 'utf8').trimEnd().split('\n'));
  const rows = texts.flatMap(([head = '', ...lines]) => lines.filter((line) => line.split(',').length === head.split(',').length));
  return { columns: texts[0]![0]!.split(',').slice(1), times: rows.map((row) => Date.parse(row.slice(0, row.indexOf(','))) / 1000) };
}

/** The second of a sample, which is taken at the beginning of one or a moment later. */
const secondOf = (time: number): number => Math.floor(time + 0.001);

/** Each path of the API that is asked with GET and no parameter. */
const PATHS = ['healthz', 'metrics', 'api/v1/snapshot', 'api/v1/processes', 'api/v1/history?seconds=60', 'api/v1/events', 'api/v1/alerts'];

describe.runIf(linux)('kill -9', () => {
  it('what the API said of the time up to the last write, the next daemon says too', async () => {
    const [directory, state] = [temporary('data'), temporary('state')];
    const env = configured('[record]\nprocesses_every = 5\n', state);
    const args = ['--data-dir', directory];
    const began = Math.floor(Date.now() / 1000);
    const first = await startDaemon(args, { env });
    // Rows are written after 1, 3, 7, 15 and 31: some are in the file, and some only in memory.
    await eventually(() => readdirSync(directory).some((name) => name.endsWith('.csv')) && recorded(directory).times.length >= 15, 'rows');
    const table = (await eventually(async () => {
      const found = await first.json(`api/v1/processes?at=${Date.now() / 1000}`);
      const { processes } = found as { processes?: { cpu: number | null }[] };
      return processes?.some(({ cpu }) => cpu !== null) ? found : null;
    }, 'a process table with rates')) as { time: number };
    const before = await historyOf(first, began, Date.now() / 1000);
    const events = (await first.json('api/v1/events?from=0')) as { events: { time: number; kind: string }[] };
    // Events wait for each other a fifth of a second.
    await sampledOn(first, 2);
    await first.end('SIGKILL');
    const { columns, times } = recorded(directory);
    // More may have been written since we asked. What comes from memory stands for whole seconds too.
    const newest = Math.min(times.at(-1)!, before.time.at(-1)! + 0.999);
    expect(times.length).toBeGreaterThanOrEqual(15);

    const second = await startDaemon(args, { env });
    const after = await historyOf(second, began, newest);
    const known = before.time.map((time, index) => ({ time, index })).filter(({ time }) => time <= newest + 0.0005);
    // Of the first sample there are no rates, so it is no row; a request may have asked before all was read again.
    const asRecorded = known.filter(({ time }) => time >= secondOf(times[0]!));
    // What comes from files stands for whole seconds.
    expect(after.time.map(secondOf)).toEqual(asRecorded.map(({ time }) => secondOf(time)));
    expect(asRecorded.length).toBeGreaterThanOrEqual(14);
    let compared = 0;
    for (const id of columns) {
      const values = before.series[id];
      if (!values) continue;
      for (const [place, { index }] of asRecorded.entries()) {
        const [was, is] = [values[index] ?? null, after.series[id]?.[place] ?? null];
        if (was === null) expect(is, id).toBeNull();
        // A file has two decimals of what memory has as a float of four bytes.
        else expect(Math.abs(is! - was) / Math.max(1, Math.abs(was)), `${id}: ${was}, ${is}`).toBeLessThan(0.01);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
    expect(await second.json(`api/v1/processes?at=${table.time}`)).toEqual(table);
    const told = (await second.json('api/v1/events?from=0')) as { events: { time: number }[] };
    // What cannot be watched is said anew by each daemon.
    const kept = events.events.filter(({ kind }) => kind !== 'unavailable').map(({ time }) => time);
    expect(told.events.map(({ time }) => time)).toEqual(expect.arrayContaining(kept));
    expect((await second.json('healthz'))['recording']).toBe(true);
    expect(await second.end()).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.runIf(linux && !noMounts)('a full disk', () => {
  it('under all that is kept: each trouble is said once, every answer stays, and nothing is missing when there is room again', async () => {
    const { directory, wrap } = smallDisk('6m');
    const [data, state] = [join(directory, 'data'), join(directory, 'state')];
    const port = await freePort();
    const began = Math.floor(Date.now() / 1000);
    const daemon = await startDaemon(['--data-dir', data, '--interval', '1'], { env: configured(everything(port), state), wrap });
    const there = seenBy(daemon.child.pid!, directory);
    const filler = join(there, 'filler');
    let server: Awaited<ReturnType<typeof startLineServer>> | undefined;
    try {
      await eventually(() => readdirSync(join(there, 'data')).some((name) => name.endsWith('.csv')), 'a row');
      expect(() => writeFileSync(filler, Buffer.alloc(8_000_000))).toThrow('ENOSPC');
      await daemon.until(/Recording failed, rows are kept.*the disk is full/, 120);
      await daemon.until(/samples .* that wait cannot be kept on the disk, and are kept in memory/, 120);
      // Long enough for everything to be tried again.
      await sampledOn(daemon, 40);
      for (const path of PATHS) expect((await fetch(new URL(path, daemon.url))).status, path).toBe(200);
      const lines = daemon.stderr().trimEnd().split('\n');
      expect(lines.length, daemon.stderr()).toBeLessThan(12);
      rmSync(filler);
      await daemon.until(/Recording again\./, 120);
      server = await startLineServer(port);
      const { times } = server;
      await eventually(() => times().length > 50, 'what waited', 150);
      const newest = times().at(-1)!;
      const taken = (await sampledSeconds(daemon)).filter((time) => time <= newest);
      expect(taken.filter((time) => !times().includes(time))).toEqual([]);
      await sampledOn(daemon, 10);
      expect((await daemon.json('healthz'))['recording']).toBe(true);
      const samples = Number((await daemon.json('healthz'))['samples']);
      await eventually(async () => (await daemon.json(`api/v1/processes?at=${Date.now() / 1000}`))['processes'], 'a process table', 90);
      // All that was sampled is answered for, from files and memory together.
      const { time } = await historyOf(daemon, began, Date.now() / 1000);
      expect(time.length).toBeGreaterThanOrEqual(samples - 1);
      expect(Math.max(...time.slice(1).map((one, index) => one - time[index]!))).toBeLessThan(5);
    } finally {
      const { status } = await daemon.end();
      await server?.close();
      expect(status, daemon.stderr()).toBe(0);
    }
  }, 420_000);
});

describe.runIf(linux)('two daemons with the same directories', () => {
  it('both serve; one records and has the queue on the disk; each keeps what it has to send, and no file is torn', async () => {
    const [directory, state] = [temporary('data'), temporary('state')];
    const port = await freePort();
    const env = configured(everything(port), state);
    const args = ['--data-dir', directory, '--interval', '1'];
    const [one, other] = [await startDaemon(args, { env }), await startDaemon(args, { env })];
    const server = await eventually(async () => {
      await one.until(/Samples wait, and are sent later/);
      await other.until(/Samples wait, and are sent later/);
      await sampledOn(other, 12);
      return startLineServer(port);
    }, 'two that wait');
    try {
      expect([(await one.json('healthz'))['recording'], (await other.json('healthz'))['recording']]).toEqual([true, false]);
      expect(other.stderr()).toContain(`pid ${one.child.pid}`);
      const both = [...new Set([...(await sampledSeconds(one)), ...(await sampledSeconds(other))])];
      await eventually(() => both.filter((time) => !server.times().includes(time)).length === 0, 'all samples of both', 120);
      for (const daemon of [one, other]) for (const path of PATHS) expect((await fetch(new URL(path, daemon.url))).status, path).toBe(200);
    } finally {
      // The one that stays takes over.
      expect((await one.end()).status).toBe(0);
      expect((await other.end()).status).toBe(0);
      await server.close();
    }
    const next = await startDaemon(args, { env });
    await sampledOn(next, 3);
    expect(await next.json('healthz')).toMatchObject({ recording: true });
    expect((await next.end()).status).toBe(0);
    expect(next.stderr().replace(/^hecate: Export influx.*\n/gm, '')).toBe('');
  }, 300_000);
});
