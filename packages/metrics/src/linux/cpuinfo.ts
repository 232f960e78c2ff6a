import type { Sliced } from '../model/collector.ts';

/** What /proc/cpuinfo says about the CPUs as a whole. */
export interface CpuSummary {
  /** Null where the architecture does not name it. */
  readonly model: string | null;
  /** Logical CPUs listed; null when the file has no list of them. */
  readonly count: number | null;
}

/** Lines that name the CPU: x86, LoongArch, MIPS, RISC-V, PowerPC and SPARC. */
const CPU_LINES = ['model name', 'Model Name', 'cpu model', 'uarch', 'cpu'] as const;

/** Lines that name the board instead. */
const BOARD_LINES = ['Model', 'Hardware', 'machine'] as const;

/** Arm gives numbers (Arm: MIDR_EL1); the cores that are common in servers, boards and laptops. */
const ARM_PARTS: Readonly<Record<string, string>> = {
  '0x41 0xc07': 'Cortex-A7',
  '0x41 0xc08': 'Cortex-A8',
  '0x41 0xc09': 'Cortex-A9',
  '0x41 0xc0f': 'Cortex-A15',
  '0x41 0xb76': 'ARM1176',
  '0x41 0xd03': 'Cortex-A53',
  '0x41 0xd04': 'Cortex-A35',
  '0x41 0xd05': 'Cortex-A55',
  '0x41 0xd07': 'Cortex-A57',
  '0x41 0xd08': 'Cortex-A72',
  '0x41 0xd09': 'Cortex-A73',
  '0x41 0xd0a': 'Cortex-A75',
  '0x41 0xd0b': 'Cortex-A76',
  '0x41 0xd0c': 'Neoverse N1',
  '0x41 0xd0d': 'Cortex-A77',
  '0x41 0xd40': 'Neoverse V1',
  '0x41 0xd41': 'Cortex-A78',
  '0x41 0xd44': 'Cortex-X1',
  '0x41 0xd46': 'Cortex-A510',
  '0x41 0xd47': 'Cortex-A710',
  '0x41 0xd48': 'Cortex-X2',
  '0x41 0xd49': 'Neoverse N2',
  '0x41 0xd4d': 'Cortex-A715',
  '0x41 0xd4e': 'Cortex-X3',
  '0x41 0xd4f': 'Neoverse V2',
  '0x41 0xd80': 'Cortex-A520',
  '0x41 0xd81': 'Cortex-A720',
  '0x41 0xd82': 'Cortex-X4',
  '0x41 0xd84': 'Neoverse V3',
  '0x41 0xd8e': 'Neoverse N3',
  '0x43 0x0a1': 'ThunderX',
  '0x43 0x0af': 'ThunderX2',
  '0x48 0xd01': 'Kunpeng 920',
  '0x4e 0x004': 'Carmel',
  '0xc0 0xac3': 'Ampere-1',
  '0xc0 0xac4': 'Ampere-1a',
  '0x61 0x022': 'Apple M1 (Icestorm)',
  '0x61 0x023': 'Apple M1 (Firestorm)',
  '0x61 0x032': 'Apple M2 (Blizzard)',
  '0x61 0x033': 'Apple M2 (Avalanche)',
};

/** The name of an Arm core by the numbers of its maker and part; the numbers themselves when it is another one. */
function armName(first: ReadonlyMap<string, string>): string | null {
  const maker = first.get('CPU implementer');
  const part = first.get('CPU part');
  if (!maker || !part) return null;
  return ARM_PARTS[`${maker} ${part}`] ?? `Arm implementer ${maker} part ${part}`;
}

/** s390: `processor 0: version = FF,  identification = 0133E8,  machine = 2964`. */
function s390Name(first: ReadonlyMap<string, string>): string | null {
  const machine = /machine = (\w+)/.exec(first.get('processor 0') ?? '')?.[1];
  return machine ? `${first.get('vendor_id') ?? 'IBM/S390'} ${machine}` : null;
}

/** /proc/cpuinfo of any architecture: lines `name : value`; the first value of a name is the first CPU's. */
export function parseCpuinfo(text: string): CpuSummary {
  const first = new Map<string, string>();
  let count = 0;
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (/^processor(?: \d+)?$/.test(name) && (name !== 'processor' || /^\d+$/.test(value))) count++;
    if (value !== '' && !first.has(name)) first.set(name, value);
  }
  const say = (names: readonly string[]): string | undefined => names.map((name) => first.get(name)).find((value) => value !== undefined);
  const active = Number(first.get('ncpus active'));
  return { model: say(CPU_LINES) ?? s390Name(first) ?? armName(first) ?? say(BOARD_LINES) ?? null, count: count || active || null };
}

