import { PROCESS_STATES } from '@hecate/metrics';
import type { ProcessState } from '@hecate/metrics';
import { encodeCount, encodeDuration, encodeValue } from '@hecate/observe';
import { timeText as momentText } from '../../terminal/event-line.ts';
import type { ProcessFigure, SceneProcesses } from '../scene.ts';
import { cpuText, powerText } from './cell-text.ts';
import { factLines, longFact } from './detail-line.ts';
import type { DetailLine } from './detail-line.ts';

/** What the list alone knows of a process, where no details can be had (macOS, the past): lines of a width. Unknown figures are left out. */
export function rowLines({ identities, state, figures }: SceneProcesses, row: number, width: number): readonly DetailLine[] {
  const { command, name, user, uid, ppid, startTime } = identities[row]!;
  const letter = String.fromCharCode(state[row]!);
  const fact = (title: string, figure: ProcessFigure, encode: (value: number) => string) => {
    const value = figures[figure][row]!;
    return Number.isNaN(value) ? [] : [{ name: title, value: encode(value) }];
  };
  const bytes = (value: number): string => encodeValue(value, 'bytes');
  return [
    ...longFact({ name: 'command', value: command || name, role: 'strong' }, width),
    ...factLines(
      [
        { name: 'state', value: Object.hasOwn(PROCESS_STATES, letter) ? PROCESS_STATES[letter as Exclude<ProcessState, '?'>] : letter },
        { name: 'user', value: user ?? (uid === null ? null : String(uid)) },
        { name: 'parent', value: String(ppid) },
        { name: 'started', value: momentText(startTime) },
        ...fact('CPU', 'cpu', (share) => `${cpuText(share)} %`),
        ...fact('CPU time', 'cpuTime', encodeDuration),
        ...fact('power', 'power', (watts) => `${powerText(watts)} W`),
        ...fact('in memory', 'rss', bytes),
        ...fact('threads', 'threads', encodeCount),
        ...fact('niceness', 'nice', String),
        ...fact('read', 'readBytes', bytes),
        ...fact('written', 'writeBytes', bytes),
      ],
      width,
    ),
  ];
}
