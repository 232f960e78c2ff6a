import { HecateError } from '@hecate/host';
import type { RaidComponent, RaidReading, RaidSync } from '../../domain/raid.ts';

/** What /proc/mdstat says of one array. */
export type MdstatArray = Pick<RaidReading, 'device' | 'level' | 'metadata' | 'size' | 'sync' | 'components'> & {
  readonly activity: string;
  readonly readOnly: 'no' | 'yes' | 'auto';
  readonly required: number;
  readonly active: number;
  readonly failed: number;
  readonly spare: number;
};

/** Blocks of /proc/mdstat have 1024 bytes. */
const BLOCK = 1024;

/** `sda1[0](F)(W)`: the number is that of the descriptor, not the place in the array. */
const COMPONENT = /^(.+)\[(\d+)\]((?:\([A-Z]\))*)$/;

const FLAGS: Readonly<Record<string, string>> = { F: 'faulty', S: 'spare', J: 'journal', W: 'write_mostly', R: 'replacement' };

function parseComponents(words: readonly string[]): RaidComponent[] {
  const components: RaidComponent[] = [];
  for (const word of words) {
    const [, component, , flags] = COMPONENT.exec(word) ?? [];
    if (component === undefined || flags === undefined) continue;
    const states = [...flags].flatMap((letter) => FLAGS[letter] ?? []);
    const isInSync = !states.includes('faulty') && !states.includes('spare') && !states.includes('journal');
    components.push({ component, slot: null, states: isInSync ? ['in_sync', ...states] : states, errors: null });
  }
  return components;
}

/**
 * The line of the work that runs:
 * `[=>....]  recovery =  8.5% (16775552/195310144) finish=17.0min speed=259783K/sec`, or `resync=DELAYED`.
 */
function parseSync(lines: readonly string[]): RaidSync | null {
  for (const line of lines) {
    const [, action, rest] = /(recovery|resync|check|reshape|repair|recover)\s*=\s*(.*)$/.exec(line) ?? [];
    if (action === undefined || rest === undefined) continue;
    const [, done, total] = /\((\d+)\/(\d+)\)/.exec(rest) ?? [];
    const minutes = /finish=(\d+(?:\.\d+)?)min/.exec(rest)?.[1];
    const speed = /speed=(\d+)K\/sec/.exec(rest)?.[1];
    return {
      action: action === 'recover' ? 'recovery' : action,
      waiting: /^(?:DELAYED|PENDING|REMOTE)/.test(rest),
      done: blocks(done) ?? 0,
      total: blocks(total),
      remaining: minutes === undefined ? null : Math.round(Number(minutes) * 600) / 10,
      speed: blocks(speed),
    };
  }
  return null;
}

/** Bytes of a number of blocks; null when it is not there. More digits than a counter has are nonsense. */
function blocks(digits: string | undefined): number | null {
  return digits === undefined || digits.length > 20 ? null : Number(digits) * BLOCK;
}

/** One array: its first line, and the indented ones after it. */
function parseArray(first: string, rest: readonly string[]): MdstatArray {
  const [device = '', , activity = '', ...words] = first.split(/\s+/);
  const mode = words[0]?.startsWith('(') ? words.shift() : undefined;
  const level = words.length > 0 && !COMPONENT.test(words[0]!) ? words.shift()! : null;
  const components = parseComponents(words);
  const size = blocks(/^\s*(\d+) blocks\b/.exec(rest[0] ?? '')?.[1]);
  if (size === null) throw new HecateError('FAILED', `/proc/mdstat does not say the size of ${device || 'an array'}.`);
  const all = level === 'raid0' || level === 'linear' ? components.length : null;
  const [, required, working] = (activity !== 'inactive' && /\[(\d{1,9})\/(\d{1,9})\]/.exec(rest[0]!)) || [];
  const inState = (state: string): number => components.filter(({ states }) => states.includes(state)).length;
  return {
    device,
    activity,
    readOnly: mode === '(read-only)' ? 'yes' : mode === '(auto-read-only)' ? 'auto' : 'no',
    level,
    metadata: / super (\S+)/.exec(rest[0]!)?.[1] ?? null,
    size,
    // Levels without redundancy have no [n/m]: all that is there is needed, and works.
    required: all ?? Number(required ?? 0),
    active: all ?? Number(working ?? 0),
    failed: inState('faulty'),
    spare: inState('spare'),
    sync: parseSync(rest.slice(1)),
    components,
  };
}

/**
 * /proc/mdstat (kernel: drivers/md/md.c, md_seq_show): an array is a line `md0 : active raid1 sda1[0] ...` and some indented ones.
 * Throws FAILED when an array has no size.
 */
export function parseMdstat(content: string): MdstatArray[] {
  const lines = content.split('\n');
  const arrays: MdstatArray[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (!/^md\S* : /.test(line)) continue;
    let end = i + 1;
    while (end < lines.length && /^\s+\S/.test(lines[end]!)) end++;
    arrays.push(parseArray(line, lines.slice(i + 1, end)));
  }
  return arrays;
}
