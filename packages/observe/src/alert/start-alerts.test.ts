import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventRing } from '../event/event-log.ts';
import type { AlertChange } from './alerts.ts';
import { alertsOf, createTestHub, filesystem } from './alerts.testing.ts';
import type { Moment } from './alerts.testing.ts';

const CPU = { name: 'busy', what: 'cpu_usage_percent', warning: '> 85', clear_warning: '< 75', critical: '> 95', clear_critical: '< 90' };
const DISK = { name: 'disk_space', for: '0s' };
const cpu = (percent: number | null): Moment => ({ row: { cpu_usage_percent: percent } });
const disks = (...filesystems: ReturnType<typeof filesystem>[]): Moment => ({ snapshot: { filesystem: filesystems } });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hecate-alerts-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function follow(alerts: ReturnType<typeof alertsOf>): string[] {
  const seen: string[] = [];
  alerts.subscribe(({ previous, alert }: AlertChange) => seen.push(`${alert.id}: ${previous} -> ${alert.severity}`));
  return seen;
}

test('hysteresis: raised at one bound, cleared at another, worse and better by steps', () => {
  const bench = createTestHub();
  const alerts = alertsOf(bench.hub, { rule: [CPU] });
  const seen = follow(alerts);
  for (const value of [80, 86, 80, 76, 96, 91, 89, 76, 74, 86]) bench.tick(cpu(value));
  expect(seen).toEqual([
    'busy: null -> warning',
    'busy: warning -> critical',
    'busy: critical -> warning',
    'busy: warning -> null',
    'busy: null -> warning',
  ]);
  expect(alerts.active()).toMatchObject([
    { id: 'busy', object: null, value: 86, unit: 'percent', since: bench.time, summary: 'cpu_usage_percent is 86 %.' },
  ]);
  expect(alerts.history(2)).toMatchObject([{ previous: null }, { previous: 'warning' }]);
});

test('for: a bound must be passed all the time, each severity for itself', () => {
  const bench = createTestHub();
  const alerts = alertsOf(bench.hub, { rule: [{ ...CPU, for: '10s' }] });
  const seen = follow(alerts);
  bench.run(9, cpu(90));
  bench.tick(cpu(50));
  bench.run(10, cpu(90));
  expect(seen).toEqual([]);
  bench.tick(cpu(99));
  expect(seen).toEqual(['busy: null -> warning']);
  bench.run(9, cpu(99));
  expect(seen).toHaveLength(1);
  bench.tick(cpu(99));
  expect(seen).toHaveLength(2);
});

test('what is not known raises nothing, keeps what is for ten minutes, and is unknown then', () => {
  const bench = createTestHub();
  const alerts = alertsOf(bench.hub, { rule: [CPU] });
  const seen = follow(alerts);
  bench.run(5000, cpu(null));
  expect(seen).toEqual([]);
  bench.tick(cpu(99));
  bench.run(590, cpu(null));
  expect(alerts.active()).toMatchObject([{ severity: 'critical', value: null }]);
  bench.run(20, cpu(null));
  expect(seen).toEqual(['busy: null -> critical', 'busy: critical -> null']);
  expect(alerts.history(1)[0]?.alert).toMatchObject({ value: null, summary: 'cpu_usage_percent has not been known for 10 min.' });
});

test('an object that vanishes takes its alert with it; a list that cannot be read does not', () => {
  const bench = createTestHub();
  const alerts = alertsOf(bench.hub, { rule: [DISK] });
  const seen = follow(alerts);
  bench.run(20, disks(filesystem('/', 50), filesystem('/srv', 99)));
  bench.run(60, { snapshot: { filesystem: null } });
  expect(seen).toEqual(['disk_space//srv: null -> critical']);
  expect(alerts.active()[0]?.summary).toBe('/srv is 99 % full, 1 GiB are left.');
  bench.run(40, disks(filesystem('/', 50)));
  expect(seen).toHaveLength(2);
  expect(alerts.history(1)[0]?.alert).toMatchObject({ id: 'disk_space//srv', object: '/srv', severity: null, summary: '/srv is gone.' });
  expect(
    alerts
      .all()
      .filter(({ rule }) => rule === 'disk_space')
      .map(({ object }) => object),
  ).toEqual(['/']);
});

test('objects have alerts of their own; critical only when little is left; exceptions are left out', () => {
  const bench = createTestHub();
  const alerts = alertsOf(bench.hub, { rule: [{ ...DISK, except: ['/mnt/*'] }] });
  const large = filesystem('/large', 99, { available: 400 * 2 ** 30, used: 39_600 * 2 ** 30 });
  bench.run(30, disks(large, filesystem('/small', 99), filesystem('/mnt/full', 100), filesystem('/fine', 10)));
  expect(alerts.active().map(({ id, severity }) => [id, severity])).toEqual([
    ['disk_space//small', 'critical'],
    ['disk_space//large', 'warning'],
  ]);
});

