import { openHost, openWritableHost } from '@hecate/host';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FanAction } from '../../action.ts';
import { createMachine } from '../../crash/machine.testing.ts';
import type { Machine, Position } from '../../crash/machine.testing.ts';
import { openEngine } from '../../engine.ts';
import type { Engine } from '../../engine.ts';
import { planOf } from '../../engine.testing.ts';
import { openHandlers } from '../index.ts';
import { bytesOf, firmware, setKey, smcFiles, SMC_OUTPUT, targetOf, withController } from './smc-chip.testing.ts';
import type { SmcKind } from './smc-chip.testing.ts';
import { smcOutput } from './smc-output.ts';

const handlers = openHandlers();
const set = (level: number, output = SMC_OUTPUT): FanAction => ({ kind: 'fan', output, level });
const plan = (level: number, output = SMC_OUTPUT) => planOf([set(level, output)], 'fan');
const KINDS: readonly SmcKind[] = ['M1', 'M4', 'M5', 'Intel'];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Room {
  readonly machine: Machine;
  readonly engine: Engine;
  isRoot: boolean;
}
function roomOf(kind: SmcKind, manual?: number): Room {
  const machine = createMachine(smcFiles(kind, manual), firmware(kind));
  const room = { machine, isRoot: true } as { -readonly [Key in keyof Room]: Room[Key] };
  const controller = withController(machine.host, () => room.isRoot);
  room.engine = openEngine({ host: controller.host, store: machine.store, directory: machine.directory, handlers });
  closing.push(() => {
    machine.remove();
    expect(controller.open(), 'connections are closed').toBe(0);
  });
  return room;
}

describe.each(KINDS)('a fan of %s', (kind) => {
  it('is taken, set as often as one likes, and given back byte for byte', async () => {
    const { machine, engine } = roomOf(kind);
    const before = machine.picture();
    const { id, steps } = await engine.apply(plan(3000));
    expect(steps[0]).toMatchObject({ state: 'done', was: { control: 'automatic' }, wanted: { control: 'manual', target: 3000 } });
    for (const level of [1200, 5800, 2401]) {
      await engine.adjust(id, set(level));
      expect((await engine.verify()).map(({ verdict }) => verdict)).toEqual(['kept']);
    }
    if (kind !== 'Intel') expect(targetOf(machine.host)).toBe(2401);
    else expect(bytesOf(machine.host, 'F0Tg')).toBe((2401 * 4).toString(16));
    expect((await engine.rollBack(id)).failures).toEqual([]);
    expect(machine.picture()).toEqual(before);
  });

  it('has the speed again that somebody had set', async () => {
    const { machine, engine } = roomOf(kind, 2000);
    if (kind === 'M4') setKey(machine.host, 'Ftst', 'ui8  01');
    const before = machine.picture();
    const { id } = await engine.apply(plan(3000));
    expect(machine.picture()).not.toEqual(before);
    await engine.rollBack(id);
    expect(machine.picture()).toEqual(before);
  });

  it.each([1199, 0, 5801])('is never set to %i turns, which is outside of its bounds', async (level) => {
    const { machine, engine } = roomOf(kind);
    const before = machine.picture();
    await expect(engine.apply(plan(level))).rejects.toMatchObject({ message: expect.stringContaining('1200 to 5800') });
    expect(machine.picture()).toEqual(before);
    const { id } = await engine.apply(plan(3000));
    await expect(engine.adjust(id, set(level))).rejects.toMatchObject({ code: 'INVALID' });
    await engine.rollBack(id);
  });

  it('is as before wherever whoever held it was killed, at whatever level', async () => {
    const positions: readonly Position[] = ['before', 'during', 'after'];
    for (const manual of [undefined, 2000]) {
      const { machine } = roomOf(kind, manual);
      if (kind === 'M4' && manual !== undefined) setKey(machine.host, 'Ftst', 'ui8  01');
      const untouched = machine.save();
      const engineOf = (): Engine =>
        openEngine({ host: withController(machine.host).host, store: machine.store, directory: machine.directory, handlers });
      let cases = 0;
      for (let at = 0, alive = false; !alive; at++) {
        for (const position of positions) {
          machine.load(untouched);
          machine.expect({ at, position });
          cases++;
          try {
            const engine = engineOf();
            const { id } = await engine.apply(plan(3000));
            await engine.adjust(id, set(1200));
            await engine.adjust(id, set(5800));
            await engine.rollBack(id);
          } catch (error) {
            if (!machine.isDead) throw error;
          }
          alive = !machine.isDead;
          machine.expect(null);
          const next = engineOf();
          expect((await next.recover()).flatMap(({ failures }) => failures)).toEqual([]);
          for (const { id, phase } of next.list()) if (phase !== 'ended') await next.rollBack(id);
          expect(machine.save().tree, `manual ${manual}, effect ${at}, ${position}`).toEqual(untouched.tree);
        }
      }
      expect(cases).toBeGreaterThan(20);
    }
  });

  it('is left to the firmware that has taken it back: after a sleep', async () => {
    const { machine, engine } = roomOf(kind);
    const { id } = await engine.apply(plan(3000));
    if (kind === 'Intel') setKey(machine.host, 'FS! ', 'ui16 0000');
    else if (kind === 'M4') setKey(machine.host, 'Ftst', 'ui8  00');
    else setKey(machine.host, kind === 'M5' ? 'F0md' : 'F0Md', 'ui8  00');
    await expect(engine.adjust(id, set(2000))).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('taken') });
    const picture = machine.picture();
    await engine.rollBack(id);
    expect(machine.picture()).toEqual(picture);
    expect(engine.show(id).steps[0]?.state).toMatch(/drifted|restored/);
  });

  it('is not for who is not root', async () => {
    const room = roomOf(kind);
    room.isRoot = false;
    const before = room.machine.picture();
    await expect(room.engine.apply(plan(3000))).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      message: expect.stringContaining('0xe00002c1'),
    });
    expect(room.machine.picture()).toEqual(before);
  });
});

