import { describe, expect, it } from 'vitest';
import { HecateError } from '@hecate/host';
import type { Change } from '@hecate/change';
import { jitter, SCORE, turn, withFakeMachine } from './fake-machine.testing.ts';
import type { Behaviour, FakeMachine } from './fake-machine.testing.ts';
import { proveChanges, verdictOf } from './prove.ts';
import type { Proof, ProveOptions, ProveProgress } from './prove.ts';

const KNOBS = { fast: '0', slow: '0', idle: '0' };
/** `fast` wins a quarter, `slow` costs a tenth, `idle` does nothing; a run differs from the next by 2 %. */
const behave: Behaviour = (knobs, random) =>
  100 * (knobs['fast'] === '1' ? 1.25 : 1) * (knobs['slow'] === '1' ? 0.9 : 1) * jitter(random, 0.02);

const planOf = (...changes: Change[]): ProveOptions['plan'] => ({ component: 'tune', title: 'a plan', changes });
const options = ({ engine, host }: FakeMachine, ...changes: Change[]): ProveOptions => ({
  engine,
  host,
  plan: planOf(...changes),
  workload: SCORE,
  seed: 1,
  force: true,
});
const prove = (machine: FakeMachine, changes: Change[], more: Partial<ProveOptions> = {}): Promise<Proof> =>
  proveChanges({ ...options(machine, ...changes), ...more });

