import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAlertSettings } from '../alert/alert-settings.ts';
import { alertsOf, createTestHub, filesystem } from '../alert/alerts.testing.ts';
import type { Moment, TestHub } from '../alert/alerts.testing.ts';
import { desktopCommand } from './desktop.ts';
import { messageOf, testMessage, textOf, titleOf } from './message.ts';
import { startNotifier, testTargets } from './notifier.ts';
import type { Notifier } from './notifier.ts';
import { hasNotifySecret, parseNotifyTargets } from './notify-settings.ts';
import { startReceiver, until } from './receiver.testing.ts';
import type { Receiver } from './receiver.testing.ts';

const HOST = openHost();
const CPU = { name: 'busy', what: 'cpu_usage_percent', warning: '> 85', critical: '> 95', advice: 'Rest.' };
const cpu = (percent: number): Moment => ({ row: { cpu_usage_percent: percent } });

let directory: string;
let receiver: Receiver;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hecate-notify-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const notifier of open.splice(0)) await notifier.close();
  await receiver.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Setting {
  readonly hub: TestHub;
  readonly alerts: ReturnType<typeof alertsOf>;
  readonly notifier: Notifier;
  readonly told: string[];
}

function begin(raw: Readonly<Record<string, unknown>>, hub: TestHub = createTestHub(Date.now() / 1000), host: Host = HOST): Setting {
  const section = { rule: [CPU], group: '0.05s', notify: [{ type: 'webhook', url: `${receiver.url}hook` }], ...raw };
  const alerts = alertsOf(hub.hub, section, { stateFile: join(directory, 'alerts.json') });
  const told: string[] = [];
  const settings = parseAlertSettings(section, 'config.toml, [alerts]');
  const notifier = startNotifier({ alerts, settings, directory, host, hostname: 'db1', log: (text) => told.push(text) });
  open.push(alerts, notifier);
  return { hub, alerts, notifier, told };
}

const bodies = (): Record<string, unknown>[] => receiver.got.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('a webhook gets one message of what changed at once, and one when it is over', async () => {
  const { hub } = begin({ rule: [CPU, { name: 'disk_space', for: '0s' }] });
  hub.run(20, { ...cpu(90), snapshot: { filesystem: [filesystem('/srv', 99)] } });
  await until(() => receiver.got.length === 1, 'the first message');
  expect(receiver.got[0]).toMatchObject({ path: '/hook', headers: { 'content-type': 'application/json; charset=utf-8' } });
  expect(bodies()[0]).toMatchObject({
    version: 1,
    host: 'db1',
    kind: 'alert',
    severity: 'critical',
    title: 'Critical on db1: /srv is 99 % full, 1 GiB are left. (and 1 more)',
    alerts: [
      { id: 'disk_space//srv', object: '/srv', severity: 'critical', previous: null, lasted: null },
      { id: 'busy', value: 90, unit: 'percent', severity: 'warning' },
    ],
  });
  hub.run(20, { ...cpu(10), snapshot: { filesystem: [filesystem('/srv', 10)] } });
  await until(() => receiver.got.length === 2, 'the second message');
  expect(bodies()[1]).toMatchObject({
    severity: null,
    alerts: [
      { severity: null, previous: 'critical' },
      { severity: null, previous: 'warning' },
    ],
  });
  expect(bodies()[1]?.['text']).toContain('Over: cpu_usage_percent is 10 %. It lasted 20 s.');
});

test('what comes and goes while changes are gathered is told to nobody', async () => {
  const { hub } = begin({ group: '0.2s' });
  hub.tick(cpu(99));
  hub.tick(cpu(1));
  await pause(400);
  hub.tick(cpu(90));
  await until(() => receiver.got.length > 0, 'a message');
  expect(bodies()).toMatchObject([{ severity: 'warning' }]);
});

test('a server that is away gets everything in order when it is back', async () => {
  const port = Number(new URL(receiver.url).port);
  const { hub, told } = begin({});
  await receiver.close();
  hub.tick(cpu(90));
  await until(() => told.length > 0, 'trouble is told');
  hub.tick(cpu(99));
  await pause(100);
  hub.tick(cpu(1));
  await pause(100);
  receiver = await startReceiver(port);
  await until(() => receiver.got.length === 3, 'three messages', 60);
  expect(bodies().map(({ severity }) => severity)).toEqual(['warning', 'critical', null]);
  expect(told.filter((line) => line.includes('waits'))).toHaveLength(1);
  expect(told.at(-1)).toBe('Messages for webhook arrive again.');
}, 90_000);

