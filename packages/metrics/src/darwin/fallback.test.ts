import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap, GapSink } from '../model/gap.ts';
import { openMachineOf } from '../machine.ts';
import { deriveRates } from '../model/rates.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { openSamplerOf } from '../sampler.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { withPrograms } from './fallback.ts';
import type { SecondTier } from './fallback.ts';
import { filesystem } from './filesystem.ts';
import { host } from './host.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { power } from './power.ts';
import { processes } from './processes.ts';
import { smart } from './smart.ts';
import { fixture } from './text/fixture.testing.ts';
import { askProgram } from './text/program.ts';
import { eventually, hangs, openProgramMac, prints } from './text/programs.testing.ts';

const COLLECTORS = [cpu, host, load, memory, disk, filesystem, network, power, processes];
const NO_KOFFI = 'The library for native calls (koffi) does not load here.';

/** Every null of a reading, by its path without list indexes. */
function* nullsOf(value: unknown, path: string): Generator<string> {
  if (value === null) yield path;
  else if (Array.isArray(value)) for (const one of value) yield* nullsOf(one, path);
  else if (typeof value === 'object' && !ArrayBuffer.isView(value))
    for (const [key, one] of Object.entries(value)) yield* nullsOf(one, `${path}.${key}`);
}

const gapOf = ({ gaps }: Snapshot, name: string) => gaps.find(({ field }) => field === name);

describe('a Mac whose library for native calls does not load', () => {
  test('is read from what programs print, and every null has a reason', async () => {
    const { host: mac } = openProgramMac();
    using machine = openMachineOf(COLLECTORS, mac);
    const snapshot = await machine.snapshot();
    expect(snapshot.load).toMatchObject({ load1: 2.31, load5: 1.98, load15: 1.77 });
    expect(snapshot.cpu).toMatchObject({
      total: { user: 107, idle: 4000, iowait: null },
      cores: [
        { cpu: 0, system: 50 },
        { cpu: 1, nice: 1 },
      ],
    });
    expect(snapshot.cpu!.bootTime).toBe(1_763_700_000.25);
    expect(snapshot.host).toMatchObject({
      hostname: 'bench.local',
      osVersion: '26.1',
      cpuCount: 10,
      uptime: 1_764_000_000 - 1_763_700_000.25,
    });
    expect(snapshot.memory).toMatchObject({ total: 17_179_869_184, swapUsed: 512.5 * 2 ** 20, apple: { pressure: 'warning' } });
    expect(snapshot.memory!.used).toBeGreaterThan(0);
    expect(snapshot.disk!.map(({ device }) => device)).toContain('disk0');
    expect(snapshot.filesystem!.map(({ mountpoint }) => mountpoint)).toContain('/System/Volumes/Data');
    expect(snapshot.network!.find(({ device }) => device === 'en0')).toMatchObject({ physical: true, receiveDrops: null });
    expect(snapshot.power).toMatchObject({
      source: 'ac',
      supplies: expect.arrayContaining([expect.objectContaining({ type: 'Battery' })]),
    });
    expect(snapshot.power!.supplies.filter(({ type }) => type === 'Battery')).toHaveLength(1);
    const table = snapshot.processes!;
    expect([table.route, table.length]).toEqual(['ps', 5]);
    expect(table.row(1)).toMatchObject({
      pid: 355,
      name: 'WindowServer -daemon',
      uid: 88,
      state: 'S',
      cpuUser: 3682.75,
      threads: null,
      rss: 180_224 * 1024,
    });
    expect(table.row(4)).toMatchObject({ name: 'old', state: 'Z', startTime: 1_764_000_000 - 1 });
    expect(table.row(0)).toMatchObject({ startedAfterBoot: 0, startTime: 1_764_000_000 - (7 * 86_400 + 3 * 3600 + 309) });

    const explained = new Set(snapshot.gaps.map(({ field }) => field));
    const natural = /^(?:power\.|filesystem\.(?:error|files|filesFree)$|host\.os\.|disk\.(?:model|serial))/;
    for (const { name } of COLLECTORS) {
      expect(explained.has(name), name).toBe(false);
      if (name === 'processes') continue;
      for (const path of nullsOf(snapshot[name], name)) if (!natural.test(path)) expect(explained.has(path), path).toBe(true);
    }
  });

  test('has rates from two of them', async () => {
    const { host: mac, advance } = openProgramMac();
    const sampler = openSamplerOf(COLLECTORS, mac, { slowPeriod: 0 });
    const first = await sampler.take(5);
    advance(2);
    await sampler.take(5);
    await eventually(async () => (await sampler.take(0)).runs.every(({ readAt }) => readAt === 1002));
    const second = await sampler.take(0);
    sampler.close();
    const rates = deriveRates(first, second);
    expect(rates.disk).not.toBeNull();
    // 2 s busy and 6 s idle.
    expect(rates.cpu!.usage).toBeCloseTo(0.25);
    expect(rates.network!.devices.find(({ device }) => device === 'en0')).toMatchObject({ receiveBytesPerSecond: 0, dropsPerSecond: null });
    expect(second.processes!.identities[1]).toBe(first.processes!.identities[1]);
    expect(rates.processes!(1)).toMatchObject({ cpu: 0, readBytesPerSecond: null });
  });

  test('says so to hecate doctor', async () => {
    const { host: mac } = openProgramMac();
    const sampler = openSamplerOf(COLLECTORS, mac);
    await sampler.take(5);
    for (const { name } of COLLECTORS) expect(sampler.notes(name)).toEqual([expect.stringMatching(/^Read from what .* told.*koffi/)]);
    sampler.close();
  });

  test('starts its programs every ten seconds, however often it is sampled', async () => {
    const { host: mac, started, atOnce, advance } = openProgramMac();
    const sampler = openSamplerOf(COLLECTORS, mac);
    await sampler.take(5);
    // Twelve questions, and the version once.
    const all = [...started].toSorted();
    expect(all).toHaveLength(13);
    for (let second = 1; second < 9; second++) {
      advance(1);
      const { runs } = await sampler.take(5);
      // What was read last counts, and says of when it is.
      expect(runs.every(({ readAt, success }) => readAt === 1000 && success)).toBe(true);
    }
    expect(started).toHaveLength(all.length);
    advance(2);
    await sampler.take(5);
    await eventually(async () => (await sampler.take(0)).runs.every(({ readAt }) => readAt === 1010));
    expect(started).toHaveLength(all.length * 2 - 1);
    expect(Math.max(...atOnce.values())).toBe(1);
    sampler.close();
  });

  test('looks for its library every ten minutes, not at every read', async () => {
    const { host: mac, advance } = openProgramMac();
    let tries = 0;
    const counted = {
      ...mac,
      libraries() {
        tries++;
        throw new HecateError('UNAVAILABLE', NO_KOFFI);
      },
    };
    const sampler = openSamplerOf(COLLECTORS, counted, { slowPeriod: 0 });
    for (let read = 0; read < 50; read++) {
      await sampler.take(5);
      advance(10);
    }
    expect(tries).toBe(1);
    advance(200);
    // A read may still be on its way, and the next one begins when it has come.
    await eventually(async () => (await sampler.take(0)).runs.length > 0 && tries > 1);
    expect(tries).toBe(2);
    sampler.close();
  });
});

