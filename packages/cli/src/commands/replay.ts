import { join } from 'node:path';
import { HecateError } from '@hecate/host';
import { createInk, openReplay } from '@hecate/observe';
import type { ProcessOrder, Replay } from '@hecate/observe';
import { dataDirectory, stateDirectory } from '../directories.ts';
import { GLANCE_COLUMNS, glanceHead, glanceLine } from '../replay/glance-line.ts';
import { encodeGlanceJson, encodeMomentJson } from '../replay/moment-json.ts';
import { momentPanels } from '../replay/moment-panels.ts';
import { parseMoment } from '../replay/moment-text.ts';
import { notRecorded } from '../replay/not-recorded.ts';
import { untilSignal } from '../signals.ts';
import { timeText } from '../terminal/event-line.ts';
import { say } from '../terminal/note.ts';
import { during } from '../terminal/progress.ts';
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
  const moment = await during('Looking it up', () => replay.at(time));
  if (moment.row === null && moment.processes === null) throw await notRecorded(replay, `at ${timeText(time)}`, time, dataDir);
  const choice = { sort: options.sort, limit: options.limit ?? ROWS };
  process.stdout.write(
    options.format === 'json' ? encodeMomentJson(moment, choice) : momentPanels(moment, choice, terminalOf(process.stdout)),
  );
}
