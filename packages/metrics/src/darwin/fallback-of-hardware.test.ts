import { describe, expect, test } from 'vitest';
import { openMachineOf } from '../machine.ts';
import { deriveRates } from '../model/rates.ts';
import type { AnyCollector, Snapshot } from '../model/snapshot.ts';
import { openSamplerOf } from '../sampler.ts';
import { expectDeclared, expectExplained } from './contract.testing.ts';
import { energy } from './energy.ts';
import { frequency } from './frequency.ts';
import { gpu } from './gpu.ts';
import { processor } from './processor.ts';
import { protocols } from './protocols.ts';
import { routes } from './routes.ts';
import { fixture } from './text/fixture.testing.ts';
import { arrive, eventually, fails, missing, openProgramMac, prints } from './text/programs.testing.ts';
import type { Run } from './text/programs.testing.ts';
import { thermal } from './thermal.ts';
import { wifi } from './wifi.ts';

const COLLECTORS: readonly AnyCollector[] = [processor, frequency, protocols, routes, thermal, energy, gpu, wifi];

/** A snapshot of a Mac without koffi, and with these programs in place of its own. */
async function read(collectors: readonly AnyCollector[], programs: Readonly<Record<string, Run>> = {}): Promise<Snapshot> {
  const { host } = openProgramMac(programs);
  using machine = openMachineOf(collectors, host);
  const snapshot = await machine.snapshot();
  expectDeclared(snapshot, collectors);
  expectExplained(snapshot, collectors);
  return snapshot;
}

const gapOf = ({ gaps }: Snapshot, name: string) => gaps.find(({ field }) => field === name);

test('what programs tell of the hardware, every null with its reason', async () => {
  const snapshot = await read(COLLECTORS);
  for (const { name } of COLLECTORS) expect(gapOf(snapshot, name), name).toBeUndefined();
  expect(snapshot.processor).toMatchObject({
    ...{ vendor: 'Apple', modelName: 'Apple M2 Pro', packages: 1, cores: 10, threads: 10, performanceCores: 6, efficiencyCores: 4 },
    levels: [
      { name: 'Performance', cores: 6, sharedBy: 3, levelTwoCache: 2 ** 24 },
      { name: 'Efficiency', cores: 4 },
    ],
  });
  expect(snapshot.processor!.cpus.every(({ type }) => type === null)).toBe(true);
  expect(snapshot.protocols).toMatchObject({ tcp: { timeouts: 9921, segmentsOut: 41_595_030 - 20_144 }, udp: null });
  expect(snapshot.routes).toMatchObject([
    { family: 'ipv4', device: 'en0', gateway: '192.0.2.1' },
    { family: 'ipv6', device: 'en0', gateway: 'fe80::5eff:fe00:1' },
  ]);
  expect(snapshot.thermal).toEqual({ zones: [], coolingDevices: [], apple: { pressure: 'heavy', cpuLevel: null } });
  expect(snapshot.gpu).toMatchObject([
    { id: 'AGXAcceleratorG14X', name: 'Apple M2 Pro', vendor: 'apple', cores: 16, usage: 0.23, memoryUsed: 612_368_384, states: [] },
  ]);
  expect(snapshot.frequency).toMatchObject({
    policies: [{ policy: 'E-Cluster', hardwareMin: 912e6, hardwareMax: 1284e6 }, { current: 3_036_000_000 }, { current: null }],
    clocks: [{ cpu: 0 }, { cpu: 1 }, { cpu: 2 }],
  });
  expect(snapshot.energy!.zones.map(({ zone, energy: joules }) => [zone, joules])).toEqual([
    ['powermetrics:package', 0],
    ['powermetrics:cpu', 0],
    ['powermetrics:gpu', 0],
    ['powermetrics:ane', 0],
  ]);
  expect(snapshot.wifi).toMatchObject([{ device: 'en0', signal: -45, ssid: null, apple: { channel: 44, noise: -91 } }]);
  expect(gapOf(snapshot, 'wifi.ssid')).toMatchObject({ reason: 'permission' });
});