/** What /proc/cpuinfo says of one CPU, as it is written there. Null where the architecture has no such line. */
export interface CpuinfoEntry {
  readonly cpu: number;
  package: number | null;
  core: number | null;
  vendor: string | null;
  family: string | null;
  model: string | null;
  modelName: string | null;
  microcode: string | null;
  stepping: string | null;
  cacheSize: string | null;
  /** Hertz. */
  frequency: number | null;
}

/** The entries, and what the first CPU has of lists. */
export interface CpuinfoList {
  readonly entries: readonly CpuinfoEntry[];
  readonly flags: readonly string[];
  readonly bugs: readonly string[];
  /** Arm: the number of who made the core (`0x41`); null elsewhere. */
  readonly implementer: string | null;
}

type Said = Exclude<keyof CpuinfoEntry, 'cpu' | 'package' | 'core' | 'frequency'>;

/** Lines that are kept as they are. */
const TEXTS: Readonly<Record<string, Said>> = {
  vendor_id: 'vendor',
  'cpu family': 'family',
  'CPU Family': 'family',
  model: 'model',
  'model name': 'modelName',
  'Model Name': 'modelName',
  'cpu model': 'modelName',
  uarch: 'modelName',
  microcode: 'microcode',
  stepping: 'stepping',
  'cache size': 'cacheSize',
};

/** Lines with the clock: x86, s390 and PowerPC. */
const CLOCKS = ['cpu MHz', 'CPU MHz', 'cpu MHz dynamic', 'clock'];

const numberOf = (value: string): number | null => (/^\d{1,9}$/.test(value) ? Number(value) : null);

/** Hertz of `2596.136` or `2300.000000MHz`; null for anything else and for 0, which the kernel writes when it does not know. */
function hertzOf(value: string): number | null {
  const megahertz = /^(\d{1,6}(?:\.\d+)?)(?:MHz)?$/.exec(value)?.[1];
  // Rounded: 2596.136 * 1e6 would be 2596136000.0000005.
  return megahertz === undefined || Number(megahertz) === 0 ? null : Math.round(Number(megahertz) * 1e6);
}

/** Lines that are looked at before others get their turn. */
const LINES = 100;

/** /proc/cpuinfo CPU by CPU. Equal texts of different CPUs are one string. Text that is none gives no entries. */
export function* parseCpuinfoList(text: string): Sliced<CpuinfoList> {
  const entries: CpuinfoEntry[] = [];
  const lists: { flags: readonly string[]; bugs: readonly string[] } = { flags: [], bugs: [] };
  let implementer: string | null = null;
  let entry: CpuinfoEntry | undefined;
  let lines = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const colon = text.indexOf(':', start);
    if (colon >= start && colon < end) {
      const name = text.slice(start, colon).trim();
      const value = text.slice(colon + 1, end).trim();
      const property = TEXTS[name];
      if (name === 'processor' || name === 'cpu number') {
        const cpu = numberOf(value);
        if (cpu !== null) entries.push((entry = emptyEntry(cpu)));
      } else if (property !== undefined && entry) {
        const before = entries.at(-2)?.[property];
        entry[property] = before === value ? before : value;
      } else if (name === 'physical id' && entry) entry.package = numberOf(value);
      else if (name === 'core id' && entry) entry.core = numberOf(value);
      else if (CLOCKS.includes(name) && entry) entry.frequency = hertzOf(value);
      else if (name === 'CPU implementer') implementer ??= value;
      else if (lists.flags.length === 0 && /^(?:flags|features|isa)$/i.test(name)) lists.flags = value.split(/\s+/).filter(Boolean);
      else if (lists.bugs.length === 0 && name === 'bugs') lists.bugs = value.split(/\s+/).filter(Boolean);
    }
    start = end + 1;
    if (++lines % LINES === 0) yield;
  }
  return { entries, ...lists, implementer };
}

function emptyEntry(cpu: number): CpuinfoEntry {
  return {
    cpu,
    package: null,
    core: null,
    vendor: null,
    family: null,
    model: null,
    modelName: null,
    microcode: null,
    stepping: null,
    cacheSize: null,
    frequency: null,
  };
}
