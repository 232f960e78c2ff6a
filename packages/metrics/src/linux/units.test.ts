import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { openHost } from '@hecate/host';
import { afterEach, expect, test } from 'vitest';
import { countUnits, unitGroups, unitsRates } from '../domain/units.ts';
import type { UnitReading, UnitsReading } from '../domain/units.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { fakeMissing, startFakeSystemd } from './dbus/fake-systemd.testing.ts';
import { openManager } from './dbus/manager.ts';
import type { Manager } from './dbus/manager.ts';
import { createTree } from './rooted-tree.testing.ts';
import { DOCKER_ID, PODMAN_ID, tree as v2 } from './trees/cgroups.testing.ts';
import { openUnits, units } from './units.ts';

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

async function readTree(
  manager: Manager | null,
  files = v2,
): Promise<{ reading: UnitsReading; gaps: Gap[]; again: () => Promise<UnitsReading> }> {
  const tree = createTree(files);
  const gaps: Gap[] = [];
  const reader = openUnits(tree.host, manager);
  stops.push(() => {
    reader.close();
    tree.remove();
  });
  const again = async (): Promise<UnitsReading> => reader.read(collectGaps(gaps)) as Promise<UnitsReading>;
  return { reading: await again(), gaps, again };
}

const byName = (reading: UnitsReading, name: string): UnitReading | undefined => reading.units.find((unit) => unit.name === name);

test('without D-Bus: the units that have a control group, and one gap', async () => {
  const { reading, gaps } = await readTree(null);
  expect(gaps).toMatchObject([{ field: 'units.active', reason: 'absent' }]);
  expect(new Set(reading.units.map(({ name }) => name))).toEqual(
    new Set([
      'system.slice',
      'machine.slice',
      'kubepods.slice',
      'kubepods-burstable.slice',
      'kubepods-burstable-pod1b2c3d4e_0000_1111_2222_333344445555.slice',
      'hecate.service',
      `docker-${DOCKER_ID}.scope`,
      `libpod-${PODMAN_ID}.scope`,
      `cri-containerd-${'c1'.repeat(32)}.scope`,
    ]),
  );
  expect(byName(reading, 'hecate.service')).toEqual({
    name: 'hecate.service',
    type: null,
    restarts: null,
    lastTrigger: null,
    accepted: null,
    connections: null,
    refused: null,
    load: null,
    active: null,
    sub: null,
    path: '/system.slice/hecate.service',
    cpuUsage: 3,
    memoryUsage: 100_000_000,
    workingSet: 70_000_000,
    oomKills: 1,
    tasks: 3,
  });
  expect(countUnits(reading)).toBeNull();
});

test('where systemd does not run there is one gap', async () => {
  const { reading, gaps } = await readTree(openManager([]), { 'proc/1/mountinfo': '25 30 0:23 / /sys rw - sysfs sysfs rw\n' });
  expect(reading).toEqual({ systemState: null, version: null, units: [] });
  expect(gaps).toMatchObject([{ field: 'units', reason: 'absent' }]);
});

const missing = fakeMissing();
if (missing) console.warn(`SKIPPED: units over D-Bus: ${missing}`);

