// What happens to the recording of a daemon when its place makes trouble. The daemon must stay up in every case.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { noMounts, noReadOnly, readOnlyPlace, seenBy, smallDisk } from './mounts.testing.ts';

/** The lines after the header, of all days; checks that each file is whole. */
function rows(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(directory, name), 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      const [header, ...lines] = text.trimEnd().split('\n');
      for (const line of lines) expect(line.split(',').length).toBe(header!.split(',').length);
      return lines;
    });
}

const health = async (daemon: Daemon): Promise<{ samples: number; recording: boolean }> =>
  (await daemon.json('healthz')) as { samples: number; recording: boolean };
const recording = (daemon: Daemon, wanted: boolean): Promise<unknown> =>
  eventually(async () => (await health(daemon)).recording === wanted, `recording ${wanted}`);
const more = async (daemon: Daemon, count: number): Promise<void> => {
  const { samples } = await health(daemon);
  await eventually(async () => (await health(daemon)).samples >= samples + count, `${count} more samples`);
};
const FAST = ['--interval', '0.1'];

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s with clients of the stream and of the API: every row is written, status 0',
    async (signal) => {
      const directory = temporary('serve');
      const daemon = await startDaemon(['--data-dir', directory, ...FAST]);
      const socket = new WebSocket(new URL('api/v1/stream', daemon.url.replace('http', 'ws')));
      const closed = new Promise<number>((resolve) => {
        socket.once('close', resolve);
      });
      await new Promise<void>((resolve, reject) => {
        socket.once('open', resolve).once('error', reject);
      });
      await eventually(async () => (await health(daemon)).samples >= 10, 'ten samples');
      const { samples } = await health(daemon);
      const { status, stderr } = await daemon.end(signal);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      // 1001: the server goes away. It says goodbye instead of only dropping the connection.
      expect(await closed).toBe(1001);
      // The first sample has no rates and is not recorded.
      expect(rows(directory).length).toBeGreaterThanOrEqual(samples - 1);
      const others = readdirSync(directory).filter((name) => !name.endsWith('.csv') && !/^events-\d{4}-\d\d\.jsonl$/.test(name));
      expect(others.filter((name) => !['processes', 'tiers'].includes(name))).toEqual([]);
    },
  );

  it('kill -9: what was written stays, and the next daemon records on', async () => {
    const directory = temporary('serve');
    const first = await startDaemon(['--data-dir', directory, ...FAST]);
    await eventually(async () => (await health(first)).samples >= 8, 'eight samples');
    await first.end('SIGKILL');
    const kept = rows(directory).length;
    expect(kept).toBeGreaterThan(0);
    const second = await startDaemon(['--data-dir', directory, ...FAST]);
    expect((await health(second)).recording).toBe(true);
    await more(second, 3);
    expect((await second.end()).status).toBe(0);
    expect(rows(directory).length).toBeGreaterThanOrEqual(kept + 2);
  });
});

describe('a data directory that makes trouble', () => {
  it.skipIf(noReadOnly)('read-only: served, not recorded, said once', async () => {
    const { directory, wrap } = readOnlyPlace();
    const daemon = await startDaemon(['--data-dir', directory, ...FAST], { wrap });
    // Longer than it waits before it tries again.
    await more(daemon, 65);
    expect((await health(daemon)).recording).toBe(false);
    const { status, stdout, stderr } = await daemon.end();
    expect({ status, stdout }).toEqual({ status: 0, stdout: `hecate watches this machine: ${daemon.url}\n` });
    expect(stderr).toMatch(/^hecate: Not recording\. .*(read-only|may not be written).*\n$/);
  });

  it('a file in its place: served, not recorded, said once', async () => {
    const file = join(temporary('serve'), 'file');
    writeFileSync(file, 'mine');
    const daemon = await startDaemon(['--data-dir', file, ...FAST]);
    await more(daemon, 3);
    const { status, stderr } = await daemon.end();
    expect(status).toBe(0);
    expect(stderr).toMatch(/^hecate: Not recording\. .*is not a directory.*\n$/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('deleted while it runs: the daemon stays up, says so, and records again when it is back', async () => {
    const directory = join(temporary('serve'), 'data');
    const daemon = await startDaemon(['--data-dir', directory, ...FAST]);
    await eventually(() => rows(directory).length > 0, 'a row');
    // At once: what is removed file by file, a write in between may make anew.
    renameSync(directory, `${directory}-gone`);
    await recording(daemon, false);
    expect(daemon.stderr()).toMatch(/^hecate: Recording failed, .*does not exist.*\n$/);
    mkdirSync(directory);
    await daemon.until(/Recording again\./);
    await recording(daemon, true);
    expect((await daemon.end()).status).toBe(0);
    expect(rows(directory).length).toBeGreaterThan(0);
  });

  it('a day file deleted while it runs is made anew, with its header', async () => {
    const directory = temporary('serve');
    const daemon = await startDaemon(['--data-dir', directory, ...FAST]);
    await eventually(() => rows(directory).length > 0, 'a row');
    for (const name of readdirSync(directory)) if (name.endsWith('.csv')) rmSync(join(directory, name));
    await more(daemon, 3);
    const { status, stderr } = await daemon.end();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(rows(directory).length).toBeGreaterThan(0);
  });

  it.skipIf(noMounts)('full: the daemon stays up, says so, loses nothing, and records again when there is room', async () => {
    const { directory, wrap } = smallDisk('96k');
    const daemon = await startDaemon(['--data-dir', directory, ...FAST], { wrap });
    const there = seenBy(daemon.child.pid!, directory);
    await eventually(() => rows(there).length > 0, 'a row');
    const filler = join(there, 'filler');
    // Takes all the room that is left: the write ends with ENOSPC, after it has filled the disk.
    expect(() => writeFileSync(filler, Buffer.alloc(200_000))).toThrow('ENOSPC');
    await daemon.until(/Recording failed, rows are kept.*the disk is full/);
    expect((await health(daemon)).recording).toBe(false);
    const full = rows(there);
    await more(daemon, 3);
    rmSync(filler);
    await daemon.until(/Recording again\./);
    await recording(daemon, true);
    const after = rows(there);
    expect(after.slice(0, full.length)).toEqual(full);
    expect(after.length).toBeGreaterThan(full.length);
    // No tick is missing in between: rows that could not be written were kept. Machines that are busy may skip one.
    const times = after.map((line) => Date.parse(line.split(',', 1)[0]!));
    expect(Math.max(...times.slice(1).map((time, index) => time - times[index]!))).toBeLessThan(5000);
    expect((await daemon.end()).status).toBe(0);
  });

  it('two daemons on one directory: the second serves, does not record, and says so', async () => {
    const directory = temporary('serve');
    const first = await startDaemon(['--data-dir', directory, ...FAST]);
    const second = await startDaemon(['--data-dir', directory, ...FAST]);
    await more(second, 3);
    expect([(await health(first)).recording, (await health(second)).recording]).toEqual([true, false]);
    expect(second.stderr()).toMatch(/^hecate: Not recording\. .*\n$/);
    expect(second.stderr()).toContain(`pid ${first.child.pid}`);
    expect(second.stdout()).not.toContain('Recording to');
    expect((await second.end()).status).toBe(0);
    const { samples } = await health(first);
    expect(await first.end()).toMatchObject({ status: 0, stderr: '' });
    const times = rows(directory).map((line) => line.split(',', 1)[0]);
    expect(times.length).toBeGreaterThanOrEqual(samples - 1);
    expect(new Set(times).size).toBe(times.length);
  });
});
