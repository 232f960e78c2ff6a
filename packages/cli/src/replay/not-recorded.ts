import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HecateError } from '@hecate/host';
import type { Replay, Replayable } from '@hecate/observe';
import { timeText } from '../terminal/event-line.ts';
import { WRITTEN } from './moment-panels.ts';

/** What there is, as the end of a sentence. */
function extentText({ days, processes }: Replayable): string {
  const [first] = days;
  if (first === undefined && processes === null) return 'Nothing is recorded there.';
  const rows =
    first === undefined
      ? 'There are no rows'
      : days.length === 1
        ? `There are rows of ${first}`
        : `There are rows from ${first} to ${days.at(-1)}`;
  if (processes === null) return `${rows}, and no process tables.`;
  const [from, to] = [timeText(processes.from), timeText(processes.to)];
  return `${rows}, and ${from === to ? `a process table of ${from}` : `process tables from ${from} to ${to}`}.`;
}

/**
 * Why there is nothing of what was asked for: `when` says it (`at 10:15`), `to` is its last moment in seconds since the epoch. Rejects with
 * DENIED or FAILED when files cannot be read.
 */
export async function notRecorded(replay: Replay, when: string, to: number, dataDir: string): Promise<HecateError> {
  const extent = extentText(await replay.extent());
  if (Date.now() / 1000 - to < WRITTEN && existsSync(join(dataDir, 'recorder.lock'))) {
    return new HecateError('UNAVAILABLE', `What was recorded ${when} is not on the disk yet: it is written once a minute. ${extent}`, {
      hint: 'Ask again in a minute. The dashboard shows it already.',
    });
  }
  const hint = 'Record with `hecate serve` or `hecate record --processes`, or name another directory with --data-dir.';
  return new HecateError('UNAVAILABLE', `Nothing was recorded ${when} in ${dataDir}. ${extent}`, { hint });
}
