import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS } from '../packages/observe/src/record/columns.ts';
import { eventually, run, start, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon, Running } from './cli.testing.ts';
import { noMounts, noReadOnly, readOnlyPlace, seenBy, smallDisk } from './mounts.testing.ts';

const HEADER = ['timestamp', ...COLUMNS.map(({ name }) => name)].join(',');
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

const dayFiles = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => /^\d{4}-\d\d-\d\d\.csv$/.test(name))
    .sort();

/** All rows of a directory, cells by column; checks that every file is whole on the way. A recording may cross midnight. */
function rowsOf(directory: string): Record<string, string>[] {
  return dayFiles(directory).flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    const [header, ...lines] = text.trimEnd().split('\n');
    expect(header).toBe(HEADER);
    return lines.map((line) => {
      const cells = line.split(',');
      expect(cells).toHaveLength(COLUMNS.length + 1);
      expect(cells[0]).toMatch(STAMP);
      expect(cells[0]!.slice(0, 10)).toBe(name.slice(0, 10));
      return Object.fromEntries(header!.split(',').map((column, at) => [column, cells[at]!]));
    });
  });
}

const written = (directory: string): number =>
  dayFiles(directory).reduce((sum, name) => sum + readFileSync(join(directory, name), 'utf8').split('\n').length - 2, 0);

/** A recorder that has written something. */
async function recording(directory: string, ...args: string[]): Promise<Running> {
  const running = start(['record', '--data-dir', directory, '--interval', '0.1', ...args]);
  await running.until(/Recording /);
  await eventually(() => written(directory) >= 1, 'a row in the file');
  return running;
}

describe('hecate record', () => {
  it('--count and --interval: so many rows, on multiples of the interval, the header once', async () => {
    const directory = join(temporary('record'), 'made', 'for it');
    const { status, stdout, stderr } = await run(['record', '--data-dir', directory, '--count', '5', '--interval', '0.2']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain(`to ${directory} every 0.2 s`);
    expect(stderr).toMatch(/^hecate: 5 rows recorded/m);
    const rows = rowsOf(directory);
    expect(rows).toHaveLength(5);
    const times = rows.map(({ timestamp }) => Date.parse(timestamp!));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(5);
    expect(readdirSync(directory)).toEqual(dayFiles(directory));
  });

  it.runIf(process.platform === 'linux')('the cells are what the machine has: totals as in /proc, unknown ones empty', async () => {
    const directory = temporary('record');
    await run(['record', '--data-dir', directory, '--count', '3', '--interval', '0.1']);
    const [first, , last] = rowsOf(directory);
    expect(last!['memory_total']).toBe(String(Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))![1]) * 1024));
    for (const row of [first, last]) {
      // The first row has rates too: a reading before it is their baseline.
      expect(row!['cpu_usage_percent']).not.toBe('');
      expect(Number(row!['cpu_usage_percent'])).toBeGreaterThanOrEqual(0);
      expect(Number(row!['cpu_usage_percent'])).toBeLessThanOrEqual(100);
    }
    expect(last!['ane_power_watts']).toBe('');
    expect(Number(last!['processes_total'])).toBeGreaterThan(0);
  });

  it('a second run goes on in the same file', async () => {
    const directory = temporary('record');
    for (const count of ['2', '3'])
      expect((await run(['record', '--data-dir', directory, '--count', count, '--interval', '0.1'])).status).toBe(0);
    expect(rowsOf(directory)).toHaveLength(5);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s writes everything and ends with status 0', async (signal) => {
    const directory = temporary('record');
    const running = await recording(directory, '--buffer', '3600');
    // More than the first writes took, so that rows wait in memory.
    await eventually(() => written(directory) >= 7, 'seven rows');
    const { status, stderr } = await running.end(signal);
    expect(status).toBe(0);
    expect(stderr).toContain(`hecate: ${rowsOf(directory).length} rows recorded`);
    expect(readdirSync(directory)).toEqual(dayFiles(directory));
  });

  it('a second recorder on the same directory is refused, and the first goes on', async () => {
    const directory = temporary('record');
    const first = await recording(directory);
    const { status, stdout, stderr } = await run(['record', '--data-dir', directory, '--count', '1']);
    expect({ status, stdout }).toEqual({ status: 6, stdout: '' });
    expect(stderr).toContain(`pid ${first.child.pid}`);
    expect(stderr).toMatch(/^hecate: \S.*\.\n {8}\S.*\.\n$/);
    const before = written(directory);
    await eventually(() => written(directory) > before, 'more rows of the first');
    expect((await first.end()).status).toBe(0);
    rowsOf(directory);
  });

  it('kill -9: what was written stays, and the next recorder goes on cleanly', async () => {
    const directory = temporary('record');
    const killed = await recording(directory);
    await eventually(() => written(directory) >= 3, 'three rows');
    await killed.end('SIGKILL');
    const kept = written(directory);
    // As a crash of the machine would leave it: half a line.
    appendFileSync(join(directory, dayFiles(directory).at(-1)!), '2026-11-21T12:00:00.0');
    const { status, stderr } = await run(['record', '--data-dir', directory, '--count', '2', '--interval', '0.1']);
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('2 rows recorded') });
    expect(rowsOf(directory)).toHaveLength(kept + 2);
  });
});

