import { describe, expect, test } from 'vitest';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { momentOf, momentsOf, expectLacking } from './moments.testing.ts';
import { virtualMachine } from './virtual-machine.testing.ts';

const GIB = 2 ** 30;
const PAGE = 16_384;

describe.skipIf(noFakeDarwin !== null)('a virtual machine without battery, SMC, power manager and levels', () => {
  test('says what it has', async () => {
    const { host, processor, memory, network, routes, filesystem, protocols } = await momentOf(virtualMachine);
    expect(host).toMatchObject({ osName: 'macOS 26.0', cpuModel: 'Apple M2 Pro (Virtual)', cpuCount: 3, uptime: 999.75 });
    expect(processor).toMatchObject({ cores: 3, threads: 3, levels: [{ name: 'Standard', cores: 3 }] });
    expect(memory).toMatchObject({ total: 7 * GIB, used: 280_500 * PAGE, cached: 115_500 * PAGE, free: 44_000 * PAGE });
    expect(network).toMatchObject([{ device: 'en0', receiveBytes: 1_234_567, transmitBytes: 7654 }]);
    expect(routes).toMatchObject([{ device: 'en0', gateway: '192.168.64.1' }]);
    expect(filesystem).toMatchObject([{ mountpoint: '/', size: 40_960_000_000, free: 4_096_000_000 }]);
    expect(protocols!.udp).toMatchObject({ datagramsIn: 5, datagramsOut: 4 });
  });

  test('has whole collectors less, each with a reason', async () => {
    const snapshot = await momentOf(virtualMachine);
    expectLacking(snapshot, 'unsupported', ['frequency', 'energy', 'wifi']);
    expectLacking(snapshot, 'permission', ['processes']);
    expect(snapshot.sensors).toEqual({ chips: [] });
    expect(snapshot.gaps.filter(({ field }) => field.startsWith('sensors'))).toMatchObject([{ field: 'sensors.smc', reason: 'absent' }]);
    // A disk that counts nothing is left out and named: it would be one that does nothing.
    expect(snapshot.disk).toEqual([]);
    expect(snapshot.gaps).toContainEqual(expect.objectContaining({ field: 'disk.disk0', reason: 'unsupported' }));
  });

  test('what is null has a reason, field by field', async () => {
    const snapshot = await momentOf(virtualMachine);
    expectLacking(snapshot, 'permission', ['memory.swapTotal', 'memory.swapFree', 'memory.swapUsed', 'protocols.tcp']);
    expectLacking(snapshot, 'absent', ['memory.apple.pressure', 'thermal.apple.pressure', 'processor.family']);
    expectLacking(snapshot, 'unsupported', ['thermal.apple.cpuLevel']);
    expect(snapshot.processor).toMatchObject({ performanceCores: null, efficiencyCores: null, typeSource: null });
    expect(new Set(snapshot.processor!.cpus.flatMap(({ type, cluster }) => [type, cluster]))).toEqual(new Set([null]));
  });

  test('nobody says what feeds it, and it has no battery', async () => {
    const snapshot = await momentOf(virtualMachine);
    expect(snapshot.power).toEqual({
      ...{ source: 'unknown', batteries: [], supplies: [], charge: null, energy: null, power: null, timeToEmpty: null, timeToFull: null },
    });
    expect(snapshot.gaps.find(({ field }) => field === 'power.source')?.reason).toBe('absent');
    const listed = await momentOf(merge(virtualMachine, { trees: { IOPSCopyPowerSourcesInfo: [] } }));
    expect(listed.power).toMatchObject({ source: 'ac', batteries: [], charge: null });
    expect(listed.gaps.filter(({ field }) => field.startsWith('power'))).toEqual([]);
  });

  test('its GPU is there and says nothing of itself', async () => {
    const { first, rates } = await momentsOf(virtualMachine, {});
    const [{ id, driver, states, ...rest }] = first.gpu as [NonNullable<typeof first.gpu>[number]];
    expect({ id, driver, states }).toEqual({ id: 'AppleParavirtGPU', driver: 'AppleParavirtGPU', states: [] });
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
    expectLacking(
      first,
      'unsupported',
      Object.keys(rest).map((name) => `gpu.${name}`),
    );
    expect(first.gpuprocesses).toEqual([]);
    expect(rates.gpu).toEqual([{ id: 'AppleParavirtGPU', active: null, frequency: null, awake: null, power: null }]);
  });
});