describe('a proof', () => {
  it('of a change that helps says how much, and takes it back', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const proof = await prove(machine, [turn('fast', '1')]);
      expect(verdictOf(proof)).toMatchObject({ finding: 'better', rounds: 8, wins: 8 });
      expect(verdictOf(proof).gain).toBeCloseTo(0.25, 1);
      expect(proof).toMatchObject({ kept: null, winners: null, changes: [{ target: 'fast', role: 'wins' }] });
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
      expect(machine.engine.list().every(({ phase }) => phase === 'ended')).toBe(true);
    });
  });

  it('measures both sides equally often, in rounds that begin and end with the same side', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const proof = await prove(machine, [turn('fast', '1')], { warmUp: 2 });
      const sides = machine.seen.map((knobs) => knobs['fast']);
      expect(sides.slice(0, 4)).toEqual(['0', '0', '1', '1']);
      const rounds = Array.from({ length: proof.together.rounds.length }, (_, round) => sides.slice(4 + round * 4, 8 + round * 4).join(''));
      expect(sides).toHaveLength(4 + 4 * rounds.length);
      expect(new Set(rounds)).toEqual(new Set(['0110', '1001']));
    });
  });

  it('of a change that does harm, or nothing, keeps nothing', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const worse = await prove(machine, [turn('slow', '1')], { keep: true });
      expect(verdictOf(worse).finding).toBe('worse');
      const nothing = await prove(machine, [turn('idle', '1')], { keep: true });
      expect(['same', 'too-noisy']).toContain(verdictOf(nothing).finding);
      expect([worse.kept, nothing.kept]).toEqual([null, null]);
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
    });
  });

  it('keeps what wins when it is to', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const { kept } = await prove(machine, [turn('fast', '1')], { keep: true });
      expect(kept).toBe(machine.last());
      expect(Object.fromEntries(machine.knobs)).toEqual({ ...KNOBS, fast: '1' });
      expect(machine.engine.show(kept!)).toMatchObject({ phase: 'active', lease: null, plan: { component: 'tune', title: 'a plan' } });
      await machine.engine.rollBack(kept!);
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
    });
  });

  it('of several changes finds the one that matters, and proves it anew', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const parts = new Set<string>();
      const progress = ({ part, target }: ProveProgress): void => void parts.add(`${part} ${target ?? ''}`.trim());
      const proof = await prove(machine, [turn('slow', '1'), turn('fast', '1'), turn('idle', '1')], { keep: true, progress });
      expect(Object.fromEntries(proof.changes.map(({ target, role }) => [target, role]))).toEqual({
        slow: 'no-gain',
        fast: 'wins',
        idle: 'no-gain',
      });
      expect(proof.changes[0]?.judgement?.finding).toBe('worse');
      expect(proof.together.judgement.gain).toBeCloseTo(0.125, 1);
      expect(verdictOf(proof).gain).toBeCloseTo(0.25, 1);
      expect(Object.fromEntries(machine.knobs)).toEqual({ ...KNOBS, fast: '1' });
      expect([...parts]).toEqual(['together', 'single slow', 'single fast', 'single idle', 'winners']);
    });
  });

  it('of two changes that do the same keeps one, and of two that need each other both', async () => {
    const either: Behaviour = ({ a, b }, random) => (a === '1' || b === '1' ? 130 : 100) * jitter(random, 0.02);
    await withFakeMachine({ a: '0', b: '0' }, either, async (machine) => {
      const proof = await prove(machine, [turn('a', '1'), turn('b', '1')], { keep: true });
      expect(proof.changes.map(({ role }) => role)).toEqual(['no-gain', 'wins']);
      expect(Object.fromEntries(machine.knobs)).toEqual({ a: '0', b: '1' });
    });
    const both: Behaviour = ({ a, b }, random) => (a === '1' && b === '1' ? 130 : 100) * jitter(random, 0.02);
    await withFakeMachine({ a: '0', b: '0' }, both, async (machine) => {
      const proof = await prove(machine, [turn('a', '1'), turn('b', '1')], { keep: true });
      expect(proof.changes.map(({ role }) => role)).toEqual(['wins', 'wins']);
      expect(proof.winners).toBeNull();
      expect(Object.fromEntries(machine.knobs)).toEqual({ a: '1', b: '1' });
    });
  });

  it('does not single out when it is told not to', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const proof = await prove(machine, [turn('slow', '1'), turn('fast', '1')], { singleOut: false });
      expect(proof.changes.map(({ role, judgement }) => [role, judgement])).toEqual([
        ['wins', null],
        ['wins', null],
      ]);
    });
  });

  it('tells what is so already, and measures the rest', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const proof = await prove(machine, [turn('idle', '0'), turn('fast', '1')]);
      expect(proof.changes.map(({ target, role }) => [target, role])).toEqual([
        ['fast', 'wins'],
        ['idle', 'unchanged'],
      ]);
    });
  });

  it('is the same again with the same seed', async () => {
    const run = (): Promise<Proof['together']> =>
      withFakeMachine(KNOBS, behave, async (machine) => (await prove(machine, [turn('fast', '1')], { seed: 5 })).together);
    expect(await run()).toEqual(await run());
  });
});

