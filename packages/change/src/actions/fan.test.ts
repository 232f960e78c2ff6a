import { afterEach, describe, expect, it } from 'vitest';
import { createMachine } from '../crash/machine.testing.ts';
import type { Entry, Kernel, Machine, Position } from '../crash/machine.testing.ts';
import { openEngine } from '../engine.ts';
import type { Engine } from '../engine.ts';
import { planOf } from '../engine.testing.ts';
import type { FanAction } from '../action.ts';
import { chipFiles, CHIP, nuvoton, OUTPUT } from './fan/fan-chip.testing.ts';
import { openHandlers } from './index.ts';

const handlers = openHandlers();
const set = (level: number): FanAction => ({ kind: 'fan', output: OUTPUT, level });
const plan = (level: number) => planOf([set(level)], 'fan');
const machines: Machine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});
function machineOf(files: Readonly<Record<string, Entry>>, kernel: Kernel = nuvoton): Machine {
  const machine = createMachine(files, kernel);
  machines.push(machine);
  return machine;
}
const engineOf = ({ host, store, directory }: Machine): Engine => openEngine({ host, store, directory, handlers });
const read = ({ host }: Machine, file: string): string => host.readText(file).trim();
const valuesOf = (machine: Machine): string => `${read(machine, `${OUTPUT}_enable`)} ${read(machine, OUTPUT)}`;

describe('a fan that the chip decides about', () => {
  it('is taken first and set then, adjusted as often as one likes, and given back', async () => {
    const machine = machineOf(chipFiles());
    const before = machine.picture();
    const engine = engineOf(machine);
    const { id, steps } = await engine.apply(plan(128));
    expect(steps[0]).toMatchObject({ state: 'done', was: { mode: '5' }, wanted: { mode: '1', duty: 128 } });
    for (const level of [60, 255, 200]) {
      await engine.adjust(id, set(level));
      expect(read(machine, OUTPUT)).toBe(String(level));
      expect((await engine.verify()).map(({ verdict }) => verdict)).toEqual(['kept']);
    }
    expect((await engine.rollBack(id)).failures).toEqual([]);
    expect(machine.picture()).toEqual(before);
    expect(engine.show(id).steps[0]).toMatchObject({ state: 'restored' });
  });

  it.each(['0', '1', '2', '5'])('has mode %s again after full speed, which this chip cannot tell from its mode 0', async (mode) => {
    const machine = machineOf(chipFiles(mode, mode === '0' ? '255' : '90'));
    const before = machine.picture();
    const engine = engineOf(machine);
    const { id } = await engine.apply(plan(255));
    await engine.adjust(id, set(100));
    await engine.adjust(id, set(255));
    await engine.rollBack(id);
    expect(machine.picture()).toEqual(before);
  });

  it('is as before wherever whoever held it was killed, at whatever level', async () => {
    const positions: readonly Position[] = ['before', 'during', 'after'];
    for (const mode of ['5', '1', '0']) {
      const machine = machineOf(chipFiles(mode, mode === '0' ? '255' : '90'));
      const untouched = machine.save();
      let cases = 0;
      for (let at = 0, alive = false; !alive; at++) {
        for (const position of positions) {
          machine.load(untouched);
          machine.expect({ at, position });
          cases++;
          try {
            const engine = engineOf(machine);
            const { id } = await engine.apply(plan(128));
            await engine.adjust(id, set(60));
            await engine.adjust(id, set(255));
            await engine.rollBack(id);
          } catch (error) {
            if (!machine.isDead) throw error;
          }
          alive = !machine.isDead;
          machine.expect(null);
          const next = engineOf(machine);
          expect((await next.recover()).flatMap(({ failures }) => failures)).toEqual([]);
          for (const { id, phase } of next.list()) if (phase !== 'ended') await next.rollBack(id);
          expect(machine.save().tree, `mode ${mode}, effect ${at}, ${position}`).toEqual(untouched.tree);
        }
      }
      expect(cases).toBeGreaterThan(20);
    }
  });

  it('is left to the boot after a power cut', async () => {
    const machine = machineOf(chipFiles());
    await engineOf(machine).apply(plan(128));
    machine.cutPower({ [OUTPUT]: '77\n', [`${OUTPUT}_enable`]: '4\n' });
    machine.expect(null);
    const [done] = await engineOf(machine).recover();
    expect(done?.transaction.steps[0]?.state).toBe('expired');
    expect(valuesOf(machine)).toBe('4 77');
  });
});

