import { openEngine, openHandlers } from '@hecate/change';
import type { Engine } from '@hecate/change';
import { openHost, openRootedHost, openWritableHost, processStart, systemClock, takeFileLock } from '@hecate/host';
import { afterEach, describe, expect, it } from 'vitest';
import type { FanDriver } from './fan-driver.ts';
import { openHwmonFans } from './hwmon-driver.ts';
import type { FanDriverOptions } from './engine-fans.ts';
import { createHwmonTree, DESKTOP } from './hwmon-tree.testing.ts';
import type { HwmonTree } from './hwmon-tree.testing.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0).reverse()) one.close();
});

interface Desk {
  readonly tree: HwmonTree;
  readonly engine: Engine;
  readonly driver: FanDriver;
}

function openDesk(chips: Parameters<typeof createHwmonTree>[0] = DESKTOP, more: Partial<FanDriverOptions> = {}): Desk {
  const tree = createHwmonTree(chips);
  opened.push({ close: () => tree.remove() });
  const host = openWritableHost({ ...openRootedHost(tree.root), clock: systemClock });
  const engine = openEngine({ host, handlers: openHandlers(), directory: `${tree.root}/journal` });
  const lease = { pid: process.pid, started: processStart(openHost(), process.pid) };
  const driver = openHwmonFans({ host, engine, lease, guard: () => Promise.resolve(), ...more });
  opened.push(driver);
  return { tree, engine, driver };
}

describe('a machine without fans', () => {
  it.each([
    [{}, '/sys/class/hwmon is empty'],
    [{ k10temp: DESKTOP.k10temp }, 'None of the chips of this machine shows a fan: k10temp.'],
  ])('says why', async (chips, why) => {
    expect(await openDesk(chips).driver.read()).toMatchObject({ fans: [], none: expect.stringContaining(why) });
  });
});

