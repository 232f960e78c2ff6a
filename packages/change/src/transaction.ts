import { HecateError } from '@hecate/host';
import type { ProcessIdentity } from '@hecate/host';
import type { Json } from './action.ts';
import type { ActionHandler, DeviceIdentity } from './handler.ts';
import type { JournalContent } from './journal/store.ts';
import type { Fate, JournalRecord } from './journal/record.ts';
import type { Change, Plan } from './plan.ts';

/**
 * Where a transaction is.
 * - `applying`: changes are being made, or whoever made them was killed
 * - `unconfirmed`: all are made, and it is rolled back unless somebody confirms it
 * - `active`: all are made and stay
 * - `undoing`: it is being rolled back, or whoever did that was killed
 * - `ended`: nothing of it is left to do
 */
export type Phase = 'applying' | 'unconfirmed' | 'active' | 'undoing' | 'ended';

/** One change of a transaction. */
export interface Step {
  readonly index: number;
  readonly change: Change;
  /**
   * - `waiting`: not begun, or never reached
   * - `same`: it was as wanted already
   * - `begun`: how it was is known, and it may have been written, or be half restored
   * - `done`: written and read back
   * - or how its rolling back ended
   */
  readonly state: 'waiting' | 'same' | 'begun' | 'done' | Fate;
  /** What a rollback restores; null while it is not known. */
  readonly was: Json;
  /** The state that it has when it is done. */
  readonly wanted: Json;
  readonly device: DeviceIdentity | null;
  /** What a rollback found in its place. */
  readonly found: Json;
}

/** A plan that was, or is being, applied, as its journal tells. */
export interface Transaction {
  readonly id: number;
  readonly plan: Plan;
  readonly phase: Phase;
  readonly steps: readonly Step[];
  /** Seconds since the epoch. */
  readonly began: number;
  /** Seconds since the epoch; null while it has not ended. */
  readonly ended: number | null;
  /** The boot in which it was applied; null where the system does not say. */
  readonly boot: string | null;
  readonly pid: number;
  readonly started: string | null;
  /** Seconds since the epoch; null when no confirmation is (or was) wanted. */
  readonly deadline: number | null;
  /** The transaction whose place it takes, or null. */
  readonly replaces: number | null;
  /** The process that it is made for; null when it stays after every process. */
  readonly lease: ProcessIdentity | null;
  /** Why it was rolled back; null when it was not. */
  readonly why: string | null;
  /** Lines of the journal that could not be read. */
  readonly damaged: number;
}

/** What a journal says, put together. Throws FAILED when its first record is not readable, or of a later form: then nothing is known. */
export function readTransaction({ id, records, damaged }: JournalContent): Transaction {
  const [begin, ...rest] = records;
  if (begin?.type !== 'begin') {
    throw new HecateError('FAILED', `The journal of change ${id} has no beginning: what it did is not known.`, {
      hint: `Move ${String(id).padStart(6, '0')}.journal away when you have looked at it.`,
    });
  }
  if (begin.version !== 1) {
    throw new HecateError('FAILED', `The journal of change ${id} is of a form that this hecate does not know.`, {
      hint: 'A newer hecate wrote it: use that one.',
    });
  }
  const { plan, boot, pid, started, deadline, replaces, lease } = begin;
  let steps = plan.changes.map((change, index): Step => ({
    index,
    change,
    state: 'waiting',
    was: null,
    wanted: null,
    device: null,
    found: null,
  }));
  let phase: Phase = 'applying';
  let ended: number | null = null;
  let why: string | null = null;
  for (const record of rest) {
    const isApplied = phase !== 'applying';
    phase = nextPhase(phase, record, deadline);
    if (record.type === 'ended') ended = record.time;
    else if (record.type === 'undo') why ??= record.why;
    const torn = record.type === 'restore' ? record.steps : record.type === 'undo' && !isApplied ? steps.map(({ index }) => index) : [];
    // Also where the line that said so of one of them is damaged.
    if (record.type === 'applied') steps = steps.map((step) => (step.state === 'begun' ? { ...step, state: 'done' } : step));
    if (torn.length > 0) steps = steps.map((step) => (isInForce(step) && torn.includes(step.index) ? { ...step, state: 'begun' } : step));
    if ('step' in record && steps[record.step]) steps[record.step] = nextStep(steps[record.step]!, record);
  }
  return { id, plan, phase, steps, began: begin.time, ended, boot, pid, started, deadline, replaces, lease, why, damaged };
}

function nextPhase(phase: Phase, record: JournalRecord, deadline: number | null): Phase {
  switch (record.type) {
    case 'applied':
      return deadline === null ? 'active' : 'unconfirmed';
    case 'confirmed':
      return 'active';
    case 'undo':
    // Also where the line before it is damaged: what began to be undone must be undone to its end.
    case 'restore':
    case 'undone':
      return 'undoing';
    case 'ended':
      return 'ended';
    default:
      return phase;
  }
}

function nextStep(step: Step, record: Extract<JournalRecord, { readonly step: number }>): Step {
  switch (record.type) {
    case 'same':
      return { ...step, state: 'same', was: record.was, wanted: record.was, device: record.device };
    case 'intent':
      return { ...step, state: 'begun', was: record.was, wanted: record.wanted, device: record.device };
    case 'done':
      // Without its intent (a damaged line) nobody knows what was there before: nothing may be restored.
      return step.state === 'begun' ? { ...step, state: 'done' } : step;
    case 'inherit':
      return { ...step, state: step.state === 'same' ? 'done' : step.state, was: record.was };
    case 'undone':
      return { ...step, state: record.fate, found: record.found };
  }
}

/** Whether a transaction holds what a step is about: it may have changed it, or wants it as it is, and nothing has undone that yet. */
export const isInForce = ({ state }: Step): boolean => state === 'begun' || state === 'done' || state === 'same';

/** Whether a transaction holds what its steps changed. */
export const isLive = ({ phase }: Transaction): boolean => phase !== 'ended';

/** Whether two states are the same. */
export const isSame = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether a state is the wanted one, or one that its handler counts as that. */
export const isAsWanted = (handler: ActionHandler, now: Json, wanted: Json): boolean =>
  isSame(now, wanted) || handler.isWanted?.(now, wanted) === true;
