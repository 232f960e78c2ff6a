import { userInfo } from 'node:os';
import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { collectorsOf, openSampler } from '@hecate/metrics';
import type { Gap } from '@hecate/metrics';
import { openTarget } from '../target.ts';
import { createInk, wrapWords } from '@hecate/observe';
import { recordMachine } from '../doctor/record.ts';
import { gapSentences } from '../terminal/gap-sentences.ts';
import { during } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { VERSION } from '../version.ts';

interface DoctorOptions {
  readonly root?: string;
  readonly record?: string;
  readonly withNames?: boolean;
  readonly format: 'table' | 'json';
}

/** What one collector answered. */
interface Finding {
  readonly collector: string;
  readonly state: 'reads' | 'reads in part' | 'cannot read' | 'on request';
  readonly seconds: number;
  readonly lane: string;
  readonly sources: readonly string[];
  readonly gaps: readonly Gap[];
  /** What would help; null when nothing is missing that the system has. */
  readonly remedy: string | null;
  /** What else is worth knowing of how it is read, in sentences. */
  readonly notes: readonly string[];
}

interface Diagnosis {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly user: string;
  readonly root: string;
  readonly collectors: readonly Finding[];
}

const belongsTo =
  (collector: string) =>
  (gap: Gap): boolean =>
    gap.field === collector || gap.field.startsWith(`${collector}.`);

/** Readings after which the process table has settled on a route: the fast one is opened at the third. */
const SETTLED = 3;

/** Which way processes are read here, and why not the other. */
async function processNotes(host: Host): Promise<string[]> {
  const sampler = openSampler(host, { only: ['processes'] });
  try {
    for (let reading = 1; reading < SETTLED; reading++) await sampler.take();
    const { processes } = await sampler.take();
    if (!processes) return [];
    if (processes.route === 'bpf') return ['Who reads more than twice gets processes from a BPF task iterator, at a tenth of the cost.'];
    return [`Processes are read file by file. The BPF task iterator is not used: ${processes.detour ?? 'it is not needed.'}`];
  } finally {
    sampler.close();
  }
}

/** Who asks; containers often run as a number that has no name. */
function whoAsks(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry in the list of users: there is no name to tell.
    return String(process.getuid?.() ?? 'unknown');
  }
}

async function diagnose(root: string | undefined): Promise<Diagnosis> {
  const host = openTarget(root);
  const sampler = openSampler(host);
  try {
    const { gaps, runs } = await sampler.take(6);
    const notesOfProcesses = host.platform === 'linux' ? await processNotes(host) : [];
    const collectors = collectorsOf(host.platform).map(({ name, lane, sources, remedy, onRequest }): Finding => {
      const notes = [...(name === 'processes' ? notesOfProcesses : []), ...sampler.notes(name)];
      if (onRequest) {
        const how = `Read on request only: hecate snapshot --only ${name}.`;
        return { collector: name, state: 'on request', seconds: 0, lane, sources, gaps: [], remedy: null, notes: [how] };
      }
      const own = gaps.filter(belongsTo(name));
      const result = runs.find(({ collector }) => collector === name);
      // A gap of the collector's own name: nothing of it could be read, whether it said so or threw.
      const isWhole = !result?.success || own.some(({ field }) => field === name);
      const state = isWhole ? 'cannot read' : own.length > 0 ? 'reads in part' : 'reads';
      const seconds = result?.seconds ?? 0;
      // Linux can be configured; single fields that another system does not have are nothing that could be helped.
      const isMissing = isWhole || host.platform === 'linux' ? own.length > 0 : own.some(({ reason }) => reason !== 'unsupported');
      return { collector: name, state, seconds, lane, sources, gaps: own, remedy: isMissing ? remedy : null, notes };
    });
    return {
      version: VERSION,
      node: process.version,
      // What was recorded is not of the processor that we run on.
      platform: host.recording ? host.platform : `${host.platform} ${process.arch}`,
      user: whoAsks(),
      root: host.root,
      collectors,
    };
  } finally {
    sampler.close();
  }
}

/** Gaps of one kind are told once: a hundred dead mounts or processes are one line and a number. */
const MOST_GAPS = 8;

/** Columns before what is said of a collector. */
const INDENT = 15;

/** Columns of its name. */
const NAME = 15;

const STATES: readonly Finding['state'][] = ['reads', 'reads in part', 'cannot read', 'on request'];

/** How many collectors are in which state, and which they are where something is missing. */
function countStates(collectors: readonly Finding[]): string {
  const parts = STATES.flatMap((state) => {
    const names = collectors.filter((finding) => finding.state === state).map(({ collector }) => collector);
    if (names.length === 0) return [];
    return [`${state}: ${names.length}${state === 'reads' ? '' : ` (${names.join(', ')})`}`];
  });
  return `${collectors.length} collectors. ${parts.join(', ')}.`;
}

const LANES = 'The fast lane is read at every sample of the daemon, the slow one every 10 s, the rare one every 10 min.';

function printTable({ collectors, ...about }: Diagnosis, { width, ...ink }: Terminal): string {
  const { paint } = createInk(ink);
  const said = (text: string): string[] => wrapWords(text, Math.max(40, width) - INDENT).map((line) => ' '.repeat(INDENT) + line);
  const lines = wrapWords(
    `hecate ${about.version}, node ${about.node}, ${about.platform}, user ${about.user}, root ${about.root}`,
    Math.max(40, width),
  );
  for (const { collector, state, seconds, lane, sources, gaps, remedy, notes } of collectors) {
    const tone = ({ reads: 'good', 'cannot read': 'bad', 'reads in part': 'warn', 'on request': 'dim' } as const)[state];
    const cost = `${(seconds * 1000).toFixed(1)} ms`.padStart(9);
    lines.push('', `${paint(state.padEnd(INDENT), tone)}${paint(collector.padEnd(NAME), 'strong')}${cost}  ${lane} lane`);
    lines.push(...said(sources.join(', ')).map((line) => paint(line, 'dim')));
    const missing = gapSentences(gaps);
    for (const sentence of missing.slice(0, MOST_GAPS)) lines.push(...said(sentence));
    if (missing.length > MOST_GAPS) lines.push(...said(`and ${missing.length - MOST_GAPS} more`));
    if (remedy) lines.push(...said(`What would help: ${remedy}`));
    for (const note of notes) lines.push(...said(note));
  }
  if (collectors.length === 0) lines.push(`hecate cannot read ${about.platform} yet.`);
  else lines.push('', ...wrapWords(countStates(collectors), Math.max(40, width)), ...wrapWords(LANES, Math.max(40, width)));
  return `${lines.join('\n')}\n`;
}

/** `hecate doctor`. */
export async function run({ root, format, record, withNames = false }: DoctorOptions): Promise<void> {
  if (record !== undefined) return recordMachine(openTarget(root), { directory: record, withNames, format });
  if (withNames) throw new HecateError('INVALID', '--with-names is for --record.', { hint: 'Give --record DIRECTORY too.' });
  const diagnosis = await during('Reading every collector', () => diagnose(root));
  process.stdout.write(format === 'json' ? `${JSON.stringify(diagnosis, null, 2)}\n` : printTable(diagnosis, terminalOf(process.stdout)));
}
