import type { Host } from '@hecate/host';
import { createLook, detect, planProfile } from '@hecate/tune';
import type { PlanKnobs } from '@hecate/tune';

/** What knobs come to on this machine, as the planner of profiles has it. The machine is looked at once. */
export async function createKnobPlanner(host: Host, name: string): Promise<PlanKnobs> {
  const facts = await detect(host);
  const look = createLook(host);
  const about = { name, title: name, summary: 'What is tried.', include: null, without: [] };
  return (knobs) => planProfile(facts, { ...about, knobs }, look).plan.changes;
}
