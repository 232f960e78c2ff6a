import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HecateError } from '@hecate/host';
import { createInk, openReplay } from '@hecate/observe';
import type { ProcessOrder, Replay, Replayable } from '@hecate/observe';
import { dataDirectory, stateDirectory } from '../directories.ts';
import { GLANCE_COLUMNS, glanceHead, glanceLine } from '../replay/glance-line.ts';
import { encodeGlanceJson, encodeMomentJson } from '../replay/moment-json.ts';
import { momentPanels, WRITTEN } from '../replay/moment-panels.ts';
import { parseMoment } from '../replay/moment-text.ts';
import { untilSignal } from '../signals.ts';
import { timeText } from '../terminal/event-line.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface ReplayOptions {
  readonly time: string;
  readonly to?: string;
  readonly step: number;
  readonly format: 'table' | 'json';
  readonly sort: ProcessOrder;
  readonly limit?: number;
  readonly dataDir?: string;
}

/** Processes of one moment, and of a line of many. */
const ROWS = 10;
const IN_LINE = 3;
/** Lines of one call. A step of a minute over a month is less. */
const MOST_STEPS = 100_000;

const say = (sentence: string): void => {
  process.stderr.write(`hecate: ${sentence}\n`);
};

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

/** `to`: the last moment that was asked for, seconds since the epoch. */
async function notRecorded(replay: Replay, when: string, to: number, dataDir: string): Promise<HecateError> {
  const extent = extentText(await replay.extent());
  if (Date.now() / 1000 - to < WRITTEN && existsSync(join(dataDir, 'recorder.lock'))) {
    return new HecateError('UNAVAILABLE', `What was recorded ${when} is not on the disk yet: it is written once a minute. ${extent}`, {
      hint: 'Ask again in a minute. The dashboard shows it already.',
    });
  }
  const hint = 'Record with `hecate serve` or `hecate record --processes`, or name another directory with --data-dir.';
  return new HecateError('UNAVAILABLE', `Nothing was recorded ${when} in ${dataDir}. ${extent}`, { hint });
}

/** A line each step. Steps of which nothing is known are left out. */
async function steps(replay: Replay, from: number, options: ReplayOptions & { readonly to: string }, dataDir: string): Promise<void> {
  const to = parseMoment(options.to);
  if (to < from) throw new HecateError('INVALID', `${options.to} lies before ${options.time}.`, { hint: 'Swap the two.' });
  if ((to - from) / options.step > MOST_STEPS) {
    throw new HecateError('INVALID', `That would be more than ${MOST_STEPS} lines.`, { hint: 'Give a longer --step.' });
  }
  const terminal = terminalOf(process.stdout);
  const ink = createInk(terminal);
  const choice = { sort: options.sort, limit: options.limit ?? IN_LINE };
  const ending = untilSignal();
  let lines = 0;
  try {
    for (let time = from; time <= to && !ending.signal.aborted; time += options.step) {
      const glance = await replay.glance(time, GLANCE_COLUMNS);
      if (glance.row === null && glance.processes === null) continue;
      if (options.format === 'json') process.stdout.write(encodeGlanceJson(glance, choice));
      else process.stdout.write((lines === 0 ? glanceHead(ink) : '') + glanceLine(glance, choice, ink, terminal.width));
      lines++;
    }
  } finally {
    ending.release();
  }
  if (lines === 0) throw await notRecorded(replay, `from ${timeText(from)} to ${timeText(to)}`, to, dataDir);
}

/** `hecate replay`: the machine as it was. */
export async function run(options: ReplayOptions): Promise<void> {
  const dataDir = dataDirectory(options.dataDir);
  const time = parseMoment(options.time);
  const replay = openReplay(dataDir, join(stateDirectory(), 'alerts', 'alerts.json'), say);
  const { to } = options;
  if (to !== undefined) return steps(replay, time, { ...options, to }, dataDir);
  const moment = await replay.at(time);
  if (moment.row === null && moment.processes === null) throw await notRecorded(replay, `at ${timeText(time)}`, time, dataDir);
  const choice = { sort: options.sort, limit: options.limit ?? ROWS };
  process.stdout.write(
    options.format === 'json' ? encodeMomentJson(moment, choice) : momentPanels(moment, choice, terminalOf(process.stdout)),
  );
}