test('of routes only those that are up, for all, and whole', async () => {
  const table = (row: string): Run => prints(`Internet:\nDestination Gateway Flags Refs Use Netif Expire\n${row}`);
  const routesOf = async (row: string) => (await read([routes], { '/usr/sbin/netstat': table(row) })).routes;
  expect(await routesOf('default link#22 UCSg 7 0 utun4\n')).toMatchObject([{ device: 'utun4', gateway: null }]);
  for (const row of ['default 192.0.2.1 GSc 7 0 en0\n', 'default 192.0.2.1 UGH 7 0 en0\n', 'default 192.0.2.1 UGSc 7 0 en'])
    expect(await routesOf(row), row).toEqual([]);
});

test('sysctl without counts is a processor of which little is known', async () => {
  const text = fixture('sysctl.txt').replace(/^hw\.(?:logicalcpu|physicalcpu|nperflevels): .*\n/gm, '');
  const snapshot = await read([processor], { '/usr/sbin/sysctl': prints(text) });
  expect(snapshot.processor).toMatchObject({ modelName: 'Apple M2 Pro', cores: null, threads: null, levels: [], cpus: [] });
  expect(gapOf(snapshot, 'processor.cores')).toMatchObject({ reason: 'unsupported', detail: expect.stringContaining('hw.physicalcpu') });
});

describe('powermetrics', () => {
  const denied = fails('powermetrics must be invoked as the superuser');

  test('refuses who is not root, and its rest grows: no start every ten seconds', async () => {
    const { host, started, advance } = openProgramMac({ '/usr/bin/powermetrics': denied });
    const sampler = openSamplerOf([energy], host);
    for (let second = 0; second < 600; second++) {
      await sampler.take(0);
      await arrive();
      advance(1);
    }
    const snapshot = await sampler.take(0);
    sampler.close();
    expect(gapOf(snapshot, 'energy')!.detail).toMatch(/koffi.*root/);
    const count = started.filter((argv) => argv.startsWith('/usr/bin/powermetrics')).length;
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThan(8);
  });

  test('measures at no tick but every ten seconds; its watts are the rates, time in which it was refused is left out', async () => {
    let run: Run = prints(fixture('powermetrics-m2.plist'));
    const { host, started, advance } = openProgramMac({ '/usr/bin/powermetrics': (argv, options) => run(argv, options) });
    const sampler = openSamplerOf([energy], host);
    const first = await sampler.take(5);
    const second = async (): Promise<Snapshot> => {
      advance(10);
      await sampler.take(0);
      await eventually(async () => (await sampler.take(0)).runs[0]!.readAt === host.clock.monotonic());
      return sampler.take(0);
    };
    for (let tick = 0; tick < 5; tick++) await sampler.take(0);
    expect(started.filter((argv) => argv.includes('powermetrics'))).toHaveLength(1);
    const next = await second();
    const rates = deriveRates(first, next).energy!;
    expect(rates.packagePower).toBeCloseTo(3.87553, 6);
    expect(rates.zones.find(({ kind }) => kind === 'gpu')!.power).toBeCloseTo(0.0645056, 6);
    const joules = next.energy!.zones[0]!.energy!;
    expect(joules).toBeCloseTo(38.7553, 6);
    run = denied;
    expect((await second()).energy).toBeNull();
    run = prints(fixture('powermetrics-m2.plist'));
    expect((await second()).energy!.zones[0]!.energy).toBe(joules);
    expect((await second()).energy!.zones[0]!.energy).toBeCloseTo(2 * joules, 6);
    sampler.close();
  });

  test('memory stands beside the package', async () => {
    const old = prints(fixture('powermetrics-m1-macos12.plist'));
    const { zones } = (await read([energy], { '/usr/bin/powermetrics': old })).energy!;
    expect(zones.map(({ kind, parent }) => [kind, parent])).toEqual([
      ['package', null],
      ...['cpu', 'gpu', 'ane'].map((kind) => [kind, 'powermetrics:package']),
      ['dram', null],
    ]);
  });

  test('a sample without watts or clusters is a refusal', async () => {
    const empty = prints('<?xml version="1.0"?><plist><dict/></plist>');
    const snapshot = await read([energy, frequency], { '/usr/bin/powermetrics': empty });
    expect(gapOf(snapshot, 'energy')!.detail).toContain('told of no power');
    expect(gapOf(snapshot, 'frequency')!.detail).toContain('told of no frequency');
  });
});