describe('firmware that must be told to let go', () => {
  it('has its lock again only when the last fan is given back, in whatever order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { machine, engine } = roomOf('M4');
      const before = machine.picture();
      const ids = [await engine.apply(plan(3000)), await engine.apply(plan(2500, 'AppleSMC/F1'))].map(({ id }) => id);
      await engine.rollBack(ids[order[0]!]!);
      expect(bytesOf(machine.host, 'Ftst')).toBe('01');
      expect(targetOf(machine.host, order[1])).toBe(order[1] === 0 ? 3000 : 2500);
      expect((await engine.rollBack(ids[order[1]!]!)).failures).toEqual([]);
      expect(bytesOf(machine.host, 'Ftst')).toBe('00');
      expect(machine.picture()).toEqual(before);
    }
  });

  it('keeps two fans apart when their holder is killed anywhere', async () => {
    const { machine } = roomOf('M4');
    const untouched = machine.save();
    const engineOf = (): Engine =>
      openEngine({ host: withController(machine.host).host, store: machine.store, directory: machine.directory, handlers });
    for (let at = 0, alive = false; !alive; at++) {
      machine.load(untouched);
      machine.expect({ at, position: 'after' });
      try {
        const engine = engineOf();
        const first = await engine.apply(plan(3000));
        const second = await engine.apply(plan(2500, 'AppleSMC/F1'));
        await engine.rollBack(first.id);
        await engine.rollBack(second.id);
      } catch (error) {
        if (!machine.isDead) throw error;
      }
      alive = !machine.isDead;
      machine.expect(null);
      const next = engineOf();
      await next.recover();
      for (const { id, phase } of next.list()) if (phase !== 'ended') await next.rollBack(id);
      expect(machine.save().tree, `effect ${at}`).toEqual(untouched.tree);
    }
  });
});

it('a fan that is not there, or whose controller says nothing, is told', async () => {
  const { engine, machine } = roomOf('M1');
  await expect(engine.apply(plan(3000, 'AppleSMC/F2'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('2 fans'),
  });
  machine.load({
    ...machine.save(),
    tree: Object.fromEntries(Object.entries(machine.save().tree).filter(([file]) => !file.endsWith(Buffer.from('F0Md').toString('hex')))),
  });
  await expect(engine.apply(plan(3000))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

it('a real controller is for root only, and that is told before anything is written', async () => {
  const user = vi.spyOn(process, 'geteuid').mockReturnValue(501);
  try {
    await expect(smcOutput.check(openWritableHost(openHost()), SMC_OUTPUT)).rejects.toMatchObject({ code: 'DENIED' });
    user.mockReturnValue(0);
    if (process.platform !== 'darwin')
      await expect(smcOutput.check(openWritableHost(openHost()), SMC_OUTPUT)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  } finally {
    user.mockRestore();
  }
});
