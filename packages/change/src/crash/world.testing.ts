import fc from 'fast-check';
import type { Action } from '../action.ts';
import type { Entry, Kernel } from './machine.testing.ts';

/** One thing of the world that a change can be made to, with what the kernel does to it. */
export interface Thing {
  readonly name: string;
  /** Files that hold it, and their first content; null: not there. */
  readonly starts: readonly Readonly<Record<string, Entry | null>>[];
  /** What may be wanted of it. `bad`: applying it fails. */
  readonly wishes: readonly { readonly action: Action; readonly gives: (now: State) => State; readonly bad?: true }[];
  /** Whether somebody else may write it in between, with a value of his own. */
  readonly drifts: boolean;
  /** Whether a reboot brings the first content back. */
  readonly volatile: boolean;
}

/** Contents of the files of a thing. */
export type State = Readonly<Record<string, Entry | null>>;

const text = (content: string, mode = 0o644): Entry => ({ text: content, mode });

function plain(path: string, bad: boolean): Thing {
  const values = ['1', '2', '3'];
  const wishes = values.map((value) => ({
    action: { kind: 'sysfs', path, value } as const,
    gives: () => ({ [path]: text(`${value}\n`) }),
  }));
  const refused = { action: { kind: 'sysfs', path, value: '4242' } as const, gives: (now: State) => now, bad: true as const };
  return {
    name: path,
    starts: values.map((value) => ({ [path]: text(`${value}\n`) })),
    wishes: bad ? [...wishes, refused] : wishes,
    drifts: true,
    volatile: true,
  };
}

const CHOICES = ['always', 'madvise', 'never'];
const chosen = (one: string): string => `${CHOICES.map((word) => (word === one ? `[${word}]` : word)).join(' ')}\n`;

function choice(path: string): Thing {
  return {
    name: path,
    starts: CHOICES.map((word) => ({ [path]: text(chosen(word)) })),
    wishes: CHOICES.map((word) => ({
      action: { kind: 'sysfs', path, value: word } as const,
      gives: () => ({ [path]: text(chosen(word)) }),
    })),
    drifts: false,
    volatile: true,
  };
}

/** A value that the kernel makes smaller than was wanted. */
function clamped(path: string): Thing {
  return {
    name: path,
    starts: ['64', '128'].map((value) => ({ [path]: text(`${value}\n`) })),
    wishes: [
      ...['32', '64', '128'].map((value) => ({
        action: { kind: 'sysfs', path, value } as const,
        gives: () => ({ [path]: text(`${value}\n`) }),
      })),
      { action: { kind: 'sysfs', path, value: '99999' }, gives: (now) => now, bad: true },
    ],
    drifts: false,
    volatile: true,
  };
}

const RATIO = '/proc/sys/vm/dirty_ratio';
const BYTES = '/proc/sys/vm/dirty_bytes';
const pairState = (ratio: string, bytes: string): State => ({ [RATIO]: text(ratio), [BYTES]: text(bytes) });

const pair: Thing = {
  name: 'vm.dirty_*',
  starts: [pairState('20\n', '0\n'), pairState('0\n', '8388608\n')],
  wishes: [
    { action: { kind: 'sysctl', key: 'vm.dirty_ratio', value: '10' }, gives: () => pairState('10\n', '0\n') },
    { action: { kind: 'sysctl', key: 'vm.dirty_ratio', value: '20' }, gives: () => pairState('20\n', '0\n') },
    { action: { kind: 'sysctl', key: 'vm.dirty_bytes', value: '8388608' }, gives: () => pairState('0\n', '8388608\n') },
  ],
  drifts: false,
  volatile: true,
};

function placed(path: string): Thing {
  const modeOf = (now: State): number => {
    const entry = now[path];
    return entry && 'mode' in entry ? entry.mode : 0o644;
  };
  return {
    name: path,
    starts: [{ [path]: null }, { [path]: text('one\n') }, { [path]: text('two\n', 0o640) }],
    wishes: [
      { action: { kind: 'file', path, content: 'two\n' }, gives: (now) => ({ [path]: text('two\n', modeOf(now)) }) },
      { action: { kind: 'file', path, content: 'three\n', mode: 0o600 }, gives: () => ({ [path]: text('three\n', 0o600) }) },
      { action: { kind: 'file', path, content: null }, gives: () => ({ [path]: null }) },
    ],
    drifts: true,
    volatile: false,
  };
}