test('Intel: what the processor is sold for needs neither root nor powermetrics; heat holds it down', async () => {
  const sysctl = `${fixture('sysctl.txt')}\nhw.cpufrequency: 2600000000\nhw.cpufrequency_max: 2600000000\nmachdep.xcpm.cpu_thermal_level: 33\n`;
  const snapshot = await read([frequency, thermal], {
    '/usr/sbin/sysctl': prints(sysctl),
    '/usr/bin/powermetrics': missing,
    '/usr/bin/pmset': prints(fixture('pmset-therm-intel.txt')),
  });
  expect(snapshot.frequency!.policies).toMatchObject([
    { policy: 'cpu', base: 2.6e9, hardwareMax: 2.6e9, hardwareMin: null, current: null },
  ]);
  expect(snapshot.frequency!.policies[0]!.cpus).toHaveLength(10);
  expect(snapshot.thermal).toMatchObject({ coolingDevices: [{ type: 'Processor', state: 28 }], apple: { cpuLevel: 33 } });
});

describe('heat', () => {
  test('what notifyutil does not tell is a gap where pmset tells something', async () => {
    const snapshot = await read([thermal], { '/usr/bin/notifyutil': prints('com.apple.system.thermalpressurelevel 9\n') });
    expect(snapshot.thermal!.apple!.pressure).toBeNull();
    expect(gapOf(snapshot, 'thermal.apple.pressure')!.detail).toContain('level is 9');
    const other = await read([thermal], { '/usr/bin/notifyutil': prints('com.example.other 1\n') });
    expect(gapOf(other, 'thermal.apple.pressure')!.detail).toContain('not understood');
  });

  test('of pmset and sysctl nothing is needed', async () => {
    const snapshot = await read([thermal], { '/usr/bin/pmset': missing, '/usr/sbin/sysctl': missing });
    expect(snapshot.thermal).toMatchObject({ coolingDevices: [], apple: { pressure: 'heavy', cpuLevel: null } });
  });
});

describe('GPUs', () => {
  const entry = (name: string, more = ''): string =>
    `<dict><key>IORegistryEntryName</key><string>${name}</string><key>IOClass</key><string>${name}</string>${more}</dict>`;
  const ioreg = (...entries: readonly string[]): Run => prints(`<?xml version="1.0"?><plist><array>${entries.join('')}</array></plist>`);
  const profile = prints(fixture('system-profiler-intel.json'));

  test('that ioreg does not name have the name that system_profiler has for their vendor, which is asked once', async () => {
    const { host, started, advance } = openProgramMac({
      '/usr/sbin/ioreg': ioreg(entry('IntelAccelerator'), entry('AMDRadeonX6000_AMDNavi14GraphicsAccelerator'), entry('NVKernel')),
      '/usr/sbin/system_profiler': profile,
    });
    const sampler = openSamplerOf([gpu], host);
    await sampler.take(5);
    advance(10);
    await sampler.take(0);
    await eventually(async () => (await sampler.take(0)).runs[0]!.readAt === 1010);
    const snapshot = await sampler.take(0);
    sampler.close();
    expect(snapshot.gpu!.map(({ name, memoryTotal }) => [name, memoryTotal])).toEqual([
      ['Intel UHD Graphics 630', null],
      ['AMD Radeon Pro 5500M', 8 * 2 ** 30],
      [null, null],
    ]);
    expect(started.filter((argv) => argv.includes('system_profiler'))).toEqual(['/usr/sbin/system_profiler -json SPDisplaysDataType']);
    expect(started.find((argv) => argv.includes('ioreg'))).toBe('/usr/sbin/ioreg -a -l -r -c IOAccelerator -d 1');
  });

  test('two of a kind have ids of their own, and no name that may be that of the other', async () => {
    const two = prints(
      JSON.stringify({ SPDisplaysDataType: ['A', 'B'].map((name) => ({ sppci_model: name, spdisplays_vendor: 'AMD (0x1002)' })) }),
    );
    const snapshot = await read([gpu], { '/usr/sbin/ioreg': ioreg(entry('AMDX'), entry('AMDX')), '/usr/sbin/system_profiler': two });
    expect(snapshot.gpu).toMatchObject([
      { id: 'AMDX', name: null },
      { id: 'AMDX-2', name: null },
    ]);
  });

  test('are those of system_profiler where ioreg is refused', async () => {
    const snapshot = await read([gpu], { '/usr/sbin/ioreg': missing, '/usr/sbin/system_profiler': profile });
    expect(snapshot.gpu).toMatchObject([
      { id: 'gpu0', name: 'Intel UHD Graphics 630', vendor: 'intel', memoryTotal: null, usage: null },
      { id: 'gpu1', name: 'AMD Radeon Pro 5500M', vendor: 'amd', memoryTotal: 8 * 2 ** 30 },
    ]);
  });

  test('have the limit that somebody set; a Mac without one has none', async () => {
    const sysctl = prints(fixture('sysctl.txt').replace('iogpu.wired_limit_mb: 0', 'iogpu.wired_limit_mb: 4096'));
    expect((await read([gpu], { '/usr/sbin/sysctl': sysctl })).gpu![0]!.memoryLimit).toBe(2 ** 32);
    expect((await read([gpu])).gpu![0]!.memoryLimit).toBeNull();
    expect((await read([gpu], { '/usr/sbin/ioreg': prints('') })).gpu).toEqual([]);
  });
});

