import { knownFigure } from '@hecate/metrics';
import type { ProcessIdentity } from '@hecate/metrics';
import { clean, COLUMN_INDEX, createInk, drawPanel, drawTable, encodeValue, fit, plainLine, wrapWords } from '@hecate/observe';
import type { Ink, InkLine, TerminalOptions } from '@hecate/observe';
import { columnLines } from '../../replay/columns-panel.ts';
import { timeText } from '../../terminal/event-line.ts';
import { column } from '../../terminal/process-lines.ts';
import type { ProcessRows } from '../process/process-rows.ts';
import { PROCESS_FIGURES } from '../scene.ts';
import type { Scene, SceneProcesses } from '../scene.ts';

/** The processes in the order of the rows, at most so many, as plain data. */
function processData({ identities, state, figures }: SceneProcesses, { order }: ProcessRows, limit: number): object[] {
  return Array.from(order.subarray(0, limit), (row) => ({
    ...identities[row]!,
    state: String.fromCharCode(state[row]!),
    ...Object.fromEntries(PROCESS_FIGURES.map((figure) => [figure, knownFigure(figures[figure][row]!)])),
  }));
}

/** A scene as JSON; what is not known is null. */
export function encodeSceneJson(scene: Scene, rows: ProcessRows, limit: number = Number.POSITIVE_INFINITY): string {
  const { time, machine, values, frequencies, mounts, power, processes, alerts, events, gaps } = scene;
  const data = {
    ...{ time, machine, values: Object.fromEntries(values), frequencies: Object.fromEntries(frequencies), mounts, power },
    processes: processes && { count: rows.total, matched: rows.matched, list: processData(processes, rows, limit) },
    ...{ alerts, events, gaps },
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** What is printed of the processes of a scene where no limit is given. */
const SHOWN = 20;

/** A scene as text: what is known of the machine, what is wrong, and its processes, as the screen would list them. */
export function printScene(scene: Scene, rows: ProcessRows, terminal: TerminalOptions, limit: number = SHOWN): string {
  const { colour, unicode } = terminal;
  const ink = createInk({ colour, unicode });
  const width = Math.max(40, terminal.width);
  const inner = width - 4;
  // Of things that there may be hundreds of, the screen shows each; here it is the machine as a whole.
  const values = new Map([...scene.values].filter(([name]) => COLUMN_INDEX.has(name)));
  const title = clean(`${scene.machine.hostname} at ${timeText(scene.time)}`);
  const wrong = (scene.alerts ?? []).filter(({ severity }) => severity !== null);
  const panels: (readonly [string, readonly InkLine[]])[] = [
    [title, columnLines(values, ink, inner)],
    ['Alerts', wrong.flatMap(({ severity, summary }) => wrapWords(`${severity}: ${summary}`, inner).map(plainLine))],
    [processTitle(rows), scene.processes ? rowLines(scene.processes, rows, limit, ink, inner) : []],
    ['Not read', scene.gaps.flatMap((gap) => wrapWords(gap, inner).map(plainLine))],
  ];
  const drawn = panels.filter(([, lines]) => lines.length > 0).flatMap(([head, lines]) => drawPanel(ink, head, lines, width));
  return `${drawn.map((text) => text.trimEnd()).join('\n')}\n`;
}

const processTitle = ({ matched, total }: ProcessRows): string =>
  matched === total ? `Processes: ${total}` : `Processes: ${matched} of ${total}`;

/** A line of the table: a row of the processes, and its place in the list. */
interface Line {
  readonly row: number;
  readonly index: number;
}

function rowLines(processes: SceneProcesses, rows: ProcessRows, limit: number, ink: Ink, width: number): InkLine[] {
  const { identities, state, figures } = processes;
  const shown = Array.from(rows.order.subarray(0, limit), (row, index) => ({ row, index }));
  const identity = ({ row }: Line): ProcessIdentity => identities[row]!;
  return drawTable<Line>(
    ink,
    [
      column<Line>('pid', (one) => String(identity(one).pid)),
      column<Line>('user', (one) => identity(one).user ?? '-', 3, 'start'),
      column<Line>('cpu', ({ row }) => encodeValue(knownFigure(Math.round(figures.cpu[row]! * 1000) / 10), 'percent')),
      column<Line>('memory', ({ row }) => encodeValue(knownFigure(figures.rss[row]!), 'bytes')),
      column<Line>('s', ({ row }) => String.fromCharCode(state[row]!), 4, 'start'),
      column<Line>('threads', ({ row }) => encodeValue(knownFigure(figures.threads[row]!), 'count'), 5),
      column<Line>('read', ({ row }) => encodeValue(knownFigure(figures.readRate[row]!), 'bytes/second'), 6),
      column<Line>('write', ({ row }) => encodeValue(knownFigure(figures.writeRate[row]!), 'bytes/second'), 6),
    ],
    shown,
    width,
    {
      head: 'command',
      least: 28,
      draw: (one, room) => fit(ink, rows.branch(one.index) + (identity(one).command || `[${identity(one).name}]`), room),
    },
  );
}
