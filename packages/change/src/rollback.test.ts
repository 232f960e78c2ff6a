import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBench, planOf, set } from './engine.testing.ts';
import type { Bench } from './engine.testing.ts';
import type { DeviceIdentity } from './handler.ts';

let bench: Bench;
beforeEach(() => {
  bench = createBench({ '/sys/one': '1\n', '/sys/two': '2\n' });
});
afterEach(() => bench.tree.remove());

const one = (): string => bench.tree.read('/sys/one').trim();
const apply = (value: string, component = 'test', replace = false): Promise<unknown> =>
  bench.engine().apply(planOf([set('/sys/one', value)], component), { replace });
const fates = async (id: number): Promise<string[]> => (await bench.engine().rollBack(id)).transaction.steps.map(({ state }) => state);

describe('rolling back', () => {
  it('leaves alone what somebody else changed, and says what it found', async () => {
    await bench.engine().apply(planOf([set('/sys/one', '7'), set('/sys/two', '9')]));
    bench.tree.write('/sys/one', '42\n');
    expect((await bench.engine().verify()).map(({ verdict, now }) => [verdict, now])).toEqual([
      ['drifted', '42'],
      ['kept', '9'],
    ]);
    const { transaction, failures } = await bench.engine().rollBack(1, 'A test.');
    expect(transaction.steps.map(({ state, found }) => [state, found])).toEqual([
      ['drifted', '42'],
      ['restored', '9'],
    ]);
    expect({ failures, phase: transaction.phase, why: transaction.why }).toEqual({ failures: [], phase: 'ended', why: 'A test.' });
    expect([one(), bench.tree.read('/sys/two')]).toEqual(['42', '2']);
  });

  it.each([
    ['a change was made', 'done', '7'],
    ['all changes were made', 'applied', '7'],
    ['all changes were made and none was needed', 'applied', '1'],
  ])('leaves alone what somebody else changed where the line is damaged that says that %s', async (_, type, wanted) => {
    await bench.engine().apply(planOf([set('/sys/one', wanted)]));
    const journal = path.join(bench.directory, '000001.journal');
    const spoiled = readFileSync(journal, 'utf8').replace(`{"type":"${type}"`, `{"type":"#${type.slice(1)}"`);
    expect(spoiled).toContain('"#');
    writeFileSync(journal, spoiled);
    bench.tree.write('/sys/one', '42\n');
    await bench.engine().recover();
    await bench.engine().rollBack(1);
    expect(one()).toBe('42');
  });

  it('does nothing the second time', async () => {
    await apply('7');
    const first = await bench.engine().rollBack(1);
    await apply('8');
    expect(await bench.engine().rollBack(1)).toEqual(first);
    expect(one()).toBe('8');
  });

  it('hands the first value on to whoever changed the thing later, in any order', async () => {
    await apply('7');
    await apply('8', 'other');
    await apply('9', 'third');
    expect(await fates(2)).toEqual(['inherited']);
    expect(await fates(1)).toEqual(['inherited']);
    expect(one()).toBe('9');
    expect(await fates(3)).toEqual(['restored']);
    expect(one()).toBe('1');
  });

  it('keeps what another one wants just so', async () => {
    await apply('7');
    await apply('7', 'other');
    expect(await fates(1)).toEqual(['inherited']);
    expect(one()).toBe('7');
    expect(await fates(2)).toEqual(['restored']);
    expect(one()).toBe('1');
  });

  it('keeps what replaces it, also when that wants the same', async () => {
    await apply('7');
    await apply('7', 'test', true);
    expect(one()).toBe('7');
    expect(
      bench
        .engine()
        .list()
        .map(({ phase, replaces }) => [phase, replaces]),
    ).toEqual([
      ['ended', null],
      ['active', 1],
    ]);
    expect((await bench.engine().verify()).map(({ verdict }) => verdict)).toEqual(['kept']);
    await fates(2);
    expect(one()).toBe('1');
  });

  it("does not touch a later value when somebody else's lay between", async () => {
    await apply('7');
    bench.tree.write('/sys/one', '42\n');
    await apply('7', 'other');
    expect(await fates(1)).toEqual(['drifted']);
    expect(one()).toBe('7');
    expect(await fates(2)).toEqual(['restored']);
    expect(one()).toBe('42');
  });

  it('finds things that are gone, and ends all the same', async () => {
    await apply('7');
    rmSync(path.join(bench.tree.directory, 'sys/one'));
    expect((await bench.engine().verify()).map(({ verdict }) => verdict)).toEqual(['gone']);
    expect(await fates(1)).toEqual(['lost']);
  });

  it.each([
    ['another device', (): DeviceIdentity => ({ kind: 'block', id: 'second', name: 'sda' })],
    ['no device', (): null => null],
    [
      'a device that cannot be asked any more',
      (): never => {
        throw Object.assign(new Error('ENODEV: gone'), { code: 'ENODEV' });
      },
    ],
  ])('writes nothing to %s in its place', async (_, device) => {
    await bench.engine({ device: () => ({ kind: 'block', id: 'first', name: 'sda' }) }).apply(planOf([set('/sys/one', '7')]));
    expect((await bench.engine({ device }).verify()).map(({ verdict }) => verdict)).toEqual(['gone']);
    const { transaction } = await bench.engine({ device }).rollBack(1);
    expect(transaction.steps[0]?.state).toBe('lost');
    expect(one()).toBe('7');
  });

  it('waits for the handler of a kind that is not there now', async () => {
    const link = planOf([{ kind: 'link', path: '/sys/link', target: 'there' }], 'other');
    await bench.engine().apply(link);
    await apply('7');
    const file = path.join(bench.directory, '000001.journal');
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.slice(9).replace('"kind":"link"', '"kind":"package"'));
    writeFileSync(file, lines.map((json) => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`).join(''));
    expect((await bench.engine().verify()).map(({ verdict }) => verdict)).toEqual(['gone', 'kept']);
    expect(await fates(2)).toEqual(['restored']);
    const { failures, transaction } = await bench.engine().rollBack(1);
    expect({ phase: transaction.phase, sentences: failures.map(({ sentence }) => sentence) }).toEqual({
      phase: 'undoing',
      sentences: ['"package" is no kind of change.'],
    });
  });

  it('is over when the handler says that no more can be done', async () => {
    const engine = bench.engine({ restore: () => undefined, isRestored: (now, was) => now === '7' && was === '1' });
    await engine.apply(planOf([set('/sys/one', '7')]));
    expect((await engine.rollBack(1)).failures).toEqual([]);
  });
});