test('the clock may jump: durations are measured by another one', () => {
  const bench = createTestHub();
  const alerts = alertsOf(bench.hub, { rule: [{ ...CPU, for: '60s' }] });
  bench.run(30, cpu(99));
  bench.setClock(86_400);
  bench.run(20, cpu(99));
  expect(alerts.active()).toEqual([]);
  bench.setClock(-2 * 86_400);
  bench.run(20, cpu(99));
  expect(alerts.active()).toHaveLength(1);
});

test('what comes and goes is cleared later each time', () => {
  const bench = createTestHub();
  const seen = follow(alertsOf(bench.hub, { rule: [CPU] }));
  bench.run(3600, (second) => cpu(second % 20 < 10 ? 90 : 10));
  // An hour of it would be 180 alerts.
  expect(seen.length).toBeLessThan(12);
  expect(seen.length).toBeGreaterThan(3);
});

test('a restart neither raises again nor forgets, and history and silences stay', async () => {
  const stateFile = join(directory, 'state', 'alerts.json');
  const first = createTestHub();
  const before = alertsOf(first.hub, { rule: [CPU] }, { stateFile });
  first.run(3, cpu(99));
  before.silence('busy', first.time + 3600);
  const [raised] = before.active();
  await before.close();
  const second = createTestHub(first.time + 60);
  const after = alertsOf(second.hub, { rule: [CPU] }, { stateFile });
  const seen = follow(after);
  expect(after.active()).toMatchObject([{ id: 'busy', severity: 'critical', since: raised?.since, silencedUntil: first.time + 3600 }]);
  second.run(30, cpu(99));
  expect(seen).toEqual([]);
  expect(after.history(10)).toHaveLength(1);
  second.run(1, cpu(1));
  expect(seen).toEqual(['busy: critical -> null']);
  await after.close();
  // Without the rule there is no alert of it either.
  expect(alertsOf(createTestHub().hub, {}, { stateFile }).active()).toEqual([]);
});

test('after a restart a mean that is not known yet keeps what was, and what is gone is cleared', async () => {
  const stateFile = join(directory, 'alerts.json');
  const first = createTestHub();
  const before = alertsOf(first.hub, { rule: [DISK] }, { stateFile });
  first.run(700, { ...disks(filesystem('/gone', 99)), row: { cpu_usage_percent: 99 } });
  expect(before.active().map(({ id }) => id)).toContain('cpu_usage');
  await before.close();
  const second = createTestHub(first.time + 5);
  const after = alertsOf(second.hub, { rule: [DISK] }, { stateFile });
  const seen = follow(after);
  second.run(200, { ...disks(filesystem('/', 1)), row: { cpu_usage_percent: 99 } });
  expect(seen).toEqual(['disk_space//gone: critical -> null']);
  await after.close();
});

test.each([
  ['torn', '{"version":1,"active":[{"id":"bu', 'is damaged: alerts begin anew'],
  ['empty', '', 'is damaged'],
  ['of another version', '{"version":9}', 'is not what this version wrote'],
  ['hostile', '{"version":1,"active":[{"id":5}],"silences":{},"history":null}', 'is not what this version wrote'],
])('a file that is %s is told, and replaced', async (_, text, sentence) => {
  const stateFile = join(directory, 'alerts.json');
  writeFileSync(stateFile, text);
  const told: string[] = [];
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub, { rule: [CPU] }, { stateFile, log: (line) => told.push(line) });
  expect(told.join()).toContain(sentence);
  hub.run(2, cpu(99));
  await alerts.close();
  expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toMatchObject({ version: 1, active: [{ id: 'busy' }] });
});

