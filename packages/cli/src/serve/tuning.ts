import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, messageOf } from '@hecate/host';
import type { Snapshot } from '@hecate/metrics';
import type { TuningStatus } from '@hecate/observe';
import { applyWatched, healthy, keepTuned } from '@hecate/tune';
import type { TuneEvent } from '@hecate/tune';
import { openChanges } from '../changes/open.ts';
import type { TuneConfig } from '../config/tune.ts';
import { refuseConflicts } from '../tune/apply.ts';
import { proposeProfile } from '../tune/host-proposal.ts';

/** What the daemon's tuner works with. */
export interface ServeTuningOptions {
  readonly config: TuneConfig & { readonly profile: string };
  /** The newest snapshot of the daemon; null before the first. */
  readonly look: () => Snapshot | null;
  /** Gets a sentence for each event that somebody should see. */
  readonly log: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds that the first sample may take: with `settle = 0` it is not there yet. */
const FIRST_SAMPLE = 10_000;
/** Events that the API still tells. */
const KEPT = 100;

/** The end of the watch, for the API. */
const failure = (error: unknown): { readonly kind: 'failed'; readonly reason: string } => ({ kind: 'failed', reason: messageOf(error) });

/** What an event says to people. */
function sentenceOf(event: TuneEvent): string {
  switch (event.kind) {
    case 'recovered':
      return `Change ${event.id} was finished. ${event.why}${event.failures.map((sentence) => ` ${sentence}`).join('')}`;
    case 'tuned':
      return event.isNew ? `Change ${event.id}, ${event.title}: ${event.changes} set.` : `Change ${event.id}, ${event.title}, is in force.`;
    case 'refused':
      return `The ${event.title} is not in force: ${event.reason}`;
    case 'drift':
      return `Somebody changed ${event.target} from ${JSON.stringify(event.wanted)} to ${JSON.stringify(event.now)}.`;
  }
}

/** Keeps the machine tuned while the daemon runs. Loaded only by daemons that are told to. Answers what it did so far. */
export function serveTuning({ config, look, log, signal }: ServeTuningOptions): () => TuningStatus {
  const { profile, settle, watch } = config;
  const changes = openChanges({});
  const events: { readonly time: number; readonly kind: string }[] = [];
  const note = (event: { readonly kind: string }): void => {
    events.push({ time: Date.now() / 1000, ...event });
    if (events.length > KEPT) events.shift();
  };
  const plan = async (): ReturnType<NonNullable<Parameters<typeof keepTuned>[0]['plan']>> => {
    const proposal = await proposeProfile(changes, profile === 'auto' ? undefined : profile);
    refuseConflicts(proposal, false);
    return proposal.plan;
  };
  const snapshot = async (): Promise<Snapshot> => {
    const end = performance.now() + FIRST_SAMPLE;
    for (;;) {
      const newest = look();
      if (newest) return newest;
      if (performance.now() > end) throw new HecateError('UNAVAILABLE', 'There is no sample of the machine yet.');
      await sleep(50, undefined, { signal });
    }
  };
  keepTuned({
    engine: changes.engine,
    plan,
    apply: (wanted) =>
      watch > 0
        ? applyWatched(changes.engine, wanted, {
            look: snapshot,
            judge: healthy,
            seconds: watch,
            guard: changes.guard,
            replace: true,
            signal,
          })
        : changes.engine.apply(wanted, { replace: true, signal }),
    settle,
    say: (event) => {
      note(event);
      log(sentenceOf(event));
    },
    signal,
  }).catch((error: unknown) => {
    note(failure(error));
    log(`The machine is not watched for changes any more: ${messageOf(error)}`);
  });
  return () => ({ profile, events });
}
