import { errnoOf } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';
import type { KernelSizes } from '../auxv.ts';
import { isGone } from '../process/gone.ts';
import { parseProcessIo } from '../process/io.ts';
import type { ProcessColumns } from '../process/route.ts';
import { createStatLine, parseProcessStat, STAT } from '../process/stat.ts';
import { parseStatusNumbers } from '../process/status.ts';

/** Seconds between two comparisons with the list of /proc. */
const EVERY = 60;

/**
 * Processes that /proc shows and the iterator never does (on some virtual machines: process 1). They are found by comparing
 * now and then, and read from /proc.
 */
export interface HiddenProcesses {
  /** To be called before a pass: lists /proc when it is time to compare. */
  beforePass(): void;
  /** To be called after it: adds rows for what the iterator did not show. */
  addRows(columns: ProcessColumns, saw: (pid: number) => boolean): void;
  /** The processes that are read from /proc. */
  readonly pids: Iterable<number>;
  close(): void;
}

/** Watches for hidden processes of the machine we run on. */
export function watchHidden(host: Host, sizes: KernelSizes): HiddenProcesses {
  const hidden = new Map<number, KeptFile>();
  /** In the list before the last comparison's pass, and not in that pass: hidden when the next pass lacks it too. */
  let missed: number[] = [];
  let listed: number[] | undefined;
  let comparedAt = -Infinity;
  const line = createStatLine();
  const io = { readBytes: Number.NaN, writeBytes: Number.NaN };
  const status = { uid: Number.NaN, gid: Number.NaN, voluntarySwitches: Number.NaN, involuntarySwitches: Number.NaN };

  const forget = (pid: number): void => {
    hidden.get(pid)?.close();
    hidden.delete(pid);
  };

  /** Files that this user may not read give NaN: privileges may have been dropped since the program was loaded. */
  const optional = (read: () => void): void => {
    try {
      read();
    } catch (error) {
      if (errnoOf(error) === undefined || isGone(errnoOf(error))) throw error;
    }
  };

  const addRow = (columns: ProcessColumns, pid: number, stat: KeptFile): void => {
    const { buffer, length } = stat.readOnce();
    parseProcessStat(buffer, length, line);
    const name = buffer.toString('utf8', line.nameStart, line.nameEnd);
    columns.reserve(columns.length + 1);
    const row = columns.length;
    const { numbers } = line;
    columns.time[row] = host.clock.monotonic();
    columns.pid[row] = pid;
    columns.ppid[row] = numbers[STAT.ppid]!;
    columns.startTicks[row] = numbers[STAT.startTicks]!;
    columns.state[row] = line.state;
    columns.flags[row] = numbers[STAT.flags]!;
    columns.threads[row] = numbers[STAT.threads]!;
    columns.nice[row] = numbers[STAT.nice]!;
    columns.priority[row] = numbers[STAT.priority]!;
    columns.cpuUser[row] = numbers[STAT.userTicks]! / sizes.userHz;
    columns.cpuSystem[row] = numbers[STAT.systemTicks]! / sizes.userHz;
    columns.cpuExact[row] = Number.NaN;
    columns.minorFaults[row] = numbers[STAT.minorFaults]!;
    columns.majorFaults[row] = numbers[STAT.majorFaults]!;
    columns.rss[row] = Math.max(0, numbers[STAT.rssPages]!) * sizes.pageSize;
    columns.virtual[row] = numbers[STAT.virtual]!;
    columns.names[row] = name;
    io.readBytes = io.writeBytes = Number.NaN;
    status.uid = status.gid = Number.NaN;
    optional(() => parseProcessIo(host.read(`/proc/${pid}/io`), io));
    optional(() => parseStatusNumbers(host.read(`/proc/${pid}/status`), status));
    columns.readBytes[row] = io.readBytes;
    columns.writeBytes[row] = io.writeBytes;
    columns.uid[row] = status.uid;
    columns.gid[row] = status.gid;
    // The status file counts the switches of the main thread only.
    columns.voluntarySwitches[row] = columns.involuntarySwitches[row] = Number.NaN;
    columns.cgroupId[row] = Number.NaN;
    columns.length = row + 1;
  };

  return {
    pids: { [Symbol.iterator]: () => hidden.keys() },
    beforePass() {
      listed = undefined;
      const now = host.clock.monotonic();
      if (now - comparedAt < EVERY) return;
      comparedAt = now;
      listed = [];
      for (const name of host.list('/proc')) {
        const first = name.charCodeAt(0);
        if (first >= 48 && first <= 57) listed.push(Number(name));
      }
    },
    addRows(columns, saw) {
      for (const pid of missed) if (!saw(pid) && !hidden.has(pid)) hidden.set(pid, host.keep(`/proc/${pid}/stat`));
      missed = listed?.filter((pid) => !saw(pid)) ?? [];
      for (const [pid, stat] of hidden) {
        try {
          if (saw(pid)) forget(pid);
          else addRow(columns, pid, stat);
        } catch (error) {
          forget(pid);
          if (!isGone(errnoOf(error))) throw error;
        }
      }
    },
    close() {
      for (const pid of hidden.keys()) forget(pid);
    },
  };
}
