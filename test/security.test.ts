// The ways in which daemons of this kind were broken into (advisories of other monitors, 2026), each by its number.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { ask, exchange, parseAnswer } from './security.testing.ts';

const linux = process.platform === 'linux';
const SECRET = 'hunter2-is-the-secret-in-the-config';
const JSON_BODY = { 'Content-Type': 'application/json' };

const home = temporary('security');
const environment = { XDG_STATE_HOME: join(home, 'state'), XDG_CONFIG_HOME: join(home, 'config'), HECATE_DATA_DIR: join(home, 'data') };
let daemon: Daemon;
let act: string;
let paths: string[];

beforeAll(async () => {
  mkdirSync(join(home, 'config', 'hecate'), { recursive: true });
  writeFileSync(join(home, 'config', 'hecate', 'config.toml'), `[serve]\nnames = ["box.lan"]\nact = true\nwritable = ["/${SECRET}"]\n`);
  daemon = await startDaemon(['--interval', '0.2'], { env: environment });
  await eventually(async () => Number((await daemon.json('healthz'))['samples']) > 2, 'two samples');
  act = readFileSync(join(home, 'state', 'hecate', 'act-token'), 'utf8').trim();
  const { paths: described } = (await daemon.json('api/v1/openapi.json')) as { paths?: Record<string, { get?: object }> };
  // What the daemon says of itself, and at least what it always had.
  const gets = Object.entries(described ?? {}).flatMap(([path, { get }]) => (get ? [path] : []));
  paths = [
    ...new Set([
      ...gets,
      '/',
      '/healthz',
      '/metrics',
      '/api/v1/snapshot',
      '/api/v1/processes',
      '/api/v1/history',
      '/api/v1/access',
      '/api/v1/tuning',
    ]),
  ];
  paths = paths.filter((path) => path !== '/api/v1/sse' && path !== '/api/v1/stream');
});
afterAll(() => daemon.end());

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

