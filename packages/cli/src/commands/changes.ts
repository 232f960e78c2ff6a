import { HecateError } from '@hecate/host';
import type { Rollback } from '@hecate/change';
import { openChanges } from '../changes/open.ts';
import type { Changes, ChangeTarget } from '../changes/open.ts';
import { guardProcess, guardTransaction } from '../changes/guard.ts';
import { parseTransactionId, refuseSurplus } from '../changes/transaction-id.ts';
import { rollbackSentences, transactionList, transactionPanel, verificationPanel } from '../terminal/change-panels.ts';
import { print } from '../terminal/print.ts';
import { sentences } from '../terminal/sentences.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface ChangesOptions extends ChangeTarget {
  readonly action: 'list' | 'show' | 'confirm' | 'rollback' | 'verify' | 'recover' | 'guard' | 'guard-process';
  readonly id: readonly string[];
  readonly format: 'text' | 'json';
}

/** What an action gives: data for programs, and the same for people. */
interface Answer {
  readonly data: unknown;
  readonly text: () => string;
}

const ACTIONS: Readonly<
  Record<
    Exclude<ChangesOptions['action'], 'guard' | 'guard-process'>,
    (changes: Changes, words: readonly string[]) => Answer | Promise<Answer>
  >
> = {
  list({ engine, host }, words) {
    refuseSurplus(words);
    const found = engine.list();
    return { data: found, text: () => transactionList(found, host.clock.now(), terminalOf(process.stdout)) };
  },
  show({ engine, handlers, host }, words) {
    const found = engine.show(parseTransactionId(words));
    return { data: found, text: () => transactionPanel(found, handlers, host.clock.now(), terminalOf(process.stdout)) };
  },
  async confirm({ engine }, words) {
    const id = parseTransactionId(words);
    // First what is over already: a change whose time has passed is not kept by a late word, whether its guard still lives or not.
    await engine.recover();
    const found = await engine.confirm(id);
    return { data: found, text: () => `Change ${id} (${found.plan.title}) stays.\n` };
  },
  async rollback({ engine, handlers }, words) {
    const id = parseTransactionId(words);
    if (engine.show(id).phase === 'ended') throw new HecateError('CONFLICT', `Change ${id} was undone before.`);
    return answerOf([await engine.rollBack(id)], handlers);
  },
  async verify({ engine, handlers }, words) {
    const found = await engine.verify(words.length === 0 ? undefined : parseTransactionId(words));
    if (found.some(({ verdict }) => verdict !== 'kept')) process.exitCode = 1;
    return { data: found, text: () => verificationPanel(found, handlers, terminalOf(process.stdout)) };
  },
  async recover({ engine, handlers }, words) {
    refuseSurplus(words);
    const done = await engine.recover();
    return done.length === 0 ? { data: [], text: () => 'Nothing was left unfinished.\n' } : answerOf(done, handlers);
  },
};

/** The command line ends with 1 when something could not be undone; the report is printed all the same. */
function answerOf(rollbacks: readonly Rollback[], handlers: Changes['handlers']): Answer {
  if (rollbacks.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
  return { data: rollbacks, text: () => sentences(rollbacks.flatMap((one) => rollbackSentences(one, handlers))) };
}

/** `hecate changes`. */
export async function run(options: ChangesOptions): Promise<void> {
  const changes = openChanges(options);
  if (options.action === 'guard') return guardTransaction(changes, options.id);
  if (options.action === 'guard-process') return guardProcess(changes, options.id);
  const { data, text } = await ACTIONS[options.action](changes, options.id);
  print(options, data, text);
}