describe('a proof that cannot be', () => {
  const refused = async (changes: Change[], more: Partial<ProveOptions> = {}, behaviour: Behaviour = behave): Promise<HecateError> =>
    withFakeMachine(KNOBS, behaviour, async (machine) => {
      const error: unknown = await prove(machine, changes, more).catch((thrown: unknown) => thrown);
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
      expect(machine.engine.list().filter(({ phase }) => phase !== 'ended')).toEqual([]);
      expect(error).toBeInstanceOf(HecateError);
      return error as HecateError;
    });

  it('is refused before anything is changed', async () => {
    expect(await refused([turn('missing', '1')])).toMatchObject({ code: 'UNAVAILABLE', message: 'This kernel has no missing.' });
    expect(await refused([turn('fast', '0')])).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('nothing to prove') as string,
    });
    expect(await refused([])).toMatchObject({ code: 'INVALID' });
    expect(await refused([{ ...turn('fast', '1'), risk: 'reboot' }])).toMatchObject({
      message: 'fast takes effect after a reboot only, so it cannot be measured in turn.',
    });
    expect(await refused([turn('fast', '1')], { rounds: 3 })).toMatchObject({
      message: expect.stringContaining('3 rounds cannot be measured') as string,
    });
    expect(await refused([turn('fast', '1')], { confidence: 1 })).toMatchObject({ code: 'INVALID' });
    expect(await refused([turn('fast', '1')], { margin: -1 })).toMatchObject({ code: 'INVALID' });
    expect(await refused([turn('fast', '1')], { warmUp: 0.5 })).toMatchObject({ code: 'INVALID' });
    expect(await refused([turn('fast', '1')], { settle: -1 })).toMatchObject({ code: 'INVALID' });
    expect(await refused([turn('fast', '1')], { workload: { argv: ['score'], metric: { pattern: '(', better: 'lower' } } })).toMatchObject({
      code: 'INVALID',
    });
  });

  it('ends when the workload fails, on either side', async () => {
    const crash: Behaviour = (knobs, random, run) => (run === 9 ? { status: 1, stderr: 'out of disk' } : behave(knobs, random, run));
    expect(await refused([turn('fast', '1')], {}, crash)).toMatchObject({
      code: 'FAILED',
      message: 'score ended with status 1.',
      hint: 'It said: out of disk',
    });
    const killed: Behaviour = (knobs, random, run) =>
      knobs['fast'] === '1' ? { status: null, signal: 'SIGSEGV' } : behave(knobs, random, run);
    expect(await refused([turn('fast', '1')], {}, killed)).toMatchObject({ message: 'score was ended by SIGSEGV.' });
    expect(await refused([turn('fast', '1')], {}, () => ({ stdout: 'hello' }))).toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('printed nothing') as string,
    });
  });

  it('ends when a change cannot be made', async () => {
    expect(await refused([turn('idle', '1'), turn('fast', 'refused')])).toMatchObject({
      code: 'ROLLED_BACK',
      message: 'fast did not take it.',
    });
  });

  it('ends with the reason of whoever gives it up, at any moment', async () => {
    for (const at of [1, 2, 3, 6, 11]) {
      await withFakeMachine(KNOBS, behave, async (machine) => {
        const abort = new AbortController();
        const reason = new Error('Ctrl-C');
        const host: FakeMachine['host'] = {
          ...machine.host,
          run: (argv, more) => {
            if (machine.seen.length === at) abort.abort(reason);
            return machine.host.run(argv, more);
          },
        };
        await expect(prove({ ...machine, host }, [turn('fast', '1')], { signal: abort.signal, keep: true })).rejects.toBe(reason);
        expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
        expect(machine.engine.list().filter(({ phase }) => phase !== 'ended')).toEqual([]);
      });
    }
  });

  it.each([4, 5, 6, 7])('ends when somebody else turns the knob in run %i, and leaves his value alone', async (at) => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const run: FakeMachine['host']['run'] = (argv, more) => {
        if (machine.seen.length === at - 1) machine.knobs.set('fast', '7');
        return machine.host.run(argv, more);
      };
      await expect(prove({ ...machine, host: { ...machine.host, run } }, [turn('fast', '1')])).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('Something else changed what was measured') as string,
      });
      expect(machine.knobs.get('fast')).toBe('7');
    });
  });

  it('leases what it changes to this process, so that recovery undoes it when the process is killed', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const run: FakeMachine['host']['run'] = (argv, more) => {
        if (machine.knobs.get('fast') === '1') {
          expect(machine.engine.show(machine.last())).toMatchObject({ phase: 'active', lease: { pid: process.pid } });
        }
        return machine.host.run(argv, more);
      };
      await prove({ ...machine, host: { ...machine.host, run } }, [turn('fast', '1')]);
      expect.assertions(1 + 2 * 8);
    });
  });

  it('ends when somebody else rolls back what is measured', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const run: FakeMachine['host']['run'] = async (argv, more) => {
        if (machine.knobs.get('fast') === '1') await machine.engine.rollBack(machine.last());
        return machine.host.run(argv, more);
      };
      await expect(prove({ ...machine, host: { ...machine.host, run } }, [turn('fast', '1')])).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('was rolled back while it was measured') as string,
      });
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
    });
  });
});
