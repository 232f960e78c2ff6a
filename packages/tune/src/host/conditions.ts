import type { HostFacts } from './facts.ts';
import { FLAG, oneOf, oneOrList, SIZE, text, whole } from './rule.ts';
import type { Rule } from './rule.ts';
import { parseBitRate, parseSize } from './value.ts';
import type { Scalar } from './value.ts';

/** What can be asked of a machine. */
export const CONDITION_NAMES = [
  'memory_at_least',
  'memory_below',
  'threads_at_least',
  'kernel_at_least',
  'kernel_below',
  'nic_at_least',
  'virtual',
  'container',
  'battery',
  'mains',
  'numa',
  'hybrid',
  'smt',
  'swap',
  'zram',
  'zram_possible',
  'cpu_vendor',
  'cpu_driver',
  'machine',
  'form_factor',
  'disk',
  'gpu',
  'runs',
] as const;

/** One of {@link CONDITION_NAMES}. */
export type ConditionName = (typeof CONDITION_NAMES)[number];

/** What an entry of a profile asks of the machine. All must hold. */
export type Conditions = Readonly<Partial<Record<ConditionName, ConditionValue>>>;

/** What a condition can be compared with. */
export type ConditionValue = Scalar | readonly string[];

/** One thing that can be asked of a machine. What the facts do not tell holds neither way. */
interface Condition {
  readonly rule: Rule;
  holds(asked: ConditionValue, facts: HostFacts): boolean;
  /** Ends the sentence "It is for …". */
  says(asked: ConditionValue): string;
}

const listed = (asked: ConditionValue): readonly string[] => (Array.isArray(asked) ? (asked as readonly string[]) : [String(asked)]);
const words = (asked: ConditionValue): string => listed(asked).join(' or ');

/** A fact that is true or false; null is neither. */
const flag = (read: (facts: HostFacts) => boolean | null, yes: string, no: string): Condition => ({
  rule: FLAG,
  holds: (asked, facts) => read(facts) === asked,
  says: (asked) => (asked === true ? yes : no),
});

/** One of some words, or any of a list of them. */
const word = (rule: Rule, read: (facts: HostFacts) => readonly (string | null)[], says: (list: string) => string): Condition => ({
  rule: oneOrList(rule),
  holds: (asked, facts) => read(facts).some((found) => found !== null && listed(asked).includes(found)),
  says: (asked) => says(words(asked)),
});

/** A kernel's version as one number that can be compared. */
const versionNumber = (major: number, minor: number): number => major * 1000 + minor;
const askedVersion = (asked: ConditionValue): number => {
  const [major = 0, minor = 0] = String(asked).split('.').map(Number);
  return versionNumber(major, minor);
};
const VERSION = text('a kernel version such as "6.6"', /^\d{1,2}\.\d{1,3}$/);
const BIT_RATE: Rule = {
  must: 'a bit rate such as "10Gbit"',
  holds: (value) => typeof value === 'string' && parseBitRate(value) !== null,
};
const WORD = text('a word', /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/);
const DISK_KIND = oneOf(['nvme', 'ssd', 'hdd', 'virtual', 'flash', 'loop', 'other']);

const CONDITIONS: Readonly<Record<ConditionName, Condition>> = {
  memory_at_least: {
    rule: SIZE,
    holds: (asked, { memory }) => memory.total >= parseSize(String(asked))!,
    says: (asked) => `machines with at least ${words(asked)} of memory`,
  },
  memory_below: {
    rule: SIZE,
    holds: (asked, { memory }) => memory.total < parseSize(String(asked))!,
    says: (asked) => `machines with less than ${words(asked)} of memory`,
  },
  threads_at_least: {
    rule: whole(1, 8192),
    holds: (asked, { cpu }) => cpu.threads >= Number(asked),
    says: (asked) => `machines with at least ${words(asked)} CPUs`,
  },
  kernel_at_least: {
    rule: VERSION,
    holds: (asked, { kernel }) => versionNumber(...kernel.version) >= askedVersion(asked),
    says: (asked) => `kernels from ${words(asked)} on`,
  },
  kernel_below: {
    rule: VERSION,
    holds: (asked, { kernel }) => versionNumber(...kernel.version) < askedVersion(asked),
    says: (asked) => `kernels before ${words(asked)}`,
  },
  nic_at_least: {
    rule: BIT_RATE,
    holds: (asked, { nics }) => nics.some(({ speed }) => speed !== null && speed >= parseBitRate(String(asked))!),
    says: (asked) => `machines with a network link of at least ${words(asked)}`,
  },
  virtual: flag(({ hypervisor }) => hypervisor !== null, 'virtual machines', 'machines that are not virtual'),
  container: flag(({ container }) => container !== null, 'the inside of containers', 'the outside of containers'),
  battery: flag(({ battery }) => battery, 'machines with a battery', 'machines without a battery'),
  mains: flag(({ mains }) => mains, 'machines on the mains', 'machines on battery power'),
  numa: flag(({ memory }) => memory.nodes > 1, 'machines with several memory nodes', 'machines with one memory node'),
  hybrid: flag(({ cpu }) => cpu.hybrid !== null, 'processors with unlike cores', 'processors whose cores are alike'),
  smt: flag(({ cpu }) => cpu.smt, 'processors with several threads a core', 'processors with one thread a core'),
  swap: flag(({ memory }) => memory.swap > 0, 'machines with swap', 'machines without swap'),
  zram: flag(({ memory }) => memory.zram.length > 0, 'machines with swap in zram', 'machines without swap in zram'),
  zram_possible: flag(
    ({ container, memory }) => container === null && (memory.canZram || memory.zram.length > 0),
    'machines that can swap to zram',
    'machines that cannot swap to zram',
  ),
  cpu_vendor: word(
    oneOf(['intel', 'amd', 'arm', 'apple', 'other']),
    ({ cpu }) => [cpu.vendor],
    (list) => `processors of ${list}`,
  ),
  cpu_driver: word(
    WORD,
    ({ cpu }) => [cpu.driver],
    (list) => `processors under the driver ${list}`,
  ),
  machine: word(
    WORD,
    ({ kernel }) => [kernel.machine],
    (list) => `machines of type ${list}`,
  ),
  form_factor: word(
    oneOf(['server', 'desktop', 'laptop', 'tablet', 'embedded', 'virtual', 'unknown']),
    ({ formFactor }) => [formFactor],
    (list) => `machines of the form ${list}`,
  ),
  disk: word(
    DISK_KIND,
    ({ disks }) => disks.filter(({ removable }) => !removable).map(({ kind }) => kind),
    (list) => `machines with a disk of kind ${list}`,
  ),
  gpu: word(
    oneOf(['nvidia', 'amd', 'intel', 'apple', 'other']),
    ({ gpus }) => gpus.map(({ vendor }) => vendor),
    (list) => `machines with a GPU of ${list}`,
  ),
  runs: word(
    WORD,
    ({ roles }) => [...roles.containers, ...roles.databases, ...roles.servers, ...roles.games],
    (list) => `machines on which ${list} runs`,
  ),
};

/** What the value of a condition must be; null when there is no such condition. */
export function conditionRule(name: string): Rule | null {
  return Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name as ConditionName].rule : null;
}

/** Why these conditions do not hold on a machine, as a sentence; null when they do. */
export function unmetCondition(conditions: Conditions, facts: HostFacts): string | null {
  for (const [name, asked] of Object.entries(conditions) as [ConditionName, ConditionValue][]) {
    if (!CONDITIONS[name].holds(asked, facts)) return `It is for ${CONDITIONS[name].says(asked)}.`;
  }
  return null;
}
