import { errnoOf, HecateError, sentenceOf } from '@hecate/host';
import type { EventSource } from '../../events/event-source.ts';
import { endingOf } from '../../events/process-ending.ts';
import type { ProcessToWatch } from '../../events/watch-options.ts';
import { gapReasonOf } from '../../model/gap.ts';
import { APPLE } from '../apple-numbers.ts';
import { openDarwin } from '../binding/darwin.ts';
import type { Darwin } from '../binding/darwin.ts';
import { readBootTime } from '../boot-time.ts';
import { readField, readText } from '../layout/layout.ts';
import { PROCESS_ENTRY } from '../layout/process.ts';
import { sysctlBytes } from '../libsystem/sysctl.ts';
import { openKernelQueue } from './kernel-queue.ts';
import type { KernelQueue } from './kernel-queue.ts';
import { READABLE } from './waiter.ts';

const MICRO = 1e6;
/** Seconds that two readings of one start may lie apart: the time of boot that both are counted from moves when the clock is set. */
const SAME_START = 1;

/** A process whose end is waited for. */
interface Held {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly startTime: number;
}

/** Its name and start; null when there is no such process. Throws the system's error. */
function identify(darwin: Darwin, pid: number): Held | null {
  const bytes = sysctlBytes(darwin, [APPLE.CTL_KERN, APPLE.KERN_PROC, APPLE.KERN_PROC_PID, pid]);
  if (bytes.length < PROCESS_ENTRY.size) return null;
  const { startSeconds, startMicroseconds } = PROCESS_ENTRY.fields;
  return {
    name: readText(bytes, PROCESS_ENTRY.texts.name),
    startTime: readField(bytes, startSeconds) + readField(bytes, startMicroseconds) / MICRO,
  };
}

const gone = (pid: number): HecateError => new HecateError('UNAVAILABLE', `There is no process ${pid}.`);

/** Asks to be told of the end, with its status where that is for us: of our own children, and of those that we may signal. */
function askForEnd(queue: KernelQueue, pid: number): void {
  const request = { identity: pid, filter: APPLE.EVFILT_PROC, flags: APPLE.EV_ADD | APPLE.EV_ONESHOT };
  try {
    try {
      queue.ask({ ...request, notes: APPLE.NOTE_EXIT | APPLE.NOTE_EXITSTATUS });
    } catch (error) {
      if (errnoOf(error) !== 'EACCES') throw error;
      queue.ask({ ...request, notes: APPLE.NOTE_EXIT });
    }
  } catch (error) {
    throw errnoOf(error) === 'ESRCH' ? gone(pid) : error;
  }
}

/** Waits for the end of a process that is the one that was meant. Throws UNAVAILABLE when it is not, or gone. */
function hold(darwin: Darwin, queue: KernelQueue, { pid, startedAfterBoot }: ProcessToWatch): Held {
  const before = identify(darwin, pid);
  if (!before) throw gone(pid);
  const isMeant = startedAfterBoot === undefined || Math.abs(before.startTime - readBootTime(darwin) - startedAfterBoot) <= SAME_START;
  if (isMeant) {
    askForEnd(queue, pid);
    const after = identify(darwin, pid);
    // One that is gone by now has ended since we asked, which is told.
    if (!after || after.startTime === before.startTime) return before;
    queue.ask({ identity: pid, filter: APPLE.EVFILT_PROC, flags: APPLE.EV_DELETE, notes: 0 });
  }
  throw new HecateError('UNAVAILABLE', `The process ${pid} that was meant is gone; another one has its number.`);
}

/** The end of processes, which a queue of the kernel tells. */
export const processExit: EventSource = {
  kinds: ['process-exit'],
  open({ host, processes, emit, unavailable, watch }) {
    const darwin = openDarwin(host);
    const boot = readBootTime(darwin);
    const queue = openKernelQueue(darwin);
    const held = new Map<number, Held>();
    try {
      for (const wanted of processes) {
        try {
          held.set(wanted.pid, hold(darwin, queue, wanted));
        } catch (error) {
          unavailable('process-exit', gapReasonOf(error), sentenceOf(error));
        }
      }
      if (held.size > 0) {
        const stop = watch(queue.descriptor, READABLE, () => {
          for (const { identity: pid, notes, data } of queue.take()) {
            const process = held.get(pid);
            if (!process || !held.delete(pid)) continue;
            const isTold = (notes & APPLE.NOTE_EXITSTATUS) !== 0;
            const ending = isTold ? endingOf(data) : { status: null, signal: null };
            emit({ kind: 'process-exit', pid, name: process.name, startedAfterBoot: Math.max(0, process.startTime - boot), ...ending });
          }
          if (held.size === 0) stop();
        });
      }
    } catch (error) {
      queue.close();
      throw error;
    }
    return queue.close;
  },
};
