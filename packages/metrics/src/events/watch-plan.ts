import { HecateError } from '@hecate/host';
import type { EventKind } from './event.ts';
import { DEFAULT_EVENT_KINDS, EVENT_KIND_NAMES } from './event-kinds.ts';
import { checkPressureTrigger, DEFAULT_PRESSURE_TRIGGERS } from './pressure-trigger.ts';
import type { PressureTrigger } from './pressure-trigger.ts';
import type { ProcessToWatch, WatchOptions } from './watch-options.ts';

/** What is watched, all choices made. */
export interface WatchPlan {
  readonly kinds: ReadonlySet<EventKind>;
  /** Empty unless `pressure` is among the kinds. */
  readonly pressure: readonly PressureTrigger[];
  /** Empty unless `process-exit` is among the kinds. */
  readonly processes: readonly ProcessToWatch[];
}

/** The greatest number a process can have (PID_MAX_LIMIT of linux/threads.h). */
const MOST_PID = 2 ** 22;

/** Decides what is watched. Throws INVALID when the options make no sense. */
export function planWatch({ only, pressure = [], pids = [] }: WatchOptions): WatchPlan {
  for (const kind of only ?? []) {
    if (!EVENT_KIND_NAMES.includes(kind)) {
      throw new HecateError('INVALID', `There is no event ${JSON.stringify(kind)}.`, {
        hint: `Choose from ${EVENT_KIND_NAMES.join(', ')}.`,
      });
    }
  }
  pressure.forEach(checkPressureTrigger);
  const processes = pids.map((wanted) => (typeof wanted === 'number' ? { pid: wanted } : wanted));
  for (const { pid } of processes) {
    if (!Number.isInteger(pid) || pid < 1 || pid > MOST_PID) throw new HecateError('INVALID', `${pid} is no number of a process.`);
  }
  if (only?.includes('process-exit') === true && processes.length === 0) {
    throw new HecateError('INVALID', 'Watching process-exit needs the processes that are meant.', {
      hint: 'Name them; the kind process has every process.',
    });
  }
  const kinds = new Set<EventKind>(only ?? DEFAULT_EVENT_KINDS);
  // Who says how much or which one wants to hear of it.
  if (pressure.length > 0) kinds.add('pressure');
  if (processes.length > 0) kinds.add('process-exit');
  if (kinds.size === 0)
    throw new HecateError('INVALID', 'Nothing is to be watched.', { hint: `Choose from ${EVENT_KIND_NAMES.join(', ')}.` });
  const triggers = pressure.length > 0 ? pressure : DEFAULT_PRESSURE_TRIGGERS;
  return { kinds, pressure: kinds.has('pressure') ? triggers : [], processes };
}
