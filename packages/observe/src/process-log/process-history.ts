import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import { LONGEST_GAP, recordedProcesses } from './recorded-table.ts';
import type { RecordedProcesses } from './recorded-table.ts';
import { listSegments, processDirectory, SEGMENT_SECONDS, segmentName } from './segment.ts';
import { openSegment } from './segment-reader.ts';
import type { Run, SegmentReader } from './segment-reader.ts';

/** The stretch of time from the first to the last table that is kept, seconds since the epoch. */
export interface RecordedSpan {
  readonly from: number;
  readonly to: number;
}

/** The last sample of a run at or before `until` is no later than this; -1 when it has none. */
const reach = ({ first, last }: Run, until: number): number => (first > until ? -1 : Math.min(last, until));

/** The run with the latest table at or before `until`; of two, the one that was written later (the clock was put back). */
function runBefore({ runs }: SegmentReader, until: number): Run[] {
  return runs
    .filter((run) => reach(run, until) >= 0)
    .map((run, place) => ({ run, place }))
    .sort((a, b) => reach(b.run, until) - reach(a.run, until) || b.place - a.place)
    .map(({ run }) => run);
}

async function lookIn(file: string, until: number): Promise<RecordedProcesses | null> {
  const segment = await openSegment(file);
  if (segment === null) return null;
  try {
    // The second is for when the first turns out to be damaged at its beginning.
    for (const run of runBefore(segment, until).slice(0, 2)) {
      const { now, before, every } = await segment.decode(run, until);
      if (now === null) continue;
      return until - now.time > every * LONGEST_GAP * 1000 ? null : recordedProcesses(now, before, every);
    }
    return null;
  } finally {
    await segment.close();
  }
}

/**
 * The processes as they were kept in a data directory at `time` (seconds since the epoch) or just before it. Null when nothing was
 * kept then: the last table is older than three intervals. Reads one file of an hour, of it ten minutes, and gives way to others.
 * Rejects with INVALID for an impossible time, DENIED and FAILED when files cannot be read; damage counts as not kept.
 */
export async function readProcessesAt(dataDir: string, time: number): Promise<RecordedProcesses | null> {
  if (!(time >= 0 && time < 253_402_300_800)) throw new HecateError('INVALID', `There are no processes at the time ${time}.`);
  const directory = processDirectory(dataDir);
  // Half a millisecond is what rounding took or gave.
  const until = time * 1000 + 0.5;
  const own = await lookIn(path.join(directory, segmentName(time)), until);
  if (own !== null || time < SEGMENT_SECONDS) return own;
  // Early in an hour the last table may be of the hour before.
  return lookIn(path.join(directory, segmentName(time - SEGMENT_SECONDS)), until);
}

/** From when to when process tables are kept in a data directory; null when none are. There may be gaps. Errors as of {@link readProcessesAt}. */
export async function recordedProcessSpan(dataDir: string): Promise<RecordedSpan | null> {
  const directory = processDirectory(dataDir);
  const names = namesIn(directory);
  const times = async (name: string): Promise<readonly number[]> => {
    const segment = await openSegment(path.join(directory, name));
    if (segment === null) return [];
    await segment.close();
    return segment.runs.flatMap(({ first, last }) => [first / 1000, last / 1000]);
  };
  const firstOf = async (ordered: readonly string[]): Promise<readonly number[]> => {
    for (const name of ordered) {
      const found = await times(name);
      if (found.length > 0) return found;
    }
    return [];
  };
  const oldest = await firstOf(names);
  const newest = await firstOf(names.toReversed());
  return oldest.length === 0 ? null : { from: Math.min(...oldest), to: Math.max(...newest) };
}

function namesIn(directory: string): string[] {
  try {
    return listSegments(directory);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new HecateError('DENIED', `${directory} may not be read by this user.`, {
      hint: 'Run as the user who recorded it.',
      cause: error,
    });
  }
}