describe('a place that cannot be written', () => {
  it.skipIf(noReadOnly)('a read-only directory: status 5, a sentence, nothing else', async () => {
    const { directory, wrap } = readOnlyPlace();
    for (const place of [directory, join(directory, 'below')]) {
      const { status, stdout, stderr } = await run(['record', '--data-dir', place, '--count', '1'], { wrap });
      expect({ status, stdout }).toEqual({ status: 5, stdout: '' });
      expect(stderr).toMatch(/^hecate: .*(read-only|may not be written).*\n {8}.*--data-dir\.\n$/);
    }
  });

  it.skipIf(noMounts)('a full disk: it ends with a sentence, and the rows before are whole', async () => {
    const { directory, wrap } = smallDisk('24k');
    const running = start(['record', '--data-dir', directory, '--interval', '0.1', '--buffer', '1'], { wrap });
    await running.until(/Recording /);
    let rows = 0;
    const look = (): void => {
      rows = written(seenBy(running.child.pid!, directory));
    };
    await eventually(() => (look(), rows >= 3), 'three rows');
    // Fills what is left; a write into a full file system fails, and that is the aim.
    try {
      writeFileSync(join(seenBy(running.child.pid!, directory), 'filler'), Buffer.alloc(65_536));
    } catch (error) {
      expect(String(error)).toContain('ENOSPC');
    }
    const { status, stderr } = await running.ended();
    expect(status).toBe(1);
    expect(stderr).toMatch(/the disk is full/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('a day file that is no day file is left as it is', async () => {
    const directory = temporary('record');
    const now = new Date();
    const day = [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');
    const foreign = 'my own notes\nsecond line\n';
    writeFileSync(join(directory, `${day}.csv`), foreign);
    const { status, stderr } = await run(['record', '--data-dir', directory, '--count', '1']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^hecate: .*\.csv .*\n {8}\S/m);
    expect(readFileSync(join(directory, `${day}.csv`), 'utf8')).toBe(foreign);
    mkdirSync(join(directory, 'still usable'));
  });
});

describe('--source', () => {
  let daemon: Daemon;
  // It samples more often than it is asked, so that each answer is a new one.
  beforeAll(async () => {
    daemon = await startDaemon(['--no-record', '--interval', '0.2']);
  });
  afterAll(() => daemon.end());

  it.runIf(process.platform === 'linux').each(['metrics', ''])(
    'an address: the machine as its own /metrics tells it (/%s)',
    async (path) => {
      const directory = temporary('record');
      await eventually(async () => (await daemon.json('healthz'))['samples'], 'a sample');
      const { status, stderr } = await run([
        'record',
        '--source',
        `${daemon.url}${path}`,
        '--data-dir',
        directory,
        '--count',
        '3',
        '--interval',
        '1',
      ]);
      expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('3 rows recorded') });
      const last = rowsOf(directory).at(-1)!;
      const { memory } = (await daemon.json('api/v1/snapshot')) as { memory: { total: number; swapTotal: number } };
      expect([last['memory_total'], last['memory_swap_total']]).toEqual([String(memory.total), String(memory.swapTotal)]);
      for (const name of ['load1', 'cpu_usage_percent', 'memory_used', 'memory_cached']) expect(last[name], name).not.toBe('');
    },
  );

  it('an address that dies meanwhile: said once, rows left out, and on when it is back', async () => {
    let broken = false;
    const server = createServer((_request, response) =>
      response.writeHead(broken ? 500 : 200, { 'content-type': 'text/plain' }).end('node_load1 7.5\nnode_load5 6\nnode_load15 5\n'),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const directory = temporary('record');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    const running = start(['record', '--source', url, '--data-dir', directory, '--interval', '0.1', '--buffer', '1']);
    try {
      await eventually(() => written(directory) >= 1, 'a row');
      broken = true;
      await running.until(/Rows are left out until it answers again\./);
      const during = written(directory);
      broken = false;
      await running.until(/answers again\.\n/);
      await eventually(() => written(directory) > during, 'rows again');
      const { status, stderr } = await running.end();
      expect(status).toBe(0);
      expect(stderr.match(/Rows are left out/g)).toHaveLength(1);
      expect(rowsOf(directory).every((row) => Number(row['load1']) === 7.5 && row['memory_used'] === '')).toBe(true);
    } finally {
      server.close();
    }
  });

  it.each([
    ['a dead port', 'http://127.0.0.1:1/metrics', [], 4, /nothing listens there/],
    ['no address', 'http://', [], 2, /not the address/],
    ['a name that is none', 'mactopp', [], 2, /There is no source "mactopp"/],
    ['a port for this machine', 'self', ['--port', '1'], 2, /--port means nothing/],
    ['a port for an address', 'http://127.0.0.1:1/metrics', ['--port', '2'], 2, /--port means nothing/],
    ['macmon that is not there', 'macmon', ['--port', '1'], 4, /macmon does not answer.*\n.*macmon serve/],
  ])('%s: its own status, a sentence, no file', async (_what, source, more, expected, sentence) => {
    const directory = temporary('record');
    const { status, stdout, stderr } = await run(['record', '--source', source, ...more, '--data-dir', directory, '--count', '1']);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^hecate: .*\.\n( {8}.*\n)?$/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('an address that answers with something else: refused, and no file', async () => {
    for (const path of ['healthz', 'nothing/here', 'api/v1/snapshot']) {
      const directory = temporary('record');
      const { status, stderr } = await run(['record', '--source', `${daemon.url}${path}`, '--data-dir', directory, '--count', '1']);
      expect([1, 2, 4]).toContain(status);
      expect(stderr).toMatch(/^hecate: .*\n( {8}.*\n)?$/);
      expect(dayFiles(directory)).toEqual([]);
    }
  });

  it.runIf(process.platform === 'linux')('mactop, where it is not installed: says so and names its page', async () => {
    const { status, stderr } = await run(['record', '--source', 'mactop', '--port', '1', '--data-dir', temporary('record')]);
    expect(status).toBe(4);
    expect(stderr).toMatch(/mactop is not installed\.\n.*https:\/\/github\.com\//);
  });
});
