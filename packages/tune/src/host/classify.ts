import type { HostFacts } from './facts.ts';
import { PROFILE_NAMES } from './profile-name.ts';
import type { ProfileName } from './profile-name.ts';
import { PROFILE_RULES } from './profile-rules.ts';

/** How well one profile fits. */
export interface ProfileScore {
  readonly profile: ProfileName;
  /** Points of the rules that hold, added up; 100 is beyond doubt. */
  readonly score: number;
  /** Their sentences, in the table's order; those that speak against it too. */
  readonly reasons: readonly string[];
}

/** What a machine is for. */
export interface Classification extends ProfileScore {
  /** 0 to 1: how much the profile scored of 100, and half of that where another scored the same. */
  readonly confidence: number;
  /** Other profiles that something speaks for, the best first. */
  readonly others: readonly ProfileScore[];
}

/** A machine of which nothing is known. */
const FALLBACK: Classification = {
  profile: 'server',
  score: 0,
  confidence: 0,
  reasons: ['Nothing tells what it is for, and this profile suits most machines.'],
  others: [],
};

function scoreOf(profile: ProfileName, facts: HostFacts): ProfileScore {
  const holding = PROFILE_RULES.filter((rule) => rule.profile === profile && rule.holds(facts));
  return { profile, score: holding.reduce((sum, { points }) => sum + points, 0), reasons: holding.map(({ says }) => says) };
}

function confidenceOf(best: number, second: number): number {
  const lead = (best - second) / best;
  return Math.round(Math.min(1, best / 100) * (0.5 + lead / 2) * 100) / 100;
}

/** Chooses a profile by {@link PROFILE_RULES}. Of two with the same score it is the first of {@link PROFILE_NAMES}. */
export function classify(facts: HostFacts): Classification {
  const [best, ...others] = PROFILE_NAMES.map((profile) => scoreOf(profile, facts))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  if (!best) return FALLBACK;
  return { ...best, confidence: confidenceOf(best.score, others[0]?.score ?? 0), others };
}
