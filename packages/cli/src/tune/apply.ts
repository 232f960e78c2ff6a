import { isLive } from '@hecate/change';
import type { Plan, Transaction } from '@hecate/change';
import { HecateError, openHost, processStart } from '@hecate/host';
import type { ProcessIdentity } from '@hecate/host';
import { encodeDuration } from '@hecate/observe';
import { openChanges } from '../changes/open.ts';
import type { Changes } from '../changes/open.ts';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { untilSignal } from '../signals.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import { timeText } from '../terminal/change-panels.ts';
import { say } from '../terminal/note.ts';
import { planPanels } from '../terminal/plan-panel.ts';
import { sentences } from '../terminal/sentences.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { awaitConfirmation } from './confirmation.ts';
import { proposeProfile } from './host-proposal.ts';
import type { HostProposal } from './host-proposal.ts';
import { print } from '../terminal/print.ts';
import type { TuneRequest } from './request.ts';
import { applyUnderWatch } from './watched.ts';

/** `hecate tune apply`. */
export async function applyProfile(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  refuseTogether(request);
  const lease = request.for === undefined ? null : processOf(request.for);
  const changes = openChanges(request);
  const ending = untilSignal();
  try {
    const proposal = await proposeProfile(changes, request.profile);
    const { plan, classification } = proposal;
    if (classification) say(`Profile ${classification.profile} fits this machine: ${classification.reasons.join(' ')}`);
    refuseConflicts(proposal, request.force);
    const there = lease ? null : inForceAlready(changes, proposal);
    if (there !== null) return print(request, there, () => sentences([thereText(there, proposal)]));
    if (!(await isAgreed(request, proposal, changes, ending.signal)))
      throw new HecateError('FAILED', 'Nothing was changed: it was not agreed to.');
    const made = await make(changes, request, plan, lease, ending.signal);
    print(request, made, () => madeText(made, proposal));
    if (request.confirm !== undefined) await awaitConfirmation(changes, request, made, ending.signal);
  } finally {
    ending.release();
  }
}

/** Makes the changes in the way that was asked for: for good, until they are confirmed, for a process, or under watch. */
function make(
  changes: Changes,
  { confirm, watch }: TuneRequest,
  plan: Plan,
  lease: ProcessIdentity | null,
  signal: AbortSignal,
): Promise<Transaction> {
  if (watch !== undefined) return applyUnderWatch(changes, plan, watch, signal);
  return changes.engine.apply(lease ? leasePlan(plan, lease) : plan, {
    ...(confirm === undefined ? {} : { confirm }),
    ...(lease ? { lease } : { replace: true }),
    ...(confirm === undefined && !lease ? {} : { guard: changes.guard }),
    signal,
  });
}

/** Throws INVALID for ways that exclude one another. */
function refuseTogether(request: TuneRequest): void {
  if (request.watch === undefined || (request.confirm === undefined && request.for === undefined)) return;
  throw new HecateError('INVALID', `--watch and --${request.confirm === undefined ? 'for' : 'confirm'} exclude one another.`, {
    hint: 'Say with one of them when the changes shall go back.',
  });
}

/** A process that runs, told apart from a later one with its number. Throws INVALID when there is none. */
export function processOf(pid: number): ProcessIdentity {
  const started = processStart(openHost(), pid);
  if (started === null && process.platform === 'linux') {
    throw new HecateError('INVALID', `There is no process ${pid}.`, {
      hint: 'A profile can be asked for by a process that runs: --for PID.',
    });
  }
  return { pid, started };
}

/** A lease lies on top of what is in force: it is a component of its own, and replaces nothing. */
export const leasePlan = (plan: Plan, { pid }: ProcessIdentity): Plan => ({
  ...plan,
  component: 'lease',
  title: `${plan.title} for process ${pid}`,
});

/** Throws CONFLICT while a program runs that would set back what we set. */
export function refuseConflicts({ conflicts, plan }: HostProposal, force: boolean | undefined): void {
  const first = conflicts.find(({ kind }) => kind === 'program');
  if (!first || force) return;
  throw new HecateError('CONFLICT', `${first.name} runs, and sets what ${plan.title} sets.`, {
    hint: `${first.hint} --force applies the profile all the same.`,
  });
}

/**
 * The transaction that makes applying again pointless, `none` when the machine is so without one; null when there is something to do.
 * What another profile has set is taken over even where both want the same.
 */
function inForceAlready({ engine }: Changes, { plan, steps }: HostProposal): Transaction | 'none' | null {
  if (steps.some(({ verdict }) => verdict !== 'same')) return null;
  const there = engine.list().findLast((other) => isLive(other) && other.plan.component === plan.component);
  if (!there) return 'none';
  return there.phase === 'active' && there.plan.title === plan.title ? there : null;
}

function thereText(there: Transaction | 'none', { profile, steps }: HostProposal): string {
  if (there === 'none' && steps.length === 0) return `Nothing to do: this machine has nothing of what profile ${profile.name} sets.`;
  if (there === 'none') return `Nothing to do: the machine is as profile ${profile.name} wants it.`;
  return `Nothing to do: profile ${profile.name} is in force, as change ${there.id} since ${timeText(there.began)}.`;
}

/** Shows the plan to whoever sits there and asks; nobody there, `--yes` and JSON mean yes. */
async function isAgreed(request: TuneRequest, proposal: HostProposal, { handlers }: Changes, signal: AbortSignal): Promise<boolean> {
  if (request.yes || request.format === 'json' || !canAsk()) return true;
  process.stderr.write(planPanels(proposal, handlers, terminalOf(process.stderr)));
  const count = proposal.steps.filter(({ verdict }) => verdict === 'change').length;
  return ask(`Make ${count === 1 ? 'this change' : `these ${count} changes`}?`, signal);
}

function madeText({ id, plan, steps, deadline, began, lease }: Transaction, { skipped }: HostProposal): string {
  const count = (state: string): number => steps.filter((step) => step.state === state).length;
  const parts = [
    `${count('done')} set`,
    ...(count('same') > 0 ? [`${count('same')} so already`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} left out`] : []),
  ];
  const until = lease ? ` It goes back when process ${lease.pid} ends.` : '';
  const time = deadline === null ? '' : ` It goes back in ${encodeDuration(deadline - began)} unless it is confirmed.`;
  return sentences([`Change ${id}, ${plan.title}: ${parts.join(', ')}.${until}${time}`]);
}