test('counters of TCP go on where those of netstat begin again, and are for root', async () => {
  let text = fixture('netstat-tcp.txt');
  const { host, advance } = openProgramMac({ '/usr/sbin/netstat': (argv, options) => prints(text)(argv, options) });
  const sampler = openSamplerOf([protocols], host);
  text = text.replace('63307213 packets received', '4294967000 packets received');
  expect((await sampler.take(5)).protocols!.tcp!.segmentsIn).toBe(4_294_967_000);
  text = text.replace('4294967000 packets received', '100 packets received');
  advance(10);
  await eventually(async () => (await sampler.take(0)).protocols!.tcp!.segmentsIn === 2 ** 32 + 100);
  sampler.close();
  const zeros = await read([protocols], { '/usr/sbin/netstat': prints(text.replaceAll(/\d+/g, '0')) });
  expect(gapOf(zeros, 'protocols')!.detail).toMatch(/koffi.*root only/);
});

test('Wi-Fi takes system_profiler seconds, so it is asked every ten minutes', async () => {
  const { host, started, advance } = openProgramMac();
  const sampler = openSamplerOf([wifi, routes], host);
  for (let second = 0; second < 1200; second += 5) {
    const { runs } = await sampler.take(0);
    await arrive();
    expect(runs.every(({ success }) => success)).toBe(true);
    advance(5);
  }
  expect(started.filter((argv) => argv.includes('SPAirPortDataType'))).toHaveLength(2);
  expect(started.filter((argv) => argv.includes('-rn')).length).toBeGreaterThan(50);
  sampler.close();
});

test('all but Wi-Fi start eleven programs every ten seconds', async () => {
  const { host, started, atOnce, advance } = openProgramMac();
  const sampler = openSamplerOf(
    COLLECTORS.filter(({ name }) => name !== 'wifi'),
    host,
  );
  await sampler.take(5);
  // And one asks the version, once.
  expect(started).toHaveLength(12);
  for (let second = 1; second < 9; second++) {
    advance(1);
    await sampler.take(0);
  }
  expect(started).toHaveLength(12);
  advance(2);
  await sampler.take(0);
  await eventually(async () => (await sampler.take(0)).runs.every(({ readAt }) => readAt === 1010));
  expect(started).toHaveLength(23);
  expect(Math.max(...atOnce.values())).toBe(1);
  sampler.close();
});