test('what waits at the end is delivered by the next run; what was told is not told again', async () => {
  receiver.answer(503);
  const first = begin({});
  first.hub.tick(cpu(90));
  await until(() => first.told.length > 0, 'trouble is told');
  await first.alerts.close();
  await first.notifier.close();
  receiver.answer(200);
  const second = begin({}, createTestHub(first.hub.time + 5));
  await until(() => receiver.got.length === 1, 'what waited');
  second.hub.run(5, cpu(90));
  await pause(200);
  expect(bodies()).toMatchObject([{ severity: 'warning' }]);
  second.hub.run(1, cpu(1));
  await until(() => receiver.got.length === 2, 'the end');
  expect(bodies()[1]).toMatchObject({ severity: null });
});

test('what a server refuses for good is dropped and told', async () => {
  receiver.answer(400);
  const { hub, told } = begin({});
  hub.tick(cpu(90));
  await until(() => told.length > 0, 'it is told');
  expect(told[0]).toBe(`A message for webhook is dropped: ${new URL(receiver.url).origin} answers 400: said the server.`);
  receiver.answer(200);
  hub.tick(cpu(99));
  await until(() => receiver.got.length === 1, 'the next one');
});

test('a silence and a quiet rule are told to nobody; the end of a silence tells what is still wrong', async () => {
  const { hub, alerts } = begin({ rule: [CPU, { ...CPU, name: 'hushed', quiet: true }] });
  alerts.silence('busy', hub.time + 3600);
  hub.tick(cpu(99));
  expect(alerts.active()).toHaveLength(2);
  await pause(300);
  expect(receiver.got).toEqual([]);
  alerts.silence('busy', null);
  hub.tick(cpu(90));
  await until(() => receiver.got.length === 1, 'a message');
  expect(bodies()[0]).toMatchObject({ alerts: [{ id: 'busy', previous: null }] });
});

test('in quiet hours only criticals are told, and nothing where that is asked for', async () => {
  const { hub } = begin({ quiet: ['00:00-24:00'] });
  hub.tick(cpu(90));
  await pause(300);
  expect(receiver.got).toEqual([]);
  hub.tick(cpu(99));
  await until(() => receiver.got.length === 1, 'a critical alert');
  for (const notifier of open.splice(0)) await notifier.close();
  rmSync(directory, { recursive: true, force: true });
  const second = begin({ quiet: ['00:00-24:00'], quiet_criticals: true });
  second.hub.tick(cpu(99));
  await pause(300);
  expect(receiver.got).toHaveLength(1);
});

test('a target may want criticals only: it hears neither of warnings nor of their end', async () => {
  const { hub } = begin({ notify: [{ type: 'webhook', url: receiver.url, least: 'critical' }] });
  hub.tick(cpu(90));
  await pause(150);
  hub.tick(cpu(1));
  await pause(150);
  hub.tick(cpu(99));
  await until(() => receiver.got.length === 1, 'the critical one');
  hub.tick(cpu(90));
  await until(() => receiver.got.length === 2, 'it got better');
  expect(bodies().map(({ severity }) => severity)).toEqual(['critical', 'warning']);
});

const HOSTILE = '/mnt/*evil* <!channel> @everyone [x](http://evil)\r\nBcc: a@b\r\n\r\n&lt;';

async function hostileBody(
  target: Readonly<Record<string, unknown>>,
): Promise<{ readonly body: string; readonly path: string; readonly headers: object }> {
  const { hub } = begin({ rule: [{ name: 'disk_space', for: '0s' }], notify: [{ url: receiver.url, ...target }] });
  hub.run(20, { snapshot: { filesystem: [filesystem(HOSTILE, 99)] } });
  await until(() => receiver.got.length === 1, 'a message');
  return receiver.got[0]!;
}

test('slack and discord see hostile names as text', async () => {
  const slack = JSON.parse((await hostileBody({ type: 'webhook', format: 'slack' })).body) as { text: string; mrkdwn: boolean };
  expect(slack.text).toContain('&lt;!channel&gt;');
  expect(slack.text).not.toMatch(/[<>]/);
  expect(slack.mrkdwn).toBe(false);
  receiver.got.length = 0;
  rmSync(directory, { recursive: true, force: true });
  const discord = JSON.parse((await hostileBody({ type: 'webhook', format: 'discord' })).body) as {
    content: string;
    allowed_mentions: object;
  };
  expect(discord.allowed_mentions).toEqual({ parse: [] });
  expect(discord.content).toContain(String.raw`\*evil\*`);
  expect(discord.content).toContain(String.raw`\[x\]\(http\:`);
});

