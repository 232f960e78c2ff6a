import type { Host } from '@hecate/host';
import { countOf, decimalOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** One process, as ps(1) tells of it: also of other users' processes, as Apple's ps runs as root. */
export interface PsProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly nice: number | null;
  /** `S`, `R`, `U`, `Z`, `T`, `I`, with letters of more after it (`Ss`, `R+`). */
  readonly state: string;
  /** Bytes. */
  readonly resident: number;
  readonly virtual: number;
  /** Seconds of CPU time, to a hundredth: in all, and as a user. */
  readonly cpu: number | null;
  readonly cpuUser: number | null;
  /** Whole seconds since it started; null where ps does not tell. */
  readonly elapsed: number | null;
  /** The program with its whole path. */
  readonly command: string;
}

const COLUMNS = ['pid', 'ppid', 'uid', 'nice', 'state', 'rss', 'vsz', 'time', 'utime', 'etime', 'comm'] as const;
const HEADER = /^\s*PID\s+PPID\s+UID\s+NI\s+STAT\s+RSS\s+VSZ\s+TIME\s+UTIME\s+ELAPSED\s+COMM/;
const ROW = /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+(-?\d+|-)\s+([A-Z?][A-Z+<>]*)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S.*)$/i;

/** `0:07.42`, `123:45.67`, `1:02:03,40`, `2-03:04:05`, `05:12`; null for anything else. */
function secondsOf(text: string): number | null {
  const [, days, hours, minutes, seconds] = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d\d(?:[.,]\d+)?)$/.exec(text) ?? [];
  const last = decimalOf(seconds);
  return last === null ? null : Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes) * 60 + last;
}

/** Reads what `ps -axww -o pid,ppid,uid,nice,state,rss,vsz,time,utime,etime,comm` prints. A row that is none is left out. Throws FAILED. */
export function parsePs(text: string): PsProcess[] {
  const [header = '', ...lines] = text.split('\n');
  if (!HEADER.test(header)) throw notUnderstood('ps', text);
  return lines.flatMap((line) => {
    const [, pid, ppid, uid, nice, state, rss, vsz, time, utime, etime, command] = ROW.exec(line.trimEnd()) ?? [];
    if (pid === undefined || command === undefined) return [];
    return {
      pid: Number(pid),
      ppid: Number(ppid),
      // nobody is -2, which the kernel keeps as an unsigned number.
      uid: Number(uid) >>> 0,
      nice: nice === '-' ? null : Number(nice),
      state: state!,
      resident: countOf(rss)! * 1024,
      virtual: countOf(vsz)! * 1024,
      cpu: secondsOf(time!),
      cpuUser: secondsOf(utime!),
      elapsed: secondsOf(etime!),
      command,
    };
  });
}

/** The letter of a state that hecate has: ps says `U` for what waits uninterruptibly. */
export function psState(state: string): string {
  return state.startsWith('U') ? 'D' : state[0]!.toUpperCase();
}

/** Every process. Throws as {@link askProgram} and {@link parsePs}. */
export async function readPs(host: Host): Promise<PsProcess[]> {
  return parsePs(await askProgram(host, { argv: ['/bin/ps', '-axww', '-o', COLUMNS.join(',')], maxBytes: 16 * 1024 * 1024 }));
}
