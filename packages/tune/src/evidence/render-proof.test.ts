import { describe, expect, it } from 'vitest';
import { turn } from './fake-machine.testing.ts';
import type { Judgement } from './judgement.ts';
import type { Proof } from './prove.ts';
import { renderProof, sentenceOf, signedShare } from './render-proof.ts';

const judgement: Judgement = {
  finding: 'better',
  gain: 0.251,
  interval: [0.203, 0.301],
  visible: 0.04,
  rounds: 8,
  wins: 8,
  noise: 0.021,
  outliers: 0,
  drift: null,
  fading: null,
  medians: { before: 0.81234567, after: 0.649 },
};
const proof: Proof = {
  title: 'profile server',
  workload: { argv: ['dd', 'if=/dev/zero'] },
  confidence: 0.95,
  margin: 0.01,
  seed: 7,
  together: { judgement, rounds: [] },
  changes: [{ change: turn('vm.swappiness', '10'), target: 'vm.swappiness', role: 'wins', judgement: null }],
  winners: null,
  kept: null,
  notKept: null,
  conditions: {
    before: { kernel: '6.1.0', load: 0.5, threads: 2, pressure: { cpu: 0.012, io: 0, memory: 0 }, temperature: 51.6 },
    after: { kernel: null, load: null, threads: null, pressure: { cpu: null, io: null, memory: null }, temperature: null },
  },
  seconds: 61.4,
};

describe('a sentence', () => {
  it('says what was found, how much, and how sure that is', () => {
    expect(sentenceOf(judgement, proof)).toBe('Better: +25.1 % (95.0 % sure: +20.3 % to +30.1 %).');
    expect(sentenceOf({ ...judgement, finding: 'worse', gain: -0.04, interval: [-0.06, -0.02] }, proof)).toBe(
      'Worse: -4.0 % (95.0 % sure: -6.0 % to -2.0 %).',
    );
    expect(sentenceOf({ ...judgement, finding: 'same', gain: 0.001, interval: [-0.004, 0.006] }, proof)).toBe(
      'No difference that counts: +0.1 % (95.0 % sure: -0.4 % to +0.6 %; less than 1.0 % does not count).',
    );
    expect(sentenceOf({ ...judgement, finding: 'too-noisy', gain: 0.01, interval: [-0.03, 0.05], visible: 0.061 }, proof)).toBe(
      'Too noisy to tell: +1.0 % (95.0 % sure: -3.0 % to +5.0 %). A gain of 6.1 % would have been seen in 4 of 5 tries.',
    );
  });

  it('has round figures for great gains', () => {
    expect(signedShare(12.345)).toBe('+1235 %');
    expect(signedShare(0)).toBe('+0.0 %');
  });
});

describe('a proof as text', () => {
  it('has the verdict first, then how it was found, then each change', () => {
    expect(renderProof(proof)).toEqual([
      'profile server',
      'Better: +25.1 % (95.0 % sure: +20.3 % to +30.1 %).',
      '',
      'workload    dd if=/dev/zero',
      'metric      seconds, lower is better; median 0.8123 before, 0.649 after',
      'rounds      8, ahead in 8; noise of a round 2.1 %; 61 s in all, seed 7',
      'machine     kernel 6.1.0, 2 CPUs, load 0.50, CPU pressure 1.2 %, 52 °C',
      '  after it',
      '',
      'wins                  vm.swappiness = 10.',
      'Everything was taken back.',
    ]);
  });

  it('tells drift, rounds that were far off, what was left out and what stays', () => {
    const lines = renderProof({
      ...proof,
      winners: { judgement: { ...judgement, outliers: 2, drift: -0.1, fading: 0.2 }, rounds: [] },
      changes: [
        ...proof.changes,
        { change: turn('vm.idle', '1'), target: 'vm.idle', role: 'no-gain', judgement: { ...judgement, finding: 'worse', gain: -0.1 } },
      ],
      kept: 12,
    }).join('\n');
    expect(lines).toContain('All changes together: Better');
    expect(lines).toContain(', 2 far off (counted);');
    expect(lines).toContain('the machine itself changed by -10.0 %');
    expect(lines).toContain('the gain changed by +20.0 %');
    expect(lines).toContain('wins nothing          vm.idle = 1. With it, against without it: Worse: -10.0 %');
    expect(lines).toContain('What won stays, as change 12.');
    expect(renderProof({ ...proof, notKept: 'The disk is full.' })).toContain('What won could not be kept: The disk is full.');
  });
});
