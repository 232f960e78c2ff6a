import { countProcesses } from '@hecate/metrics';
import { clean, createInk, drawPanel, orderedRows, plainLine, wrapWords } from '@hecate/observe';
import type { InkLine, Moment, ProcessOrder, TerminalOptions } from '@hecate/observe';
import { eventLine, timeText } from '../terminal/event-line.ts';
import { processLines } from '../terminal/process-lines.ts';
import { columnLines } from './columns-panel.ts';

/** What is shown of the processes. */
export interface ProcessChoice {
  readonly sort: ProcessOrder;
  readonly limit: number;
}

/** Seconds after which what is recorded is on the disk: 60 rows, or a minute of process tables, and a moment more. */
export const WRITTEN = 75;

/** Lines that say the same again in the same second are said once: a disk that is looked at can change ten times in one. */
const gathered = (lines: readonly string[]): string => lines.filter((line, index) => line !== lines[index - 1]).join('');

/** A moment for people: at most as wide as the terminal, plain text where there are no colours. */
export function momentPanels(moment: Moment, { sort, limit }: ProcessChoice, terminal: TerminalOptions): string {
  const { width: asking, colour, unicode } = terminal;
  const ink = createInk({ colour, unicode });
  const width = Math.max(40, asking);
  const inner = width - 4;
  const { row, processes, events, alerts } = moment;
  const told = (text: string): InkLine[] => wrapWords(text, inner).map(plainLine);
  const isFresh = Date.now() / 1000 - moment.time < WRITTEN;
  const counted = processes && countProcesses(processes.table);
  const panels: (readonly [string, readonly InkLine[]])[] = [
    [
      timeText(row?.time ?? moment.time),
      row
        ? columnLines(row.values, ink, inner)
        : told(isFresh ? 'No row of then is on the disk yet: rows are written once a minute.' : 'No row was recorded then.'),
    ],
    ['Alerts', alerts.flatMap(({ severity, summary }) => told(clean(`${severity}: ${summary}`)))],
    [
      processes && counted
        ? `Processes at ${timeText(processes.time).slice(11)}: ${processes.table.length}, threads: ${counted.threads ?? 'unknown'}`
        : 'Processes',
      processes
        ? processLines(orderedRows(processes.table, processes.rates, sort, limit), ink, inner)
        : told('No process table was kept then.'),
    ],
  ];
  const boxes = panels.filter(([, lines]) => lines.length > 0).flatMap(([title, lines]) => drawPanel(ink, title, lines, width));
  return `${boxes.map((text) => text.trimEnd()).join('\n')}\n${gathered(events.map((event) => eventLine(event, ink, width)))}`;
}
