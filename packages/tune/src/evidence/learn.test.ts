import { describe, expect, it } from 'vitest';
import { parse } from 'smol-toml';
import type { KnobEntry } from '../host/profile.ts';
import { jitter, SCORE, turn, withFakeMachine } from './fake-machine.testing.ts';
import type { Behaviour, FakeMachine } from './fake-machine.testing.ts';
import { learn } from './learn.ts';
import type { Learning, LearnOptions, LearnProgress } from './learn.ts';
import { verdictOf } from './prove.ts';
import type { Dimension } from './search-space.ts';

const KNOBS = { 'vm.size': '1', 'vm.mode': 'a', 'vm.idle': '0', 'vm.trap': '0' };
const dimension = (key: string, values: Dimension['values']): Dimension => ({
  knob: {
    knob: 'sysctl',
    options: { key },
    bound: null,
    when: {},
    why: 'It may help.',
    source: 'this test',
    risk: 'live',
    required: false,
  },
  values,
});
const SPACE = [
  dimension('vm.size', [1, 2, 4, 8]),
  dimension('vm.mode', ['a', 'b']),
  dimension('vm.idle', [0, 1]),
  dimension('vm.trap', [0, 1]),
  dimension('vm.absent', [1]),
];
const planKnobs: LearnOptions['planKnobs'] = (knobs) =>
  knobs.map(({ options, value }: KnobEntry) => turn(options['key'] as string, JSON.stringify(value).replaceAll('"', '')));

/** The best is `vm.size` 4 and `vm.mode` b; `vm.trap` makes the workload fail. */
const behave: Behaviour = (knobs, random) => {
  if (knobs['vm.trap'] === '1') return { status: 1 };
  const size = { 1: 1, 2: 1.1, 4: 1.3, 8: 0.9 }[knobs['vm.size'] ?? ''] ?? 1;
  return 100 * size * (knobs['vm.mode'] === 'b' ? 1.15 : 1) * jitter(random, 0.03);
};

const run = ({ engine, host }: FakeMachine, more: Partial<LearnOptions> = {}): Promise<Learning> =>
  learn({ engine, host, workload: SCORE, name: 'mine', planKnobs, space: SPACE, seed: 3, force: true, ...more });

describe('learning', () => {
  it('finds the best setting, proves it, and writes it as a profile with its evidence', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const parts: LearnProgress[] = [];
      const learned = await run(machine, { progress: (progress) => void parts.push(progress) });
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
      expect(learned.profile).toMatchObject({ name: 'mine', include: null });
      expect(learned.profile?.knobs.map(({ options, value }) => [options['key'], value])).toEqual([
        ['vm.size', 4],
        ['vm.mode', 'b'],
      ]);
      expect(verdictOf(learned.proof!)).toMatchObject({ finding: 'better' });
      expect(verdictOf(learned.proof!).gain).toBeCloseTo(1.3 * 1.15 - 1, 1);
      expect(learned.runs).toBeLessThanOrEqual(200);
      expect(learned.trials.length).toBeGreaterThan(0);
      expect(learned.skipped).toEqual([
        { choice: 'vm.size = 1', why: 'It is so already.' },
        { choice: 'vm.mode = a', why: 'It is so already.' },
        { choice: 'vm.idle = 0', why: 'It is so already.' },
        { choice: 'vm.trap = 0', why: 'It is so already.' },
        { choice: 'vm.absent = 1', why: 'This kernel has no vm.absent.' },
      ]);
      expect(parse(learned.text!)).toMatchObject({
        name: 'mine',
        knobs: [
          { knob: 'sysctl', key: 'vm.size', value: 4 },
          { key: 'vm.mode', value: 'b' },
        ],
      });
      expect(learned.text).toMatch(/^# Learned by hecate tune learn in \d+ runs of the workload/);
      expect(learned.text).toMatch(/# Better: \+[45]\d\.\d %/);
      expect(new Set(parts.map(({ part }) => part))).toEqual(new Set(['search', 'proof']));
    });
  });

  it('learns nothing where nothing helps: the best of many must win in measurements of its own', async () => {
    const flat: Behaviour = (_knobs, random) => 100 * jitter(random, 0.05);
    for (const seed of [1, 2, 3]) {
      await withFakeMachine(KNOBS, flat, async (machine) => {
        const learned = await run(machine, { seed, budget: { runs: 60 } });
        expect(learned).toMatchObject({ profile: null, text: null });
        expect(learned.runs).toBeLessThanOrEqual(60);
        expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
      });
    }
  });

  it('ends with its time', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      let now = 0;
      const host = { ...machine.host, clock: { now: () => now, monotonic: () => now++ } };
      const learned = await run({ ...machine, host }, { budget: { seconds: 50 } });
      expect(learned.runs).toBeLessThan(50);
    });
  });

  it('gives up with the reason of whoever aborts it, and leaves the machine as it was', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      const abort = new AbortController();
      const reason = new Error('Ctrl-C');
      const progress = ({ part, ...more }: LearnProgress): void => {
        if (part === 'search' && 'runs' in more && more.runs > 20) abort.abort(reason);
      };
      await expect(run(machine, { signal: abort.signal, progress })).rejects.toBe(reason);
      expect(Object.fromEntries(machine.knobs)).toEqual(KNOBS);
      expect(machine.engine.list().every(({ phase }) => phase === 'ended')).toBe(true);
    });
  });

  it('refuses what makes no sense, before anything is changed', async () => {
    await withFakeMachine(KNOBS, behave, async (machine) => {
      await expect(run(machine, { name: '../etc' })).rejects.toMatchObject({
        code: 'INVALID',
        message: '"../etc" is no name of a profile.',
      });
      await expect(run(machine, { budget: { runs: 1 } })).rejects.toMatchObject({ code: 'INVALID' });
      await expect(run(machine, { budget: { seconds: 0 } })).rejects.toMatchObject({ code: 'INVALID' });
      await expect(run(machine, { rounds: 2 })).rejects.toMatchObject({ code: 'INVALID' });
      await expect(run(machine, { space: [dimension('vm.absent', [1])] })).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        hint: 'vm.absent = 1: This kernel has no vm.absent.',
      });
      await expect(run(machine, { workload: { argv: ['score'], metric: { pattern: 'other', better: 'lower' } } })).rejects.toMatchObject({
        code: 'INVALID',
      });
      expect(machine.engine.list()).toEqual([]);
    });
  });
});
