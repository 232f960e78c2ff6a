import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { gapReasonOf } from '../../model/gap.ts';
import { connectDbus } from './connection.ts';
import { fakeMissing, startFakeSystemd } from './fake-systemd.testing.ts';
import type { FakeState } from './fake-systemd.testing.ts';
import type { UnitDetails } from './details.ts';
import { openManager } from './manager.ts';
import { parseUnits } from './systemd.ts';
import { decodeMessage, encodeCall, messageLength, openBody } from './wire.ts';

const missing = fakeMissing();
if (missing) console.warn(`SKIPPED: systemd over D-Bus: ${missing}`);

const STATE: FakeState = {
  version: '252.39-1~deb12u1',
  systemState: 'degraded',
  units: [
    { name: 'ssh.service', load: 'loaded', active: 'active', sub: 'running', type: 'notify', numbers: { NRestarts: 3 } },
    { name: 'bröken@a\\x2db.service', load: 'loaded', active: 'failed', sub: 'failed', type: 'oneshot' },
    { name: 'gone.service', load: 'not-found', active: 'inactive', sub: 'dead' },
    { name: 'apt-daily.timer', load: 'loaded', active: 'active', sub: 'waiting', numbers: { LastTriggerUSec: 1_750_000_000_500_000 } },
    { name: 'cups.socket', load: 'loaded', active: 'active', sub: 'listening', numbers: { NAccepted: 7, NConnections: 2 } },
    { name: 'never.timer', load: 'loaded', active: 'active', sub: 'waiting' },
  ],
};

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

describe.skipIf(missing !== null).each(['bus', 'peer'] as const)('on a %s of GLib', (mode) => {
  test('units, their states and kinds, the version; again over the same connection', async () => {
    const systemd = await startFakeSystemd(mode, STATE);
    stops.push(systemd.stop);
    const manager = openManager([{ path: '/nonexistent/socket', isBus: true }, systemd.socket], 10);
    stops.push(manager.close);
    const first = await manager.ask();
    expect(first).toMatchObject({ version: '252.39-1~deb12u1', systemState: 'degraded' });
    expect(first?.units.map(({ name, load, active, sub }) => ({ name, load, active, sub }))).toEqual(
      STATE.units.map(({ name, load, active, sub }) => ({ name, load, active, sub })),
    );
    const none: UnitDetails = { type: null, restarts: null, lastTrigger: null, accepted: null, connections: null, refused: null };
    expect(first?.details).toEqual(
      new Map([
        ['ssh.service', { ...none, type: 'notify', restarts: 3 }],
        ['bröken@a\\x2db.service', { ...none, type: 'oneshot', restarts: 0 }],
        ['apt-daily.timer', { ...none, lastTrigger: 1_750_000_000.5 }],
        // An older systemd: it does not count what it refused.
        ['cups.socket', { ...none, accepted: 7, connections: 2 }],
        ['never.timer', none],
      ]),
    );
    // Nothing changed: the very same list.
    expect((await manager.ask())?.units).toBe(first?.units);
    systemd.say({ ...STATE, systemState: 'running', units: STATE.units.slice(0, 1) });
    const later = await manager.ask();
    expect(later).toMatchObject({ systemState: 'running', units: [{ name: 'ssh.service', active: 'active' }] });
    expect(later?.details.size).toBe(1);
  });

  test('one that does not answer is given up in time, and asked again', async () => {
    const systemd = await startFakeSystemd(mode, { ...STATE, silent: true });
    stops.push(systemd.stop);
    const manager = openManager([systemd.socket], 0.5);
    stops.push(manager.close);
    const error: unknown = await manager.ask().catch((reason: unknown) => reason);
    expect(gapReasonOf(error)).toBe('timeout');
    systemd.say(STATE);
    const patient = openManager([systemd.socket], 10);
    stops.push(patient.close);
    expect((await patient.ask())?.units).toHaveLength(6);
  });

  test('ten thousand units come whole', async () => {
    const units = Array.from({ length: 10_000 }, (_, index) => ({
      name: `device-${index}.device`,
      load: 'loaded',
      active: 'active',
      sub: 'plugged',
    }));
    const systemd = await startFakeSystemd(mode, { ...STATE, units });
    stops.push(systemd.stop);
    const manager = openManager([systemd.socket], 30);
    stops.push(manager.close);
    const state = await manager.ask();
    expect(state?.units).toHaveLength(10_000);
    expect(state?.units[9999]).toMatchObject({ name: 'device-9999.device', sub: 'plugged' });
  });
});

