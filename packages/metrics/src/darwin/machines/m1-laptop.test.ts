import { describe, expect, test } from 'vitest';
import type { Gap } from '../../model/gap.ts';
import { energyOf, workedFor } from '../fake/chip.testing.ts';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { statesOfGpu } from '../fake/gpu.testing.ts';
import { ioReportOf } from '../fake/io-report.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { M1 } from './chips.testing.ts';
import { m1Laptop } from './m1-laptop.testing.ts';
import { expectLacking, meansOf, momentOf, momentsOf, readingsOf, wattsOf } from './moments.testing.ts';

const GIB = 2 ** 30;
const reasonOf = (gaps: readonly Gap[], field: string): string | undefined => gaps.find((gap) => gap.field === field)?.reason;

describe.skipIf(noFakeDarwin !== null)('an M1 laptop on its battery', () => {
  test('says what it is', async () => {
    const { host, processor } = await momentOf(m1Laptop);
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
    const { cpu, load, gaps } = await momentOf(m1Laptop);
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
    const { memory } = await momentOf(m1Laptop);
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
    const { disk, network, filesystem } = await momentOf(m1Laptop);
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
    const { power } = await momentOf(m1Laptop);
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
    const { processes, gaps } = await momentOf(m1Laptop);
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

  test('its clusters, their steps, and mean frequencies of two seconds', async () => {
    const worked = workedFor(M1, [
      [1, 0.5, 0.5],
      [0.5, 0, 1.5],
    ]);
    const moments = await momentsOf(m1Laptop, worked);
    expect(moments.first.processor!.cpus.map(({ type }) => type?.[0]).join('')).toBe('eeeepppp');
    expect(moments.first.frequency!.policies.map(({ policy, hardwareMin, hardwareMax }) => [policy, hardwareMin, hardwareMax])).toEqual([
      ['ECPU', 600e6, 2064e6],
      ['PCPU', 600e6, 3204e6],
    ]);
    // Half a second at 600 and half a second at 2064 MHz.
    expect(meansOf(moments)).toEqual([1332e6, 3204e6]);
    expect(moments.rates.frequency!.channels!.slice(0, 2)).toMatchObject([
      { active: expect.closeTo(0.5, 9) },
      { active: expect.closeTo(0.75, 9) },
    ]);
  });

  test('watts, and a GPU whose limit of memory somebody has set', async () => {
    const joules = ioReportOf(...energyOf({ cpu: 4010, gpu: 903.5, ane: 12, dram: 701 }));
    const moments = await momentsOf(m1Laptop, merge(joules, statesOfGpu([80_001, 4000, 900, 300, 100, 50, 1051])));
    expect(wattsOf(moments)).toEqual({ package: 6.5, cpu: 5, cluster: 5, gpu: 1.5, ane: 0, dram: 0.5, 'gpu-sram': 0 });
    expect(moments.first.gpu).toMatchObject([
      { name: 'Apple M1', cores: 8, usage: 0.42, maxFrequency: 1278e6, memoryLimit: 6 * GIB, memoryUsed: 700_000_000, resets: 2 },
    ]);
    expect(moments.rates.gpu).toMatchObject([{ active: 0.5, frequency: 1278e6 }]);
    expect(moments.first.gpuprocesses!.map(({ pid, time }) => [pid, time])).toEqual([
      [391, 1500.75],
      [501, 3],
    ]);
  });

  test('it has no fan, and HID sensors say of its GPU what its controller does not', async () => {
    const snapshot = await momentOf(m1Laptop);
    expect(snapshot.sensors!.chips.map(({ id, fans }) => [id, fans])).toEqual([
      ['smc', []],
      ['hid', []],
    ]);
    expect(readingsOf(snapshot, 'temperatures').filter((line) => /^(?:CPU [ah]|GPU|gas)/.test(line))).toEqual([
      ...['CPU average 45.5', 'CPU hottest 58.46875', 'GPU 1 44.5', 'gas gauge battery null'],
    ]);
    expect(reasonOf(snapshot.gaps, 'sensors.chips.temperatures.value')).toBe('suspended');
    expect(snapshot.thermal!.apple).toEqual({ pressure: 'moderate', cpuLevel: null });
  });

  test('two Wi-Fi interfaces, one of them in a network, and routes of both families', async () => {
    const { wifi, routes } = await momentOf(m1Laptop);
    expect(wifi!.map(({ device, signal, ssid }) => [device, signal, ssid])).toEqual([
      ['en0', -55, 'Büro – 電'],
      ['en1', null, null],
    ]);
    expect(routes!.map(({ device, family, gateway }) => [device, family, gateway])).toEqual([
      ['en0', 'ipv4', '192.168.1.1'],
      ['en0', 'ipv6', 'fe80::aabb'],
    ]);
  });

  test('what it does not tell has a reason', async () => {
    const snapshot = await momentOf(m1Laptop);
    expectLacking(snapshot, 'permission', ['protocols.tcp']);
    expectLacking(snapshot, 'absent', ['processor.family', 'processor.microcode']);
    expectLacking(snapshot, 'unsupported', [
      ...['cpu.interrupts', 'memory.dirty', 'disk.ioTime', 'network.receiveFrame', 'thermal.apple.cpuLevel', 'gpu.memoryTotal'],
      ...['gpu.power', 'gpu.temperature', 'energy.zones.maxEnergy', 'frequency.policies.min', 'gpuprocesses.memory'],
    ]);
  });
});
