import { describe, expect, test } from 'vitest';
import type { Host, NativeLibraries } from '@hecate/host';
import { openMachineOf } from '../machine.ts';
import type { CollectorName, Snapshot } from '../model/snapshot.ts';
import { openSamplerOf } from '../sampler.ts';
import { noFakeDarwin, openFakeDarwin } from './fake/fake-darwin.testing.ts';
import type { FakeDarwin } from './fake/fake-darwin.testing.ts';
import { text } from './fake/machine.testing.ts';
import { darwinCollectors } from './index.ts';
import { m1Laptop } from './machines/m1-laptop.testing.ts';
import { eventually, MAC_PROGRAMS, missing } from './text/programs.testing.ts';
import type { Run } from './text/programs.testing.ts';

/** The stand-in without some symbols, with programs of a Mac, and what was started of them. */
function hostOf(fake: FakeDarwin, lacks: (symbol: string) => boolean, programs: Readonly<Record<string, Run>> = MAC_PROGRAMS) {
  const started: string[] = [];
  const load: NativeLibraries['load'] = (path) => {
    const library = fake.libraries.load(path);
    return library && { ...library, function: (symbol, prototype) => (lacks(symbol) ? null : library.function(symbol, prototype)) };
  };
  const run: Host['run'] = (argv, options = {}) => {
    started.push(argv[0]);
    return (programs[argv[0]] ?? missing)(argv, options);
  };
  return { host: { ...fake.host, run, libraries: () => ({ ...fake.libraries, load }) }, started };
}

const READS: readonly CollectorName[] = ['host', 'load', 'memory', 'disk', 'filesystem', 'network', 'power'];
const COLLECTORS = darwinCollectors.filter(({ name }) => READS.includes(name));

async function snapshotOf(host: Host): Promise<Snapshot> {
  using machine = openMachineOf(COLLECTORS, host);
  return await machine.snapshot();
}

describe.skipIf(noFakeDarwin !== null)('a Mac whose libraries answer in part', () => {
  test('starts no program while they answer', async () => {
    const fake = openFakeDarwin(m1Laptop);
    const { host, started } = hostOf(fake, () => false);
    const snapshot = await snapshotOf(host);
    expect(started).toEqual([]);
    for (const name of READS) expect(snapshot[name], name).not.toBeNull();
  });

  /** Symbols, the collectors that rest on them, and the programs that fill these. */
  test.each([
    ['getloadavg', ['load'], ['/usr/sbin/sysctl']],
    ['host_statistics64', ['memory'], ['/usr/bin/vm_stat', '/usr/sbin/sysctl']],
    ['getfsstat64', ['filesystem'], ['/bin/df', '/sbin/mount', '/usr/sbin/sysctl']],
    ['sysctl', ['network'], ['/usr/sbin/netstat', '/usr/sbin/sysctl']],
    ['IOServiceGetMatchingServices', ['disk', 'power'], ['/usr/bin/pmset', '/usr/sbin/ioreg', '/usr/sbin/sysctl']],
    ['IOPSCopyPowerSourcesInfo', ['power'], ['/usr/bin/pmset', '/usr/sbin/ioreg', '/usr/sbin/sysctl']],
    [
      'sysctlbyname',
      READS,
      ['/bin/df', '/sbin/mount', '/usr/bin/pmset', '/usr/bin/vm_stat', ...['/usr/sbin/ioreg', '/usr/sbin/netstat', '/usr/sbin/sysctl']],
    ],
  ] as const)('without %s programs fill %j, and nothing else', async (symbol, filled, programs) => {
    const whole = await snapshotOf(openFakeDarwin(m1Laptop).host);
    const fake = openFakeDarwin(m1Laptop);
    const { host, started } = hostOf(fake, (name) => name === symbol);
    const sampler = openSamplerOf(COLLECTORS, host);
    const snapshot = await sampler.take(5);
    expect([...new Set(started)].toSorted()).toEqual(programs);
    for (const name of READS) {
      const isFilled = (filled as readonly CollectorName[]).includes(name);
      expect(snapshot[name], name).not.toBeNull();
      expect(
        sampler.notes(name).filter((note) => note.includes(symbol)),
        name,
      ).toHaveLength(isFilled ? 1 : 0);
      if (!isFilled) expect(snapshot[name], name).toEqual(whole[name]);
    }
    sampler.close();
    fake.expectClean();
  });

  test('a call that is refused and an answer that is nonsense are filled too, and read as before once they are right', async () => {
    const fake = openFakeDarwin(m1Laptop);
    const { host, started } = hostOf(fake, () => false);
    const sampler = openSamplerOf(COLLECTORS, host);
    const native = await sampler.take(5);
    fake.change({ answers: { getloadavg: { result: -1, error: 1 } } });
    fake.advance(1);
    await sampler.take(5);
    await eventually(async () => (await sampler.take(0)).load?.load1 === 2.31);
    expect(sampler.notes('load')).toEqual([expect.stringContaining('getloadavg answered')]);
    // In the slow lane it is: no program for the next ten seconds.
    const before = started.length;
    for (let second = 0; second < 8; second++) {
      fake.advance(1);
      await sampler.take(0);
    }
    expect(started).toHaveLength(before);
    fake.change(m1Laptop);
    fake.advance(10);
    await eventually(async () => (await sampler.take(0)).load?.load1 === native.load!.load1);
    expect((await sampler.take(0)).load).toEqual(native.load);
    expect(sampler.notes('load')).toEqual([]);
    // Fast again: read at each tick.
    fake.advance(1);
    const { runs, monotonic } = await sampler.take(0);
    expect(runs.find(({ collector }) => collector === 'load')?.readAt).toBe(monotonic);
    sampler.close();
    fake.expectClean();
  });

  test('a macOS that is too old is not asked by programs either', async () => {
    const { host, started } = hostOf(openFakeDarwin({ answers: { 'sysctl:kern.osrelease': text('20.6.0') } }), () => false);
    const snapshot = await snapshotOf(host);
    for (const name of READS) expect(snapshot[name]).toBeNull();
    expect(started).toEqual([]);
  });

  test('batteries of programs, where the I/O registry is refused; the gap says both reasons where they are refused too', async () => {
    const lacks = (symbol: string): boolean => symbol === 'IOServiceGetMatchingServices';
    const filled = await snapshotOf(hostOf(openFakeDarwin(m1Laptop), lacks).host);
    expect(filled.power!.supplies.map(({ type }) => type)).toContain('Battery');
    expect(filled.gaps.map(({ field }) => field)).not.toContain('power.supplies');
    const { power, gaps } = await snapshotOf(hostOf(openFakeDarwin(m1Laptop), lacks, {}).host);
    expect(power!.supplies).toEqual([]);
    expect(gaps.find(({ field }) => field === 'power.supplies')).toMatchObject({
      reason: 'unsupported',
      detail: expect.stringMatching(/IOServiceGetMatchingServices.*not installed/),
    });
  });
});
