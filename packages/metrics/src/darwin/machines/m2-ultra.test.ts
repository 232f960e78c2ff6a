import { describe, expect, test } from 'vitest';
import { noFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { m2Ultra, m2UltraLater } from './m2-ultra.testing.ts';
import { expectLacking, meansOf, momentsOf, processAt, readingsOf, wattsOf } from './moments.testing.ts';

describe.skipIf(noFakeDarwin !== null)('a Mac Studio of two dies, read by root', () => {
  test('its cores, and which CPU is of which kind', async () => {
    const { host, processor } = (await momentsOf(m2Ultra, {})).first;
    expect(host).toMatchObject({ osName: 'macOS 14.4', cpuModel: 'Apple M2 Ultra', cpuCount: 24, uptime: 999.75 });
    expect(processor).toMatchObject({ cores: 24, threads: 24, performanceCores: 16, efficiencyCores: 8, typeSource: 'processor' });
    // Each die has four efficiency cores, then eight performance cores.
    expect(processor!.cpus.map(({ type }) => type?.[0]).join('')).toBe('eeeeppppppppeeeepppppppp');
    expect(processor!.cpus.map(({ cluster }) => cluster)).toEqual([0, 1, 2, 3, 4, 5].flatMap((cluster) => Array<number>(4).fill(cluster)));
  });

  test('its clusters: limits, and mean frequencies of two seconds', async () => {
    const moments = await momentsOf(m2Ultra, m2UltraLater);
    expect(
      moments.first.frequency!.policies.map(({ policy, cpus, hardwareMin, hardwareMax }) => [policy, cpus[0], hardwareMin, hardwareMax]),
    ).toEqual([
      ['DIE_0_ECPU', 0, 912e6, 2424e6],
      ['DIE_1_ECPU', 12, 912e6, 2424e6],
      ['DIE_0_PCPU', 4, 702e6, 3696e6],
      ['DIE_0_PCPU1', 8, 702e6, 3696e6],
      ['DIE_1_PCPU', 16, 702e6, 3696e6],
      ['DIE_1_PCPU1', 20, 702e6, 3696e6],
    ]);
    // One second at 702 and one at 3696 MHz is 2199 on the mean; who slept has no frequency.
    expect(meansOf(moments)).toEqual([null, 912e6, 2199e6, 3696e6, null, null]);
    expect(moments.second.frequency!.policies[5]).toMatchObject({ currentSource: null, age: null });
    const shares = moments.rates.frequency!.channels!.filter(({ of }) => of === 'core').map(({ active }) => active!);
    expect(shares.slice(0, 12)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5].map((share) => expect.closeTo(share, 9)));
    expect(moments.rates.cpu).toMatchObject({ user: expect.closeTo(0.25, 9), system: 0, idle: expect.closeTo(0.75, 9) });
  });

  test('watts of both dies, which make one package', async () => {
    const moments = await momentsOf(m2Ultra, m2UltraLater);
    // 60 J and 20 J of the CPUs, 40 J of the GPU, 14 J of the memory, all in two seconds; the neural engine did nothing.
    expect(wattsOf(moments)).toEqual({ package: 60, cpu: 40, cluster: 0, ane: 0, dram: 7, 'gpu-sram': 0, gpu: 20 });
    expect(moments.rates.energy).toMatchObject({ packagePower: 60, aneUtilizationEstimate: 0 });
    expect(moments.first.energy!.zones[0]).toMatchObject({ kind: 'package', energy: 40_000 + 30_000 + 9000 + 1 + 3, parent: null });
    expect(moments.first.energy!.zones.filter(({ kind }) => kind === 'cluster').map(({ parent, index }) => `${parent} ${index}`)).toEqual([
      ...Array<string>(3).fill('DIE_0_CPU Energy 0'),
      ...Array<string>(3).fill('DIE_1_CPU Energy 1'),
    ]);
  });

  test('two fans that the system turns, and sensors of a GPU that is partly switched off', async () => {
    const { first } = await momentsOf(m2Ultra, {});
    expect(first.sensors!.chips.map(({ id }) => id)).toEqual(['smc']);
    expect(first.sensors!.chips[0]!.fans).toMatchObject([
      { sensor: 'fan0', value: 1331, min: 1000, max: 3500, target: 1330, pwmMode: 'automatic' },
      { sensor: 'fan1', value: 1326.5, min: 1000, max: 3500, target: 1330, pwmMode: 'automatic' },
    ]);
    expect(readingsOf(first, 'temperatures')).toEqual([
      ...['CPU average 47.25', 'CPU hottest 58.5', 'SSD 0 38.5', 'SSD 0 37.75'],
      ...['GPU Tg04 34.25', 'GPU Tg05 42', 'GPU Tg0C null', 'GPU Tg0D null', 'GPU Tg0K 32.25', 'GPU Tg0L 40'],
    ]);
    expect(readingsOf(first, 'powers')).toEqual(['System 96.25']);
    expect(first.gaps.find(({ field }) => field === 'sensors.chips.temperatures.value')).toMatchObject({
      reason: 'suspended',
      detail: '2 of 10 temperatures of the SMC are of parts that are switched off now.',
    });
    expect(first.thermal).toMatchObject({ zones: [], apple: { pressure: 'nominal' } });
  });

  test('its GPU of 76 cores, half of the time at work', async () => {
    const { first, rates } = await momentsOf(m2Ultra, m2UltraLater);
    expect(first.gpu).toMatchObject([
      { id: 'AGXAcceleratorG14X', name: 'Apple M2 Ultra', vendor: 'apple', cores: 76, unified: true, usage: 0.12, maxFrequency: 1398e6 },
    ]);
    // Half a second at 444 MHz, half a second at 1398 MHz, one second off.
    expect(rates.gpu).toMatchObject([{ active: 0.5, frequency: 921e6, power: null }]);
    expect(rates.gpuprocesses).toEqual([{ gpu: 'AGXAcceleratorG14X', pid: 391, usage: expect.closeTo(0.4, 9) }]);
  });

  test('runs on the mains and has no battery: none, and not an empty one', async () => {
    const { power } = (await momentsOf(m2Ultra, {})).first;
    expect(power).toEqual({
      ...{ source: 'ac', batteries: [], supplies: [], charge: null, energy: null, power: null, timeToEmpty: null, timeToFull: null },
    });
  });

  test('is wired, its Wi-Fi is on and in no network', async () => {
    const { first, rates } = await momentsOf(m2Ultra, m2UltraLater);
    expect(first.interface).toMatchObject([
      { device: 'lo0', operstate: 'unknown', carrier: null, speed: null },
      { device: 'en0', operstate: 'up', carrier: true, speed: 125e6, duplex: 'full', addresses: ['192.168.7.30/24'] },
      { device: 'en1', operstate: 'down', carrier: false, speed: null, duplex: null, addresses: [] },
    ]);
    expect(first.routes).toMatchObject([{ device: 'en0', gateway: '192.168.7.1' }]);
    expect(first.wifi).toMatchObject([{ device: 'en1', signal: null, ssid: null, frequency: null, apple: { on: true, noise: null } }]);
    expect(rates.network!.total).toMatchObject({ receiveBytesPerSecond: 2e8, transmitBytesPerSecond: 0 });
    expect(rates.disk!.total).toMatchObject({ readBytesPerSecond: 1e9, readsPerSecond: 4000, writesPerSecond: 0, writeLatency: null });
    expect(rates.disk!.total.readLatency).toBeCloseTo(0.5 / 8000, 12);
  });

  test('root is told what others use', async () => {
    const moments = await momentsOf(m2Ultra, m2UltraLater);
    // 9000 were sent, 9 of which again.
    expect(moments.first.protocols!.tcp).toMatchObject({ activeOpens: 40, segmentsOut: 8991, segmentsRetransmitted: 9, segmentsIn: 8000 });
    expect(processAt(moments, 0)).toMatchObject({ cpu: 0, row: { name: 'kernel_task', cpuUser: 5, cpuSystem: 7, footprint: 30_000_000 } });
    // Twelve seconds of CPU and sixty joules in two seconds.
    expect(processAt(moments, 700)).toMatchObject({ cpu: 6, power: 30, row: { user: 'ada', cpuUser: 312, energy: 5060, rss: 6e9 } });
    expect(moments.first.gaps.filter(({ field }) => /^(?:processes\.others|protocols\.tcp)$/.test(field))).toEqual([]);
  });

  test('what it does not tell has a reason', async () => {
    const { first } = await momentsOf(m2Ultra, {});
    expectLacking(first, 'unsupported', [
      ...['cpu.total.iowait', 'cpu.contextSwitches', 'load.runnable', 'memory.buffers', 'processor.dies', 'frequency.boost'],
      ...['frequency.policies.base', 'disk.ioTime', 'network.receiveFifo', 'protocols.udp6', 'thermal.apple.cpuLevel'],
      ...['energy.zones.maxEnergy', 'gpu.memoryTotal', 'gpu.power', 'gpu.temperature', 'gpu.fan', 'gpu.frequency', 'gpu.memoryLimit'],
    ]);
    expectLacking(first, 'absent', ['processor.family', 'processor.model', 'processor.microcode']);
    expectLacking(first, 'no-baseline', ['frequency.policies.current', 'frequency.policies.age']);
  });
});
