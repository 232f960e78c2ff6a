import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { countLogins } from '../domain/users.ts';
import type { UserSession } from '../domain/users.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { Tree } from './rooted-tree.testing.ts';
import { parseUtmp } from './session/utmp.ts';
import { users } from './users.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'hecate-utmp-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function read(files: Tree): { rows: readonly UserSession[]; gaps: Gap[] } {
  const tree = createTree(files);
  try {
    const gaps: Gap[] = [];
    return { rows: users.open(tree.host).read(collectGaps(gaps)) as readonly UserSession[], gaps };
  } finally {
    tree.remove();
  }
}

/** Records as utmpdump prints them: type, pid, id, user, line, host, address, time. */
const DUMP = [
  '[2] [00000] [~~  ] [reboot  ] [~           ] [6.1.0-18-amd64      ] [0.0.0.0        ] [2026-01-02T03:04:05,000000+00:00]',
  '[6] [00512] [tty1] [LOGIN   ] [tty1        ] [                    ] [0.0.0.0        ] [2026-01-02T03:04:09,000000+00:00]',
  '[7] [01234] [ts/0] [alice   ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] [2026-01-02T03:05:06,123456+00:00]',
  '[7] [01299] [ts/1] [bob     ] [pts/1       ] [client.example      ] [0.0.0.0        ] [2026-01-03T00:00:00,000000+00:00]',
  '[7] [01300] [tty2] [alice   ] [tty2        ] [                    ] [0.0.0.0        ] [2026-01-03T00:00:01,000000+00:00]',
  '[8] [01199] [ts/2] [        ] [pts/2       ] [                    ] [0.0.0.0        ] [2026-01-02T03:05:06,000000+00:00]',
  '',
].join('\n');

const utmpdump = spawnSync('utmpdump', ['--version']).status === 0 && process.arch === 'x64';
if (!utmpdump)
  console.warn('SKIPPED: utmp files of utmpdump: it is not installed (apt-get install util-linux-extra), or this is not x86-64');

describe.skipIf(!utmpdump)('a file that utmpdump wrote', () => {
  const write = (): Buffer => {
    const { status, stdout } = spawnSync('utmpdump', ['-r'], { input: DUMP, maxBuffer: 1 << 20 });
    expect(status).toBe(0);
    return stdout;
  };

  test('the logins are those, and the ones that who(1) prints', () => {
    const bytes = write();
    const { rows, gaps } = read({ 'run/utmp': bytes });
    expect(gaps).toEqual([]);
    expect(rows).toEqual([
      {
        user: 'alice',
        tty: 'pts/0',
        host: '192.0.2.7',
        loginTime: Date.parse('2026-01-02T03:05:06Z') / 1000 + 0.123456,
        pid: 1234,
        session: null,
      },
      { user: 'bob', tty: 'pts/1', host: 'client.example', loginTime: Date.parse('2026-01-03T00:00:00Z') / 1000, pid: 1299, session: null },
      { user: 'alice', tty: 'tty2', host: null, loginTime: Date.parse('2026-01-03T00:00:01Z') / 1000, pid: 1300, session: null },
    ]);
    expect(countLogins(rows)).toEqual([
      { user: 'alice', sessions: 2 },
      { user: 'bob', sessions: 1 },
    ]);
    const file = path.join(directory, 'utmp');
    writeFileSync(file, bytes);
    const who = spawnSync('who', [file], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' } });
    const lines = rows.map(({ user, tty, host, loginTime }) => [
      user,
      tty,
      new Date(loginTime! * 1000).toISOString().slice(5, 16),
      host && `(${host})`,
    ]);
    const printed = who.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([user, tty, month, day, time, host]) => [
        user,
        tty,
        `${new Date(`${month} 1 2026 UTC`).toISOString().slice(5, 7)}-${day!.padStart(2, '0')}T${time}`,
        host ?? null,
      ]);
    expect(printed).toEqual(lines);
  });
});