const TIER: SecondTier<string> = { programs: 'vm_stat', read: (mac) => askProgram(mac, { argv: ['/usr/bin/vm_stat'] }) };

test('gaps of a read that is refused in the middle are not told, those of one that is not are', async () => {
  const { host: mac } = openProgramMac({ '/usr/bin/vm_stat': prints('text') });
  let refuses = true;
  const native = {
    *read(gaps: GapSink): Sliced<string> {
      gaps.add('memory.early', 'error', 'Early.');
      if (refuses) throw new HecateError('DENIED', 'No.');
      yield;
      gaps.add('memory.late', 'error', 'Late.');
      return 'native';
    },
    close: () => {},
  };
  const reader = withPrograms(mac, native, TIER);
  const gaps: Gap[] = [];
  expect(await reader.read(collectGaps(gaps))).toBe('text');
  expect([gaps, reader.lane!()]).toEqual([[], 'slow']);
  refuses = false;
  expect(finish(reader.read(collectGaps(gaps)) as Sliced<string>)).toBe('native');
  expect([gaps.map(({ field }) => field), reader.lane!()]).toEqual([['memory.early', 'memory.late'], null]);
});

test('a mistake of this program is no refusal, and a reader that is closed leaves no program behind', async () => {
  const { host: mac, started, running } = openProgramMac({ '/usr/bin/vm_stat': hangs });
  const wrong = { read: (): string => JSON.parse('{') as string, close: () => {} };
  expect(() => withPrograms(mac, wrong, TIER).read(collectGaps([]))).toThrow(SyntaxError);
  expect(started).toEqual([]);
  const refused = {
    read(): string {
      throw new HecateError('DENIED', 'No.');
    },
    close: () => {},
  };
  const reader = withPrograms(mac, refused, TIER);
  const read = reader.read(collectGaps([]));
  await eventually(() => running() === 1);
  reader.close();
  await expect(read).rejects.toMatchObject({ code: 'DENIED', message: 'No. It is not waited for any more.' });
  expect(running()).toBe(0);
});

test('on a macOS that is too old nothing is read from programs either', async () => {
  const old = fixture('sysctl.txt').replace('kern.osrelease: 25.1.0', 'kern.osrelease: 20.6.0');
  const { host: mac } = openProgramMac({ '/usr/sbin/sysctl': prints(old) });
  using machine = openMachineOf(COLLECTORS, mac);
  const snapshot = await machine.snapshot();
  for (const { name } of COLLECTORS)
    expect([snapshot[name], gapOf(snapshot, name)]).toEqual([
      null,
      { field: name, reason: 'unsupported', detail: expect.stringMatching(/^This system is Darwin 20\.6\.0; macOS 12/) },
    ]);
});

test('a read that does not wait says that programs are asked, and gives their answer later', async () => {
  const { host: mac, started } = openProgramMac();
  using machine = openMachineOf([load, power], mac);
  expect(machine.load()).toMatchObject({ value: null, gap: { field: 'load', reason: 'timeout' } });
  machine.load();
  await eventually(() => machine.load().value?.load1 === 2.31);
  expect(started.length).toBeLessThan(20);
  // What waits anyway waits for them.
  expect((await machine.power()).value).toMatchObject({ source: 'ac' });
});

test('health of drives is read on request, from system_profiler', async () => {
  const { host: mac, started } = openProgramMac();
  using machine = openMachineOf([smart], mac);
  expect((await machine.snapshot()).runs).toEqual([]);
  const snapshot = await machine.snapshot({ only: ['smart'] });
  expect(snapshot.smart).toMatchObject([
    { device: 'disk0', passed: true, temperature: null },
    { device: 'disk6', passed: false, health: 'failing' },
  ]);
  expect(gapOf(snapshot, 'smart.disk0')).toMatchObject({ reason: 'unsupported' });
  expect(started).toEqual(['/usr/sbin/system_profiler -json SPNVMeDataType']);
});
