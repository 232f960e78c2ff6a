import { HecateError, systemName } from '@hecate/host';
import type { Host } from '@hecate/host';
import { openSampler, readProcessDetailSliced } from '@hecate/metrics';
import type { Connection, ProcessDetail, Sampler } from '@hecate/metrics';
import { startedTogether } from '../act/process-actor.ts';
import type { ProcessTarget } from '../act/process-actor.ts';
import { runSliced } from './pieces.ts';

/** All of one process. */
export interface WholeProcess {
  readonly detail: ProcessDetail;
  /** Its sockets of TCP and UDP; null where they may not be known. */
  readonly connections: readonly Connection[] | null;
}

/** Reads single processes whole, giving way to others every millisecond. */
export interface WholeProcesses {
  /** Null when the process is gone, or its number is another's now. Rejects with what reading it throws: DENIED, INVALID, UNSUPPORTED on other systems than Linux. */
  read(target: ProcessTarget): Promise<WholeProcess | null>;
  /** Gives descriptors back. */
  close(): void;
}

/** Seconds for which the list of all sockets holds: it is a look at every descriptor of the machine. */
const HOLDS = 2;
/** Seconds that the first one may take. */
const PATIENCE = 3;

/** The most open files, threads and sockets that are told of one process: some programs have a million. */
const MOST = 10_000;

/** The processes of a machine, read one after the other, whoever asks. Nothing is opened before the first is asked for. */
export function openWholeProcesses(host: Host): WholeProcesses {
  let sampler: Sampler | undefined;
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  const connectionsOf = async (pid: number, { descriptors }: ProcessDetail): Promise<readonly Connection[] | null> => {
    if (descriptors === null) return null;
    const sockets = new Set<number>();
    for (const { target } of descriptors) if (target?.startsWith('socket:[')) sockets.add(Number(target.slice(8, -1)));
    // A process without any costs no look at those of all the others.
    if (sockets.size === 0) return [];
    if (closed) return null;
    sampler ??= openSampler(host, { only: ['connections'], slowPeriod: HOLDS });
    const { connections } = await sampler.take(PATIENCE);
    if (connections === null) return null;
    const own = connections.connections.filter(({ inode, owners }) => sockets.has(inode) || owners.some((owner) => owner.pid === pid));
    return own.slice(0, MOST);
  };

  const readOne = async ({ pid, startedAfterBoot }: ProcessTarget): Promise<WholeProcess | null> => {
    const detail = await runSliced(readProcessDetailSliced(host, pid, undefined, { mostMembers: MOST }));
    if (detail === null || !startedTogether(detail.startedAfterBoot, startedAfterBoot)) return null;
    return { detail, connections: await connectionsOf(pid, detail) };
  };

  return {
    read(target) {
      // Not "gone": it may well run.
      if (host.platform !== 'linux')
        return Promise.reject(
          new HecateError('UNSUPPORTED', `Of ${systemName(host.platform)}, the list has all that is known of single processes.`),
        );
      const found = turn.then(() => readOne(target));
      turn = found.catch(() => undefined);
      return found;
    },
    close() {
      closed = true;
      sampler?.close();
      sampler = undefined;
    },
  };
}