test('a disk that takes nothing is told once, and alerts go on', async () => {
  const stateFile = join(directory, 'alerts.json');
  mkdirSync(stateFile);
  const told: string[] = [];
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub, { rule: [CPU] }, { stateFile, log: (line) => told.push(line) });
  const seen = follow(alerts);
  for (let round = 0; round < 5; round++) {
    hub.run(2, cpu(99));
    hub.run(2, cpu(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await alerts.close();
  expect(seen.length).toBeGreaterThan(3);
  expect(told.filter((line) => line.includes('cannot be kept'))).toHaveLength(1);
});

test('a silence needs an alert or a rule, and a time to come', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub, { rule: [CPU] });
  hub.run(2, cpu(99));
  expect(() => alerts.silence('nothing', hub.time + 60)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  expect(() => alerts.silence('busy', hub.time - 60)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  alerts.silence('disk_space', hub.time + 60);
  alerts.silence('busy', hub.time + 60);
  expect(alerts.active()[0]?.silencedUntil).toBe(hub.time + 60);
  hub.run(61, cpu(99));
  expect(alerts.active()[0]?.silencedUntil).toBeNull();
  alerts.silence('busy', hub.time + 60);
  alerts.silence('busy', null);
  expect(alerts.active()[0]?.silencedUntil).toBeNull();
});

test('events are counted in a window', () => {
  const hub = createTestHub();
  const events = createEventRing(10, () => undefined);
  const rule = { name: 'kills', what: 'event:oom-kill', function: 'sum', over: '5m', warning: '> 1', summary: '{value} kills.' };
  const seen = follow(alertsOf(hub.hub, { rule: [rule] }, { events }));
  const kill = { kind: 'oom-kill', pid: 1, name: 'x', uid: 0, rss: 1, cgroup: null, count: 1, by: 'kmsg', time: 1 } as const;
  events.add(kill);
  hub.run(10, {});
  expect(seen).toEqual([]);
  events.add(kill);
  hub.run(2, {});
  expect(seen).toEqual(['kills: null -> warning']);
  hub.run(310, {});
  expect(seen).toHaveLength(2);
});

test('a file system that fills steadily is told hours before; one that comes and goes is not', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  const gigabyte = 2 ** 30;
  for (let minute = 0; minute < 60; minute++) {
    const noise = (minute * 7919) % 60;
    const filling = filesystem('/filling', 0, { used: (50 + minute * 0.2) * gigabyte, available: (50 - minute * 0.2) * gigabyte });
    const jumping = filesystem('/jumping', 0, { used: noise * gigabyte, available: (100 - noise) * gigabyte });
    for (let tick = 0; tick < 6; tick++) hub.tick(disks(filling, jumping), 10);
  }
  expect(alerts.active()).toMatchObject([{ id: 'disk_full_soon//filling', severity: 'warning', unit: 'seconds' }]);
  expect(alerts.active()[0]?.summary).toMatch(/^\/filling is full in 3 h \d+ min, if it goes on like this: 38(\.\d)? GiB are left\.$/);
});

test('a file system that becomes read-only is told, one that always was is not', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  hub.run(30, disks(filesystem('/a', 1), filesystem('/b', 1, { readOnly: true })));
  hub.run(30, disks(filesystem('/a', 1, { readOnly: true }), filesystem('/b', 1, { readOnly: true })));
  expect(alerts.active().map(({ id, severity }) => [id, severity])).toEqual([['disk_read_only//a', 'critical']]);
  hub.run(30, disks(filesystem('/a', 1), filesystem('/b', 1, { readOnly: true })));
  expect(alerts.active()).toEqual([]);
});

test('a listener sees hostile names as text', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub, { rule: [DISK] });
  const hostile = '/mnt/{value}\n\u001b[31m<b>';
  hub.run(20, disks(filesystem(hostile, 95)));
  expect(alerts.active()[0]).toMatchObject({ id: `disk_space/${hostile}`, object: hostile });
  expect(alerts.active()[0]?.summary).toBe('/mnt/{value}\\x0a\\x1b[31m<b> is 95 % full, 5 GiB are left.');
});

test('a rule that fails and a listener that throws are told, and hold up nobody', () => {
  const hub = createTestHub();
  const told: string[] = [];
  const alerts = alertsOf(hub.hub, { rule: [CPU] }, { log: (line) => told.push(line) });
  alerts.subscribe(() => {
    throw new Error('Deaf.');
  });
  const seen = follow(alerts);
  // A reading that no collector makes.
  hub.run(30, { ...cpu(99), snapshot: { raid: 5 as never } });
  expect(seen).toEqual(['busy: null -> critical']);
  expect(told.filter((line) => line.startsWith('The rule raid_degraded cannot be judged.'))).toHaveLength(1);
  expect(told).toContain('Somebody could not be told of an alert. Deaf.');
});

test('a sensor is judged by the limit that it names itself, and called what its maker calls it', () => {
  const hub = createTestHub();
  const alerts = alertsOf(hub.hub);
  const sensor = (name: string, value: number, crit: number | null) => ({
    sensor: name,
    label: `Core ${name}`,
    value,
    crit,
    max: null,
    min: null,
  });
  const temperatures = [sensor('temp1', 99.5, 100), sensor('temp2', 99.5, 120), sensor('temp3', 99.5, null), sensor('temp4', 99.5, 1)];
  const chip = {
    id: 'platform_coretemp_0',
    name: 'coretemp',
    suspended: false,
    temperatures,
    fans: [{ sensor: 'fan1', label: null, value: 0, fault: true }],
  };
  hub.run(150, { snapshot: { sensors: { chips: [chip] } as never } });
  expect(alerts.active().map(({ id, severity, summary }) => [id, severity, summary])).toEqual([
    [
      'temperature/platform_coretemp_0_temp1',
      'critical',
      'coretemp Core temp1 has 99.5 °C, 0.5 °C below the temperature that its maker calls critical.',
    ],
    ['fan/platform_coretemp_0_fan1', 'warning', 'The chip says that the fan coretemp fan1 is broken.'],
  ]);
});
