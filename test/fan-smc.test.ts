// Fans of a Mac, from the driver down to the calls of its controller, on the stand-in for Apple's libraries.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openEngine, openHandlers } from '@hecate/change';
import type { Engine } from '@hecate/change';
import { decodeSmcNumber, openHost, openSmc, openWritableHost, processStart, systemClock } from '@hecate/host';
import { holdFan, openSmcFans, steadyWish } from '@hecate/tune';
import type { FanDriver } from '@hecate/tune';
import { noFakeDarwin, openFakeDarwin } from '../packages/metrics/src/darwin/fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../packages/metrics/src/darwin/fake/fake-darwin.testing.ts';
import { int, merge, text } from '../packages/metrics/src/darwin/fake/machine.testing.ts';
import { processesOf } from '../packages/metrics/src/darwin/fake/processes.testing.ts';
import type { FakeProcess } from '../packages/metrics/src/darwin/fake/processes.testing.ts';
import { smcOf, smcValues } from '../packages/metrics/src/darwin/fake/smc.testing.ts';
import type { FakeSmc } from '../packages/metrics/src/darwin/fake/smc.testing.ts';
import { openProgramMac } from '../packages/metrics/src/darwin/text/programs.testing.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0).reverse()) one.close();
});

/** A MacBook Pro with M4: its firmware lets go of fans at the second try after `Ftst`. */
const m4: FakeSmc = {
  keys: {
    ...smcValues('flt ', { F0Ac: 1400, F0Mn: 1200.5, F0Mx: 5800, F0Tg: 1400, F1Ac: 1450, F1Mn: 0, F1Mx: 6000, F1Tg: 1450 }),
    ...smcValues('flt ', { TB0T: 30, TCMz: 70.5, Tg05: 55, PSTR: 12 }),
    ...smcValues('ui8 ', { F0Md: 3, F1Md: 3, FNum: 2, Ftst: 0 }),
  },
  automatic: [
    ['flt ', 1400],
    ['flt ', 1450],
  ],
  unlock: { tries: 1, refuses: 0x82 },
  root: true,
};

interface Room {
  readonly fake: FakeDarwin;
  readonly engine: Engine;
  readonly driver: FanDriver;
  /** One that takes fans also while another program sets them. */
  readonly forced: FanDriver;
  key(name: string): number;
}

/** Programs of its user, by their paths. */
const programs = (...paths: readonly string[]): readonly FakeProcess[] =>
  paths.map((path, index) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return { pid: 400 + index, ppid: 1, uid: 501, name, path, started: 1_789_900_000, task: { pti_threadnum: 2 }, resources: {} };
  });

function openRoom(controller: FakeSmc | null, processes: readonly FakeProcess[] = []): Room {
  const system = merge(
    {
      answers: {
        ...{ 'sysctl:kern.osrelease': text('25.1.0'), 'sysctl:hw.optional.arm64': int(1) },
        ...{ 'sysctl:hw.tbfrequency': int(24_000_000), 'sysctl:kern.pervasive_energy': int(0) },
      },
    },
    processesOf(processes),
  );
  const fake = openFakeDarwin(controller ? merge(system, smcOf(controller)) : system);
  const directory = mkdtempSync(join(tmpdir(), 'hecate-smc-'));
  const host = openWritableHost({ ...fake.host, clock: systemClock });
  const engine = openEngine({ host, handlers: openHandlers(), directory });
  const lease = { pid: process.pid, started: processStart(openHost(), process.pid) };
  const drive = (force: boolean): FanDriver => openSmcFans({ host, engine, lease, guard: () => Promise.resolve(), force });
  const [driver, forced] = [drive(false), drive(true)];
  opened.push({
    close() {
      driver.close();
      forced.close();
      rmSync(directory, { recursive: true });
      fake.expectClean();
    },
  });
  return {
    fake,
    engine,
    driver,
    forced,
    key(name) {
      const smc = openSmc(fake.libraries);
      const key = smc.find(name)!;
      const value = decodeSmcNumber(key.type, smc.read(key)!)!;
      smc.close();
      return value;
    },
  };
}

