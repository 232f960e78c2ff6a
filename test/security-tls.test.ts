import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import { haveOpenssl, makeCertificate } from './certificate.testing.ts';

const have = haveOpenssl();
if (!have) process.stdout.write('SKIPPED: TLS: openssl is not installed\n');

/** The name in the certificate that a server shows, and the version of the protocol. */
function shown(url: string, options: object = {}): Promise<{ name: string; protocol: string | null; socket: TLSSocket }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      const { CN } = socket.getPeerCertificate().subject;
      resolve({ name: String(CN), protocol: socket.getProtocol(), socket });
    });
    socket.on('error', reject);
  });
}

/** Asks over TLS, trusting that certificate only. */
function ask(url: string, ca: Buffer): Promise<{ status: number; cookie: string }> {
  return new Promise((resolve, reject) => {
    get(url, { ca, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode!, cookie: response.headers['set-cookie']?.[0] ?? '' }));
    }).on('error', reject);
  });
}

describe.skipIf(!have)('TLS', () => {
  const place = temporary('tls');
  const [cert, key] = [join(place, 'cert.pem'), join(place, 'key.pem')];
  let one: { cert: string; key: string };
  let two: { cert: string; key: string };
  beforeAll(() => {
    one = makeCertificate(place, 'one');
    two = makeCertificate(place, 'two');
    copyFileSync(one.cert, cert);
    copyFileSync(one.key, key);
  });

  it('serves HTTPS, 1.2 and newer; a new certificate is taken over and open connections stay', async () => {
    const daemon = await startDaemon(['--no-record', '--allow-act', '--tls-cert', cert, '--tls-key', key]);
    try {
      expect(daemon.url).toMatch(/^https:\/\/127/);
      const [, token] = await daemon.until(/\?token=(\S+)\n/);
      expect(await ask(`${daemon.url}?token=${token}`, readFileSync(cert))).toMatchObject({
        status: 303,
        cookie: expect.stringMatching(/; Secure$/),
      });
      expect(await shown(daemon.url, { maxVersion: 'TLSv1.2' })).toMatchObject({ name: 'one', protocol: 'TLSv1.2' });
      await expect(shown(daemon.url, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow(/protocol|version|handshake/i);
      const stream = new WebSocket(`${daemon.url.replace('https', 'wss')}api/v1/stream`, { rejectUnauthorized: false });
      let ticks = 0;
      stream.on('message', (data: Buffer) => (ticks += data.toString().startsWith('{"type":"tick"') ? 1 : 0));
      await eventually(() => ticks > 0, 'a tick over TLS');
      // Somebody writes half of it first: the old one stays in use.
      writeFileSync(cert, 'nonsense');
      await daemon.until(/holds no certificate in PEM\. The certificate from before stays in use\./);
      expect(await shown(daemon.url)).toMatchObject({ name: 'one' });
      copyFileSync(two.key, `${key}.new`);
      copyFileSync(two.cert, `${cert}.new`);
      renameSync(`${key}.new`, key);
      renameSync(`${cert}.new`, cert);
      await eventually(async () => (await shown(daemon.url)).name === 'two', 'the new certificate');
      const before = ticks;
      await eventually(() => ticks > before + 1, 'ticks on the connection from before');
      stream.terminate();
      expect((await ask(`${daemon.url}healthz`, readFileSync(two.cert))).status).toBe(200);
      // Plain HTTP on that port gets nothing, and costs nothing.
      await expect(fetch(daemon.url.replace('https', 'http'))).rejects.toThrow('fetch failed');
    } finally {
      await daemon.end();
    }
  });

  it.each([
    [
      'no such certificate',
      () => ['/nowhere/cert.pem', one.key],
      2,
      'The certificate /nowhere/cert.pem cannot be read: no such file or directory (ENOENT).',
    ],
    [
      'no such key',
      () => [one.cert, '/nowhere/key.pem'],
      2,
      'The key of the certificate /nowhere/key.pem cannot be read: no such file or directory (ENOENT).',
    ],
    ['the key of another', () => [one.cert, two.key], 2, 'does not belong to the certificate'],
    ['a key as certificate', () => [one.key, one.key], 2, 'holds no certificate in PEM.'],
    ['a certificate as key', () => [one.cert, one.cert], 2, 'holds no private key in PEM.'],
    ['a directory', () => [place, one.key], 2, 'cannot be read: illegal operation on a directory (EISDIR).'],
  ])('%s: one sentence', async (_what, files, status, sentence) => {
    const [first, second] = files() as [string, string];
    const ended = await run(['serve', '--port', '0', '--no-record', '--tls-cert', first, '--tls-key', second]);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr).not.toContain('    at ');
  });

  it('a certificate without its key', async () => {
    expect((await run(['serve', '--port', '0', '--tls-cert', one.cert])).stderr).toContain('A certificate takes its key');
  });

  it('a key that every user can read, and a certificate that has expired: told, and served', async () => {
    const old = join(place, 'old.pem');
    const request = spawnSync('openssl', ['req', '-new', '-key', one.key, '-subj', '/CN=old', '-out', join(place, 'old.csr')]);
    expect(request.status, String(request.stderr)).toBe(0);
    const signed = spawnSync('openssl', ['x509', '-req', '-in', join(place, 'old.csr'), '-signkey', one.key, '-days', '-1', '-out', old]);
    expect(signed.status, String(signed.stderr)).toBe(0);
    chmodSync(one.key, 0o644);
    const daemon = await startDaemon(['--no-record', '--tls-cert', old, '--tls-key', one.key]);
    await daemon.until(/expired on \d{4}-\d\d-\d\d; browsers will refuse it\./);
    await daemon.until(/Every user of this machine can read or change the key/);
    expect((await daemon.end()).status).toBe(0);
  });
});
