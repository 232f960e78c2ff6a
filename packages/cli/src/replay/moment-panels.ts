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

/** A moment for people: at most as wide as the terminal, plain text where there are no colours. */
export function momentPanels(moment: Moment, { sort, limit }: ProcessChoice, terminal: TerminalOptions): string {
  const { width: asking, colour, unicode } = terminal;
  const ink = createInk({ colour, unicode });
  const width = Math.max(40, asking);
  const inner = width - 4;
  const { row, processes, events, alerts } = moment;
  const told = (text: string): InkLine[] => wrapWords(text, inner).map(plainLine);
  const counted = processes && countProcesses(processes.table);
  const panels: (readonly [string, readonly InkLine[]])[] = [
    [timeText(row?.time ?? moment.time), row ? columnLines(row.values, ink, inner) : told('No row was recorded then.')],
    ['Alerts', alerts.flatMap(({ severity, summary }) => told(clean(`${severity}: ${summary}`)))],
    [
      processes && counted
        ? `Processes at ${timeText(processes.time).slice(11)}: ${processes.table.length}, threads: ${counted.threads}`
        : 'Processes',
      processes
        ? processLines(orderedRows(processes.table, processes.rates, sort, limit), ink, inner)
        : told('No process table was kept then.'),
    ],
  ];
  const boxes = panels.filter(([, lines]) => lines.length > 0).flatMap(([title, lines]) => drawPanel(ink, title, lines, width));
  return `${boxes.map((text) => text.trimEnd()).join('\n')}\n${events.map((event) => eventLine(event, ink, width)).join('')}`;
}
