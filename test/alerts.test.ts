import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startReceiver } from '../packages/observe/src/notify/receiver.testing.ts';
import type { Receiver } from '../packages/observe/src/notify/receiver.testing.ts';
import { noMailServer, startMailServer } from '../packages/observe/src/notify/smtp-server.testing.ts';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';
import { noMounts, seenBy, smallDisk } from './mounts.testing.ts';

interface AlertRow {
  readonly id: string;
  readonly severity: string | null;
  readonly value: number | null;
  readonly summary: string;
  readonly silencedUntil: number | null;
}
interface Told {
  readonly severity: string | null;
  readonly title: string;
  readonly alerts: readonly AlertRow[];
}

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

/** A place with a config.toml; the daemon and the command line that asks it share it. */
function configured(toml: string): Record<string, string> {
  const home = temporary('alerts');
  mkdirSync(join(home, 'config', 'hecate'), { recursive: true });
  writeFileSync(join(home, 'config', 'hecate', 'config.toml'), toml, { mode: 0o600 });
  return { HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state'), HECATE_DATA_DIR: join(home, 'data') };
}

const alertsOf = async (daemon: Daemon, path = ''): Promise<readonly AlertRow[]> =>
  (await daemon.json(`/api/v1/alerts${path}`))['alerts'] as readonly AlertRow[];
const told = (): readonly Told[] => receiver.got.map(({ body }) => JSON.parse(body) as Told);

const ALWAYS =
  '[[alerts.rule]]\nname = "always"\nwhat = "processes_total"\nwarning = "> 0"\nsummary = "There are {value} processes."\nadvice = "Go on."\n';
const hook = (): string =>
  `[alerts]\ngroup = "0.5s"\n[[alerts.notify]]\ntype = "webhook"\nurl = "${receiver.url}hook"\ntoken = "s3cret-of-the-hook"\n`;

describe.skipIf(noMounts)('a disk', () => {
  test('that fills is told by a webhook, and told again when there is room', async () => {
    const { directory, wrap } = smallDisk('2m');
    const rule = '[[alerts.rule]]\nname = "disk_space"\nfor = "0s"\n';
    // Somebody looks, so the disk is read every ten seconds.
    const daemon = await startDaemon(['--no-record'], { env: configured(hook() + rule), wrap });
    const place = seenBy(daemon.child.pid!, directory);
    const id = `disk_space/${directory}`;
    const severity = async (): Promise<string | null | undefined> =>
      (await alertsOf(daemon, '?all=1')).find((alert) => alert.id === id)?.severity;
    await eventually(async () => (await severity()) === null && Boolean(await daemon.json('/api/v1/snapshot')), 'the disk is judged');
    writeFileSync(join(place, 'filler'), Buffer.alloc(2 * 1024 * 1024 - 16 * 1024));
    await eventually(async () => {
      await daemon.json('/api/v1/snapshot');
      return severity();
    }, 'the alert is raised');
    const raised = await eventually(
      () => told().find(({ alerts }) => alerts.some((alert) => alert.id === id && alert.severity !== null)),
      'it is told',
    );
    expect(raised.title).toContain('% full');
    expect(receiver.got[0]?.headers.authorization).toBe('Bearer s3cret-of-the-hook');
    writeFileSync(join(place, 'filler'), '');
    const cleared = await eventually(async () => {
      await daemon.json('/api/v1/snapshot');
      return told().find(({ alerts }) => alerts.some((alert) => alert.id === id && alert.severity === null));
    }, 'its end is told');
    expect(cleared.alerts.find((alert) => alert.id === id)?.summary).toMatch(/is 0(\.\d+)? % full|is \d+(\.\d+)? % full/);
    expect((await daemon.json('/api/v1/alerts/history'))['changes']).toMatchObject([
      { previous: 'critical', alert: { id, severity: null } },
      { previous: null, alert: { id, severity: 'critical' } },
    ]);
    await daemon.end();
  });

  test('that is full keeps no alerts, and that is told; when there is room they are kept', async () => {
    const { directory, wrap } = smallDisk('256k');
    const env = { ...configured(`${ALWAYS}for = "5s"\n`), XDG_STATE_HOME: directory };
    const daemon = await startDaemon(['--no-record'], { env, wrap });
    const place = seenBy(daemon.child.pid!, directory);
    const filler = join(place, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(300 * 1024))).toThrow(/ENOSPC/);
    await daemon.until(/The alerts cannot be kept over a restart\. .*No space/i);
    expect((await alertsOf(daemon)).map(({ id }) => id)).toContain('always');
    rmSync(filler);
    const kept = join(place, 'hecate', 'alerts', 'alerts.json');
    await eventually(() => existsSync(kept) && readFileSync(kept, 'utf8').includes('"always"'), 'they are kept');
    await daemon.end();
  });
});

