import { describe, expect, test } from 'vitest';
import { openMachineOf } from '../../machine.ts';
import type { Gap } from '../../model/gap.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { darwinCollectors } from '../index.ts';
import { intelLaptop } from './intel-laptop.testing.ts';
import { m1Laptop } from './m1-laptop.testing.ts';
import { virtualMachine } from './virtual-machine.testing.ts';

const GIB = 2 ** 30;

async function take(machine: FakeMachine): Promise<{ snapshot: Snapshot; fake: FakeDarwin }> {
  const fake = openFakeDarwin(machine);
  const opened = openMachineOf(darwinCollectors, fake.host);
  const snapshot = await opened.snapshot();
  opened.close();
  fake.expectClean();
  return { snapshot, fake };
}
const reasonOf = (gaps: readonly Gap[], field: string): string | undefined => gaps.find((gap) => gap.field === field)?.reason;

describe.skipIf(noFakeDarwin !== null)('an M1 laptop on its battery', () => {
  test('says what it is', async () => {
    const { host, processor } = (await take(m1Laptop)).snapshot;
    expect(host).toMatchObject({
      ...{ hostname: 'studio.local', system: 'Darwin', release: '23.5.0', machine: 'arm64', osName: 'macOS 14.5', osId: 'macos' },
      ...{ osVersion: '14.5', cpuModel: 'Apple M1', cpuCount: 8, uptime: 86_400 },
    });
    expect(processor).toMatchObject({ vendor: 'Apple', cores: 8, threads: 8, performanceCores: 4, efficiencyCores: 4, smtActive: false });
    expect(processor?.levels?.map(({ name, cores, levelTwoCache }) => [name, cores, levelTwoCache])).toEqual([
      ['Performance', 4, 12 * 2 ** 20],
      ['Efficiency', 4, 4 * 2 ** 20],
    ]);
  });

  test('counts CPU time in seconds, and says null for the modes that macOS does not know', async () => {
    const { cpu, load, gaps } = (await take(m1Laptop)).snapshot;
    expect(cpu?.cores[3]).toEqual({
      ...{ cpu: 3, user: 10.03, system: 5.03, idle: 900.03, nice: 0.03 },
      ...{ iowait: null, irq: null, softirq: null, steal: null, guestUser: null, guestNice: null },
    });
    expect(cpu?.total.user).toBeCloseTo(80.28, 9);
    expect(cpu?.bootTime).toBe(1_789_900_000.25);
    expect(load).toMatchObject({ load1: 2.5, load5: 2.25, load15: 1.75, runnable: null });
    for (const field of ['cpu.cores.iowait', 'cpu.contextSwitches', 'load.runnable'])
      expect(reasonOf(gaps, field), field).toBe('unsupported');
  });

  test('counts memory as Activity Monitor does', async () => {
    const { memory } = (await take(m1Laptop)).snapshot;
    const page = 16_384;
    expect(memory).toMatchObject({
      total: 8 * GIB,
      used: (120_000 + 110_000 + 5000 + 90_000 + 95_000 - 4000 - 70_000) * page,
      free: 15_000 * page,
      cached: 74_000 * page,
      swapTotal: 2 * GIB,
      swapUsed: GIB / 2,
      apple: {
        wired: 90_000 * page,
        compressor: 95_000 * page,
        compressed: 260_000 * page,
        pageIns: 5e9,
        swapOuts: 3000,
        pressure: 'warning',
      },
    });
    expect(memory!.used! + memory!.available!).toBe(memory!.total);
  });

  test('counts what disks and interfaces do, exactly where it may', async () => {
    const { disk, network, filesystem } = (await take(m1Laptop)).snapshot;
    expect(disk).toHaveLength(2);
    expect(disk![0]).toMatchObject({
      ...{ device: 'disk0', major: 1, minor: 0, physical: true, reads: 30_000_000, readBytes: 7e11, readTime: 9000 },
      ...{ writes: 20_000_000, writeBytes: 4e11, writeTime: 1500, ioTime: null },
    });
    expect(disk![1]).toMatchObject({ device: 'disk4', physical: false });
    expect(network?.map(({ device, physical }) => [device, physical])).toEqual([
      ['lo0', false],
      ['en0', true],
      ['awdl0', false],
      ['utun0', false],
    ]);
    expect(network![1]).toMatchObject({
      ...{
        index: 12,
        receiveBytes: 123_456_789_012,
        transmitBytes: 9_876_543_210,
        receivePackets: 98_765_432,
        transmitPackets: 12_345_678,
      },
      ...{
        receiveErrors: 1,
        transmitErrors: 2,
        transmitDrops: 3,
        transmitCollisions: 4,
        receiveMulticast: 5,
        receiveDrops: 6,
        receiveFifo: null,
      },
    });
    expect(network![2]).toMatchObject({ receiveBytes: 1024 });
    expect(filesystem?.map(({ mountpoint }) => mountpoint)).toEqual(['/', '/System/Volumes/Data']);
    expect(filesystem![0]).toMatchObject({
      ...{ device: '/dev/disk3s1s1', fstype: 'apfs', major: 1, minor: 0x12, readOnly: true, files: 404_000, filesFree: 202_000 },
      ...{ size: 60_000_000 * 4096, free: 20_000_000 * 4096, used: 40_000_000 * 4096 },
    });
  });

  test('knows its battery', async () => {
    const { power } = (await take(m1Laptop)).snapshot;
    expect(power).toMatchObject({ source: 'battery', batteries: ['battery'], charge: 0.83, timeToEmpty: 198 * 60, timeToFull: null });
    expect(power!.supplies).toHaveLength(2);
    const [battery, adapter] = power!.supplies;
    expect(battery).toMatchObject({ status: 'Discharging', cycles: 117, voltage: 12, current: -1, power: -12, model: 'bq20z451' });
    expect(battery!.temperature).toBeCloseTo(30.49, 9);
    expect(battery!.health).toBeCloseTo(3987 / 4382, 12);
    expect(battery!.energy).toBeCloseTo(3.3 * 12 * 3600, 6);
    expect(adapter).toMatchObject({ type: 'Mains', online: false });
  });

  test('lists its processes; what this user may not read of others is unknown and never 0', async () => {
    const { processes, gaps } = (await take(m1Laptop)).snapshot;
    const rows = Array.from({ length: processes!.length }, (_, row) => processes!.row(row));
    expect(rows.map(({ pid, name, state }) => [pid, name, state])).toEqual([
      [0, 'kernel_task', '?'],
      [1, 'launchd', '?'],
      [501, 'Google Chrome Helper', 'R'],
      [503, 'defunct', 'Z'],
    ]);
    expect(rows[2]).toMatchObject({
      ...{
        ppid: 1,
        uid: 501,
        user: 'jürgen',
        gid: 20,
        nice: -5,
        cpuUser: 10,
        cpuSystem: 2.5,
        rss: 300_000_000,
        virtual: 400 * GIB,
        threads: 23,
      },
      ...{ minorFaults: 89_300, majorFaults: 700, priority: 31, footprint: 500_000_000, readBytes: 7_000_000, writeBytes: 8_000_000 },
      energy: 12.345,
      ...{ startedAfterBoot: 3600.25, voluntarySwitches: null, kernel: false },
      command: '/Applications/Google Chrome.app/Contents/Frameworks/Google Chrome Helper --type=renderer ein Wort – zwei',
    });
    expect(rows[1]).toMatchObject({
      cpuUser: null,
      rss: null,
      threads: null,
      footprint: null,
      readBytes: null,
      energy: null,
      command: null,
    });
    expect(gaps.find(({ field }) => field === 'processes.others')).toMatchObject({
      reason: 'permission',
      detail: expect.stringContaining('2 processes'),
    });
  });
});

