import path from 'node:path';
import { HecateError, errnoOf, makeDirectories, openHost, processStart, takeFileLock } from '@hecate/host';
import type { FileLock, WritableHost } from '@hecate/host';
import { applyPlan, endReplaced } from './apply.ts';
import type { Applier, ApplyOptions } from './apply.ts';
import type { Context } from './context.ts';
import type { Handlers } from './handler.ts';
import { openJournalStore } from './journal/store.ts';
import type { JournalStore } from './journal/store.ts';
import type { Plan } from './plan.ts';
import { previewPlan } from './preview.ts';
import type { PreviewStep } from './preview.ts';
import { recoverAll } from './recover.ts';
import { readAll, rollBack } from './rollback.ts';
import type { Rollback } from './rollback.ts';
import { isLive, readTransaction } from './transaction.ts';
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
  /** Makes an unconfirmed transaction stay. Rejects with INVALID when there is none with that id, CONFLICT when it was rolled back before. */
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

/** Opens an engine. Nothing is read or written before its first call. */
export function openEngine(options: EngineOptions): Engine {
  const { host, handlers, directory, say = () => undefined, store = openJournalStore(directory) } = options;
  const context: Context = { host, handlers, store };
  const applier = options.applier ?? { pid: process.pid, started: processStart(openHost(), process.pid) };

  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    const lock = takeLock(directory);
    try {
      return await work();
    } finally {
      lock.release();
    }
  };
  const show = (id: number): Transaction => {
    if (!store.ids().includes(id)) {
      throw new HecateError('INVALID', `There is no change ${id}.`, { hint: 'hecate changes list shows them.' });
    }
    return readTransaction(store.read(id));
  };
  /** Recovers, and refuses to go on when that did not succeed: new changes on top of broken ones cannot be undone. */
  const recoverFirst = async (): Promise<void> => {
    const failed = (await recoverAll(context, say)).find(({ failures }) => failures.length > 0);
    if (!failed) return;
    throw new HecateError('CONFLICT', `Change ${failed.transaction.id} is not undone yet: ${failed.failures[0]!.sentence}`, {
      hint: 'Remove the cause, then run: hecate changes recover',
    });
  };

  return {
    preview: (plan) => previewPlan(context, plan),
    apply: (plan, applyOptions) =>
      locked(async () => {
        await recoverFirst();
        return applyPlan(context, plan, applier, applyOptions);
      }),
    confirm: (id) =>
      locked(async () => {
        const { phase } = show(id);
        if (phase === 'undoing' || phase === 'ended') {
          throw new HecateError('CONFLICT', `Change ${id} was rolled back before it was confirmed.`);
        }
        if (phase === 'applying') throw new HecateError('CONFLICT', `Change ${id} is not applied wholly: it cannot be confirmed.`);
        if (phase === 'unconfirmed') store.append(id, { type: 'confirmed', time: host.clock.now() });
        await endReplaced(context, id);
        return show(id);
      }),
    rollBack: (id, why = 'It was asked for.') =>
      locked(async () => {
        show(id);
        return rollBack(context, id, why);
      }),
    recover: async () => (store.ids().length === 0 || !readAll(context, say).some(isLive) ? [] : locked(() => recoverAll(context, say))),
    list: () => readAll(context, say),
    show,
    verify: (id) => {
      if (id !== undefined) show(id);
      return verifyAll(context, id);
    },
  };
}

/** The right to write to the machine. Throws CONFLICT while another process has it, DENIED where this user may not write there. */
function takeLock(directory: string): FileLock {
  try {
    makeDirectories(directory);
    return takeFileLock(path.join(directory, 'lock'), {
      holder: 'applier of changes',
      place: directory,
      hint: 'One process at a time may change the machine. Try again when it has ended.',
    });
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' && errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'EROFS') throw error;
    throw new HecateError('DENIED', `The journal of changes in ${directory} may not be written by this user.`, {
      hint: 'Changing a machine takes root: run it with sudo.',
      cause: error,
    });
  }
}