describe.skipIf(missing !== null)('a bus without systemd', () => {
  test('is as good as none, and starts none', async () => {
    const systemd = await startFakeSystemd('empty', STATE);
    stops.push(systemd.stop);
    const manager = openManager([systemd.socket], 10);
    stops.push(manager.close);
    expect(await manager.ask()).toBeNull();
    expect(systemd.wasStarted()).toBe(false);
  });

  test('a name that nobody has is absent', async () => {
    const systemd = await startFakeSystemd('bus', STATE);
    stops.push(systemd.stop);
    const connection = await connectDbus(systemd.socket.path, true, 10);
    stops.push(connection.close);
    const error: unknown = await connection
      .call({ destination: 'org.example.Nobody', path: '/', interface: 'org.example.Nobody', member: 'Nothing' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HecateError);
    expect(gapReasonOf(error)).toBe('absent');
  });

  test('that takes us for another user refuses', async () => {
    const systemd = await startFakeSystemd('bus', STATE);
    stops.push(systemd.stop);
    const error: unknown = await connectDbus(systemd.socket.path, true, 10, 4_000_000).catch((reason: unknown) => reason);
    expect(gapReasonOf(error)).toBe('permission');
  });
});

test('without any socket there is no systemd', async () => {
  expect(await openManager([{ path: '/nonexistent/socket', isBus: true }]).ask()).toBeNull();
});

/** A server that says these bytes to whoever connects. */
async function serve(bytes: Buffer): Promise<{ path: string; server: Server }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-socket-'));
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(bytes);
  });
  stops.push(() => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => void server.listen(path.join(directory, 's'), resolve));
  return { path: path.join(directory, 's'), server };
}

test.each([
  ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'error'],
  ['a refusal', Buffer.from('REJECTED EXTERNAL\r\n'), 'permission'],
  ['nothing', Buffer.alloc(0), 'absent'],
  ['a line without end', Buffer.alloc(40_000, 65), 'error'],
  ['consent, then nonsense', Buffer.from(`OK 1234\r\n${'nonsense'.repeat(9)}`), 'error'],
  [
    'consent, then a message of 2 GiB',
    Buffer.concat([Buffer.from('OK 1\r\n'), Buffer.from([108, 2, 0, 1, 0, 0, 0, 128, 1, 0, 0, 0, 0, 0, 0, 0])]),
    'error',
  ],
])('%s behind the socket is an error, never a hang', async (_what, bytes, reason) => {
  const { path: socket } = await serve(bytes);
  const error: unknown = await connectDbus(socket, true, 10).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HecateError);
  expect(gapReasonOf(error)).toBe(reason);
});

describe('messages', () => {
  const call = { destination: 'org.freedesktop.DBus', path: '/a', interface: 'a.b', member: 'Get', strings: ['x', 'überall'] };

  test('a call is as long as it says, and its body holds its strings', () => {
    const bytes = encodeCall(call, 7);
    expect(messageLength(bytes)).toBe(bytes.length);
    const { body, signature } = decodeMessage(bytes);
    expect(signature).toBe('ss');
    const reader = openBody(body, true);
    expect([reader.text(), reader.text(), reader.done]).toEqual(['x', 'überall', true]);
  });

  test('any bytes are a message or an error', () => {
    const bytes = encodeCall(call, 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(bytes.length), (changes, cut) => {
        const spoilt = Buffer.from(bytes.subarray(0, Math.max(16, cut)));
        for (const [at, byte] of changes) if (at < spoilt.length) spoilt[at] = byte;
        try {
          if (messageLength(spoilt) === null) return;
          const message = decodeMessage(spoilt);
          parseUnits({ ...message, signature: 'a(ssssssouso)' });
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }),
    );
  });
});