describe('layouts', () => {
  /** A record of either size, by bits/utmp.h. */
  const record = (size: number, type: number, user: string, seconds: number): Buffer => {
    const bytes = Buffer.alloc(size);
    bytes.writeInt16LE(type, 0);
    bytes.writeInt32LE(77, 4);
    bytes.write('pts/9', 8);
    bytes.write(user, 44);
    bytes.write('h'.repeat(256), 76);
    if (size === 384) bytes.writeUInt32LE(seconds, 340);
    else bytes.writeBigInt64LE(BigInt(seconds), 344);
    return bytes;
  };
  const of = (bytes: Buffer): UserSession[] => parseUtmp({ buffer: Buffer.concat([bytes, Buffer.alloc(500, 7)]), length: bytes.length });

  test.each([384, 400])('%i bytes a record, names to the brim', (size) => {
    const user = 'u'.repeat(32);
    const rows = of(Buffer.concat([record(size, 2, '', 5), record(size, 7, user, 1_800_000_000), record(size, 7, 'x', 4_000_000_000)]));
    expect(rows).toMatchObject([
      { user, tty: 'pts/9', host: 'h'.repeat(256), pid: 77, loginTime: 1_800_000_000 },
      { user: 'x', loginTime: 4_000_000_000 },
    ]);
  });

  test('an empty file has no logins; one of another layout is an error', () => {
    expect(of(Buffer.alloc(0))).toEqual([]);
    expect(() => of(Buffer.alloc(383))).toThrow('not made of records');
    expect(() => of(Buffer.alloc(384, 255))).toThrow('not made of records');
  });

  test('any bytes are logins or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 384, maxLength: 384 }), fc.integer({ min: 0, max: 9 }), (bytes, type) => {
        const buffer = Buffer.from(bytes);
        buffer.writeInt16LE(type, 0);
        try {
          for (const { loginTime } of of(buffer)) expect(loginTime === null || Number.isFinite(loginTime)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }),
    );
  });
});

describe('systemd-logind', () => {
  const session = (lines: string): string => `# This is private data. Do not parse.\n${lines}`;
  const files: Tree = {
    'run/systemd/sessions/3': session(
      'UID=1000\nUSER=alice\nACTIVE=1\nSTATE=active\nREMOTE=1\nTYPE=tty\nCLASS=user\nLEADER=900\nREMOTE_HOST=192.0.2.9\nTTY=pts/0\nREALTIME=1750000000123456\n',
    ),
    'run/systemd/sessions/3.ref': 'never read',
    'run/systemd/sessions/c1': session('UID=115\nUSER=gdm\nSTATE=active\nCLASS=greeter\nLEADER=700\n'),
    'run/systemd/sessions/4': session('USER=bob\nSTATE=closing\nCLASS=user\n'),
    'run/systemd/sessions/5': session('USER=carol\nSTATE=online\nCLASS=user-early\nLEADER=nonsense\nREALTIME=0\n'),
    'run/systemd/sessions/6': session('USER=alice\nSTATE=active\nCLASS=manager\n'),
  };

  test('its sessions count where there is no utmp, or an empty one', () => {
    const expected = [
      { user: 'alice', tty: 'pts/0', host: '192.0.2.9', loginTime: 1_750_000_000.123456, pid: 900, session: '3' },
      { user: 'carol', tty: null, host: null, loginTime: null, pid: null, session: '5' },
    ];
    expect(read(files)).toEqual({ rows: expected, gaps: [] });
    expect(read({ ...files, 'run/utmp': '' }).rows).toEqual(expected);
  });

  test('neither is a gap, and a broken utmp is one beside the sessions', () => {
    expect(read({}).gaps).toMatchObject([{ field: 'users', reason: 'absent' }]);
    const { rows, gaps } = read({ ...files, 'run/utmp': 'nonsense' });
    expect(rows).toHaveLength(2);
    expect(gaps).toMatchObject([{ field: 'users', reason: 'error' }]);
  });
});

test.runIf(process.platform === 'linux')('a record of a process that ended is left out on a machine that runs', () => {
  const ended = spawnSync('/bin/true').pid;
  const bytes = Buffer.concat(
    [ended, process.pid].map((pid) => {
      const record = Buffer.alloc(384);
      record.writeInt16LE(7, 0);
      record.writeInt32LE(pid, 4);
      record.write(`user${pid}`, 44);
      return record;
    }),
  );
  const host = openHost();
  const mine = { ...host, read: (file: string) => (file === '/run/utmp' ? { buffer: bytes, length: bytes.length } : host.read(file)) };
  const rows = users.open(mine).read(collectGaps([])) as readonly UserSession[];
  expect(rows.map(({ user }) => user)).toEqual([`user${process.pid}`]);
});
