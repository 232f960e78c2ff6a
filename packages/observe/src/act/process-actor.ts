import { closeSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { errnoOf, HecateError, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';
import { readProcessDetail } from '@hecate/metrics';

/** Signals that can be sent. */
export const SIGNALS = ['TERM', 'KILL', 'INT', 'HUP', 'QUIT', 'STOP', 'CONT', 'USR1', 'USR2'] as const;

/** One of {@link SIGNALS}. */
export type SignalName = (typeof SIGNALS)[number];

/** The process that is meant: the number alone is given to another one some day. */
export interface ProcessTarget {
  readonly pid: number;
  /** Seconds since boot at which it started, as `startedAfterBoot` of a process says. */
  readonly startedAfterBoot: number;
}

/** Who wants it; stands in the log. */
export interface Actor {
  readonly address: string;
}

/** A process to which something was done. */
export interface Acted extends ProcessTarget {
  readonly name: string;
}

/** What can be done to processes. Each throws UNAVAILABLE when there is no such process, CONFLICT when its number is another's now, DENIED. */
export interface ProcessActor {
  signal(target: ProcessTarget, signal: SignalName, actor: Actor): Acted;
  /** Gives it, and each of its threads, a nice value from -20 to 19. */
  setNice(target: ProcessTarget, nice: number, actor: Actor): Acted;
}

/** What is written down about an act: before it, and what came of it. */
export type ActLog = (entry: Readonly<Record<string, unknown>>) => void;

/** What refusals call this process and the user that it has. */
export interface ActorWords {
  readonly self: string;
  readonly user: string;
}

const DAEMON: ActorWords = { self: 'this daemon', user: 'The user of this daemon' };

/** Half a tick of the kernel's 100 a second: the same moment, whatever divisions it went through. */
const SAME_MOMENT = 0.005;

/** Whether two times after boot, in seconds, are the start of the same process. */
export const startedTogether = (one: number, other: number): boolean => Math.abs(one - other) < SAME_MOMENT;

/** The process that is meant, or why nothing is done to it. */
function identify(host: Host, { pid, startedAfterBoot }: ProcessTarget, { self }: ActorWords): Acted {
  if (pid === 1) throw new HecateError('DENIED', 'Process 1 holds the machine up: nothing is done to it.');
  if (pid === process.pid) throw new HecateError('DENIED', `Process ${pid} is ${self}: nothing is done to it.`);
  const found = readProcessDetail(host, pid);
  if (!found) throw new HecateError('UNAVAILABLE', `There is no process ${pid}.`);
  if (!startedTogether(found.startedAfterBoot, startedAfterBoot)) {
    throw new HecateError('CONFLICT', `The process ${pid} that was meant is gone; another one has its number.`);
  }
  const [, group] = /^Tgid:\s*(\d+)$/m.exec(host.readText(`/proc/${pid}/status`)) ?? [];
  // The kernel takes the number of any thread for its whole process, our own among them.
  if (group !== undefined && Number(group) !== pid) throw new HecateError('UNAVAILABLE', `${pid} is a thread, and no process.`);
  if (found.kernel) throw new HecateError('DENIED', `Process ${pid} is a thread of the kernel: nothing can be done to it.`);
  return { pid, startedAfterBoot: found.startedAfterBoot, name: found.name };
}

/** What the kernel's refusal means. */
function refusal(error: unknown, pid: number, { user }: ActorWords = DAEMON): unknown {
  if (errnoOf(error) === 'ESRCH' || (errnoOf(error) === 'ENOENT' && !(error instanceof HecateError)))
    return new HecateError('UNAVAILABLE', `There is no process ${pid}.`, { cause: error });
  if (errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'EACCES') return error;
  return new HecateError('DENIED', `${user} may not do that to process ${pid}.`, { cause: error });
}

/** A descriptor that stands for a process for ever, whoever gets its number next (pidfd_open(2)); null where that cannot be had. */
function openProcess(pid: number): number | null {
  try {
    return openNative().syscall('pidfd_open', pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') throw refusal(error, pid);
    // Before Linux 5.3, on another system, or in a container that forbids it: it goes by number, right after the look.
    return null;
  }
}

/**
 * Acts on processes of the machine we run on. Every act is written down before it is done, and so is what came of it: when that
 * cannot be written, nothing is done. `words` are those of a daemon unless somebody else acts.
 */
export function createProcessActor(host: Host, log: ActLog, words: ActorWords = DAEMON): ProcessActor {
  const act = (what: Readonly<Record<string, unknown>>, target: ProcessTarget, actor: Actor, done: () => Acted): Acted => {
    const entry = { ...what, pid: target.pid, startedAfterBoot: target.startedAfterBoot, from: actor.address };
    log({ ...entry, result: 'asked' });
    let acted: Acted;
    try {
      acted = done();
    } catch (error) {
      const told = refusal(error, target.pid, words);
      log({ ...entry, result: told instanceof HecateError ? told.code : (errnoOf(told) ?? 'FAILED') });
      throw told;
    }
    log({ ...entry, name: acted.name, result: 'done' });
    return acted;
  };

  return {
    signal(target, signal, actor) {
      const number = constants.signals[`SIG${signal}`];
      return act({ act: 'signal', signal }, target, actor, () => {
        const descriptor = openProcess(target.pid);
        try {
          // What the descriptor stands for cannot become another process: when the look finds the one that was meant, it is that one.
          const found = identify(host, target, words);
          if (descriptor === null) process.kill(target.pid, number);
          else openNative().syscall('pidfd_send_signal', descriptor, number, null, 0);
          return found;
        } finally {
          if (descriptor !== null) closeSync(descriptor);
        }
      });
    },
    setNice(target, nice, actor) {
      return act({ act: 'priority', nice }, target, actor, () => {
        const found = identify(host, target, words);
        // The kernel keeps it for each thread. One that ends meanwhile needs none.
        for (const thread of readdirSync(`/proc/${target.pid}/task`)) {
          try {
            setPriority(Number(thread), nice);
          } catch (error) {
            if (systemCode(error) !== 'ESRCH' || Number(thread) === target.pid) throw systemError(error);
          }
        }
        return found;
      });
    },
  };
}

/** Errors of node:os have their code one level down. */
const systemCode = (error: unknown): string | undefined => (error as { readonly info?: { readonly code?: string } }).info?.code;

function systemError(error: unknown): unknown {
  const code = systemCode(error);
  return code === undefined ? error : Object.assign(new Error((error as Error).message, { cause: error }), { code });
}