describe('firmware that does not let go', () => {
  const stubborn: Kernel = (file, text) => (file === OUTPUT ? { [file]: `${text.trim()}\n` } : {});

  it('is told of, and nothing stays changed', async () => {
    const machine = machineOf(chipFiles(), stubborn);
    const before = machine.picture();
    await expect(engineOf(machine).apply(plan(128))).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      message: 'The firmware does not let go of pwm1 of nct6775.656: it was set to manual, and reads otherwise.',
    });
    expect(machine.picture()).toEqual(before);
  });

  it('is told of when it takes the mode and not the duty', async () => {
    const deaf: Kernel = (file, text) => (file === OUTPUT ? {} : { [file]: `${text.trim()}\n` });
    const machine = machineOf(chipFiles(), deaf);
    await expect(engineOf(machine).apply(plan(200))).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      message: expect.stringContaining('reads 90'),
    });
    expect(valuesOf(machine)).toBe('5 90');
  });

  it('may round to the few steps that it has', async () => {
    const coarse: Kernel = (file, text) => ({ [file]: `${file === OUTPUT ? Math.round(Number(text) / 128) * 128 : Number(text)}\n` });
    const machine = machineOf(chipFiles('1', '0'), coarse);
    const engine = engineOf(machine);
    const { id } = await engine.apply(plan(100));
    expect(valuesOf(machine)).toBe('1 128');
    expect((await engine.rollBack(id)).failures).toEqual([]);
    expect(valuesOf(machine)).toBe('1 0');
  });

  it('is not written to when it has taken the fan back', async () => {
    const machine = machineOf(chipFiles());
    const engine = engineOf(machine);
    const { id } = await engine.apply(plan(128));
    machine.host.setValue(`${OUTPUT}_enable`, '4');
    await expect(engine.adjust(id, set(60))).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('taken pwm1') });
    await engine.rollBack(id);
    expect(valuesOf(machine)).toBe('4 90');
    expect(engine.show(id).steps[0]?.state).toBe('drifted');
  });

  it('leaves the fan at full speed when it does not take its mode back, and that is told', async () => {
    let isBroken = false;
    const machine = machineOf(chipFiles(), (file, text, has) => {
      if (isBroken && file === `${OUTPUT}_enable`) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return nuvoton(file, text, has);
    });
    const engine = engineOf(machine);
    const { id } = await engine.apply(plan(60));
    isBroken = true;
    expect((await engine.rollBack(id)).failures).toHaveLength(1);
    expect(read(machine, OUTPUT)).toBe('255');
    isBroken = false;
    await engine.recover();
    expect(valuesOf(machine)).toBe('5 90');
  });
});

describe('adjusting', () => {
  it('is for what is held by that change, and by no later one', async () => {
    const machine = machineOf(chipFiles());
    const engine = engineOf(machine);
    await expect(engine.adjust(1, set(60))).rejects.toMatchObject({ code: 'INVALID' });
    const first = await engine.apply(plan(128));
    const second = await engine.apply(plan(140));
    await expect(engine.adjust(first.id, set(60))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Change 2'),
    });
    await expect(engine.adjust(second.id, { ...set(60), output: `${CHIP}/pwm2` })).rejects.toMatchObject({ code: 'CONFLICT' });
    await engine.rollBack(second.id);
    await engine.adjust(first.id, set(60));
    await engine.rollBack(first.id);
    await expect(engine.adjust(first.id, set(60))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(valuesOf(machine)).toBe('5 90');
  });

  it('is for kinds of which every value is known as ours', async () => {
    const machine = machineOf({ ...chipFiles(), '/sys/a': { text: '1\n', mode: 0o644 } }, (file, text) => ({ [file]: `${text.trim()}\n` }));
    const engine = engineOf(machine);
    const action = { kind: 'sysfs', path: '/sys/a', value: '2' } as const;
    const { id } = await engine.apply(planOf([action]));
    await expect(engine.adjust(id, { ...action, value: '3' })).rejects.toMatchObject({ code: 'INVALID' });
  });
});
