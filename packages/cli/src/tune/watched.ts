import type { Plan, Transaction } from '@hecate/change';
import { openSampler } from '@hecate/metrics';
import type { CollectorName } from '@hecate/metrics';
import { encodeDuration } from '@hecate/observe';
import { applyWatched, healthy } from '@hecate/tune';
import type { Changes } from '../changes/open.ts';
import { say } from '../terminal/note.ts';
import { openProgress } from '../terminal/progress.ts';

/** What `healthy` looks at. */
const VITAL: readonly CollectorName[] = ['cpu', 'memory', 'paging', 'pressure', 'network', 'frequency', 'thermal'];
/** Seconds that a slow reading may take. */
const PATIENCE = 2;

/** Applies a plan and keeps it only if the machine stays well for so many seconds. Rejects with ROLLED_BACK when it got worse. */
export async function applyUnderWatch(changes: Changes, plan: Plan, seconds: number, signal: AbortSignal): Promise<Transaction> {
  const { engine, guard, host } = changes;
  const sampler = openSampler(host, { only: VITAL, slowPeriod: 0 });
  const progress = openProgress(process.stderr);
  try {
    say(`The machine is watched for ${encodeDuration(seconds)}.`);
    const began = performance.now();
    progress.show('Watching the machine', () => ({
      done: Math.min(seconds, Math.floor((performance.now() - began) / 1000)),
      total: seconds,
      unit: 's',
    }));
    return await applyWatched(engine, plan, { look: () => sampler.take(PATIENCE), judge: healthy, seconds, guard, replace: true, signal });
  } finally {
    progress.clear();
    sampler.close();
  }
}
