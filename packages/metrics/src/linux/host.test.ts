import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { HecateError, openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostGroups } from '../domain/host.ts';
import type { HostReading, OsRelease } from '../domain/host.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { host, parseUptime } from './host.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';

const read = (machine: Host, gaps: Gap[] = []): HostReading => host.open(machine).read(collectGaps(gaps)) as HostReading;

test('a recorded machine', () => {
  const tree = createTree({
    '/proc/sys/kernel/hostname': 'db1\n',
    '/proc/sys/kernel/ostype': 'Linux\n',
    '/proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
    '/proc/sys/kernel/version': '#1 SMP Debian 6.1.76-1\n',
    '/proc/sys/kernel/domainname': '(none)\n',
    '/proc/sys/kernel/random/boot_id': '26bb1d92-6ae6-482b-8a84-e587df8eb91c\n',
    '/proc/uptime': '2632.63 5000.11\n',
    '/proc/cpuinfo': 'processor : 0\nmodel name : AMD EPYC\nprocessor : 1\n',
    '/usr/lib/os-release': 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n',
  });
  const gaps: Gap[] = [];
  expect(read(tree.host, gaps)).toMatchObject({
    hostname: 'db1',
    system: 'Linux',
    release: '6.1.0-18-amd64',
    version: '#1 SMP Debian 6.1.76-1',
    machine: null,
    domain: '(none)',
    osName: 'Debian GNU/Linux',
    osId: 'debian',
    osVersion: '12',
    bootId: '26bb1d92-6ae6-482b-8a84-e587df8eb91c',
    uptime: 2632.63,
    cpuModel: 'AMD EPYC',
    cpuCount: 2,
  });
  expect(gaps).toEqual([]);
  tree.write('/etc/os-release', 'ID=ubuntu\nPRETTY_NAME="Ubuntu 24.04"\n');
  expect(read(tree.host)).toMatchObject({ osId: 'ubuntu', osName: 'Ubuntu 24.04', osVersion: null });
  tree.remove();
});

test('what is not there is null and has a gap; a machine without os-release has no system, which is no gap', () => {
  const tree = createTree({ '/proc/uptime': 'never\n' });
  const gaps: Gap[] = [];
  expect(read(tree.host, gaps)).toEqual({
    hostname: null,
    system: 'Linux',
    release: null,
    version: null,
    machine: null,
    domain: null,
    osName: null,
    osId: null,
    osVersion: null,
    os: null,
    bootId: null,
    uptime: null,
    cpuModel: null,
    cpuCount: null,
  });
  expect(gaps.map((gap) => `${gap.field} ${gap.reason}`).sort()).toEqual([
    'host.bootId absent',
    'host.cpuModel absent',
    'host.domain absent',
    'host.hostname absent',
    'host.release absent',
    'host.system absent',
    'host.uptime error',
    'host.version absent',
  ]);
  tree.remove();
});

test('the version of the system as a number, and the end of its support', () => {
  const [, group] = hostGroups();
  const value = (key: string, release: Partial<OsRelease>): number | null =>
    (group!.fields.find((field) => field.key === key)!.prometheus!.value as (row: OsRelease) => number | null)(release as OsRelease);
  expect(['20.04', '20.04.2', '12', 'rolling', '', '0', '3.'].map((versionId) => value('versionId', { versionId }))).toEqual([
    20.04,
    20.04,
    12,
    null,
    null,
    null,
    3,
  ]);
  expect(['2025-12-15', 'soon', null, '2025-13-40'].map((supportEnd) => value('supportEnd', { supportEnd }))).toEqual([
    1_765_756_800,
    null,
    null,
    null,
  ]);
});

test('any bytes are an uptime or an error of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (content) => {
      try {
        expect(Number.isFinite(parseUptime(new ByteCursor().reset(bytesOf(content))))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
  );
});

test('this machine: what uname and Node say', () => {
  const gaps: Gap[] = [];
  const before = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const reading = read(openHost(), gaps);
  const after = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  expect(gaps).toEqual([]);
  const uname = (flag: string): string => spawnSync('uname', [flag], { encoding: 'utf8' }).stdout.trim();
  expect(reading).toMatchObject({
    hostname: uname('-n'),
    system: uname('-s'),
    release: uname('-r'),
    version: uname('-v'),
    machine: uname('-m'),
    cpuCount: os.cpus().length,
  });
  expect(reading.uptime).toBeGreaterThanOrEqual(before);
  expect(reading.uptime).toBeLessThanOrEqual(after);
});
