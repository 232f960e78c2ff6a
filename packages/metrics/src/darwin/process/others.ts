import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isRefusal } from '../../model/gap.ts';
import { openInquiry } from '../inquiry.ts';
import { readPs } from '../text/ps.ts';
import type { PsProcess } from '../text/ps.ts';

/** Seconds between two runs of ps, and the age at which its answer is no longer told. */
const PERIOD = 10;
const STALE = 60;

/** What ps tells of a process that this user may not read, and the CPU time of the look before; null where it was not there. */
export interface ToldUsage {
  readonly process: PsProcess;
  /** Monotonic times of both looks. */
  readonly at: number;
  readonly before: { readonly cpu: number; readonly at: number } | null;
}

/** Processes of other users, of which only ps may tell: Apple's runs as root. */
export interface Others {
  /** What ps told of a process; null where it has not, or told of another one with this number. */
  of(pid: number, uid: number, startTime: number): ToldUsage | null;
  /** Says that some may not be read: starts ps, when its answer is older than ten seconds. Nobody waits for it. */
  want(): void;
  /** Why ps told nothing when it was asked last; null where it told. */
  refusal(): string | null;
  /** For `hecate doctor`: that ps tells. */
  notes(): readonly string[];
  close(): void;
}

/** One look of ps. */
interface Look {
  /** Wall clock, for what started after it, and monotonic. */
  readonly time: number;
  readonly monotonic: number;
  readonly byPid: ReadonlyMap<number, PsProcess>;
}

const isSame = (told: PsProcess | undefined, uid: number, startTime: number, { time }: Look): told is PsProcess =>
  // The number of one that ended may be another one's by now. Only a process that was there when ps looked is told of.
  told !== undefined && told.uid === uid >>> 0 && startTime <= time;

/** Others of a machine. Nothing is started before somebody is refused. */
export function openOthers(host: Host): Others {
  const inquiry = openInquiry(host, readPs);
  let now: Look | null = null;
  let before: Look | null = null;
  let mistake: { readonly error: unknown } | null = null;
  let asks = false;

  const take = (processes: readonly PsProcess[]): void => {
    const last = inquiry.last()!;
    before = now;
    now = { time: last.time, monotonic: last.monotonic, byPid: new Map(processes.map((process) => [process.pid, process])) };
  };
  return {
    of(pid, uid, startTime) {
      if (!now || host.clock.monotonic() - now.monotonic > STALE) return null;
      const told = now.byPid.get(pid);
      if (!isSame(told, uid, startTime, now)) return null;
      const was = before?.byPid.get(pid);
      const known = before && isSame(was, uid, startTime, before) && was.cpu !== null ? { cpu: was.cpu, at: before.monotonic } : null;
      return { process: told, at: now.monotonic, before: known };
    },
    want() {
      if (mistake) throw mistake.error;
      if (asks || (now && host.clock.monotonic() - now.monotonic < PERIOD)) return;
      asks = true;
      inquiry
        .ask()
        .then(take, (error: unknown) => {
          if (!isRefusal(error)) mistake = { error };
        })
        .finally(() => {
          asks = false;
        });
    },
    refusal: () => (inquiry.refusal() === null ? null : sentenceOf(inquiry.refusal())),
    notes: () =>
      now === null
        ? []
        : [`CPU time and memory of other users' processes are what ps told ${Math.round(host.clock.monotonic() - now.monotonic)} s ago.`],
    close: () => inquiry.cancel(),
  };
}
