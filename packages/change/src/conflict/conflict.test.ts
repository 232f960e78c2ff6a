import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openHost, openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Action } from '../action.ts';
import type { Plan } from '../plan.ts';
import { findConflicts, withoutDecided } from './conflict.ts';
import { findRivals } from './rivals.ts';
import { dotted, parseSysctlFile, readSysctlFiles } from './sysctl-files.ts';

const places: string[] = [];
afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true });
});

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'hecate-conflict-'));
  places.push(root);
  mkdirSync(path.join(root, 'proc'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const planOf = (...actions: Action[]): Plan => ({
  component: 'test',
  title: 'test',
  changes: actions.map((action) => ({ action, why: 'test', source: 'test', risk: 'live' })),
});
const swappiness: Action = { kind: 'sysctl', key: 'vm.swappiness', value: '10' };
const governor: Action = { kind: 'sysfs', path: '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor', value: 'performance' };
const affinity: Action = { kind: 'sysfs', path: '/proc/irq/9/smp_affinity_list', value: '0' };

test('programs that set the same things are found by their processes, and only for what they set', () => {
  const host = openRootedHost(
    tree({ 'proc/11/comm': 'irqbalance\n', 'proc/12/comm': 'power-profiles-\n', 'proc/13/comm': 'bash\n', 'run/tlp/lock_tlp/x': '' }),
  );
  expect(findRivals(host).map(({ name, pid }) => [name, pid])).toEqual([
    ['irqbalance', 11],
    ['power-profiles-daemon', 12],
    ['TLP', null],
  ]);
  const conflicts = findConflicts(host, planOf(swappiness, governor, affinity));
  expect(conflicts.map(({ name, action }) => [name, action])).toEqual([
    ['power-profiles-daemon', governor],
    ['TLP', governor],
    ['irqbalance', affinity],
  ]);
  expect(conflicts[0]).toMatchObject({ kind: 'program', sentence: 'power-profiles-daemon (pid 12) sets this too.' });
});

test('another system has no /proc, and none of these programs', () => {
  const root = tree({});
  const host = openRootedHost(root);
  rmSync(path.join(root, 'proc'), { recursive: true });
  expect(findRivals({ ...host, platform: 'darwin' })).toEqual([]);
  expect(() => findRivals(host)).toThrow('ENOENT');
});

test('programs that set the fans of a Mac are found among its processes, and only for fans', () => {
  const mac: Host = { ...openRootedHost(tree({ 'run/tlp/lock_tlp/x': '' })), platform: 'darwin' };
  const processes = [
    'thinkfan',
    'Macs Fan Control',
    'com.crystalidea.macsfancontrol.smcwrite',
    'TG Pro',
    'smcFanControl',
    'Stats',
    'eu.exelban.Stats.SMC.Helper',
    'TG Pro',
  ].map((name, index) => ({ pid: 100 + index, name }));
  expect(findRivals(mac, processes).map(({ name, pid }) => [name, pid])).toEqual([
    ['Macs Fan Control', 101],
    ['TG Pro', 103],
    ['smcFanControl', 104],
    ['Stats', 106],
  ]);
  const fan: Action = { kind: 'fan', output: 'AppleSMC/F0', level: 3000 };
  expect(findConflicts(mac, planOf(fan, swappiness), processes.slice(1, 2))).toEqual([
    {
      kind: 'program',
      name: 'Macs Fan Control',
      action: fan,
      sentence: 'Macs Fan Control (pid 101) sets this too.',
      hint: 'Quit it, or leave these settings to it.',
    },
  ]);
  expect(findConflicts(mac, planOf(fan))).toEqual([]);
});

test('a process of that name on this machine', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-rival-'));
  places.push(directory);
  const program = path.join(directory, 'auto-cpufreq');
  copyFileSync('/bin/sleep', program);
  const child = spawn(program, ['60'], { stdio: 'ignore' });
  try {
    await once(child, 'spawn');
    await expect.poll(() => findRivals(openHost()).find(({ name }) => name === 'auto-cpufreq')?.pid).toBe(child.pid);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

test('configuration files: the strongest directory hides a name, the last name decides, sysctl.conf comes last', () => {
  const host = openRootedHost(
    tree({
      'usr/lib/sysctl.d/50-default.conf': 'vm.swappiness = 60\nkernel.sysrq = 16\n',
      'etc/sysctl.d/50-default.conf': 'vm.swappiness=30\n',
      'etc/sysctl.d/99-local.conf': '# vm.swappiness = 1\n-vm/dirty_ratio =\t 40\n net.ipv4.tcp_rmem = 4096  87380\t 6291456\n',
      'etc/sysctl.d/readme.txt': 'vm.swappiness = 2\n',
      'run/sysctl.d/60-x.conf': 'net/ipv4/conf/eth0.100/forwarding = 1\n',
      'etc/sysctl.conf': ';comment\nkernel.pid_max = 99999\n',
    }),
  );
  const found = readSysctlFiles(host);
  expect([...found.values()].map(({ key, value, isLocal }) => [key, value, isLocal]).sort()).toEqual([
    ['kernel.pid_max', '99999', true],
    ['net.ipv4.conf.eth0/100.forwarding', '1', true],
    ['net.ipv4.tcp_rmem', '4096 87380 6291456', true],
    ['vm.dirty_ratio', '40', true],
    ['vm.swappiness', '30', true],
  ]);
});

test('what the administrator decided is left out of the plan; a distribution is only told of', () => {
  const host = openRootedHost(
    tree({ 'etc/sysctl.d/9.conf': 'vm.swappiness = 60\n', 'usr/lib/sysctl.d/1.conf': 'kernel.sched_autogroup_enabled = 0\n' }),
  );
  const autogroup: Action = { kind: 'sysctl', key: 'kernel.sched_autogroup_enabled', value: '1' };
  const plan = planOf(swappiness, autogroup);
  const conflicts = findConflicts(host, plan);
  expect(conflicts.map(({ kind, name, sentence }) => [kind, name, sentence])).toEqual([
    ['administrator', '/etc/sysctl.d/9.conf', '/etc/sysctl.d/9.conf sets it to 60 at each boot.'],
    ['distribution', '/usr/lib/sysctl.d/1.conf', '/usr/lib/sysctl.d/1.conf sets it to 0 at each boot.'],
  ]);
  expect(withoutDecided(plan, conflicts).changes.map(({ action }) => action)).toEqual([autogroup]);
  const same: Action = { kind: 'sysctl', key: 'vm.swappiness', value: '60' };
  expect(findConflicts(host, planOf(same))).toEqual([]);
});

test('any text is a file: lines are found or left out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const [key] of parseSysctlFile(text)) expect(key).not.toMatch(/[=\s]/);
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]+([./][a-z0-9]+)*$/), (key) => {
      expect(dotted(dotted(key))).toBe(dotted(key));
    }),
  );
});
