import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDaemonApi } from './daemon-api.ts';
import type { DaemonApi } from './daemon-api.ts';

const ACT = 'the-token-for-acting-of-it';
const READ = 'the-token-for-looking-of-it';
let home: string;
let server: Server;
/** What each request asked for, and the token that it brought. */
let asked: [path: string, token: string | undefined][];
let answer: (path: string, token: string | undefined, response: ServerResponse) => void;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'hecate-daemon-api-'));
  mkdirSync(join(home, 'hecate'));
  writeFileSync(join(home, 'hecate', 'token'), READ);
  vi.stubEnv('XDG_STATE_HOME', home);
  vi.stubEnv('HECATE_TOKEN', '');
  asked = [];
  server = createServer(({ url = '', headers: { authorization } }: IncomingMessage, response) => {
    const token = authorization?.replace('Bearer ', '');
    asked.push([url, token]);
    answer(url, token, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  rmSync(home, { recursive: true });
});

const open = (options = {}): DaemonApi => openDaemonApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, null, options);
const tell = (response: ServerResponse, status: number, body: unknown): void => void response.writeHead(status).end(JSON.stringify(body));
const REFUSED = { error: { code: 'DENIED', message: 'A token is needed.' } };

test('a daemon that asks for no token gets none: it would count that of another daemon as an attempt to get in', async () => {
  answer = (_path, _token, response) => tell(response, 200, {});
  const api = open({ token: 'of-another-machine' });
  for (let count = 0; count < 3; count++) await api.get('/x');
  expect(asked).toEqual([
    ['/x', undefined],
    ['/x', undefined],
    ['/x', undefined],
  ]);
  expect(api.readToken()).toBeUndefined();
});

test('one that asks for it gets it from then on, also when several questions are on their way', async () => {
  answer = (_path, token, response) => (token === READ ? tell(response, 200, { is: 'told' }) : tell(response, 401, REFUSED));
  const api = open();
  expect(await Promise.all([api.get('/x'), api.get('/y')])).toEqual([{ is: 'told' }, { is: 'told' }]);
  asked = [];
  await api.get('/z');
  expect(asked).toEqual([['/z', READ]]);
  expect(api.readToken()).toBe(READ);
  await expect(open({ token: 'wrong' }).get('/x')).rejects.toMatchObject({ code: 'DENIED' });
});

test('as the owner: with the token for acting where it is known, which is found out once', async () => {
  writeFileSync(join(home, 'hecate', 'act-token'), ACT);
  answer = (_path, token, response) => tell(response, 200, { scopes: token === ACT ? ['read', 'act'] : ['read'] });
  const owner = open();
  for (let count = 0; count < 2; count++) await owner.getAsOwner('/x');
  expect(asked).toEqual([
    ['/api/v1/access', ACT],
    ['/x', ACT],
    ['/x', ACT],
  ]);
  asked = [];
  const guest = open({ token: 'of-another-machine' });
  for (let count = 0; count < 2; count++) await guest.getAsOwner('/x');
  expect(asked).toEqual([
    ['/api/v1/access', 'of-another-machine'],
    ['/x', undefined],
    ['/x', undefined],
  ]);
  expect(readFileSync(join(home, 'hecate', 'act-token'), 'utf8')).toBe(ACT);
});

test('what stands behind the address is a path of it, and never another machine', async () => {
  answer = (_path, _token, response) => tell(response, 200, {});
  const { port } = server.address() as AddressInfo;
  for (const [place, path] of [
    ['//192.0.2.1/x', '//192.0.2.1/x/api?a=1&b=%2F'],
    ['/box/?token=1#2', '/box/api?a=1&b=%2F'],
  ] as const) {
    asked = [];
    await openDaemonApi(`http://127.0.0.1:${port}${place}`, null).get('/api?a=1&b=%2F');
    expect(asked).toEqual([[path, undefined]]);
  }
});

test('what a daemon says is one line that steers no terminal, and not without end', async () => {
  const message = `no\u001b[2J\u202e\n${'x'.repeat(10_000)}`;
  answer = (_path, _token, response) => tell(response, 503, { error: { code: 'UNAVAILABLE', message, hint: 'try\u0007' } });
  const error: unknown = await open()
    .get('/x')
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'UNAVAILABLE', hint: 'try\\x07' });
  expect((error as Error).message).toMatch(/^no\\x1b\[2J\\x202e\\x0ax{400,500}$/);
});