function linked(path: string): Thing {
  return {
    name: path,
    starts: [{ [path]: null }, { [path]: { link: 'old' } }],
    wishes: [
      { action: { kind: 'link', path, target: 'new' }, gives: () => ({ [path]: { link: 'new' } }) },
      { action: { kind: 'link', path, target: null }, gives: () => ({ [path]: null }) },
    ],
    drifts: false,
    volatile: false,
  };
}

/** All things of the world. */
export const THINGS: readonly Thing[] = [
  plain('/sys/kernel/one', false),
  plain('/sys/kernel/two', true),
  choice('/sys/kernel/mm/transparent_hugepage/enabled'),
  clamped('/sys/block/sda/queue/read_ahead_kb'),
  pair,
  placed('/etc/one.conf'),
  placed('/etc/two.conf'),
  linked('/etc/link'),
];

/** Directories of the world, parents first. */
export const DIRECTORIES: readonly string[] = [
  '/sys',
  '/sys/kernel',
  '/sys/kernel/mm',
  '/sys/kernel/mm/transparent_hugepage',
  '/sys/block',
  '/sys/block/sda',
  '/sys/block/sda/queue',
  '/proc/sys/vm',
  '/etc',
];

/** What the kernel of this world makes of a write. */
export const kernel: Kernel = (file, written) => {
  const value = written.trim();
  const refuse = (): never => {
    throw Object.assign(new Error(`EINVAL: ${file} does not take ${value}`), { code: 'EINVAL' });
  };
  if (value === '4242' || value === '') return refuse();
  if (file === RATIO || file === BYTES) {
    const of = (member: string): string => (member === file ? `${value}\n` : '0\n');
    return value === '0' ? refuse() : { [RATIO]: of(RATIO), [BYTES]: of(BYTES) };
  }
  if (file.endsWith('read_ahead_kb')) return { [file]: `${Math.min(Number(value), 4096)}\n` };
  if (file.endsWith('enabled')) return CHOICES.includes(value) ? { [file]: chosen(value) } : refuse();
  return { [file]: `${value}\n` };
};

/** What is done to the world, in numbers that say which. */
export type Operation =
  | {
      readonly type: 'apply';
      readonly component: string;
      readonly wishes: readonly (readonly [number, number])[];
      readonly confirm: boolean;
      readonly replace: boolean;
    }
  | { readonly type: 'rollBack' | 'confirm' | 'drift'; readonly which: number }
  | { readonly type: 'expire' };

/** How a world begins, what is done to it, and in which order all is rolled back in the end. */
export interface Story {
  readonly starts: readonly number[];
  readonly operations: readonly Operation[];
  readonly order: number;
}

const apply: fc.Arbitrary<Operation> = fc.record({
  type: fc.constant('apply' as const),
  component: fc.constantFrom('tune', 'tune', 'security'),
  wishes: fc.uniqueArray(fc.tuple(fc.nat(THINGS.length - 1), fc.nat(3)), { selector: ([thing]) => thing, minLength: 1, maxLength: 8 }),
  confirm: fc.boolean(),
  replace: fc.boolean(),
});
const other: fc.Arbitrary<Operation> = fc.record({
  type: fc.constantFrom('rollBack' as const, 'confirm' as const, 'drift' as const),
  which: fc.nat(9),
});

/** Stories of up to five operations; what goes wrong goes wrong in the last one. */
export const stories: fc.Arbitrary<Story> = fc.record({
  starts: fc.array(fc.nat(9), { minLength: THINGS.length, maxLength: THINGS.length }),
  operations: fc
    .tuple(
      fc.array(fc.oneof({ weight: 3, arbitrary: apply }, { weight: 2, arbitrary: other }), { maxLength: 4 }),
      fc.oneof(
        { weight: 4, arbitrary: apply },
        { weight: 2, arbitrary: other },
        { weight: 1, arbitrary: fc.constant<Operation>({ type: 'expire' }) },
      ),
    )
    .map(([before, last]) => [...before, last]),
  order: fc.nat(9),
});
