import { expect, test } from 'vitest';
import { openPageReader, refused } from './http-page.ts';
import { freePort } from '../../free-port.testing.ts';
import { serve, serveTcp } from './http-page.testing.ts';

const address = (port: number, path = '/metrics'): URL => new URL(`http://127.0.0.1:${port}${path}`);

async function read(url: URL, timeout = 5, signal?: AbortSignal): Promise<string> {
  const reader = openPageReader(timeout);
  try {
    return await reader.read(url, signal);
  } finally {
    reader.close();
  }
}

test('a page is read, also where redirects lead', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/metrics') response.writeHead(302, { location: '/moved/here' }).end('moved');
    else response.end(`page ${request.url}`);
  });
  expect(await read(address(port))).toBe('page /moved/here');
  expect(await read(new URL(`http://localhost:${port}/x`))).toBe('page /x');
});

test('one connection serves all reads', async () => {
  const seen = new Set<unknown>();
  const port = await serve((request, response) => {
    seen.add(request.socket);
    response.end('a 1\n');
  });
  const reader = openPageReader();
  for (let i = 0; i < 5; i++) await reader.read(address(port));
  reader.close();
  expect(seen.size).toBe(1);
});

test('a user and a password of the address are sent, and never shown', async () => {
  const port = await serve((request, response) => {
    response.writeHead(request.headers.authorization === `Basic ${btoa('me:secret')}` ? 200 : 401).end('a 1\n');
  });
  expect(await read(new URL(`http://me:secret@127.0.0.1:${port}/metrics`))).toBe('a 1\n');
  await expect(read(new URL(`http://me:wrong-secret@127.0.0.1:${port}/metrics`))).rejects.toMatchObject({
    code: 'DENIED',
    message: expect.not.stringContaining('secret'),
  });
});

test.each([
  [404, {}, 'INVALID', 'status 404'],
  [500, {}, 'INVALID', 'status 500'],
  [503, {}, 'UNAVAILABLE', 'status 503'],
  [403, {}, 'DENIED', 'status 403'],
  [200, { 'content-type': 'text/html; charset=utf-8' }, 'INVALID', 'web page'],
  [200, { 'content-encoding': 'gzip' }, 'INVALID', 'gzip'],
  [302, { location: '/metrics' }, 'INVALID', 'redirects more than'],
  [302, { location: 'ftp://127.0.0.1/' }, 'INVALID', 'not an http'],
])('status %i with %o is an error: %s, %s', async (status, headers, code, words) => {
  const port = await serve((_, response) => response.writeHead(status, headers).end('x'));
  await expect(read(address(port))).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test('an endless page is cut off', async () => {
  const port = await serve((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 97);
    const send = (): void => {
      while (response.write(chunk));
    };
    response.on('drain', send);
    send();
  });
  await expect(read(address(port))).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('16 MiB') });
});

test('nothing that listens, no answer, half an answer, no HTTP', async () => {
  const nowhere = address(await freePort());
  await expect(read(nowhere)).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('nothing listens there') });
  expect(refused(await read(nowhere).catch((error: unknown) => error))).toBe(true);
  expect(refused(await read(new URL(nowhere.href.replace('127.0.0.1', 'localhost'))).catch((error: unknown) => error))).toBe(true);

  const silent = await serveTcp(() => undefined);
  await expect(read(address(silent), 0.1)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('did not answer within 0.1 s'),
  });
  const half = await serve((_, response) => void response.write('a 1\n'));
  await expect(read(address(half), 0.1)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('did not answer within'),
  });
  const broken = await serveTcp((socket) => socket.resetAndDestroy());
  await expect(read(address(broken))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const other = await serveTcp((socket) => socket.end('220 mail.example ESMTP\r\n'));
  await expect(read(address(other))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(read(new URL('http://no-such-host.invalid/'))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('the caller can give up', async () => {
  const silent = await serveTcp(() => undefined);
  const controller = new AbortController();
  const reading = read(address(silent), 30, controller.signal);
  controller.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
});
