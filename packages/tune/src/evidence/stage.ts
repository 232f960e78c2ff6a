import { setTimeout as wait } from 'node:timers/promises';
import { HecateError, openHost, processStart } from '@hecate/host';
import type { ApplyOptions, Change, Engine, Rollback, Step } from '@hecate/change';

/** A machine that is put from one set of changes into another, again and again, and at the end back to what it was. */
export interface Stage {
  /** Sees to it that these changes are in force, and no others of ours. Rejects with what the engine rejects with. */
  set(changes: readonly Change[]): Promise<void>;
  /** Takes back what is in force. Not to be cancelled. */
  clear(): Promise<void>;
}

/** What a stage works with. */
export interface StageOptions {
  readonly engine: Pick<Engine, 'apply' | 'rollBack' | 'show'>;
  readonly component: string;
  readonly title: string;
  /** Starts a process that undoes a transaction when this one is killed. Without it that is done by the next recovery. */
  readonly guard?: NonNullable<ApplyOptions['guard']>;
  readonly signal?: AbortSignal;
}

/** Tries, half a second apart, to take something back while another process holds the lock. */
const TRIES = 40;

/**
 * Opens a stage; the machine is as it is. Each set of changes is a transaction of its own, leased to this process: when it is killed in
 * mid-measurement, recovery takes the transaction back.
 */
export function openStage({ engine, component, title, guard, signal }: StageOptions): Stage {
  const lease = { pid: process.pid, started: processStart(openHost(), process.pid) };
  /** How things were when we changed them first, by their action and those before it. */
  const origins = new Map<string, string>();
  let held: { readonly id: number; readonly changes: readonly Change[] } | null = null;

  const clear = async (): Promise<void> => {
    if (!held) return;
    const { id } = held;
    const { phase, why } = engine.show(id);
    const isOurs = phase === 'active';
    const { transaction, failures } = await undo(engine, id);
    held = null;
    if (failures.length > 0) {
      throw new HecateError('FAILED', `Change ${id} could not be undone: ${failures[0]!.sentence}`, {
        hint: 'Run: hecate changes recover',
      });
    }
    if (!isOurs) throw new HecateError('CONFLICT', `Change ${id} was rolled back while it was measured. ${why ?? ''}`.trim());
    const drifted = transaction.steps.find(({ state }) => state === 'drifted');
    if (drifted) throw changedByOthers(drifted.change);
  };

  return {
    clear,
    async set(changes) {
      signal?.throwIfAborted();
      if (changes === held?.changes) return;
      await clear();
      if (changes.length === 0) return;
      try {
        const options = { lease, ...(guard ? { guard } : {}), ...(signal ? { signal } : {}) };
        const { id, steps } = await engine.apply({ component, title, changes }, options);
        held = { id, changes };
        refuseMoved(steps, origins);
      } catch (error) {
        // The engine says that it rolled back; whoever aborted wants to hear that he did.
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}

/** Throws CONFLICT when something that we change is not any more as it was when we changed it first: what is measured is another machine. */
function refuseMoved(steps: readonly Step[], origins: Map<string, string>): void {
  let key = '';
  for (const { change, state, was } of steps) {
    // Those before it count: a governor decides what can be read of the preference that follows.
    key += `${JSON.stringify(change.action)}\n`;
    const now = JSON.stringify([state, was]);
    const before = origins.get(key);
    if (before !== undefined && before !== now) throw changedByOthers(change);
    origins.set(key, now);
  }
}

const changedByOthers = ({ action }: Change): HecateError =>
  new HecateError('CONFLICT', `Something else changed what was measured: ${JSON.stringify(action)}.`, {
    hint: 'Another program tunes this machine too. Stop it, and measure again.',
  });

async function undo(engine: StageOptions['engine'], id: number): Promise<Rollback> {
  for (let left = TRIES; ; left--) {
    try {
      return await engine.rollBack(id, 'Its measurement was over.');
    } catch (error) {
      if (!(error instanceof HecateError && error.code === 'CONFLICT') || left === 0) throw error;
      await wait(500);
    }
  }
}