describe('who may ask', () => {
  it('CVE-2026-32610, -34839, -46608, -33533: no path has a header of CORS, whatever Origin asks', async () => {
    for (const path of paths) {
      for (const headers of [{}, { Origin: 'http://evil.example' }, { Origin: 'null' }, { Origin: new URL(daemon.url).origin }] as Record<
        string,
        string
      >[]) {
        const answer = await ask(daemon, path, { headers });
        expect(
          [...answer.headers.keys()].filter((name) => name.startsWith('access-control')),
          path,
        ).toEqual([]);
        if (headers['Origin'] !== undefined && headers['Origin'] !== new URL(daemon.url).origin) expect(answer.status, path).toBe(403);
      }
    }
    const preflight = await ask(daemon, '/api/v1/snapshot', {
      method: 'OPTIONS',
      headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect(preflight.status).toBe(403);
  });

  it('CVE-2026-32632, -46611: a Host that is not ours is refused on every path and on the upgrade (DNS rebinding)', async () => {
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const foreign = [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'evil@127.0.0.1',
      '10.1.2.3',
      '[::2]',
      'box.lan.evil',
      '',
    ];
    for (const host of foreign) {
      for (const path of paths) expect((await ask(daemon, path, { headers: { Host: host } })).status, `${host} ${path}`).toBe(403);
      expect((await ask(daemon, '/api/v1/stream', { headers: { ...upgrade, Host: host } })).status, host).toBe(403);
    }
    for (const host of ['localhost', '127.0.0.1:1', '[::1]:9', 'BOX.lan', 'box.lan:8443'])
      expect((await ask(daemon, '/healthz', { headers: { Host: host } })).status, host).toBe(200);
    const twice = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n';
    expect(parseAnswer(await exchange(daemon, twice)).status).toBe(403);
  });

  it('pages of other sites reach nothing: neither by fetch nor by image, script or form', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await ask(daemon, '/api/v1/snapshot', { headers: { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors' } })).status).toBe(
        403,
      );
    }
    expect((await ask(daemon, '/', { headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' } })).status).toBe(200);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      '',
    ])
      expect(
        (await ask(daemon, '/api/v1/processes/signal', { method: 'POST', body: '{}', headers: { ...bearer(act), 'Content-Type': type } }))
          .status,
        type,
      ).toBe(415);
  });

  it('CVE-2026-32596: without a token nobody acts, and off the loopback nobody looks', async () => {
    const post = { method: 'POST', body: '{"pid":1,"startedAfterBoot":0,"signal":"KILL"}' };
    for (const headers of [{}, bearer('wrong'), { Authorization: 'Basic eDp5' }, { Cookie: 'hecate_1=x' }] as Record<string, string>[])
      expect((await ask(daemon, '/api/v1/processes/signal', { ...post, headers: { ...JSON_BODY, ...headers } })).status).toBe(401);
    // A token in an address can be in a link that somebody was sent.
    expect((await ask(daemon, `/api/v1/processes/signal?token=${act}`, { ...post, headers: JSON_BODY })).status).toBe(401);
    expect((await ask(daemon, '/api/v1/processes/signal', { ...post, headers: { ...JSON_BODY, ...bearer(act) } })).status).toBe(403);
    const open = await startDaemon(['--no-record', '--host', '0.0.0.0']);
    try {
      const near = { ...open, url: `http://127.0.0.1:${new URL(open.url).port}/` };
      for (const path of paths) expect((await ask(near, path)).status, path).toBe(401);
    } finally {
      await open.end();
    }
  });

  it('a browser keeps a session and not the token; a wrong one is no session', async () => {
    const answer = await ask(daemon, `/?token=${act}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('./');
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(act);
    const session = cookie.split(';')[0]!;
    const scopes = async (value: string): Promise<unknown> =>
      JSON.parse((await ask(daemon, '/api/v1/access', { headers: { Cookie: value } })).text);
    expect(await scopes(session)).toMatchObject({ scopes: ['read', 'act'] });
    const [name, value] = session.split('=') as [string, string];
    const [until, sign] = value.split('.') as [string, string];
    const later = (Number.parseInt(until, 36) + 1e6).toString(36);
    for (const forged of [
      `${name}=${later}.${sign}`,
      `${name}=${until}.${'A'.repeat(43)}`,
      `${name}=`,
      `${name}=${act}`,
      `hecate_1=${value}`,
    ])
      expect(await scopes(forged), forged).toMatchObject({ scopes: ['read'] });
  });

  it('ten wrong tokens, and the address waits; the right one still gets in', async () => {
    const other = await startDaemon(['--no-record', '--allow-act'], { env: { ...environment, HECATE_DATA_DIR: join(home, 'other') } });
    try {
      const statuses = [];
      for (let index = 0; index < 15; index++) {
        const { status } = await ask(other, '/api/v1/processes/signal', {
          method: 'POST',
          body: '{}',
          headers: { ...JSON_BODY, ...bearer(`w${index}`) },
        });
        statuses.push(status);
      }
      expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(3);
      expect((await ask(other, '/api/v1/access', { headers: bearer(act) })).text).toContain('"act"');
    } finally {
      await other.end();
    }
  });
});

describe('what is told', () => {
  it('CVE-2026-32609, -30928: no answer has a token, a setting or a place of files of the daemon', async () => {
    for (const path of paths) {
      const { status, text } = await ask(daemon, path, { headers: bearer(act) });
      expect(status, path).toBeLessThan(500);
      for (const secret of [act, SECRET, 'act-token', join(home, 'state')]) expect(text.includes(secret), `${path}: ${secret}`).toBe(false);
    }
    for (const path of ['api/v1/config', 'api/v1/args', 'api/4/config', 'api/4/args', 'config.toml', '.env', 'token', 'act-token'])
      expect((await ask(daemon, `/${path}`, { headers: bearer(act) })).status, path).toBe(404);
    // The command line is what ps shows: no option takes a secret.
    expect((await run(['serve', '--help'])).stdout).not.toMatch(/--(?:password|token) /);
  });

  it('CVE-2026-30928: secrets of exporters and of deliveries stand in no answer, no log and no file of ours, while both fail', async () => {
    const place = temporary('secrets');
    const config = join(place, 'config', 'hecate', 'config.toml');
    mkdirSync(join(place, 'config', 'hecate'), { recursive: true });
    writeFileSync(
      config,
      `[[export]]\ntype = "influx"\nurl = "http://127.0.0.1:9/"\ndb = "x"\nevery = 1\ntoken = "${SECRET}"\nheaders = { X-Key = "${SECRET}" }\n` +
        `[[alerts.notify]]\ntype = "ntfy"\nurl = "http://127.0.0.1:9/"\ntopic = "x"\ntoken = "${SECRET}"\n`,
      { mode: 0o600 },
    );
    const [state, data] = [join(place, 'state'), join(place, 'data')];
    const env = { XDG_CONFIG_HOME: join(place, 'config'), XDG_STATE_HOME: state, HECATE_DATA_DIR: data };
    const other = await startDaemon(['--interval', '0.2', '--allow-act'], { env });
    try {
      // The exporter has tried, and failed.
      await eventually(async () => Number((await other.json('healthz'))['samples']) > 15, 'some seconds');
      for (const path of paths) expect((await ask(other, path)).text.includes(SECRET), path).toBe(false);
    } finally {
      await other.end();
    }
    expect(`${other.stdout()}${other.stderr()}`).not.toContain(SECRET);
    for (const directory of [state, data]) {
      for (const name of readdirSync(directory, { recursive: true }) as string[]) {
        if (statSync(join(directory, name)).isFile()) expect(readFileSync(join(directory, name)).includes(SECRET), name).toBe(false);
      }
    }
  });

  it('under systemd, where what is printed is kept in the journal, no token is printed', async () => {
    const state = join(temporary('journal'), 'state');
    const env = { XDG_STATE_HOME: state, JOURNAL_STREAM: '8:1234' };
    const kept = await startDaemon(['--no-record', '--allow-act', '--host', '0.0.0.0'], { env });
    await kept.until(/To act on its processes too: hecate token act\n/);
    const tokens = await Promise.all(['read', 'act'].map(async (scope) => (await run(['token', scope], { env })).stdout.trim()));
    await kept.end();
    for (const token of tokens) expect(`${kept.stdout()}${kept.stderr()}`).not.toContain(token);
    expect(kept.stdout()).toContain('Its token: hecate token\n');
  });

  it('CVE-2026-32633, -32634: nothing is announced in the network, and nobody is asked for a password', async () => {
    expect(readFileSync(join(home, 'state', 'hecate', 'act-token'), 'utf8')).toMatch(/^[\w-]{32}\n$/);
    if (!linux) return;
    const inodes = new Set(
      readFileSync('/proc/net/udp', 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[9]),
    );
    const ours = readdirSync(`/proc/${daemon.child.pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${daemon.child.pid}/fd/${name}`))?.[1] ?? [];
      } catch {
        return []; // It was closed meanwhile.
      }
    });
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((inode) => inodes.has(inode))).toEqual([]);
  });

  it('CVE-2026-35587: no parameter is an address that is asked (SSRF)', async () => {
    const asked: string[] = [];
    const { createServer } = await import('node:http');
    const trap = createServer((request, response) => {
      asked.push(request.url!);
      response.end();
    });
    await new Promise<void>((resolve) => {
      trap.listen(0, '127.0.0.1', resolve);
    });
    try {
      const { port } = trap.address() as { port: number };
      const target = encodeURIComponent(`http://127.0.0.1:${port}/stolen`);
      const names = [
        'url',
        'host',
        'server',
        'target',
        'public_api',
        'series',
        'sort',
        'from',
        'at',
        'start',
        'end',
        'since',
        'token',
        'callback',
      ];
      for (const path of paths) await ask(daemon, `${path}?${names.map((name) => `${name}=${target}`).join('&')}`);
      await ask(daemon, '/healthz', {
        headers: { 'X-Forwarded-Host': `127.0.0.1:${port}`, Forwarded: `host=127.0.0.1:${port}`, Referer: `http://127.0.0.1:${port}/` },
      });
      expect(asked).toEqual([]);
    } finally {
      trap.close();
    }
  });

  it('CVE-2026-46607: files that others left are data: code in the cache of a day is not run, and ends nothing', async () => {
    const data = join(temporary('pickle'), 'data');
    mkdirSync(data);
    const flag = join(data, 'ran');
    // A pickle that would run a command, a module, and an object with a prototype.
    const evil = [`cos\nsystem\n(S'touch ${flag}'\ntR.`, `require('fs').writeFileSync('${flag}','')`, `{"__proto__":{"ran":true}}`];
    evil.forEach((text, index) => {
      writeFileSync(join(data, `2026-01-0${index + 1}.csv`), text);
      writeFileSync(join(data, `2026-01-0${index + 1}.day`), text);
      writeFileSync(join(data, `2026-01-0${index + 1}.hday`), text);
    });
    await run(['analyze', '--data-dir', data, '--start-date', '2026-01-01', '--end-date', '2026-01-09']);
    expect(existsSync(flag)).toBe(false);
    expect(({} as Record<string, unknown>)['ran']).toBeUndefined();
  });

  it('CVE-2026-53925: the configuration names no command to run, and no path is written because a request says so', async () => {
    const config = join(temporary('amp'), 'hecate');
    for (const section of [
      '[amp]\ncommand = "touch /tmp/x"',
      '[serve]\ncommand = "id"',
      '[serve]\nservice_cmd = "id"',
      '[tune]\nexec = "id"',
    ]) {
      mkdirSync(config, { recursive: true });
      writeFileSync(join(config, 'config.toml'), section);
      const { status, stderr } = await run(['serve', '--port', '0'], { env: { XDG_CONFIG_HOME: join(config, '..') } });
      expect({ status, stderr: stderr.includes('there is no setting') }, section).toEqual({ status: 2, stderr: true });
    }
    for (const path of [
      '/api/v1/history?output=/tmp/x',
      '/api/v1/snapshot?file=/etc/passwd',
      '/../../etc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%5c..%5cetc',
    ])
      expect((await ask(daemon, path)).text).not.toContain('root:');
    for (const method of ['PUT', 'DELETE', 'PATCH', 'MKCOL']) expect((await ask(daemon, '/api/v1/snapshot', { method })).status).toBe(405);
  });

  it.runIf(linux)('CVE-2026-30930, -32611, -32608, -46606: the name of a process is text in every format', async () => {
    const name = `=cmd|'/C calc'!A0`;
    const ugly = [
      `x'; DROP TABLE cpu;--`,
      '$(touch /tmp/hecate-pwned)',
      '{{7*7}}',
      '</script><script>alert(1)</script>',
      '\u001b]0;owned\u0007',
      'a\nb,c="d"',
    ];
    const child = spawn(process.execPath, ['-e', `process.title=${JSON.stringify(name)};setInterval(()=>{},1e6)`, ...ugly]);
    try {
      await eventually(
        async () => (await ask(daemon, '/api/v1/processes')).text.includes(`"pid":${child.pid},`),
        'the process in the list',
      );
      for (const path of ['/api/v1/processes', '/metrics', '/api/v1/snapshot']) {
        const { text, headers } = await ask(daemon, path);
        // Of the whole machine: something else on it may have a tab in its name, which is text in all of these formats.
        const ours = text
          .split('\n')
          .filter((line) => ['calc', 'DROP TABLE', 'hecate-pwned', '7*7', 'owned'].some((word) => line.includes(word)));
        expect([...ours.join('')].filter((letter) => letter < ' ')).toEqual([]);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-type')).not.toContain('html');
      }
      const csv = (await run(['snapshot', '--format', 'csv'])).stdout;
      // A spreadsheet takes what begins with these for a formula; numbers alone begin with a minus.
      expect(csv.split(/[,\n]/).filter((cell) => /^"?[=+@\t\r]|^"?-(?![\d.]+"?$)/.test(cell))).toEqual([]);
      expect(existsSync('/tmp/hecate-pwned')).toBe(false);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('every answer says what browsers may not do with it', async () => {
    for (const path of [...paths, '/nope']) {
      const { headers } = await ask(daemon, path);
      expect(Object.fromEntries(headers), path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      });
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    }
  });
});

it('nothing of all this was an error of the daemon', () => {
  const lines = daemon.stderr().split('\n');
  expect(lines.filter((line) => line !== '' && !line.startsWith('hecate: act: '))).toEqual([]);
});
