import path from 'node:path';
import { errnoOf, HecateError, makeDirectories, openHost, processStart, takeFileLock, systemClock, causeOf } from '@hecate/host';
import type { FileLock, WritableHost } from '@hecate/host';
import type { Action } from './action.ts';
import { adjustStep } from './adjust.ts';
import { applyPlan } from './apply.ts';
import type { Applier, ApplyOptions } from './apply.ts';
import type { Context } from './context.ts';
import type { Handlers } from './handler.ts';
import { isEmpty, openJournalStore } from './journal/store.ts';
import type { JournalStore } from './journal/store.ts';
import type { Plan } from './plan.ts';
import { previewPlan } from './preview.ts';
import type { PreviewStep } from './preview.ts';
import { reasonToUndo } from './reason.ts';
import { recoverAll } from './recover.ts';
import { endReplaced, refuseFailures } from './replace.ts';
import { readAll, readLive } from './read.ts';
import { rollBack } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import { readTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';
import { verifyAll } from './verify.ts';
import type { Verification } from './verify.ts';

/** Everything that writes to a machine goes through one of these. */
export interface Engine {
  /** What a plan would do now. Reads only. */
  preview(plan: Plan): Promise<PreviewStep[]>;
  /**
   * Makes all changes of a plan or none. Rejects with CONFLICT while another process applies or rolls back; with the first obstacle,
   * before anything is written; with ROLLED_BACK when a change failed and all were undone.
   */
  apply(plan: Plan, options?: ApplyOptions): Promise<Transaction>;
  /**
   * Gives something that a transaction holds another value. What was there before is in its journal already: nothing is added to it, and
   * the lock is not taken. Rejects with CONFLICT when it is not held any more, or a later transaction holds it, and INVALID for what cannot
   * be adjusted.
   */
  adjust(id: number, action: Action): Promise<void>;
  /** Makes an unconfirmed transaction stay. Rejects with INVALID when there is none with that id, CONFLICT when it is too late for that. */
  confirm(id: number): Promise<Transaction>;
  /** Undoes a transaction. Rejects with INVALID for an unknown id. One that has ended stays as it is. */
  rollBack(id: number, why?: string): Promise<Rollback>;
  /** Finishes what was left unfinished by processes that were killed, and by reboots. Call it at the start. */
  recover(): Promise<Rollback[]>;
  /** Every transaction, oldest first. */
  list(): Transaction[];
  /** One of them. Throws INVALID when there is none with that id. */
  show(id: number): Transaction;
  /** How everything that transactions hold is now; of one of them, with an id. */
  verify(id?: number): Promise<Verification[]>;
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly host: WritableHost;
  readonly handlers: Handlers;
  /** Where journals and the lock lie. It is made with the first change. */
  readonly directory: string;
  /** Default: files of `directory`. */
  readonly store?: JournalStore;
  /** Gets what a user should know, a sentence each. */
  readonly say?: (sentence: string) => void;
  /** Default: this process. */
  readonly applier?: Applier;
}

/** Transactions that have ended and are still told of. */
const KEPT = 200;

/** Opens an engine. Nothing of the machine is read or written before its first call. */
export function openEngine(options: EngineOptions): Engine {
  const { handlers, directory, say = () => undefined, store = openJournalStore(directory) } = options;
  // On a recorded machine time stands, but ours does not: what is written to it is written now.
  const host = options.host.clock.stands ? { ...options.host, clock: systemClock } : options.host;
  const context: Context = { host, handlers, store };

  /** Does something as the only one who may write. Before each line it is made sure that this is still so. */
  const locked = async <T>(work: (context: Context) => Promise<T>): Promise<T> => {
    const lock = takeLock(directory);
    const append: JournalStore['append'] = (id, record) => {
      lock.confirm();
      store.append(id, record);
    };
    try {
      return await work({ ...context, store: { ...store, append } });
    } finally {
      prune();
      lock.release();
    }
  };
  /** Old journals are no reason to fail. */
  const prune = (): void => {
    try {
      store.prune(KEPT);
    } catch (error) {
      say(`Old journals in ${directory} could not be removed: ${causeOf(error)}.`);
    }
  };
  const show = (id: number): Transaction => {
    const content = store.read(id);
    if (isEmpty(content)) {
      throw new HecateError('INVALID', `There is no change ${id}.`, { hint: 'hecate changes list shows them.' });
    }
    return readTransaction(content);
  };
  /** Refuses to go on when what was unfinished is not undone: new changes on top of broken ones cannot be undone. */
  const refuseUnfinished = (rollbacks: readonly Rollback[]): void => {
    const failed = rollbacks.find(({ failures }) => failures.length > 0);
    if (!failed) return;
    throw new HecateError('CONFLICT', `Change ${failed.transaction.id} is not undone yet: ${failed.failures[0]!.sentence}`, {
      hint: 'Remove the cause, then run: hecate changes recover',
    });
  };

  return {
    preview: (plan) => previewPlan(context, plan),
    apply: (plan, applyOptions) =>
      locked(async (held) => {
        refuseUnfinished(await recoverAll(held, say));
        const applier = options.applier ?? { pid: process.pid, started: processStart(openHost(), process.pid) };
        return applyPlan(held, plan, applier, applyOptions);
      }),
    adjust: async (id, action) => adjustStep(context, show(id), action),
    confirm: (id) =>
      locked(async (held) => {
        const transaction = show(id);
        const late = reasonToUndo(held, transaction);
        if (late !== null) await rollBack(held, id, late);
        if (late !== null || transaction.phase === 'ended') {
          throw new HecateError('CONFLICT', `Change ${id} cannot be confirmed any more. ${late ?? transaction.why ?? 'It has ended.'}`);
        }
        if (transaction.phase === 'unconfirmed') held.store.append(id, { type: 'confirmed', time: host.clock.now() });
        refuseFailures(await endReplaced(held, transaction));
        return show(id);
      }),
    rollBack: (id, why = 'It was asked for.') =>
      locked(async (held) => {
        show(id);
        // A later one that was killed halfway would otherwise inherit what it never made.
        await recoverAll(held, say);
        return rollBack(held, id, why);
      }),
    recover: async () => (readLive(context, say).length > 0 ? locked((held) => recoverAll(held, say)) : []),
    list: () => readAll(context, say),
    show,
    verify: (id) => {
      if (id !== undefined) show(id);
      return verifyAll(context, id);
    },
  };
}

/** The right to write to the machine. Throws CONFLICT while another process has it, DENIED where this user may not write there, FAILED on a full disk. */
function takeLock(directory: string): FileLock {
  try {
    makeDirectories(directory);
    return takeFileLock(path.join(directory, 'lock'), {
      holder: 'applier of changes',
      place: directory,
      hint: 'One process at a time may change the machine. Try again when it has ended.',
    });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOSPC' || errno === 'EDQUOT') {
      throw new HecateError('FAILED', `There is no room on the disk for the journal of changes in ${directory}.`, {
        hint: 'Nothing was changed. Make room there, and try again.',
        cause: error,
      });
    }
    if (errno !== 'EACCES' && errno !== 'EPERM' && errno !== 'EROFS') throw error;
    throw new HecateError('DENIED', `The journal of changes in ${directory} may not be written by this user.`, {
      hint: 'Changing a machine takes root: run it with sudo.',
      cause: error,
    });
  }
}