describe.skipIf(noFakeDarwin !== null)('an Intel laptop that charges', () => {
  test('has its own page size, clock, and processor numbers, and no levels', async () => {
    const { processor, memory, processes, cpu, filesystem, gaps } = (await take(intelLaptop)).snapshot;
    expect(processor).toMatchObject({ vendor: 'GenuineIntel', family: '6', model: '158', stepping: '10', microcode: '244' });
    expect(processor).toMatchObject({ cores: 6, threads: 12, smtActive: true, performanceCores: null, levels: [] });
    expect(processor?.caches).toEqual([expect.objectContaining({ level: 3, size: 12 * 2 ** 20 })]);
    expect(reasonOf(gaps, 'processor.levels')).toBe('absent');
    expect(memory).toMatchObject({ used: (1_200_000 + 1_150_000 + 800_000 - 900_000) * 4096, swapTotal: 0, apple: { pressure: 'normal' } });
    expect(processes!.row(0)).toMatchObject({ cpuUser: 3, cpuSystem: 0.5, state: 'S', footprint: null, readBytes: null });
    expect(cpu?.cores).toHaveLength(12);
    expect(filesystem?.map(({ mountpoint }) => mountpoint)).toEqual(['/']);
  });

  test('its battery counts in mAh, and the adapter is known', async () => {
    const { power } = (await take(intelLaptop)).snapshot;
    expect(power).toMatchObject({ source: 'ac', charge: 0.5, timeToFull: 7200, timeToEmpty: null });
    const [battery, adapter] = power!.supplies;
    expect(battery).toMatchObject({ status: 'Charging', current: 2, power: 25, cycles: 312, manufacturer: 'SMP' });
    expect(battery!.health).toBeCloseTo(8000 / 8790, 12);
    expect(adapter).toMatchObject({ type: 'Mains', online: true, model: '96W USB-C Power Adapter', attributes: { power_max: 96_000_000 } });
  });
});

describe.skipIf(noFakeDarwin !== null)('a virtual machine without battery, SMC and levels', () => {
  test('what it lacks is null and has a reason', async () => {
    const { memory, power, disk, processes, processor, gaps } = (await take(virtualMachine)).snapshot;
    expect(memory).toMatchObject({ total: 7 * GIB, used: 100_000 * 16_384, swapTotal: null, swapUsed: null, apple: { pressure: null } });
    expect(power).toMatchObject({ source: 'unknown', batteries: [], charge: null, power: null, supplies: [] });
    expect(disk).toEqual([]);
    expect(processes).toBeNull();
    expect(processor).toMatchObject({ performanceCores: null, efficiencyCores: null, typeSource: null });
    expect(
      ['memory.swapTotal', 'memory.swapUsed', 'memory.apple.pressure', 'disk.disk0', 'processes', 'processor.family'].map((field) =>
        reasonOf(gaps, field),
      ),
    ).toEqual(['permission', 'permission', 'absent', 'unsupported', 'permission', 'absent']);
  });
});
