import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../alert/alerts.ts';
import type { Outcome } from '../push/transport.ts';
import { messageOf } from './message.ts';
import type { Message } from './message.ts';
import { parseNotifyTargets } from './notify-settings.ts';
import type { SmtpSettings } from './notify-settings.ts';
import { until } from './receiver.testing.ts';
import { makeCertificate, noMailServer, startMailServer } from './smtp-server.testing.ts';
import type { MailServer } from './smtp-server.testing.ts';
import { createSmtp } from './smtp.ts';

const HOSTILE = 'x\r\nBcc: victim@example.org\r\n\r\nhello \u0000 ünï {value} =?utf-8?B?QmNj?=';
const ALERT: Alert = {
  id: 'unit_failed/x',
  rule: 'unit_failed',
  object: HOSTILE,
  severity: 'warning',
  value: 1,
  unit: 'count',
  summary: `The unit ${HOSTILE} failed.`,
  advice: 'Look.',
  since: 0,
  silencedUntil: null,
};
const MESSAGE: Message = messageOf([{ previous: null, lasted: null, alert: ALERT }], 'db1\r\nX: y', 1_800_000_000);

let directory: string;
const servers: MailServer[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hecate-smtp-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(directory, { recursive: true, force: true });
});

function send(port: number, more: object): Promise<Outcome> {
  const raw = {
    type: 'smtp',
    host: '127.0.0.1',
    port,
    from: 'hecate@example.org',
    to: ['ops@example.org', 'it@example.org'],
    timeout: 3,
    ...more,
  };
  const [settings] = parseNotifyTargets([raw], 'x') as [SmtpSettings];
  return createSmtp(settings).send(MESSAGE, AbortSignal.timeout(20_000));
}

async function start(mode: 'none' | 'starttls' | 'tls'): Promise<MailServer> {
  if (mode !== 'none') makeCertificate(directory);
  const server = await startMailServer(mode, directory);
  servers.push(server);
  return server;
}

describe.skipIf(noMailServer)('a mail server', () => {
  test('gets a mail whose headers no name can break', async () => {
    const { port, mails } = await start('none');
    expect(await send(port, { security: 'none' })).toEqual({ kind: 'sent' });
    await until(() => mails.length > 0, 'the server tells of the mail');
    expect(mails).toMatchObject([{ from: 'hecate@example.org', to: ['ops@example.org', 'it@example.org'], encrypted: false, user: null }]);
    const [head = ''] = mails[0]!.text.split(/\r?\n\r?\n/, 1);
    const headers = head.split(/\r?\n(?!\s)/).map((line) => line.split(':', 1)[0]!.toLowerCase());
    expect(headers.toSorted()).toEqual(
      [
        'auto-submitted',
        'content-transfer-encoding',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ].toSorted(),
    );
    expect(mails[0]!.text).not.toMatch(/^bcc:/im);
  });

  test('that wants encryption and a login gets both; the password comes from a file', async () => {
    const { port, mails } = await start('starttls');
    const secret = join(directory, 'password');
    writeFileSync(secret, 'right\n');
    const login = { username: 'hecate', password_file: secret, ca_file: join(directory, 'cert.pem') };
    expect(await send(port, login)).toEqual({ kind: 'sent' });
    await until(() => mails.length > 0, 'the server tells of the mail');
    expect(mails).toMatchObject([{ encrypted: true, user: 'hecate' }]);
    writeFileSync(secret, 'wrong-secret\n');
    const refused = await send(port, login);
    expect(refused.kind).toBe('failed');
    expect(JSON.stringify(refused)).not.toContain('wrong-secret');
    // Without the certificate's authority nobody is believed.
    expect((await send(port, { ...login, ca_file: undefined })).kind).toBe('failed');
    expect(mails).toHaveLength(1);
  });

  test('is spoken to in TLS from the first byte', async () => {
    const { port, mails } = await start('tls');
    expect(await send(port, { security: 'tls', ca_file: join(directory, 'cert.pem') })).toEqual({ kind: 'sent' });
    await until(() => mails.length > 0, 'the server tells of the mail');
    expect(mails).toMatchObject([{ encrypted: true }]);
  });

  test('that offers no encryption gets nothing where it is wanted', async () => {
    const { port, mails } = await start('none');
    expect((await send(port, {})).kind).toBe('failed');
    expect(mails).toEqual([]);
  });

  test('that knows nobody of the name refuses for good', async () => {
    const { port } = await start('none');
    expect(await send(port, { security: 'none', to: ['nobody@example.org'] })).toEqual({
      kind: 'refused',
      why: expect.stringContaining('550 no such user') as string,
    });
  });
});

test('nobody, or somebody who says nothing, is a failure that may pass', async () => {
  expect(await send(9, { security: 'none' })).toEqual({ kind: 'failed', why: 'cannot be reached: connection refused (ECONNREFUSED)' });
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    expect((await send((silent.address() as AddressInfo).port, { security: 'none', timeout: 1 })).kind).toBe('failed');
  } finally {
    silent.close();
  }
});