describe('fans of hwmon chips', () => {
  it('are read with who decides about them, their bounds, and what they follow', async () => {
    const { fans, temperatures, none } = await openDesk().driver.read();
    expect(none).toBeNull();
    expect(fans.map(({ id, label, rpm, duty, mode, follows, why }) => ({ id, label, rpm, duty, mode, follows, why }))).toEqual([
      { id: 'nct6798/fan1', label: null, rpm: 1000, duty: 0.6, mode: 'automatic', follows: ['nct6798/temp2'], why: null },
      {
        id: 'nct6798/fan2',
        label: 'CPU fan',
        rpm: 900,
        duty: 120 / 255,
        mode: 'manual',
        follows: ['nct6798/temp1', 'nct6798/temp2'],
        why: null,
      },
      { id: 'nct6798/fan3', label: null, rpm: 700, duty: null, mode: null, follows: null, why: 'The chip has no output that drives it.' },
      { id: 'nct6798/pwm5', label: null, rpm: null, duty: 1, mode: 'manual', follows: null, why: null },
    ]);
    expect(fans.map(({ control }) => control?.mayStop ?? null)).toEqual([false, true, null, false]);
    expect(temperatures.find(({ label }) => label === 'Tctl')).toEqual({ id: 'k10temp/temp1', label: 'Tctl', celsius: 61, critical: 95 });
  });

  it('have the bounds that their output says', async () => {
    const { driver } = openDesk({ amdgpu: { fan1_input: 0, pwm1: 0, pwm1_enable: 2, pwm1_min: 0, pwm1_max: 204 } });
    expect((await driver.read()).fans[0]?.control).toEqual({ unit: 'duty', least: 0.2, most: 0.8, mayStop: true });
  });

  it('are taken, set, and given back as they were', async () => {
    const { driver, tree, engine } = openDesk();
    const held = await driver.take('nct6798/fan1', 0.5);
    expect([tree.read('nct6798/pwm1_enable'), tree.read('nct6798/pwm1')]).toEqual(['1', '128']);
    await driver.set(held, 0.3);
    expect(tree.read('nct6798/pwm1')).toBe('77');
    expect(await driver.holders()).toEqual([{ id: 'nct6798/fan1', change: held.change, process: process.pid }]);
    await expect(driver.take('nct6798/fan1', 0.5)).rejects.toMatchObject({ code: 'CONFLICT', hint: expect.stringContaining('fan auto') });
    await driver.release(held, 'It is over.');
    expect(tree.read('nct6798/pwm1_enable')).toBe('5');
    expect(engine.show(held.change)).toMatchObject({ phase: 'ended', why: 'It is over.' });
    expect(await driver.holders()).toEqual([]);
    await expect(driver.set(held, 0.5)).rejects.toMatchObject({ code: 'CONFLICT' });
    await driver.release(held, 'Twice does no harm.');
  });

  it('of a process that was killed are given back before they are taken again', async () => {
    const { driver, tree, engine } = openDesk();
    const output = '/sys/devices/platform/nct6798.0/hwmon/hwmon0/pwm1';
    const action = { kind: 'fan', output, level: 60 } as const;
    const gone = { pid: 4_194_303, started: '1' };
    const changes = [{ action, why: 'A test.', source: 'a test', risk: 'live' }] as const;
    await engine.apply({ component: 'fan', title: 'fan', changes }, { lease: gone });
    const held = await driver.take('nct6798/fan1', 0.5);
    expect(engine.show(held.change).steps[0]?.was).toEqual({ mode: '5' });
    await driver.release(held, 'It is over.');
    expect(tree.read('nct6798/pwm1_enable')).toBe('5');
  });

  it('are given back also while another process has the right to change the machine for a moment', async () => {
    const { driver, tree } = openDesk();
    const held = await driver.take('nct6798/fan1', 0.5);
    const lock = takeFileLock(`${tree.root}/journal/lock`, { holder: 'somebody', place: tree.root, hint: 'Wait.' });
    const released = driver.release(held, 'It is over.');
    await driver.set(held, 0.3);
    expect(tree.read('nct6798/pwm1')).toBe('77');
    lock.release();
    await released;
    expect(tree.read('nct6798/pwm1_enable')).toBe('5');
  });

  it('are not taken without a guard', async () => {
    const { driver, tree } = openDesk(DESKTOP, { guard: () => Promise.reject(new Error('no process')) });
    await expect(driver.take('nct6798/fan1', 0.5)).rejects.toMatchObject({ code: 'ROLLED_BACK' });
    expect([tree.read('nct6798/pwm1_enable'), tree.read('nct6798/pwm1')]).toEqual(['5', '153']);
  });

  it('that nobody may write are refused before anything is written', async () => {
    const { driver, tree } = openDesk();
    tree.protect('nct6798/pwm1_enable');
    await expect(driver.take('nct6798/fan1', 0.5)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('read only'),
    });
    expect(tree.read('nct6798/pwm1')).toBe('153');
    await expect(driver.take('nct6798/fan3', 0.5)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(driver.take('nct6798/fan9', 0.5)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('are left to another program that sets them, unless it is forced', async () => {
    const { driver, tree, engine } = openDesk();
    tree.put('proc/4242/comm', 'fancontrol\n');
    await expect(driver.take('nct6798/fan1', 0.5)).rejects.toMatchObject({ code: 'CONFLICT', message: 'fancontrol runs, and sets fans.' });
    expect(engine.list()).toEqual([]);
    const forced = openDesk(DESKTOP, { force: true });
    forced.tree.put('proc/4242/comm', 'fancontrol\n');
    await forced.driver.release(await forced.driver.take('nct6798/fan1', 0.5), 'It is over.');
  });

  it('of two chips with one name are told apart by their places', async () => {
    const tree = createHwmonTree({ one: { name: 'twin', fan1_input: 1 }, two: { name: 'twin', fan1_input: 2 } });
    opened.push({ close: () => tree.remove() });
    const host = openWritableHost(openRootedHost(tree.root));
    const engine = openEngine({ host, handlers: openHandlers(), directory: `${tree.root}/journal` });
    const driver = openHwmonFans({ host, engine, lease: { pid: 1, started: null }, guard: () => Promise.resolve() });
    opened.push(driver);
    expect((await driver.read()).fans.map(({ id }) => id)).toEqual(['platform_one_0/fan1', 'platform_two_0/fan1']);
  });
});
