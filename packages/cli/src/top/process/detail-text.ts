import type { ProcessDetail } from '@hecate/metrics';
import { PROCESS_STATES } from '@hecate/metrics';
import { encodeCount, encodeDuration, encodeValue } from '@hecate/observe';
import { timeText as momentText } from '../../terminal/event-line.ts';
import type { SceneProcesses } from '../scene.ts';
import type { SceneDetail } from '../source.ts';
import { capabilityText } from './capabilities.ts';
import { cpuText } from './cell-text.ts';
import { factLines, heading, longFact } from './detail-line.ts';
import type { DetailLine, Fact } from './detail-line.ts';
import { connectionLines, descriptorLines, limitLines, threadLines } from './detail-lists.ts';
import type { WhyUnknown } from './detail-lists.ts';

/** What the list knows beside the details: figures of this moment. */
export interface DetailMoment {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly processes: SceneProcesses | null;
  /** Row of the process; -1 when the list has none. */
  readonly row: number;
}

/** Lines that a command line may have. */
const MOST_COMMAND_LINES = 200;

const bytes = (name: string, value: number | null, why?: string): Fact => ({
  name,
  value: value === null ? null : encodeValue(value, 'bytes'),
  why,
});
const count = (name: string, value: number | null, why?: string): Fact => ({
  name,
  value: value === null ? null : encodeCount(value),
  why,
});
const seconds = (name: string, value: number | null, why?: string): Fact => ({
  name,
  value: value === null ? null : encodeDuration(value),
  why,
});

/** All that is known of a process, in lines of a width. The environment is left out: it is where people put their secrets. */
export function detailLines(known: SceneDetail, moment: DetailMoment, width: number): readonly DetailLine[] {
  const { detail } = known;
  const why: WhyUnknown = (field) => detail.gaps.find((gap) => gap.field === field || gap.field.startsWith(`${field}.`))?.detail;
  return [
    ...identityLines(detail, moment, why, width),
    ...cpuLines(detail, moment, why, width),
    ...memoryLines(detail, why, width),
    ...ioLines(detail, moment, why, width),
    ...threadLines(detail, why),
    ...connectionLines(known),
    ...descriptorLines(detail, why),
    ...limitLines(detail, why),
    ...rightsLines(detail, why, width),
    ...commandLines(detail, width),
  ];
}

function identityLines(detail: ProcessDetail, { time }: DetailMoment, why: WhyUnknown, width: number): readonly DetailLine[] {
  const { users, groups } = detail;
  const ids = users === null ? null : users.real === users.effective ? String(users.effective) : `${users.effective}, real ${users.real}`;
  const replaced = detail.programDeleted === true ? ' (its file was removed or replaced since)' : '';
  return [
    ...longFact(
      {
        name: 'command',
        value: commandOf(detail),
        why: detail.kernel ? 'a thread of the kernel has none' : why('arguments'),
        role: 'strong',
      },
      width,
    ),
    ...longFact({ name: 'program', value: detail.program === null ? null : detail.program + replaced, why: why('program') }, width),
    ...longFact({ name: 'directory', value: detail.workingDirectory, why: why('workingDirectory') }, width),
    ...(detail.root === '/' ? [] : longFact({ name: 'root', value: detail.root, why: why('root') }, width)),
    ...factLines(
      [
        { name: 'state', value: detail.state === '?' ? '?' : PROCESS_STATES[detail.state], role: detail.state === 'Z' ? 'bad' : 'plain' },
        { name: 'user', value: detail.user === null ? ids : `${detail.user} (${ids ?? '?'})`, why: why('users') },
        { name: 'group', value: groups === null ? null : String(groups.effective), why: why('groups') },
        { name: 'parent', value: String(detail.ppid) },
        { name: 'session', value: `${detail.session}, group ${detail.processGroup}` },
        { name: 'terminal', value: detail.terminal ?? 'none' },
        { name: 'started', value: momentText(detail.startTime) },
        { name: 'age', value: encodeDuration(Math.max(0, time - detail.startTime)) },
        count('children', detail.children?.length ?? null, why('children')),
        { name: 'unit', value: detail.unit ?? 'none' },
        { name: 'container', value: detail.container?.slice(0, 12) ?? 'none' },
        { name: 'slice', value: detail.slice ?? 'none' },
      ],
      width,
    ),
    ...longFact({ name: 'cgroup', value: detail.cgroup, why: why('cgroup') }, width),
  ];
}

const commandOf = ({ arguments: words }: ProcessDetail): string | null => (words === null || words.length === 0 ? null : words.join(' '));

/** All of a command line that was cut at the top: one of Java fills a screen. */
function commandLines(detail: ProcessDetail, width: number): readonly DetailLine[] {
  const fact = { name: 'command', value: commandOf(detail) };
  const lines = longFact(fact, width, MOST_COMMAND_LINES);
  return lines.length > longFact(fact, width).length ? [...heading('All of the command line'), ...lines] : [];
}

