import { openChanges } from '../changes/open.ts';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { diffLines, planPanels } from '../terminal/plan-panel.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { proposeProfile } from './host-proposal.ts';
import { print } from '../terminal/print.ts';
import type { TuneRequest } from './request.ts';

/** `hecate tune plan`: what applying would do, and why. */
export async function showPlan(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  const changes = openChanges(request);
  const { facts: _facts, ...proposal } = await proposeProfile(changes, request.profile);
  print(request, proposal, () => planPanels({ facts: _facts, ...proposal }, changes.handlers, terminalOf(process.stdout)));
}

/** `hecate tune diff`: only what differs. As diff(1), it ends with 1 when something does. */
export async function showDiff(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  const changes = openChanges(request);
  const { steps } = await proposeProfile(changes, request.profile);
  const different = steps.filter(({ verdict }) => verdict !== 'same');
  if (different.length > 0) process.exitCode = 1;
  print(request, different, () => diffLines({ steps }, changes.handlers));
}