test.skipIf(missing)('with D-Bus: states of all units, joined with what their groups use', async () => {
  const systemd = await startFakeSystemd('bus', {
    version: '252.39-1~deb12u1',
    systemState: 'degraded',
    units: [
      { name: 'hecate.service', load: 'loaded', active: 'active', sub: 'running', type: 'notify' },
      { name: 'bad.service', load: 'loaded', active: 'failed', sub: 'failed', type: 'simple' },
      { name: 'gone.service', load: 'not-found', active: 'inactive', sub: 'dead' },
      { name: 'apt.timer', load: 'loaded', active: 'active', sub: 'waiting' },
      { name: 'dev-sda.device', load: 'loaded', active: 'active', sub: 'plugged' },
    ],
  });
  stops.push(systemd.stop);
  const { reading, gaps, again } = await readTree(openManager([systemd.socket], 10));
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject({ systemState: 'degraded', version: '252.39-1~deb12u1' });
  expect(byName(reading, 'hecate.service')).toMatchObject({ type: 'notify', active: 'active', sub: 'running', cpuUsage: 3 });
  expect(byName(reading, 'bad.service')).toMatchObject({ type: 'simple', active: 'failed', path: null, cpuUsage: null });
  expect(byName(reading, 'system.slice')).toMatchObject({ active: null, cpuUsage: 27 });
  expect(countUnits(reading)).toEqual({ active: 3, activating: 0, deactivating: 0, failed: 1, inactive: 1 });
  // What did not change is the same object.
  expect(byName(await again(), 'bad.service')).toBe(byName(reading, 'bad.service'));
  const states = unitGroups().find(({ name }) => name === 'units.states')!;
  const rows = [...states.rows(reading)] as { name: string; state: string; is: number }[];
  expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(['hecate.service', 'bad.service', 'apt.timer']));
  expect(rows.filter(({ is }) => is === 1).map(({ name, state }) => [name, state])).toEqual([
    ['hecate.service', 'active'],
    ['bad.service', 'failed'],
    ['apt.timer', 'active'],
  ]);
});

test.skipIf(missing)('a manager that does not answer is a gap; what units use stands', async () => {
  const systemd = await startFakeSystemd('peer', { version: '257', systemState: 'running', units: [], silent: true });
  stops.push(systemd.stop);
  const { reading, gaps } = await readTree(openManager([systemd.socket], 0.3));
  expect(gaps).toMatchObject([{ field: 'units.active', reason: 'timeout' }]);
  expect(byName(reading, 'hecate.service')?.cpuUsage).toBe(3);
});

test('rates: processors in use by unit; one that was moved or is new has none', async () => {
  const { reading } = await readTree(null);
  const later = {
    ...reading,
    units: reading.units.map((unit) => ({ ...unit, cpuUsage: unit.cpuUsage === null ? null : unit.cpuUsage + 1 })),
  };
  expect(unitsRates(reading, later, 4)).toContainEqual({ name: 'hecate.service', cpuCores: 0.25 });
  expect(unitsRates({ ...reading, units: [] }, later, 4)).toEqual([]);
});

const systemdTree = '/sys/fs/cgroup/systemd';
const noGroups =
  process.getuid?.() !== 0 ? 'only root makes control groups' : existsSync(systemdTree) ? null : 'there is no v1 hierarchy of systemd';
if (noGroups) console.warn(`SKIPPED: units in v1 groups of this machine: ${noGroups}`);

test.skipIf(noGroups)('on v1 a unit is found in the hierarchy of systemd and measured in the others', async () => {
  const unit = `hecate-test-${process.pid}.service`;
  const trees = [systemdTree, '/sys/fs/cgroup/memory', '/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup/pids'];
  const made: string[] = [];
  const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' });
  try {
    for (const tree of trees) {
      for (const directory of [`${tree}/system.slice`, `${tree}/system.slice/${unit}`]) {
        if (existsSync(directory)) continue;
        mkdirSync(directory);
        made.push(directory);
      }
      writeFileSync(`${tree}/system.slice/${unit}/cgroup.procs`, String(child.pid));
    }
    const reader = units.open(openHost());
    const reading = (await reader.read(collectGaps([]))) as UnitsReading;
    reader.close();
    expect(byName(reading, unit)).toMatchObject({ path: `/system.slice/${unit}`, tasks: 1 });
    const usage = Number(readFileSync(`/sys/fs/cgroup/memory/system.slice/${unit}/memory.usage_in_bytes`, 'utf8'));
    expect(Math.abs(byName(reading, unit)!.memoryUsage! - usage)).toBeLessThan(1 << 20);
    expect(byName(reading, unit)!.cpuUsage).not.toBeNull();
  } finally {
    for (const tree of trees) writeFileSync(`${tree}/cgroup.procs`, String(child.pid));
    child.kill('SIGKILL');
    for (const directory of made.reverse()) rmdirSync(directory);
  }
});
