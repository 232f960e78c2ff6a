import { opendirSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';

/** Ask for a new list after so many unchanged ones, whatever the cheap check says. */
const MOST_SKIPPED = 20;
/** Names that are asked for at a time: half a millisecond of work. All of 5,000 processes at once are five, and twenty at the first time. */
const CHUNK = 512;
/** Ids are below PID_MAX_LIMIT of include/linux/threads.h (4,194,304): 7 digits. */
const MOST_DIGITS = 7;

/** The ids of all processes, ascending. */
export interface PidList {
  /** Lists again. Null: no process was born since the last list (some may have ended). */
  read(): Sliced<number[] | null>;
  close(): void;
}

/** The names that are process ids, as numbers, ascending. */
export function parsePids(names: readonly string[]): number[] {
  const pids: number[] = [];
  let isSorted = true;
  for (const name of names) {
    const first = name.charCodeAt(0);
    if (!(first > 48 && first <= 57) || name.length > MOST_DIGITS) continue;
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    if (pids.length > 0 && pid <= pids.at(-1)!) isSorted = false;
    pids.push(pid);
  }
  // The kernel lists them in order; a directory of recorded files need not.
  return isSorted ? pids : [...new Set(pids)].toSorted((a, b) => a - b);
}

/** The last process id that the kernel gave (the last word of /proc/loadavg), as text; empty when there is none. */
function lastWord(bytes: Buffer, length: number): string {
  const end = length > 0 && bytes[length - 1] === 10 ? length - 1 : length;
  return bytes.toString('latin1', end > 0 ? bytes.lastIndexOf(32, end - 1) + 1 : 0, end);
}

/**
 * Whether /proc is that of our own pid namespace: only then /proc/loadavg tells the last id of the processes that it lists.
 * NSpid of /proc/self/status has one number for each namespace from that of /proc to ours.
 */
function isOwnNamespace(host: Host): boolean {
  if (host.kind !== 'real') return false;
  try {
    return new RegExp(`^NSpid:\\t${process.pid}$`, 'm').test(host.readText('/proc/self/status'));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/** How often a list that broke off is begun anew, before it is read at one stretch. */
const TRIES = 3;

/** The names in /proc, piece by piece. Throws ENOENT where a process ended in the very moment in which it was listed. */
function* listPieces(host: Host): Sliced<string[]> {
  const directory = opendirSync(host.resolve('/proc'), { bufferSize: CHUNK });
  const names: string[] = [];
  try {
    for (let entry = directory.readSync(); entry; entry = directory.readSync()) {
      names.push(entry.name);
      if (names.length % CHUNK === 0) yield;
    }
  } finally {
    directory.closeSync();
  }
  return names;
}

/** The names in /proc, in slices where it is that of a running machine. */
function* listNames(host: Host): Sliced<string[]> {
  for (let time = 0; host.kind === 'real' && time < TRIES; time++) {
    try {
      return yield* listPieces(host);
    } catch (error) {
      // The kernel gives no type of an entry whose process just ended; Node asks for it, and gives up the whole piece.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  return host.list('/proc');
}

/** Lists processes; where no id was given since the last time, without asking for the directory. */
export function openPidList(host: Host): PidList {
  const loadavg = isOwnNamespace(host) ? host.keep('/proc/loadavg') : null;
  let last = '';
  let skipped = 0;
  const wasBorn = (): boolean => {
    if (!loadavg) return true;
    try {
      const { buffer, length } = loadavg.readOnce();
      const now = lastWord(buffer, length);
      const isSame = now !== '' && now === last;
      last = now;
      return !isSame;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return true;
    }
  };
  return {
    *read() {
      // The check comes before the list: a process that is born in between is listed, and seen as born once more.
      if (!wasBorn() && skipped < MOST_SKIPPED) {
        skipped++;
        return null;
      }
      skipped = 0;
      return parsePids(yield* listNames(host));
    },
    close: () => loadavg?.close(),
  };
}