test('ntfy gets a topic, a title, a priority and tags as JSON at its root, and no header of a hostile name', async () => {
  const { body, path, headers } = await hostileBody({ type: 'ntfy', topic: 'ops', token: 'tk_secret' });
  expect(path).toBe('/');
  expect(headers).toMatchObject({ authorization: 'Bearer tk_secret' });
  expect(JSON.stringify(headers)).not.toContain('Bcc');
  expect(JSON.parse(body)).toEqual({
    topic: 'ops',
    title: expect.stringContaining('Critical on db1: /mnt/*evil*') as string,
    message: expect.stringContaining('99 % full') as string,
    priority: 5,
    tags: ['rotating_light', 'hecate'],
  });
});

test('a desktop gets title and text as arguments, markup as letters', () => {
  const alert = {
    id: 'x',
    rule: 'x',
    object: null,
    severity: 'critical',
    value: 1,
    unit: 'count',
    summary: '-rf <b>$(reboot)</b>',
    advice: null,
    since: 0,
    silencedUntil: null,
  } as const;
  const message = messageOf([{ previous: null, lasted: null, alert }], 'db1', 0);
  expect(desktopCommand(message, 'linux')).toEqual([
    'notify-send',
    '--app-name=hecate',
    '--urgency=critical',
    '--',
    'Critical on db1: -rf <b>$(reboot)</b>',
    'Critical: -rf &lt;b&gt;$(reboot)&lt;/b&gt;\n[x]',
  ]);
  const mac = desktopCommand(message, 'darwin');
  expect(mac.slice(0, 7).join(' ')).not.toContain('reboot');
  expect(mac.slice(-3)).toEqual(['--', titleOf(message), textOf(message)]);
});

test('a test says what came of it, target by target, and shows no secret', async () => {
  const place = 'config.toml, [alerts]';
  const targets = parseNotifyTargets(
    [
      { type: 'webhook', url: receiver.url },
      { type: 'webhook', name: 'dead', url: 'http://127.0.0.1:9/hidden?key=hidden', token: 'secret' },
      { type: 'webhook', name: 'unread', url: receiver.url, token_file: join(directory, 'nothing') },
    ],
    place,
  );
  const outcomes = await testTargets(targets, HOST, 'db1');
  expect(outcomes).toEqual([
    { name: 'webhook', place: new URL(receiver.url).origin, trouble: null },
    { name: 'dead', place: 'http://127.0.0.1:9', trouble: expect.stringContaining('cannot be reached') as string },
    { name: 'unread', place: new URL(receiver.url).origin, trouble: expect.stringContaining('nothing') as string },
  ]);
  expect(JSON.stringify(outcomes)).not.toMatch(/hidden|secret/);
  expect(bodies()).toMatchObject([{ kind: 'test', title: titleOf(testMessage('db1', 0)) }]);
});

test.each<[target: object, sentence: string]>([
  [{}, 'notify 1: type must be one of "webhook", "ntfy", "smtp", "desktop"'],
  [{ type: 'command', command: 'reboot' }, 'type must be one of'],
  [{ type: 'webhook' }, 'notify 1: url must be given'],
  [{ type: 'webhook', url: 'ftp://x' }, 'url must be an address that begins with http:// or https://'],
  [{ type: 'webhook', url: 'http://user:pass@x' }, 'without a name or password in it'],
  [{ type: 'webhook', url: 'http://x', format: 'teams' }, 'format must be one of "json", "slack", "discord"'],
  [{ type: 'webhook', url: 'http://x', headers: { 'a b': 'x' } }, 'must be names of headers'],
  [{ type: 'webhook', url: 'http://x', headers: { a: 'x\r\nBcc: y' } }, 'must be one line'],
  [{ type: 'webhook', url: 'http://x', token: 'a', token_file: '/b' }, 'token and token_file cannot both be given'],
  [{ type: 'webhook', url: 'http://x', username: 'a' }, 'must be given together'],
  [{ type: 'webhook', url: 'http://x', password: 'a' }, 'must be given together'],
  [{ type: 'webhook', url: 'http://x', username: 'a', password: 'b', token: 'c' }, 'a token and a username cannot both be given'],
  [{ type: 'webhook', url: 'http://x', name: '../x' }, 'name must be letters'],
  [{ type: 'ntfy' }, 'topic must be given'],
  [{ type: 'ntfy', topic: 'a/b' }, 'topic must be letters'],
  [{ type: 'smtp', host: 'mail', from: 'a@b' }, 'to must be given'],
  [{ type: 'smtp', host: 'mail', from: 'a@b', to: [] }, 'to must name somebody'],
  [{ type: 'smtp', host: 'mail', from: 'a@b\r\nBcc: c@d', to: ['a@b'] }, 'from must be one mail address'],
  [{ type: 'smtp', host: 'mail', from: 'a@b', to: ['a@b, c@d'] }, 'must be one mail address'],
  [{ type: 'smtp', host: 'http://mail', from: 'a@b', to: ['a@b'] }, 'host must be the name or address of a mail server'],
  [{ type: 'smtp', host: 'mail', from: 'a@b', to: ['a@b'], port: 0 }, 'port must be 1 to 65535'],
  [{ type: 'smtp', host: 'mail', from: 'a@b', to: ['a@b'], security: 'ssl' }, 'security must be one of'],
  [{ type: 'desktop', command: 'x' }, 'there is no setting "command"'],
])('%j is refused: %s', (target, sentence) => {
  expect(() => parseNotifyTargets([target], 'config.toml, [alerts]')).toThrow(sentence);
});

