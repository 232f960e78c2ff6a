import type { Profile } from '../host/profile.ts';
import { encodeProfile } from './encode-profile.ts';
import { renderProof, sentenceOf } from './render-proof.ts';
import { verdictOf } from './prove.ts';
import type { Proof } from './prove.ts';
import type { Setting } from './settings.ts';

/** The profile of what was proven of a setting, and its file: knobs that win nothing are left out, and the evidence stands above. */
export function learnedProfile(
  name: string,
  setting: Setting,
  proof: Proof,
  runs: number,
): { readonly profile: Profile; readonly text: string } {
  const kept = setting.flatMap((choice) => {
    if (!choice) return [];
    const evidence = proof.changes.filter(
      ({ change, role }) => choice.changes.includes(change) && (role === 'wins' || role === 'needed' || proof.winners === null),
    );
    return evidence.length === 0 ? [] : [{ knob: choice.knob, evidence }];
  });
  const profile = {
    name,
    title: `Learned: ${name}`,
    summary: `Found by measuring on one machine with one workload. ${sentenceOf(verdictOf(proof), proof)}`,
    include: null,
    without: [],
    knobs: kept.map(({ knob }) => knob),
  };
  const comments = [
    `Learned by hecate tune learn in ${runs} runs of the workload, and proven afterwards in measurements of their own.`,
    'It holds for this workload on this machine; measure again on another.',
    '',
    ...renderProof(proof),
  ];
  const notes = kept.map(({ evidence }) =>
    evidence.flatMap(({ target, judgement }) => (judgement ? [`${target}, against all without it: ${sentenceOf(judgement, proof)}`] : [])),
  );
  return { profile, text: encodeProfile(profile, { head: comments, knobs: notes }) };
}