describe.skipIf(noFakeDarwin !== null)('fans of a Mac', () => {
  it('are read with their bounds, who decides, and temperatures that are dangerous', async () => {
    const { fans, temperatures, none } = await openRoom(m4).driver.read();
    expect(none).toBeNull();
    expect(fans).toEqual([
      expect.objectContaining({
        ...{ id: 'smc/fan0', rpm: 1400, mode: 'automatic', duty: null, why: null, leastRpm: 1200.5, mostRpm: 5800 },
        control: { unit: 'rpm', least: 1201, most: 5800, mayStop: false },
      }),
      expect.objectContaining({ id: 'smc/fan1', control: { unit: 'rpm', least: 1200, most: 6000, mayStop: true } }),
    ]);
    expect(temperatures).toEqual([
      { id: 'smc/TB0T', label: 'Battery 0', celsius: 30, critical: null },
      { id: 'smc/TCMz', label: 'CPU hottest', celsius: 70.5, critical: 100 },
      { id: 'smc/Tg05', label: 'GPU Tg05', celsius: 55, critical: 100 },
    ]);
  });

  it('are taken once the firmware lets go, set, and given back with the lock', async () => {
    const { driver, engine, key } = openRoom(m4);
    const held = await driver.take('smc/fan0', 2500.4);
    expect([key('F0Md'), key('F0Tg'), key('Ftst')]).toEqual([1, 2500, 1]);
    expect((await driver.read()).fans.map(({ mode, rpm }) => [mode, rpm])).toEqual([
      ['manual', 2500],
      ['automatic', 1450],
    ]);
    await driver.set(held, 3000);
    expect(key('F0Ac')).toBe(3000);
    expect(await driver.holders()).toEqual([{ id: 'smc/fan0', change: held.change, process: process.pid }]);
    await expect(driver.take('smc/fan0', 2000)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('holds the fan'),
    });
    await expect(driver.set(held, 1000)).rejects.toMatchObject({ code: 'INVALID' });
    await driver.release(held, 'It was enough.');
    expect([key('F0Md'), key('F0Tg'), key('Ftst')]).toEqual([3, 1400, 0]);
    expect(engine.list().filter(({ phase }) => phase !== 'ended')).toEqual([]);
  });

  it('that the firmware took back in a sleep are told, left to it, and may be taken again', async () => {
    const { fake, driver, key } = openRoom(m4);
    const held = await driver.take('smc/fan1', 3000);
    fake.change(smcOf(m4));
    await expect(driver.set(held, 3000)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await driver.read()).fans[1]?.mode).toBe('automatic');
    await driver.release(held, 'The machine has slept.');
    const again = await driver.take('smc/fan1', 3000);
    expect(key('F1Tg')).toBe(3000);
    await driver.release(again, 'It was enough.');
    expect([key('F1Md'), key('Ftst')]).toEqual([3, 0]);
  });

  it('are held through a sleep, in which the firmware took them, and go back at the end', async () => {
    const { fake, driver, key } = openRoom(m4);
    const control = (await driver.read()).fans[0]!.control!;
    const told: string[] = [];
    let [wall, pauses] = [1000, 0];
    await holdFan({
      driver,
      fan: 'smc/fan0',
      control,
      wish: steadyWish(3000),
      clock: { now: () => wall, monotonic: () => wall },
      wait(seconds) {
        wall += seconds;
        if (++pauses === 2) {
          fake.change(smcOf(m4));
          wall += 3600;
        }
        if (pauses === 4) told.push(`${key('F0Md')} ${key('F0Tg')}`);
        return Promise.resolve();
      },
      period: 2,
      span: 3609,
      signal: new AbortController().signal,
      say: ({ kind }) => told.push(kind),
    });
    expect(told).toEqual(['taken', 'woken', '1 3000', 'released']);
    expect([key('F0Md'), key('F0Tg'), key('Ftst')]).toEqual([3, 1400, 0]);
  });

  it('are at full speed while the processor is critically hot', async () => {
    const { fake, driver, key } = openRoom(m4);
    const control = (await driver.read()).fans[0]!.control!;
    let [steady, pauses] = [0, 0];
    const seen: number[] = [];
    await holdFan({
      driver,
      fan: 'smc/fan0',
      control,
      wish: steadyWish(2000),
      clock: { now: () => steady, monotonic: () => steady },
      wait(seconds) {
        steady += seconds;
        const celsius = [101, 96, 94][pauses++];
        seen.push(key('F0Tg'));
        if (celsius !== undefined) fake.change({ answers: smcOf({ keys: smcValues('flt ', { TCMz: celsius }) }).answers! });
        fake.change({ answers: { 'smc-keys': smcOf(m4).answers!['smc-keys']! } });
        return Promise.resolve();
      },
      period: 2,
      span: 9,
      signal: new AbortController().signal,
      say: () => undefined,
    });
    expect(seen).toEqual([2000, 5800, 5800, 2000, 2000]);
    expect(key('F0Md')).toBe(3);
  });

  it('are left alone by the next boot, which the journal tells from the one before', async () => {
    const { fake, driver, engine, key } = openRoom(m4);
    fake.change({ answers: { 'sysctl:kern.bootsessionuuid': text('9C1B2A4E-0F3D-4E53-9A3B-2C8D1E7F6A50') } });
    const held = await driver.take('smc/fan0', 2500);
    fake.change({ answers: { 'sysctl:kern.bootsessionuuid': text('00000000-0F3D-4E53-9A3B-2C8D1E7F6A50') } });
    await engine.recover();
    expect(engine.show(held.change).steps[0]).toMatchObject({ state: 'expired' });
    expect([key('F0Md'), key('F0Tg')]).toEqual([1, 2500]);
  });

  it('are not for who is not root', async () => {
    const { driver, key } = openRoom({ ...m4, root: false });
    // On a Mac it is refused before; here it shows at the first write.
    await expect(driver.take('smc/fan0', 2500)).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      message: expect.stringContaining('0xe00002c1'),
    });
    expect([key('F0Md'), key('F0Tg'), key('Ftst')]).toEqual([3, 1400, 0]);
  });

  it.each([
    ['Macs Fan Control', '/Applications/Macs Fan Control.app/Contents/MacOS/Macs Fan Control'],
    ['TG Pro', '/Applications/TG Pro.app/Contents/MacOS/TG Pro'],
    ['smcFanControl', '/Applications/smcFanControl.app/Contents/MacOS/smcFanControl'],
    ['Stats', '/Library/PrivilegedHelperTools/eu.exelban.Stats.SMC.Helper'],
  ])('are not taken while %s sets them, unless that is wanted', async (name, program) => {
    const { driver, forced, engine, key } = openRoom(m4, programs('/usr/sbin/distnoted', program));
    await expect(driver.take('smc/fan0', 2500)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `${name} runs, and sets fans.`,
      hint: expect.stringMatching(/^Quit it.* --force takes the fan all the same\.$/),
    });
    expect([engine.list(), key('F0Md'), key('F0Tg')]).toEqual([[], 3, 1400]);
    await forced.release(await forced.take('smc/fan0', 2500), 'It was enough.');
  });

  it('are taken beside what only looks at them, and where nothing tells of processes', async () => {
    const helper = '/Library/PrivilegedHelperTools/com.crystalidea.macsfancontrol.smcwrite';
    const { driver, fake } = openRoom(m4, programs('/Applications/Stats.app/Contents/MacOS/Stats', helper));
    await driver.release(await driver.take('smc/fan0', 2500), 'It was enough.');
    fake.change({ answers: { 'sysctl:hw.tbfrequency': { result: -1, error: 2 } } });
    await driver.release(await driver.take('smc/fan0', 2500), 'It was enough.');
  });

  it('are none in a virtual machine', async () => {
    expect(await openRoom(null).driver.read()).toMatchObject({
      fans: [],
      none: 'This machine has no system management controller (SMC). A virtual machine has none, and no fans.',
    });
  });

  it('are none on a Mac without', async () => {
    expect(await openRoom({ keys: smcValues('ui8 ', { FNum: 0 }) }).driver.read()).toMatchObject({ none: 'This Mac has no fans.' });
  });

  it('are not seen where nothing can be called, which says nothing of the Mac', async () => {
    const { host } = openProgramMac();
    const driver = openSmcFans({ ...openRoom(null), host, lease: { pid: 1, started: null }, guard: () => Promise.resolve() });
    expect(await driver.read()).toMatchObject({
      none: 'No fan can be seen. The library for native calls (koffi) does not load here.',
    });
    driver.close();
  });

  it('cannot be set where their controller does not know them', async () => {
    const { driver } = openRoom({ keys: smcValues('ui8 ', { FNum: 1, F0Md: 0 }) });
    expect((await driver.read()).fans[0]).toMatchObject({ control: null, why: expect.stringContaining('does not say') });
    await expect(driver.take('smc/fan0', 1000)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(driver.take('smc/fan9', 1000)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    ['M5', { F0md: ['ui8 ', 0], F0Tg: ['flt ', 1400], F0Mn: ['flt ', 1000], F0Mx: ['flt ', 5000] }, 'F0md'],
    ['Intel', { 'FS! ': ['ui16', 0], F0Tg: ['fpe2', 1400], F0Mn: ['fpe2', 1000], F0Mx: ['fpe2', 5000] }, 'FS! '],
  ] as const)('of %s are taken by their own keys', async (_kind, keys, mode) => {
    const { driver, key } = openRoom({
      keys: { FNum: ['ui8 ', 1], ...keys },
      automatic: [['F0Tg' in keys ? keys.F0Tg[0] : 'flt ', 1400]],
      root: true,
    });
    const held = await driver.take('smc/fan0', 2222);
    expect([key(mode), key('F0Tg')]).toEqual([1, 2222]);
    await driver.release(held, 'It was enough.');
    expect([key(mode), key('F0Tg')]).toEqual([0, 1400]);
  });
});
