import { describe, expect, it } from 'vitest';
import { HecateError } from '@hecate/host';
import type { Engine } from '@hecate/change';
import { turn, withFakeMachine } from './fake-machine.testing.ts';
import { openStage } from './stage.ts';

const about = { component: 'tune', title: 'a stage' };
const fast = [turn('fast', '1')];

describe('a stage', () => {
  it('goes from one set of changes to another, and keeps what is there already', async () => {
    await withFakeMachine(
      { fast: '0', slow: '0' },
      () => 1,
      async ({ engine, knobs }) => {
        const stage = openStage({ engine, ...about });
        const all = [...fast, turn('slow', '1')];
        await stage.set(fast);
        await stage.set(fast);
        expect(engine.list()).toHaveLength(1);
        await stage.set(all);
        expect(Object.fromEntries(knobs)).toEqual({ fast: '1', slow: '1' });
        await stage.set([]);
        expect(Object.fromEntries(knobs)).toEqual({ fast: '0', slow: '0' });
        await stage.clear();
        expect(engine.list()).toHaveLength(2);
      },
    );
  });

  it('starts a guard for each set, and is not set when the guard cannot be started', async () => {
    await withFakeMachine(
      { fast: '0' },
      () => 1,
      async ({ engine, knobs }) => {
        const guarded: number[] = [];
        const stage = openStage({ engine, ...about, guard: (id) => Promise.resolve(void guarded.push(id)) });
        await stage.set(fast);
        await stage.clear();
        expect(guarded).toEqual([1]);
        const without = openStage({ engine, ...about, guard: () => Promise.reject(new HecateError('FAILED', 'No guard.')) });
        await expect(without.set(fast)).rejects.toThrow('No guard.');
        expect(knobs.get('fast')).toBe('0');
      },
    );
  });

  it('tries again to take back what it holds while another process has the lock', async () => {
    await withFakeMachine(
      { fast: '0' },
      () => 1,
      async ({ engine, knobs }) => {
        let refusals = 2;
        const rollBack: Engine['rollBack'] = (id, why) =>
          refusals-- > 0 ? Promise.reject(new HecateError('CONFLICT', 'Another applier runs.')) : engine.rollBack(id, why);
        const stage = openStage({ engine: { ...engine, rollBack }, ...about });
        await stage.set(fast);
        await stage.clear();
        expect(refusals).toBe(-1);
        expect(knobs.get('fast')).toBe('0');
      },
    );
  });

  it('says when something could not be taken back', async () => {
    await withFakeMachine(
      { fast: '0' },
      () => 1,
      async ({ engine, knobs }) => {
        const stage = openStage({ engine, ...about });
        await stage.set(fast);
        const set = knobs.set.bind(knobs);
        knobs.set = () => knobs;
        await expect(stage.clear()).rejects.toMatchObject({ code: 'FAILED', hint: 'Run: hecate changes recover' });
        knobs.set = set;
        expect(await engine.recover()).toEqual([expect.objectContaining({ failures: [] })]);
        expect(knobs.get('fast')).toBe('0');
      },
    );
  });

  it('sets nothing any more when it is aborted', async () => {
    await withFakeMachine(
      { fast: '0' },
      () => 1,
      async ({ engine, knobs }) => {
        const reason = new Error('enough');
        const stage = openStage({ engine, ...about, signal: AbortSignal.abort(reason) });
        await expect(stage.set(fast)).rejects.toBe(reason);
        await stage.clear();
        expect(knobs.get('fast')).toBe('0');
      },
    );
  });
});
