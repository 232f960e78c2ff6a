import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBench, planOf, set } from './engine.testing.ts';
import type { Bench } from './engine.testing.ts';

let bench: Bench;
beforeEach(() => {
  bench = createBench({ '/sys/one': '1\n', '/sys/two': '2\n', '/etc/file': 'text\n' });
});
afterEach(() => bench.tree.remove());

const one = (): string => bench.tree.read('/sys/one').trim();
const ONE_TO_7 = planOf([set('/sys/one', '7')]);
const FILE = planOf([{ kind: 'file', path: '/etc/file', content: 'new\n' }, set('/sys/one', '7')]);

describe('applying', () => {
  it('makes all changes, and tells of them', async () => {
    const transaction = await bench.engine().apply(planOf([set('/sys/one', '7'), set('/sys/two', '2')]));
    expect(transaction).toMatchObject({ id: 1, phase: 'active', boot: 'boot-0', pid: process.pid, replaces: null, lease: null });
    expect(transaction.steps.map(({ state, was, wanted }) => [state, was, wanted])).toEqual([
      ['done', '1', '7'],
      ['same', '2', '2'],
    ]);
    expect(one()).toBe('7');
    expect(bench.engine().list()).toEqual([transaction]);
    expect((await bench.engine().verify()).map(({ target, verdict, now }) => [target, verdict, now])).toEqual([
      ['/sys/one', 'kept', '7'],
      ['/sys/two', 'kept', '2'],
    ]);
  });

  it('undoes all when one of them fails, and says so', async () => {
    const clamps = (value: string) => ({ apply: () => writeFileSync(path.join(bench.tree.directory, 'sys/two'), value) });
    const engine = bench.engine({
      ...clamps('4\n'),
      restore: (host, action, was) => host.setValue((action as { path: string }).path, `${was as string}\n`),
    });
    const refusal = engine.apply(planOf([set('/sys/two', '9')]));
    await expect(refusal).rejects.toMatchObject({ code: 'ROLLED_BACK', message: '/sys/two was set to "9" and reads "4".' });
    expect(bench.tree.read('/sys/two')).toBe('2\n');
    expect(engine.show(1)).toMatchObject({ phase: 'ended', why: '/sys/two was set to "9" and reads "4".' });
  });

  it('says which changes could not be undone, and refuses others until they are', async () => {
    const stuck = bench.engine({
      apply: (host, action) => host.setValue((action as { path: string }).path, '5\n'),
      restore: () => {
        throw Object.assign(new Error('EBUSY: in use'), { code: 'EBUSY' });
      },
    });
    await expect(stuck.apply(ONE_TO_7)).rejects.toMatchObject({ code: 'FAILED', message: expect.stringContaining('EBUSY: in use') });
    await expect(stuck.apply(planOf([set('/sys/two', '9')]))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Change 1 is not undone yet: EBUSY: in use',
    });
    expect(bench.engine().show(1).phase).toBe('undoing');
    expect((await bench.engine().recover()).map(({ transaction, failures }) => [transaction.phase, failures])).toEqual([['ended', []]]);
    expect(one()).toBe('1');
  });

  it('stops when it is aborted, and when the guard does not start, with nothing changed', async () => {
    const engine = bench.engine();
    await expect(engine.apply(ONE_TO_7, { signal: AbortSignal.abort(new Error('The user pressed ^C.')) })).rejects.toMatchObject({
      code: 'ROLLED_BACK',
      message: 'The user pressed ^C.',
    });
    const guard = (): Promise<never> => {
      expect(engine.show(2).phase).toBe('applying');
      return Promise.reject(new Error('The guard does not start.'));
    };
    await expect(engine.apply(ONE_TO_7, { confirm: 5, guard })).rejects.toMatchObject({ code: 'ROLLED_BACK' });
    expect(one()).toBe('1');
    expect(engine.list().map(({ phase }) => phase)).toEqual(['ended', 'ended']);
  });

  it('refuses another one while it is at work', async () => {
    const engine = bench.engine();
    let second: Promise<unknown> = Promise.resolve();
    await engine.apply(ONE_TO_7, {
      confirm: 5,
      guard: async () => {
        second = bench.engine().apply(planOf([set('/sys/two', '9')]));
        await expect(second).rejects.toMatchObject({ code: 'CONFLICT' });
        await expect(bench.engine().recover()).rejects.toMatchObject({ code: 'CONFLICT' });
      },
    });
    expect(bench.tree.read('/sys/two')).toBe('2\n');
  });

  it.skipIf(process.getuid?.() === 0)('is denied where the user may not write the journal', async () => {
    mkdirSync(bench.directory, { mode: 0o500 });
    await expect(bench.engine().apply(ONE_TO_7)).rejects.toMatchObject({ code: 'DENIED' });
    expect(one()).toBe('1');
  });
});