test('list, history, silence: what the daemon says, and without one that there is none', async () => {
  const env = configured(ALWAYS);
  const daemon = await startDaemon(['--no-record'], { env });
  const ask = (...args: string[]) => run(['alerts', ...args, '--url', daemon.url], { env });
  await eventually(async () => (await alertsOf(daemon)).some(({ id }) => id === 'always'), 'the alert is there');
  const listed = await ask();
  expect(listed.stdout).toMatch(/^warning +There are [\d.]+( k)? processes\.\n +Go on\.\n +always, for /m);
  const all = JSON.parse((await ask('list', '--all', '--format', 'json')).stdout) as AlertRow[];
  expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(['always', 'load']));
  await eventually(
    async () => /^fine +\d+(\.\d+)? %  files_used_percent +files$/m.test((await ask('list', '--all')).stdout),
    'what is fine says what its number is',
  );
  expect((await ask('history')).stdout).toMatch(/^\d{4}-.*warning +There are [\d.]+( k)? processes\.$/m);
  const silenced = await ask('silence', 'always', '--for', '2h');
  expect(silenced).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Nobody is told about always until /) as string });
  expect((await alertsOf(daemon)).find(({ id }) => id === 'always')?.silencedUntil).toBeGreaterThan(Date.now() / 1000 + 7000);
  expect((await ask()).stdout).toContain('silenced for');
  expect((await ask('silence', 'always', '--end')).stdout).toBe('always is told again.\n');
  expect(await ask('silence', 'nothing')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no alert and no rule "nothing"') as string,
  });
  expect(await ask('silence')).toMatchObject({ status: 2 });
  expect(await ask('silence', 'always', '--for', 'ever')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--for must be a time') as string,
  });
  await daemon.end();
  expect(await ask()).toMatchObject({ status: 4, stderr: expect.stringContaining('No daemon answers at') as string });
  expect(await run(['alerts', 'list', '--url', 'nowhere'], { env })).toMatchObject({ status: 2 });
});

test('who may not act may not silence; what is sent is checked', async () => {
  const env = configured(ALWAYS);
  const daemon = await startDaemon(['--no-record'], { env });
  const url = new URL('/api/v1/alerts/silence', daemon.url);
  const post = (body: string, token?: string) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
    });
  expect((await post('{"id":"always","until":null}')).status).toBe(401);
  const token = (await run(['token', 'act'], { env })).stdout.trim();
  for (const body of [
    '',
    '[]',
    '{"id":"always"}',
    '{"id":5,"until":1}',
    '{"id":"always","until":"x"}',
    '{"id":"always","until":5}',
    '{"id":"always","until":null,"x":1}',
  ]) {
    expect((await post(body, token)).status, body).toBe(400);
  }
  expect((await post('{"id":"always","until":null}', token)).status).toBe(200);
  expect((await fetch(new URL('/api/v1/alerts?all=2', daemon.url))).status).toBe(400);
  expect((await fetch(new URL('/api/v1/alerts/history?limit=x', daemon.url))).status).toBe(400);
  await daemon.end();
});

