import { isLive } from '@hecate/change';
import type { Transaction, Verification } from '@hecate/change';
import { classify, detect } from '@hecate/tune';
import type { Classification } from '@hecate/tune';
import { HecateError } from '@hecate/host';
import { createInk, drawPanel, plainLine, wrapWords } from '@hecate/observe';
import { openChanges } from '../changes/open.ts';
import { parseTransactionId, refuseSurplus } from '../changes/transaction-id.ts';
import { capital, phaseText, rollbackSentences, timeText, verificationPanel } from '../terminal/change-panels.ts';
import { sentences } from '../terminal/sentences.ts';
import { terminalOf } from '../terminal/terminal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { print } from '../terminal/print.ts';
import { refuseOtherSystems } from './host-proposal.ts';
import type { TuneRequest } from './request.ts';

/** Components of which the transactions come from `hecate tune`. */
const OURS: readonly string[] = ['tune', 'lease'];

const isOurs = (transaction: Transaction): boolean => isLive(transaction) && OURS.includes(transaction.plan.component);

/** `hecate tune status`: what is in force, whether it still is so, and what would fit. */
export async function showStatus(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  const { engine, host, handlers } = openChanges(request);
  refuseOtherSystems(host);
  const inForce = engine.list().filter(isOurs);
  const found = inForce.length === 0 ? [] : (await engine.verify()).filter(({ transaction }) => isOurs(transaction));
  const classification = classify(await detect(host));
  print(request, { inForce, found, classification }, () => {
    const terminal = terminalOf(process.stdout);
    const changed = found.filter(({ verdict }) => verdict !== 'kept');
    const summary = statusPanel(inForce, found, classification, host.clock.now(), terminal);
    return changed.length === 0 ? summary : summary + verificationPanel(changed, handlers, terminal);
  });
}

function statusPanel(
  inForce: readonly Transaction[],
  found: readonly Verification[],
  { profile, confidence }: Classification,
  now: number,
  { width, ...look }: Terminal,
): string {
  const lines = inForce.map((transaction) => {
    const held = found.filter((one) => one.transaction.id === transaction.id);
    const kept = held.filter(({ verdict }) => verdict === 'kept').length;
    const state = kept === held.length ? `all ${kept} values kept` : `${kept} of ${held.length} values kept`;
    return `${capital(transaction.plan.title)}: ${phaseText(transaction, now)} since ${timeText(transaction.began)} as change ${transaction.id}, ${state}.`;
  });
  const said = [
    ...(lines.length === 0 ? ['No profile is in force.'] : lines),
    `Profile ${profile} fits this machine (${Math.round(confidence * 100)} % sure): hecate tune plan shows what it would change.`,
  ];
  const wrapped = said.flatMap((text) => wrapWords(text, width - 4).map(plainLine));
  return `${drawPanel(createInk(look), 'Tuning', wrapped, width).join('\n')}\n`;
}

/** `hecate tune verify`: everything that profiles set, as it is now. Ends with 1 when something is not as it was set. */
export async function verifyTuning(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  const { engine, handlers } = openChanges(request);
  const found = (await engine.verify()).filter(({ transaction }) => isOurs(transaction));
  if (found.some(({ verdict }) => verdict !== 'kept')) process.exitCode = 1;
  print(request, found, () => verificationPanel(found, handlers, terminalOf(process.stdout)));
}

/** The profile that was applied last; what was made for a process only where there is nothing else. */
const latestOf = (inForce: readonly Transaction[]): Transaction | undefined =>
  inForce.findLast(({ lease }) => lease === null) ?? inForce.at(-1);

/** `hecate tune rollback [ID]`: the profile that was applied last, when no number is named. */
export async function rollBackTuning(request: TuneRequest): Promise<void> {
  const { engine, handlers } = openChanges(request);
  const id = request.words.length > 0 ? parseTransactionId(request.words) : latestOf(engine.list().filter(isOurs))?.id;
  if (id === undefined) {
    throw new HecateError('UNAVAILABLE', 'No profile is in force.', {
      hint: 'hecate changes list shows what was changed, and what became of it.',
    });
  }
  if (!isOurs(engine.show(id))) {
    throw new HecateError('INVALID', `Change ${id} is no profile in force.`, { hint: `hecate changes show ${id} tells what it is.` });
  }
  const done = await engine.rollBack(id);
  if (done.failures.length > 0) process.exitCode = 1;
  print(request, done, () => sentences(rollbackSentences(done, handlers)));
}