function cpuLines(detail: ProcessDetail, { processes, row }: DetailMoment, why: WhyUnknown, width: number): readonly DetailLine[] {
  const { usage, childUsage, affinity } = detail;
  const now = row < 0 || processes === null ? Number.NaN : processes.figures.cpu[row]!;
  return [
    ...heading('CPU'),
    ...factLines(
      [
        { name: 'now', value: Number.isNaN(now) ? null : `${cpuText(now)} % of a core`, role: 'strong' },
        seconds('user', usage.cpuUser),
        seconds('system', usage.cpuSystem),
        seconds('of children', childUsage.cpuUser + childUsage.cpuSystem),
        { name: 'nice', value: `${detail.nice}, priority ${detail.priority}` },
        {
          name: 'policy',
          value: detail.policy === null ? null : `${detail.policy}${detail.realtimePriority ? ` ${detail.realtimePriority}` : ''}`,
          why: why('policy'),
        },
        { name: 'last CPU', value: detail.processor === null ? null : String(detail.processor), why: why('processor') },
        { name: 'may run on', value: affinity === null ? null : rangesText(affinity), why: why('affinity') },
        seconds('waited CPU', detail.runDelay, why('runDelay')),
        seconds('waited disk', detail.blockDelay, why('blockDelay')),
        count('gave CPU up', detail.voluntarySwitches, why('voluntarySwitches')),
        count('was stopped', detail.involuntarySwitches, why('involuntarySwitches')),
      ],
      width,
    ),
  ];
}

/** `0-3, 8` of 0, 1, 2, 3, 8. */
function rangesText(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length; at++) {
    const first = numbers[at]!;
    while (numbers[at + 1] === numbers[at]! + 1) at++;
    parts.push(first === numbers[at] ? String(first) : `${first}-${numbers[at]}`);
  }
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function memoryLines(
  { memory, pages, usage, oomScore, oomScoreAdjust }: ProcessDetail,
  why: WhyUnknown,
  width: number,
): readonly DetailLine[] {
  const reason = why('memory');
  return [
    ...heading('Memory'),
    ...factLines(
      [
        { ...bytes('resident', memory.rss, reason), role: 'strong' },
        bytes('at most', memory.peakRss, reason),
        ...(pages === null ? [] : [bytes('its share', pages.proportional), bytes('its own', pages.unique)]),
        bytes('anonymous', memory.anonymous, reason),
        bytes('of files', memory.file, reason),
        bytes('shared', memory.shmem, reason),
        bytes('swapped', memory.swap, reason),
        bytes('locked', memory.locked, reason),
        bytes('page tables', memory.pageTables, reason),
        bytes('addresses', memory.virtual, reason),
        count('faults', usage.minorFaults),
        count('from disk', usage.majorFaults),
        {
          name: 'OOM score',
          value: oomScore === null ? null : `${oomScore}${oomScoreAdjust ? `, adjusted by ${oomScoreAdjust}` : ''}`,
          why: why('oomScore'),
        },
      ],
      width,
    ),
  ];
}

function ioLines({ io }: ProcessDetail, { processes, row }: DetailMoment, why: WhyUnknown, width: number): readonly DetailLine[] {
  const reason = why('io');
  const rate = (name: string, figure: 'readRate' | 'writeRate'): Fact => {
    const value = row < 0 || processes === null ? Number.NaN : processes.figures[figure][row]!;
    return { name, value: Number.isNaN(value) ? null : encodeValue(Math.round(value), 'bytes/second'), role: 'strong' };
  };
  return [
    ...heading('I/O'),
    ...factLines(
      [
        rate('reads now', 'readRate'),
        rate('writes now', 'writeRate'),
        bytes('from storage', io?.readBytes ?? null, reason),
        bytes('to storage', io?.writeBytes ?? null, reason),
        bytes('taken back', io?.cancelledWriteBytes ?? null, reason),
        bytes('read in all', io?.readChars ?? null, reason),
        bytes('wrote in all', io?.writeChars ?? null, reason),
        count('read calls', io?.readCalls ?? null, reason),
        count('write calls', io?.writeCalls ?? null, reason),
      ],
      width,
    ),
  ];
}

const SECCOMP = ['off', 'strict', 'filter'];

function rightsLines(detail: ProcessDetail, why: WhyUnknown, width: number): readonly DetailLine[] {
  const { capabilities, seccomp, noNewPrivileges, namespaces } = detail;
  const reason = why('capabilities');
  return [
    ...heading('Rights'),
    ...longFact({ name: 'effective', value: capabilities === null ? null : capabilityText(capabilities.effective), why: reason }, width),
    ...longFact({ name: 'permitted', value: capabilities === null ? null : capabilityText(capabilities.permitted), why: reason }, width),
    ...longFact({ name: 'bounding', value: capabilities === null ? null : capabilityText(capabilities.bounding), why: reason }, width),
    ...factLines(
      [
        { name: 'seccomp', value: seccomp === null ? null : (SECCOMP[seccomp] ?? String(seccomp)), why: why('seccomp') },
        { name: 'no new caps', value: noNewPrivileges === null ? null : noNewPrivileges ? 'yes' : 'no', why: why('noNewPrivileges') },
        { name: 'umask', value: detail.umask === null ? null : detail.umask.toString(8).padStart(3, '0'), why: why('umask') },
      ],
      width,
    ),
    ...longFact(
      {
        name: 'namespaces',
        value:
          namespaces === null
            ? null
            : Object.entries(namespaces)
                .map(([name, inode]) => `${name} ${inode}`)
                .join(', '),
        why: why('namespaces'),
      },
      width,
    ),
  ];
}