test('a killed daemon raises nothing again, forgets nothing, and delivers what waited', async () => {
  const port = Number(new URL(receiver.url).port);
  const env = configured(hook() + ALWAYS);
  await receiver.close();
  const first = await startDaemon(['--no-record'], { env });
  await first.until(/A message for webhook waits/);
  const [before] = await alertsOf(first);
  const state = join(env['XDG_STATE_HOME']!, 'hecate', 'alerts');
  await eventually(() => existsSync(join(state, 'alerts.json')), 'it is kept');
  // What is noted there lies on the disk.
  await eventually(() => existsSync(join(state, 'notify', 'told.json')), 'the message is kept');
  await first.end('SIGKILL');
  receiver = await startReceiver(port);
  const second = await startDaemon(['--no-record'], { env });
  await eventually(() => told().length > 0, 'what waited arrives');
  const [after] = await alertsOf(second);
  expect(after).toMatchObject({ id: before?.id, since: (before as { since?: number } | undefined)?.since });
  expect((await second.json('/api/v1/alerts/history'))['changes']).toHaveLength(1);
  expect(told()).toMatchObject([{ severity: 'warning', alerts: [{ id: 'always' }] }]);
  await second.end();
  expect(readFileSync(join(state, 'alerts.json'), 'utf8')).not.toContain('s3cret');
});

test('test judges once without a daemon, and tries who is told', async () => {
  const env = configured(`${hook()}${ALWAYS}[[alerts.notify]]\ntype = "ntfy"\nurl = "http://127.0.0.1:9"\ntopic = "x"\n`);
  const tried = await run(['alerts', 'test', '--notify'], { env });
  expect(tried.status).toBe(1);
  expect(tried.stdout).toMatch(/^warning +\d+  processes_total +always$/m);
  expect(tried.stdout).toMatch(/^fine +\d+(\.\d+)? %  memory_available_percent +memory$/m);
  expect(tried.stdout).toContain(`webhook: a message arrived at ${new URL(receiver.url).origin}.\n`);
  expect(tried.stdout).toMatch(/^ntfy: http:\/\/127\.0\.0\.1:9 cannot be reached: .*\.$/m);
  expect(tried.stdout + tried.stderr).not.toContain('s3cret');
  expect(told()).toMatchObject([{ title: expect.stringContaining('Test from hecate') as string }]);
  const none = await run(['alerts', 'test', '--notify'], { env: configured('') });
  expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('Nobody is to be told') as string });
});

test('a wrong rule stops the daemon with a sentence', async () => {
  const env = configured('[[alerts.rule]]\nname = "mine"\nwhat = "cpu_usge_percent"\nwarning = "> 3"\n');
  const ended = await run(['serve', '--port', '0'], { env });
  expect(ended.status).toBe(2);
  expect(ended.stderr).toContain('config.toml, [alerts], rule "mine": what names "cpu_usge_percent", which is no number of the machine.');
  expect(ended.stderr).toContain('Did you mean cpu_usage_percent');
});

test.skipIf(noMailServer)('a mail arrives', async () => {
  const server = await startMailServer('none', temporary('mail'));
  try {
    const target = `type = "smtp"\nhost = "127.0.0.1"\nport = ${server.port}\nsecurity = "none"\nfrom = "hecate@example.org"\nto = ["ops@example.org"]\n`;
    const { status, stdout } = await run(['alerts', 'test', '--notify'], { env: configured(`[[alerts.notify]]\n${target}`) });
    expect(stdout).toContain(`smtp: a message arrived at 127.0.0.1:${server.port} (for ops@example.org).\n`);
    expect(status).toBe(0);
    await eventually(() => server.mails.some(({ text }) => text.includes('Subject: Test from hecate on ')), 'the mail is there');
  } finally {
    await server.close();
  }
});
