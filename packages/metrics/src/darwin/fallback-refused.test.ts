import { describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { openMachineOf } from '../machine.ts';
import type { AnyCollector, CollectorName, Snapshot } from '../model/snapshot.ts';
import { openSamplerOf } from '../sampler.ts';
import { disk } from './disk.ts';
import { energy } from './energy.ts';
import { filesystem } from './filesystem.ts';
import { frequency } from './frequency.ts';
import { gpu } from './gpu.ts';
import { host } from './host.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { power } from './power.ts';
import { processes } from './processes.ts';
import { processor } from './processor.ts';
import { protocols } from './protocols.ts';
import { routes } from './routes.ts';
import { eventually, fails, hangs, missing, openProgramMac, prints } from './text/programs.testing.ts';
import type { Run } from './text/programs.testing.ts';
import { thermal } from './thermal.ts';
import { wifi } from './wifi.ts';

/** Collectors that programs can fill, and the programs that each rests on. */
const FILLED: readonly (readonly [AnyCollector, readonly string[]])[] = [
  [host, ['/usr/sbin/sysctl']],
  [load, ['/usr/sbin/sysctl']],
  [memory, ['/usr/bin/vm_stat']],
  [processor, ['/usr/sbin/sysctl']],
  [frequency, ['/usr/sbin/sysctl', '/usr/bin/powermetrics']],
  [disk, ['/usr/sbin/ioreg']],
  [filesystem, ['/bin/df', '/sbin/mount']],
  [network, ['/usr/sbin/netstat']],
  [protocols, ['/usr/sbin/netstat']],
  [routes, ['/usr/sbin/netstat']],
  [thermal, ['/usr/bin/notifyutil', '/usr/bin/pmset']],
  [energy, ['/usr/bin/powermetrics']],
  [power, ['/usr/sbin/ioreg', '/usr/bin/pmset']],
  [gpu, ['/usr/sbin/ioreg', '/usr/sbin/system_profiler']],
  [wifi, ['/usr/sbin/system_profiler']],
  [processes, ['/bin/ps']],
];
const gapOf = ({ gaps }: Snapshot, name: string) => gaps.find(({ field }) => field === name);
const NO_KOFFI = 'The library for native calls (koffi) does not load here.';

const BAD: readonly (readonly [string, Run, RegExp])[] = [
  ['is missing', missing, /is not installed/],
  ['ends with an error', fails('it broke'), /ended with status 1: it broke/],
  ['prints nothing', prints(''), /answered nothing|did not tell|told nothing/],
  [
    'prints garbage',
    prints('\u0000\u0001 garbage\n\n\n'.repeat(99)),
    /not understood|did not tell|told nothing|no property list|line|no whole JSON/i,
  ],
  ['prints too much', () => Promise.reject(new HecateError('FAILED', 'It wrote more than 4194304 bytes.')), /wrote more than/],
];

describe.each(FILLED)('$name', (collector, programs) => {
  const only = (run: Run): Readonly<Record<string, Run>> => Object.fromEntries(programs.map((program) => [program, run]));
  const name: CollectorName = collector.name;

  test.each(BAD)('whose program %s is a gap with both reasons', async (what, run, said) => {
    // No disks and no battery are answers of ioreg.
    if (what === 'prints nothing' && programs.includes('/usr/sbin/ioreg')) return;
    const { host: mac } = openProgramMac(only(run));
    using machine = openMachineOf([collector], mac);
    const snapshot = await machine.snapshot();
    expect(snapshot[name]).toBeNull();
    const { reason, detail } = gapOf(snapshot, name)!;
    expect(reason).toBe('absent');
    expect(detail.startsWith(NO_KOFFI)).toBe(true);
    expect(detail).toMatch(said);
  });

  test('whose program hangs holds up no tick, is started once, and ends with the sampler', async () => {
    const { host: mac, started, running, advance } = openProgramMac(only(hangs));
    const sampler = openSamplerOf([collector], mac);
    for (let second = 0; second < 30; second++) {
      const snapshot = await sampler.take(0);
      expect(snapshot[name]).toBeNull();
      expect(gapOf(snapshot, name)).toMatchObject({ reason: 'timeout' });
      advance(1);
    }
    const counts = programs.map((program) => started.filter((argv) => argv.startsWith(program)).length);
    // sysctl is asked for the version besides.
    for (const [index, count] of counts.entries())
      expect(count, programs[index]).toBeLessThanOrEqual(programs[index] === '/usr/sbin/sysctl' ? 2 : 1);
    expect(running()).toBeGreaterThan(0);
    sampler.close();
    await eventually(() => running() === 0);
  });

  test('whose program prints half of it gives what is whole, and no number that is not', async () => {
    const { host: mac } = openProgramMac();
    using whole = openMachineOf([collector], mac);
    const { [name]: reading } = await whole.snapshot();
    for (const share of [0.2, 0.5, 0.9]) {
      const cut: Run = async (argv, options) => {
        const end = await mac.run(argv as [string], options);
        return { ...end, stdout: end.stdout.slice(0, end.stdout.length * share) };
      };
      const { host: half } = openProgramMac(only(cut));
      using machine = openMachineOf([collector], half);
      const snapshot = await machine.snapshot();
      if (snapshot[name] === null) expect(gapOf(snapshot, name)!.detail).toContain(NO_KOFFI);
      else if (Array.isArray(snapshot[name])) expect(reading).toEqual(expect.arrayContaining(snapshot[name] as unknown[]));
    }
  });
});
