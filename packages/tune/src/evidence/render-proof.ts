import type { Change } from '@hecate/change';
import type { Conditions } from './conditions.ts';
import type { Judgement } from './judgement.ts';
import { verdictOf } from './prove.ts';
import type { Proof } from './prove.ts';
import type { ChangeEvidence } from './single-out.ts';
import { directionOf, metricName } from './workload.ts';

/** `+25.1 %`, `-4.0 %`. */
export const signedShare = (share: number): string => `${share < 0 ? '-' : '+'}${plainShare(Math.abs(share))}`;
const plainShare = (share: number): string => `${(share * 100).toFixed(share < 10 ? 1 : 0)} %`;

/** `kind` and value of a change: `vm.swappiness = 10`. */
export function valueOf({ action }: Change): string {
  return 'value' in action ? ` = ${action.value}` : '';
}

/** A finding as one sentence: how much, how sure, and what that means. */
export function sentenceOf(
  { finding, gain, interval: [low, high], visible }: Judgement,
  { margin, confidence }: Pick<Proof, 'margin' | 'confidence'>,
): string {
  const sure = `${plainShare(confidence)} sure: ${signedShare(low)} to ${signedShare(high)}`;
  switch (finding) {
    case 'better':
      return `Better: ${signedShare(gain)} (${sure}).`;
    case 'worse':
      return `Worse: ${signedShare(gain)} (${sure}).`;
    case 'same':
      return `No difference that counts: ${signedShare(gain)} (${sure}; less than ${plainShare(margin)} does not count).`;
    case 'too-noisy':
      return `Too noisy to tell: ${signedShare(gain)} (${sure}). A gain of ${plainShare(visible)} would have been seen in 4 of 5 tries.`;
  }
}

/** A proof as lines of plain text. */
export function renderProof(proof: Proof): string[] {
  const { workload, together, winners, conditions } = proof;
  const verdict = verdictOf(proof);
  const { before, after } = verdict.medians;
  return [
    proof.title,
    sentenceOf(verdict, proof),
    ...(winners ? [`All changes together: ${sentenceOf(together.judgement, proof)}`] : []),
    '',
    `workload    ${workload.argv.join(' ')}`,
    `metric      ${metricName(workload)}, ${directionOf(workload)} is better; median ${figure(before)} before, ${figure(after)} after`,
    `rounds      ${verdict.rounds}, ahead in ${verdict.wins}; noise of a round ${plainShare(verdict.noise)}${outliersOf(verdict)}; ${Math.round(proof.seconds)} s in all, seed ${proof.seed}`,
    ...driftLines(verdict),
    `machine     ${describe(conditions.before)}`,
    `  after it  ${describe(conditions.after)}`.trimEnd(),
    '',
    ...proof.changes.map((evidence) => changeLine(evidence, proof)),
    ...(proof.notKept === null ? [] : [`What won could not be kept: ${proof.notKept}`]),
    proof.kept === null ? 'Everything was taken back.' : `What won stays, as change ${proof.kept}.`,
  ];
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));

const outliersOf = ({ outliers }: Judgement): string => (outliers === 0 ? '' : `, ${outliers} far off (counted)`);

function driftLines({ drift, fading }: Judgement): string[] {
  return [
    ...(drift === null
      ? []
      : [`drift       the machine itself changed by ${signedShare(drift)} while it was measured; rounds cancel that out`]),
    ...(fading === null ? [] : [`drift       the gain changed by ${signedShare(fading)} while it was measured: it may not last`]),
  ];
}

function describe({ kernel, load, threads, pressure, temperature }: Conditions): string {
  return [
    ...(kernel === null ? [] : [`kernel ${kernel}`]),
    ...(threads === null ? [] : [`${threads} CPUs`]),
    ...(load === null ? [] : [`load ${load.toFixed(2)}`]),
    ...(pressure.cpu === null ? [] : [`CPU pressure ${plainShare(pressure.cpu)}`]),
    ...(temperature === null ? [] : [`${Math.round(temperature)} °C`]),
  ].join(', ');
}

const ROLES: Readonly<Record<ChangeEvidence['role'], string>> = {
  wins: 'wins',
  'no-gain': 'wins nothing',
  needed: 'needed by the others',
  unchanged: 'was so already',
};

function changeLine({ change, target, role, judgement }: ChangeEvidence, proof: Proof): string {
  const measured = judgement ? ` With it, against without it: ${sentenceOf(judgement, proof)}` : '';
  return `${ROLES[role].padEnd(22)}${target}${valueOf(change)}.${measured}`;
}
