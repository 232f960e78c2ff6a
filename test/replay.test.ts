// The machine as it was: what the recorder and the daemon keep of processes, and what `hecate replay` and the API say of it later.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, run, start, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { noMounts, seenBy, smallDisk } from './mounts.testing.ts';

interface Row {
  readonly pid: number;
  readonly startedAfterBoot: number;
  readonly startTime: number;
  readonly name: string;
  readonly command: string | null;
  readonly rss: number;
  readonly cpuUser: number;
  readonly cpuSystem: number;
  readonly cpu: number | null;
  readonly user: string | null;
}
interface Replayed {
  readonly time: number;
  readonly row: { readonly time: number; readonly values: Readonly<Record<string, number | null>> } | null;
  readonly processes: { readonly time: number; readonly count: number; readonly list: readonly Row[] } | null;
  readonly events: readonly unknown[];
  readonly alerts: readonly unknown[];
}

const linux = process.platform === 'linux';
/** A process whose name and command line want to steer the terminal. */
const HOSTILE = '\u001B[31mred\nline';
let hostile: ChildProcess;

beforeAll(async () => {
  const script = `process.title = process.argv[1]; process.send('ready'); setInterval(() => {}, 1e6);`;
  hostile = spawn(process.execPath, ['-e', script, HOSTILE], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  await once(hostile, 'message');
});
afterAll(async () => {
  const ended = once(hostile, 'exit');
  hostile.kill('SIGKILL');
  await ended;
});

const replayJson = async (directory: string, ...args: string[]): Promise<Replayed> => {
  const { status, stdout, stderr } = await run(['replay', ...args, '--data-dir', directory, '--format', 'json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Replayed;
};

describe.runIf(linux)('hecate record --processes', () => {
  it('keeps what a snapshot of the same moment says: who, memory, CPU time', async () => {
    const directory = temporary('replay');
    const before = JSON.parse((await run(['snapshot', '--format', 'json', '--only', 'processes', '--interval', '0'])).stdout) as {
      processes: Row[];
    };
    const recorded = await run(['record', '--processes', '--data-dir', directory, '--interval', '0.5', '--count', '2']);
    expect(recorded.status).toBe(0);
    const after = JSON.parse((await run(['snapshot', '--format', 'json', '--only', 'processes', '--interval', '0'])).stdout) as {
      processes: Row[];
    };
    expect(readdirSync(join(directory, 'processes'))).toHaveLength(1);
    expect(statSync(join(directory, 'processes')).mode & 0o077).toBe(0);

    const { processes, row } = await replayJson(directory, 'now', '--limit', '100000');
    const key = ({ pid, startedAfterBoot }: Row): string => `${pid} ${startedAfterBoot}`;
    const kept = new Map(processes!.list.map((one) => [key(one), one]));
    const later = new Map(after.processes.map((one) => [key(one), one]));
    expect(processes!.count).toBe(kept.size);
    expect(row!.values['processes_total']).toBeGreaterThan(0);
    let same = 0;
    const moved: string[] = [];
    for (const one of before.processes) {
      const then = later.get(key(one));
      if (!then) continue;
      // Who was there before and after was there when it was kept, with figures between the two.
      const was = kept.get(key(one));
      expect(was, `${one.pid} ${one.name}`).toBeDefined();
      for (const figure of ['cpuUser', 'cpuSystem'] as const) {
        expect(was![figure]).toBeGreaterThanOrEqual(one[figure] - 0.011);
        expect(was![figure]).toBeLessThanOrEqual(then[figure] + 0.011);
      }
      if (one.rss === then.rss) same++;
      const hasSlept = one.rss === then.rss && one.cpuUser === then.cpuUser && one.cpuSystem === then.cpuSystem;
      if (hasSlept && was!.rss !== one.rss) moved.push(`${one.pid} ${one.name}: ${one.rss}, ${was!.rss}`);
      if (one.user === then.user) expect(was!.user).toBe(one.user);
    }
    expect(same).toBeGreaterThan(3);
    // One may have got a page and lost it in between.
    expect(moved.length, moved.join('; ')).toBeLessThan(3);
    for (const one of kept.values()) if (one.startTime > processes!.time + 1) throw new Error(`${one.name} was not there yet`);
  });

  it('without --processes keeps none; with a source that has none it says so', async () => {
    const directory = temporary('replay');
    await run(['record', '--data-dir', directory, '--interval', '0.2', '--count', '2']);
    expect(readdirSync(directory).filter((name) => !name.endsWith('.csv'))).toEqual([]);
    const { processes, row } = await replayJson(directory, 'now');
    expect(processes).toBeNull();
    expect(row).not.toBeNull();
    const table = await run(['replay', 'now', '--data-dir', directory]);
    expect(table.stdout).toContain('No process table was kept then.');
    const refused = await run(['record', '--processes', '--data-dir', directory, '--source', 'http://127.0.0.1:9/metrics']);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--processes means nothing to the source') });
  });

  it.skipIf(noMounts)('a full disk stops the recording as ever, with what there is of processes', async () => {
    const { directory, wrap } = smallDisk('64k');
    const running = start(['record', '--processes', '--data-dir', directory, '--interval', '0.1', '--buffer', '1'], { wrap });
    await eventually(() => readdirSync(seenBy(running.child.pid!, directory)).includes('processes'), 'a process table');
    writeFileSync(join(seenBy(running.child.pid!, directory), 'filler'), Buffer.alloc(36_000));
    const { status, stderr } = await running.ended();
    expect(status).toBe(1);
    expect(stderr).toContain('the disk is full');
  });
});

describe.runIf(linux)('hecate serve, and time travel', () => {
  let directory: string;
  let config: string;
  let daemon: Daemon;
  beforeAll(async () => {
    directory = temporary('replay');
    config = temporary('config');
    mkdirSync(join(config, 'hecate'));
    writeFileSync(join(config, 'hecate', 'config.toml'), '[record]\nprocesses_every = 5\n');
    daemon = await startDaemon(['--data-dir', directory], { env: { XDG_CONFIG_HOME: config } });
    // Two tables, so that there are rates.
    await eventually(async () => ((await at(Date.now() / 1000)).body.processes?.[0]?.cpu ?? null) !== null, 'a table with rates');
  });

  const at = async (
    time: number | string,
    more = '',
  ): Promise<{ status: number; body: { time: number; processes?: Row[]; error?: object } }> => {
    const response = await fetch(new URL(`api/v1/processes?at=${time}${more}`, daemon.url));
    return { status: response.status, body: (await response.json()) as { time: number; processes?: Row[] } };
  };

  it('?at= is like the list of now: sorted, limited, with the time at which it was', async () => {
    const now = Date.now() / 1000;
    const { status, body } = await at(now);
    expect(status).toBe(200);
    expect(body.time).toBeLessThanOrEqual(now);
    expect(body.time).toBeGreaterThan(now - 15);
    const cpus = body.processes!.map(({ cpu }) => cpu ?? -1);
    expect(cpus).toEqual(cpus.toSorted((a, b) => b - a));
    expect(body.processes!.some(({ pid }) => pid === hostile.pid)).toBe(true);
    const two = (await at(now, '&sort=rss&limit=2')).body.processes!;
    expect(two).toHaveLength(2);
    expect(two[0]!.rss).toBeGreaterThanOrEqual(two[1]!.rss);
    const live = (await daemon.json('api/v1/processes')) as { processes: Row[] };
    expect(Object.keys(two[0]!).toSorted()).toEqual(Object.keys(live.processes[0]!).toSorted());
  });

  it('a moment that was not kept, and what is no moment, are refused', async () => {
    const now = Date.now() / 1000;
    expect((await at(now - 86_400)).status).toBe(503);
    expect((await at(0)).status).toBe(503);
    for (const wrong of ['', 'yesterday', '-1', 'NaN', '1e99', 'Infinity']) expect((await at(wrong)).status).toBe(400);
  });

  it('the daemon goes, what it kept stays: the same at replay, in 80 columns, and names do not steer the terminal', async () => {
    const live = await at(Date.now() / 1000);
    expect((await daemon.end()).status).toBe(0);
    // The moment of that table: one that was being read while we asked is no part of that answer, and is kept all the same.
    const then = String(live.body.time + 0.01);
    const { processes } = await replayJson(directory, then, '--limit', '100000');
    expect(processes!.time).toBeCloseTo(live.body.time, 3);
    const sorted = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => a.pid - b.pid);
    expect(sorted(processes!.list)).toEqual(sorted(live.body.processes!));

    const { status, stdout, stderr } = await run(['replay', then, '--data-dir', directory, '--sort', 'pid', '--limit', '100000'], {
      env: { NO_COLOR: '1' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/CPU .*%/);
    expect(stdout).toMatch(/Processes at \d\d:\d\d:\d\d: \d+, threads: \d+/);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
    for (const line of stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    expect(stdout.split('\n').find((line) => line.includes(` ${hostile.pid} `))).toContain('red');
  });

  it('--to steps through: a line each, none wider than 80, the same as JSON', async () => {
    const { status, stdout } = await run(['replay', '-60s', '--to', 'now', '--step', '5', '--data-dir', directory]);
    expect(status).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^time +cpu +memory/);
    expect(lines.length).toBeGreaterThanOrEqual(1);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
    const json = await run(['replay', '-60s', '--to', 'now', '--step', '5', '--data-dir', directory, '--format', 'json', '--sort', 'rss']);
    const glances = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Replayed);
    expect(glances.some(({ processes }) => processes !== null && processes.list.length === 3)).toBe(true);
  });

  it('what is not understood or not there is said, with what there is', async () => {
    const said = async (...args: string[]): Promise<{ status: number | null; stderr: string }> =>
      run(['replay', ...args, '--data-dir', directory]);
    expect(await said('-3d')).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/Nothing was recorded at .* There are rows .* process tables from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to /s),
    });
    expect(await said('banana')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"banana" is no time that hecate understands'),
    });
    expect(await said('2037-01-01')).toMatchObject({ status: 2, stderr: expect.stringContaining('in the future') });
    expect(await said('-10m', '--to', '-20m')).toMatchObject({ status: 2, stderr: expect.stringContaining('lies before') });
    expect(await said('-3d', '--to', '-2d')).toMatchObject({ status: 4, stderr: expect.stringContaining('Nothing was recorded from') });
    expect(await said()).toMatchObject({ status: 2 });
    const fresh = temporary('replay');
    expect(await run(['replay', '-20s', '--data-dir', fresh])).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('Nothing was recorded at'),
    });
    // Somebody records here, and has not written yet.
    writeFileSync(join(fresh, 'recorder.lock'), '');
    expect(await run(['replay', '-20s', '--data-dir', fresh])).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/is not on the disk yet: it is written once a minute\..*Ask again in a minute/s),
    });
    const empty = await run(['replay', '-1h', '--data-dir', join(directory, 'nowhere')]);
    expect(empty).toMatchObject({ status: 4, stderr: expect.stringContaining('Nothing is recorded there.') });
  });

  it('processes = false keeps none; an impossible setting is refused with its name', async () => {
    const other = temporary('replay');
    const write = (text: string): void => writeFileSync(join(config, 'hecate', 'config.toml'), text);
    write('[record]\nprocesses = false\n');
    const quiet = await startDaemon(['--data-dir', other, '--interval', '0.1'], { env: { XDG_CONFIG_HOME: config } });
    await eventually(async () => ((await quiet.json('healthz'))['samples'] as number) > 5, 'some samples');
    expect((await fetch(new URL('api/v1/processes?at=1795000000', quiet.url))).status).toBe(503);
    expect((await quiet.end()).status).toBe(0);
    expect(readdirSync(other)).not.toContain('processes');
    write('[record]\nprocesses_every = 1\n');
    const refused = await run(['serve', '--port', '0', '--data-dir', other], { env: { XDG_CONFIG_HOME: config } });
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('processes_every must be a number of seconds from 5 to 600'),
    });
    rmSync(other, { recursive: true });
  });
});