test('two targets need two names', () => {
  const hook = { type: 'webhook', url: 'http://x' };
  expect(() => parseNotifyTargets([hook, hook], 'x')).toThrow('two notify targets are called "webhook"');
  expect(parseNotifyTargets([hook, { ...hook, name: 'other' }], 'x')).toHaveLength(2);
});

test.each<[target: object, isSecret: boolean]>([
  [{ type: 'webhook', url: 'http://x' }, false],
  [{ type: 'webhook', url: 'http://x', token_file: '/t' }, false],
  [{ type: 'webhook', url: 'http://x', token: 't' }, true],
  [{ type: 'webhook', url: 'http://x', format: 'slack' }, true],
  [{ type: 'webhook', url: 'http://x', headers: { 'X-Api-Key': 't' } }, true],
  [{ type: 'smtp', host: 'm', from: 'a@b', to: ['a@b'], username: 'u', password: 'p' }, true],
  [{ type: 'smtp', host: 'm', from: 'a@b', to: ['a@b'], username: 'u', password_file: '/p' }, false],
  [{ type: 'desktop' }, false],
])('%j has a secret in it: %j', (target, isSecret) => {
  expect(hasNotifySecret(parseNotifyTargets([target], 'x'))).toBe(isSecret);
});

test('what is still wrong is told again after its time, and at the end of quiet hours', async () => {
  let now = new Date(2026, 10, 23, 23, 0).getTime() / 1000;
  const host: Host = { ...HOST, clock: { now: () => now, monotonic: () => now } };
  const other = { name: 'other', what: 'load1', warning: '> 1' };
  const { hub } = begin({ rule: [CPU, other], repeat: '1h', quiet: ['22:00-07:00'] }, createTestHub(now), host);
  hub.tick(cpu(90));
  await pause(200);
  expect(receiver.got).toEqual([]);
  now += 9 * 3600;
  // Something changes, so it looks; it would in half a minute anyway.
  hub.tick({ row: { cpu_usage_percent: 90, load1: 5 } });
  await until(() => receiver.got.length === 1, 'the morning');
  expect(bodies()[0]).toMatchObject({ alerts: [{ id: 'other' }, { id: 'busy', previous: null }] });
  now += 3601;
  hub.tick({ row: { cpu_usage_percent: 90, load1: 0 } });
  await until(() => receiver.got.length === 2, 'an hour later');
  expect(bodies()[1]).toMatchObject({
    alerts: [
      { id: 'busy', severity: 'warning', previous: 'warning' },
      { id: 'other', severity: null },
    ],
  });
});

test('recovered = false: nobody is told that it is over', async () => {
  const { hub } = begin({ notify: [{ type: 'webhook', url: receiver.url, recovered: false }] });
  hub.tick(cpu(90));
  await until(() => receiver.got.length === 1, 'a message');
  hub.tick(cpu(1));
  await pause(250);
  hub.tick(cpu(99));
  await until(() => receiver.got.length === 2, 'the next one');
  expect(bodies().map(({ severity }) => severity)).toEqual(['warning', 'critical']);
});

test.skipIf(process.platform !== 'linux')('the program of the desktop is started with its arguments, and its trouble is told', async () => {
  const said = join(directory, 'said');
  const program = join(directory, 'notify-send');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > "${said}"\n`);
  chmodSync(program, 0o755);
  const path = process.env['PATH'];
  const targets = parseNotifyTargets([{ type: 'desktop' }], 'x');
  try {
    process.env['PATH'] = `${directory}:${path}`;
    expect(await testTargets(targets, HOST, '--help')).toEqual([{ name: 'desktop', place: 'the desktop of this user', trouble: null }]);
    expect(readFileSync(said, 'utf8').split('\n').slice(0, 4)).toEqual([
      '--app-name=hecate',
      '--urgency=normal',
      '--',
      'Test from hecate on --help',
    ]);
    process.env['PATH'] = join(directory, 'nothing');
    expect((await testTargets(targets, HOST, 'db1'))[0]?.trouble).toContain('notify-send');
  } finally {
    process.env['PATH'] = path;
  }
});
