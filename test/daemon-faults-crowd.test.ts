// Clients that misbehave, clients that stop in the middle, and a machine on which processes come and go faster than they can be read.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { complaints, descriptorsOf, INSPECTED, openInspector, residentNow, sampledOn } from './daemon-faults.testing.ts';
import { misbehaveFor } from './hostile-wire.testing.ts';

const linux = process.platform === 'linux';

/** MiB that a crowd may leave behind: in use, and of freed memory that the C library keeps until the daemon trims it. */
const GROWTH = 5;
const FREED = 40;

describe.runIf(linux)('frames, headers and paths of any kind', () => {
  it('for twenty seconds: the daemon lives, has nothing to complain of, and is no larger afterwards', async () => {
    const daemon = await startDaemon(['--data-dir', temporary('data'), '--interval', '0.2'], { env: { ...INSPECTED } });
    const inspector = await openInspector(daemon);
    try {
      const seed = Date.now() % 2 ** 31;
      // What is made for the first clients of a kind, and what is loaded with them, stays.
      await misbehaveFor(daemon, 8, seed + 1);
      const resident = residentNow(daemon.child.pid!);
      const [before, open] = [await inspector.live(), descriptorsOf(daemon.child.pid!)];
      const clients = await misbehaveFor(daemon, 20, seed, 500);
      await sampledOn(daemon, 3);
      // Those that said half of something are let go in their time.
      await eventually(() => descriptorsOf(daemon.child.pid!) <= open + 3, 'the descriptors of before');
      const after = await eventually(async () => {
        const now = await inspector.live();
        return now < before + GROWTH ? now : null;
      }, `less than ${GROWTH} MiB more than ${before}, seed ${seed}`);
      expect(residentNow(daemon.child.pid!), `${clients} clients; in use ${before} MiB before, ${after} after`).toBeLessThan(
        resident + FREED,
      );
      expect(complaints(daemon)).toEqual([]);
      expect(await daemon.json('healthz')).toMatchObject({ status: 'ok', recording: true });
    } finally {
      inspector.close();
      await daemon.end();
    }
  });
});

/** Opens a connection, says something, and then nothing any more. `ended` resolves when the daemon lets go of it. */
function fallSilent(daemon: Daemon, said: string): { socket: Socket; ended: Promise<void> } {
  const { hostname, port } = new URL(daemon.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: false }, () => socket.write(said));
  socket.on('error', () => socket.destroy());
  socket.resume();
  return {
    socket,
    ended: new Promise((resolve) => {
      socket.once('close', () => resolve());
    }),
  };
}

describe.runIf(linux)('clients that stop in the middle', () => {
  it.each([
    ['before the first byte', ''],
    ['in the first line', 'GET /heal'],
    ['in a header', 'GET /healthz HTTP/1.1\r\nHost: local'],
    ['before the end of the head', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'],
    [
      'in a body',
      'POST /api/v1/alerts/silence HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    ],
    [
      'in a chunk',
      'POST /api/v1/alerts/silence HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{',
    ],
    ['after an answer', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('%s: fifty are let go within half a minute, and others are answered meanwhile', async (_where, said) => {
    const state = temporary('state');
    const daemon = await startDaemon(['--no-record', '--allow-act', '--interval', '0.2'], { env: { XDG_STATE_HOME: state } });
    const token = readFileSync(join(state, 'hecate', 'act-token'), 'utf8').trim();
    const clients: { socket: Socket; ended: Promise<void> }[] = [];
    try {
      await sampledOn(daemon, 2);
      const open = descriptorsOf(daemon.child.pid!);
      for (let index = 0; index < 50; index++) clients.push(fallSilent(daemon, said.replace('TOKEN', token)));
      await sampledOn(daemon, 3);
      await Promise.all(clients.map(({ ended }) => ended));
      await eventually(() => descriptorsOf(daemon.child.pid!) <= open + 3, 'the descriptors of before');
      expect(await daemon.end()).toMatchObject({ status: 0, stderr: '' });
    } finally {
      for (const { socket } of clients) socket.destroy();
    }
  });
});

describe.runIf(linux)('processes that come and go faster than they can be read', () => {
  // As root the daemon reads processes with a BPF iterator, without these rights from /proc.
  const routes: [string, readonly string[]][] = [['by the route of this user', []]];
  if (process.getuid?.() === 0) routes.push(['over /proc', ['setpriv', '--bounding-set=-sys_admin,-perfmon,-bpf']]);

  it.each(routes)('%s: 5,000 of them, and every table is sound', async (_route, wrap) => {
    const daemon = await startDaemon(['--no-record', '--interval', '0.1'], { env: { ...INSPECTED }, wrap });
    const inspector = await openInspector(daemon);
    const socket = new WebSocket(new URL('api/v1/stream?processes=1&backfill=0', daemon.url.replace('http', 'ws')));
    let tables = 0;
    const unsound: unknown[] = [];
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; processes?: Record<string, unknown>[] };
      if (message.type !== 'processes') return;
      tables++;
      const pids = message.processes!.map(({ pid }) => pid);
      if (new Set(pids).size !== pids.length) unsound.push(pids);
      for (const row of message.processes!)
        if (!(Number(row['pid']) > 0) || typeof row['name'] !== 'string' || row['name'] === '' || Number(row['cpu'] ?? 0) < 0)
          unsound.push(row);
    });
    try {
      await eventually(() => tables > 5, 'tables');
      const [before, open] = [await inspector.live(), descriptorsOf(daemon.child.pid!)];
      const told = tables;
      const storm = spawn(
        'sh',
        ['-c', 'i=0; while [ $i -lt 1250 ]; do /bin/true & /bin/true & /bin/true & /bin/true & i=$((i+1)); done; wait'],
        {
          stdio: 'ignore',
        },
      );
      await new Promise((resolve) => {
        storm.once('exit', resolve);
      });
      expect(storm.exitCode).toBe(0);
      await eventually(() => tables > told + 5, 'tables after the storm');
      expect(unsound).toEqual([]);
      await eventually(() => descriptorsOf(daemon.child.pid!) <= open + 30, 'the descriptors of before');
      await eventually(async () => (await inspector.live()) < before + GROWTH, `less than ${GROWTH} MiB more than ${before}`);
      const { gaps } = (await daemon.json('api/v1/snapshot')) as { gaps: { field: string; reason: string }[] };
      expect(gaps.filter(({ field, reason }) => field.startsWith('processes') && reason === 'error')).toEqual([]);
      expect(complaints(daemon)).toEqual([]);
    } finally {
      socket.terminate();
      inspector.close();
      expect((await daemon.end()).status).toBe(0);
    }
  });
});