describe('a change that must be confirmed', () => {
  it.each([Number.NaN, 0, -1, Infinity])('waits for a time that is one, and not %s', async (confirm) => {
    await expect(bench.engine().apply(ONE_TO_7, { confirm })).rejects.toMatchObject({ code: 'INVALID' });
    expect(bench.engine().list()).toEqual([]);
  });

  it('stays when it is confirmed in time', async () => {
    expect(await bench.engine().apply(ONE_TO_7, { confirm: 60 })).toMatchObject({ phase: 'unconfirmed', deadline: 1060 });
    bench.now += 59;
    expect(await bench.engine().recover()).toEqual([]);
    expect((await bench.engine().confirm(1)).phase).toBe('active');
    bench.now += 100;
    expect(await bench.engine().recover()).toEqual([]);
    expect((await bench.engine().confirm(1)).phase).toBe('active');
    expect(one()).toBe('7');
  });

  it.each([
    ['after its time', () => Promise.resolve((bench.now += 60)), 'It was not confirmed in time.'],
    [
      'after a reboot',
      () => Promise.resolve(bench.reboot({ '/sys/one': '1\n' })),
      'It was not confirmed before the machine was started anew.',
    ],
    ['after it was rolled back', () => bench.engine().rollBack(1), 'It was asked for.'],
  ])('cannot be confirmed %s, and is undone', async (_, happen, why) => {
    await bench.engine().apply(ONE_TO_7, { confirm: 60 });
    await happen();
    await expect(bench.engine().confirm(1)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Change 1 cannot be confirmed any more. ${why}`,
    });
    expect(bench.engine().show(1)).toMatchObject({ phase: 'ended', why });
    expect(one()).toBe('1');
  });

  it('takes the place of the one before when it is confirmed, and not earlier', async () => {
    await bench.engine().apply(planOf([set('/sys/one', '7'), set('/sys/two', '9')]));
    await bench.engine().apply(planOf([set('/sys/one', '8')]), { confirm: 60, replace: true });
    expect([one(), bench.tree.read('/sys/two')]).toEqual(['8', '9']);
    await bench.engine().confirm(2);
    expect([one(), bench.tree.read('/sys/two')]).toEqual(['8', '2']);
    await bench.engine().rollBack(2);
    expect(one()).toBe('1');
  });
});

describe('what is asked for and is not there', () => {
  it.each(['show', 'rollBack', 'confirm', 'verify'] as const)('is a sentence: %s', async (method) => {
    const ask = async (): Promise<unknown> => bench.engine()[method](7);
    await expect(ask()).rejects.toMatchObject({ code: 'INVALID', message: 'There is no change 7.' });
  });
});

describe('a reboot', () => {
  it('ends what it took back, and leaves the value of the new boot alone', async () => {
    await bench.engine().apply(ONE_TO_7);
    bench.reboot({ '/sys/one': '7\n' });
    expect((await bench.engine().verify()).map(({ verdict }) => verdict)).toEqual(['expired']);
    expect((await bench.engine().recover()).map(({ transaction }) => transaction.steps[0]?.state)).toEqual(['expired']);
    expect(one()).toBe('7');
  });

  it('takes back no files: they are still ours', async () => {
    await bench.engine().apply(FILE);
    bench.reboot({ '/sys/one': '3\n' });
    expect(await bench.engine().recover()).toEqual([]);
    expect((await bench.engine().verify()).map(({ verdict }) => verdict)).toEqual(['kept', 'expired']);
    await bench.engine().rollBack(1);
    expect([bench.tree.read('/etc/file'), one()]).toEqual(['text\n', '3']);
  });
});

describe('journals', () => {
  it('with a damaged beginning are told of, and keep nobody from working', async () => {
    await bench.engine().apply(ONE_TO_7);
    const file = path.join(bench.directory, '000001.journal');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"begin"', '"beg1n"'));
    expect(bench.engine().list()).toEqual([]);
    expect(bench.told.join('\n')).toContain('The journal of change 1 has no beginning');
    expect(() => bench.engine().show(1)).toThrow(expect.objectContaining({ code: 'FAILED' }));
    expect((await bench.engine().apply(planOf([set('/sys/two', '9')]))).id).toBe(2);
  });

  it('that never began are nothing, and their number is not used again', async () => {
    mkdirSync(bench.directory);
    writeFileSync(path.join(bench.directory, '000001.journal'), '1234abcd {"type":"beg');
    expect(bench.engine().list()).toEqual([]);
    expect(await bench.engine().recover()).toEqual([]);
    expect(() => bench.engine().show(1)).toThrow(expect.objectContaining({ code: 'INVALID' }));
    expect((await bench.engine().apply(ONE_TO_7)).id).toBe(2);
    expect(bench.told).toEqual([]);
  });

  it('of the last 200 that ended are kept, and all that are in force', async () => {
    const first = await bench.engine().apply(planOf([set('/sys/two', '9')], 'other'));
    const text = readFileSync(path.join(bench.directory, '000001.journal'), 'utf8');
    const { id } = await bench.engine().apply(ONE_TO_7);
    await bench.engine().rollBack(id);
    const ended = readFileSync(path.join(bench.directory, '000002.journal'));
    for (let next = 3; next <= 230; next++) writeFileSync(path.join(bench.directory, `${String(next).padStart(6, '0')}.journal`), ended);
    await bench.engine().apply(ONE_TO_7);
    expect(readdirSync(bench.directory)).toHaveLength(1 + 200 + 1);
    expect(
      bench
        .engine()
        .list()
        .map((transaction) => transaction.id)
        .slice(0, 2),
    ).toEqual([first.id, 31]);
    expect(readFileSync(path.join(bench.directory, '000001.journal'), 'utf8')).toBe(text);
    await bench.engine().rollBack(first.id);
    expect(bench.tree.read('/sys/two').trim()).toBe('2');
  });

  it('leave no lock behind', async () => {
    await bench.engine().apply(ONE_TO_7);
    expect(readdirSync(bench.directory)).toEqual(['000001.journal']);
    expect(statSync(bench.directory).mode & 0o777).toBe(0o700);
  });
});
