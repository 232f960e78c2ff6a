import { applyProfile } from '../tune/apply.ts';
import { learnProfile, provePlan } from '../tune/evidence.ts';
import { importProfile } from '../tune/import.ts';
import { showDiff, showPlan } from '../tune/plan.ts';
import { showFacts, showProfiles } from '../tune/profiles.ts';
import type { TuneAction, TuneRequest } from '../tune/request.ts';
import { runUnderProfile } from '../tune/run.ts';
import { rollBackTuning, showStatus, verifyTuning } from '../tune/status.ts';

const ACTIONS: Readonly<Record<TuneAction, (request: TuneRequest) => Promise<void>>> = {
  status: showStatus,
  detect: showFacts,
  profiles: showProfiles,
  plan: showPlan,
  diff: showDiff,
  apply: applyProfile,
  verify: verifyTuning,
  rollback: rollBackTuning,
  run: runUnderProfile,
  import: importProfile,
  prove: provePlan,
  learn: learnProfile,
};

/** `hecate tune`. */
export function run(request: TuneRequest): Promise<void> {
  return ACTIONS[request.action](request);
}
