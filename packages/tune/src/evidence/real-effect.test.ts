import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHost } from '@hecate/host';
import type { Change } from '@hecate/change';
import { detect } from '../host/detect.ts';
import { parseProfile } from '../host/parse-profile.ts';
import { planProfile } from '../host/plan.ts';
import type { KnobEntry, Profile } from '../host/profile.ts';
import { learn } from './learn.ts';
import { loopDeviceMissing, queueChange, queueValue, readingOf, withLoopDevice } from './loop-device.testing.ts';
import type { Ground } from './loop-device.testing.ts';
import { proveChanges, verdictOf } from './prove.ts';
import type { Proof, ProveOptions } from './prove.ts';
import { renderProof } from './render-proof.ts';

const why = loopDeviceMissing();
if (why) console.warn(`Skipped: proofs of real changes: ${why}.`);

const prove = ({ engine, device }: Ground, changes: Change[], more: Partial<ProveOptions> = {}): Promise<Proof> =>
  proveChanges({
    engine,
    host: openHost(),
    plan: { component: 'tune', title: 'a loop device', changes },
    workload: readingOf(device),
    // Other tests run beside this one.
    force: true,
    // One wrong verdict in a thousand runs of this test, and not in twenty.
    confidence: 0.999,
    rounds: 20,
    seed: 1,
    ...more,
  });

// Reading ahead makes this workload five to thirty times as fast, so that no load of the machine can hide it.
describe.skipIf(why !== null)('on this machine', () => {
  it('reading ahead is proven to help, what does nothing is singled out, and what helps stays', { timeout: 300_000 }, async () => {
    await withLoopDevice(async (ground) => {
      const value = (name: string): string => queueValue(ground.device, name);
      const change = (name: string, wanted: string): Change => queueChange(ground.device, name, wanted);
      await ground.engine.apply({ component: 'test', title: 'nothing is read ahead', changes: [change('read_ahead_kb', '0')] });
      const before = value('rq_affinity');
      const proof = await prove(ground, [change('rq_affinity', before === '2' ? '1' : '2'), change('read_ahead_kb', '4096')], {
        keep: true,
      });
      const text = renderProof(proof).join('\n');
      expect(verdictOf(proof).finding, text).toBe('better');
      expect(verdictOf(proof).interval[0]).toBeGreaterThan(0);
      expect(
        proof.changes.map(({ role }) => role),
        text,
      ).toEqual(['no-gain', 'wins']);
      expect([value('read_ahead_kb'), value('rq_affinity')]).toEqual(['4096', before]);
      await ground.engine.rollBack(proof.kept!);
      expect(value('read_ahead_kb')).toBe('0');
    });
  });

  it('not reading ahead is proven to do harm', { timeout: 300_000 }, async () => {
    await withLoopDevice(async (ground) => {
      const before = queueValue(ground.device, 'read_ahead_kb');
      const proof = await prove(ground, [queueChange(ground.device, 'read_ahead_kb', '0')], { keep: true });
      expect(verdictOf(proof).finding, renderProof(proof).join('\n')).toBe('worse');
      expect(proof.kept).toBeNull();
      expect(queueValue(ground.device, 'read_ahead_kb')).toBe(before);
    });
  });

  it('reading ahead is learned, and the profile that comes of it plans just that', { timeout: 300_000 }, async () => {
    await withLoopDevice(async ({ engine, device }) => {
      await engine.apply({ component: 'test', title: 'nothing is read ahead', changes: [queueChange(device, 'read_ahead_kb', '0')] });
      const facts = await detect(openHost());
      const profileOf = (knobs: readonly KnobEntry[]): Profile => ({
        name: 'x',
        title: 'x',
        summary: 'x',
        include: null,
        without: [],
        knobs,
      });
      const knob = (name: string): Omit<KnobEntry, 'value'> => ({
        knob: 'sysfs',
        options: { path: `/sys/block/${path.basename(device)}/queue/${name}` },
        bound: null,
        when: {},
        why: 'To see what it does.',
        source: 'this test',
        risk: 'live',
        required: false,
      });
      const learned = await learn({
        engine,
        host: openHost(),
        workload: readingOf(device),
        name: 'reader',
        planKnobs: (knobs) => planProfile(facts, profileOf(knobs)).plan.changes,
        space: [{ knob: knob('read_ahead_kb'), values: ['0', '1024', '4096'] }],
        budget: { runs: 16 },
        confidence: 0.999,
        rounds: 20,
        seed: 1,
        force: true,
      });
      expect(verdictOf(learned.proof!).finding, renderProof(learned.proof!).join('\n')).toBe('better');
      const { knobs } = parseProfile(learned.text!, 'reader.toml');
      expect(knobs).toEqual(learned.profile?.knobs);
      expect(planProfile(facts, profileOf(knobs)).plan.changes.map(({ action }) => action)).toEqual([
        queueChange(device, 'read_ahead_kb', knobs[0]!.value as string).action,
      ]);
      expect(queueValue(device, 'read_ahead_kb')).toBe('0');
    });
  });

  it('a workload that fails, or is given up, leaves the device as it was', { timeout: 120_000 }, async () => {
    await withLoopDevice(async (ground) => {
      const before = queueValue(ground.device, 'read_ahead_kb');
      const change = queueChange(ground.device, 'read_ahead_kb', '64');
      const failing = { argv: ['dd', 'if=/nonexistent', 'of=/dev/null'] } as const;
      await expect(prove(ground, [change], { workload: failing })).rejects.toMatchObject({ code: 'FAILED' });
      const abort = new AbortController();
      const progress = ({ round }: { round: number | null }): void => {
        if (round === 2) setImmediate(() => abort.abort());
      };
      await expect(prove(ground, [change], { signal: abort.signal, progress })).rejects.toMatchObject({ name: 'AbortError' });
      expect(queueValue(ground.device, 'read_ahead_kb')).toBe(before);
      expect(ground.engine.list().every(({ phase }) => phase === 'ended')).toBe(true);
    });
  });
});
