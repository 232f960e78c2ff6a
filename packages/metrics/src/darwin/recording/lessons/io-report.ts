import { mapArray } from '../../core-foundation/array.ts';
import { createText } from '../../core-foundation/create.ts';
import { withScope } from '../../core-foundation/scope.ts';
import { CHANNELS, channelsIn } from '../../io-report/report.ts';
import { addressAt, memoryAt, numberAt } from '../lesson.ts';
import type { Lesson, Lessons, Notebook, Replayed } from '../lesson.ts';
import { isDictionary, treeAt } from '../tree.ts';
import type { CfTree } from '../format.ts';

/** The answer that channels of a group are written down as. */
const answerOf = (group: string): string => `IOReport:${group}`;
/** What a replay's own channels say of where in the answer of their group they are. */
const PLACE = 'place';

/** A channel that is being recorded. */
interface NotedChannel {
  readonly facts: Record<string, CfTree>;
  value: bigint | number | null;
  readonly states: Map<number, { readonly name: CfTree; readonly residency: bigint | number }>;
}

interface NotedReport {
  /** By what they are called; a name that comes twice in a sample is counted. */
  readonly channels: Map<string, NotedChannel>;
  /** Those of the last samples, by address. */
  readonly sampled: Map<bigint, NotedChannel>;
}

const reportOf = (book: Notebook): NotedReport => book.memo(reportOf, () => ({ channels: new Map(), sampled: new Map() }));

/** Samples are walked once they are made: who reads them may ask no more than what changes. */
function noteSamples(book: Notebook, samples: bigint): void {
  const { darwin } = book;
  const { ioReport } = darwin;
  const { channels, sampled } = reportOf(book);
  const seen = new Map<string, number>();
  const list = withScope(darwin, (scope) => channelsIn(darwin, samples, createText(darwin, scope, CHANNELS)));
  for (const channel of mapArray(darwin, list, (one) => one)) {
    const facts: Record<string, CfTree> = {};
    const say = (name: string, text: bigint): void => {
      const tree = treeAt(darwin, text);
      if (tree !== undefined) facts[name] = tree;
    };
    say('group', ioReport.IOReportChannelGetGroup(channel));
    say('subgroup', ioReport.IOReportChannelGetSubGroup(channel));
    say('name', ioReport.IOReportChannelGetChannelName(channel));
    say('unit', ioReport.IOReportChannelGetUnitLabel(channel));
    const name = JSON.stringify([facts['group'], facts['subgroup'], facts['name']]);
    const time = seen.get(name) ?? 0;
    seen.set(name, time + 1);
    const noted = channels.get(`${name}${time}`) ?? { facts, value: null, states: new Map() };
    channels.set(`${name}${time}`, noted);
    sampled.set(channel, noted);
  }
  writeDown(book);
}

const integer = (value: bigint | number): CfTree => (Number.isSafeInteger(value) ? value : BigInt(value));

function writeDown(book: Notebook): void {
  const groups = new Map<string, CfTree[]>();
  for (const { facts, value, states } of reportOf(book).channels.values()) {
    const group = typeof facts['group'] === 'string' ? facts['group'] : '';
    const own = groups.get(group) ?? [];
    groups.set(group, own);
    const counted = [...states.entries()]
      .toSorted(([a], [b]) => a - b)
      .map(([, { name, residency }]): CfTree => ({ name, residency: integer(residency) }));
    own.push({ ...facts, ...(value === null ? {} : { value: integer(value) }), ...(counted.length === 0 ? {} : { states: counted }) });
  }
  for (const [group, channels] of groups) book.trees.set(answerOf(group), channels);
}

/** A getter of a channel that answers with one of its properties. */
const factLesson = (property: string): Lesson => ({ answer: ({ objects }, given) => objects.valueOf(addressAt(given, 0), property) });

const numberOf = (machine: Replayed, address: bigint): number => {
  const object = machine.objects.at(address);
  return object?.kind === 'number' ? Number(object.number) : 0;
};

/** A property of a channel's state; 0n for one that it has not. */
function stateValue({ objects }: Replayed, given: readonly unknown[], key: string): bigint {
  const states = objects.at(objects.valueOf(addressAt(given, 0), 'states'));
  const state = states?.kind === 'array' ? states.items[numberAt(given, 1)] : undefined;
  return state === undefined ? 0n : objects.valueOf(state, key);
}

const channelsOf = (machine: Replayed, group: string): readonly CfTree[] => {
  const tree = machine.tree(answerOf(group));
  return Array.isArray(tree) ? (tree as readonly CfTree[]) : [];
};

const CopyChannelsInGroup: Lesson = {
  answer(machine, given) {
    const { objects } = machine;
    const group = objects.textOf(addressAt(given, 0));
    const subgroup = addressAt(given, 1);
    const found = channelsOf(machine, group).flatMap((channel, place) => {
      if (!isDictionary(channel)) return [];
      if (subgroup !== 0n && channel['subgroup'] !== objects.textOf(subgroup)) return [];
      const { value: _value, states: _states, ...facts } = channel;
      return [{ ...facts, [PLACE]: place }];
    });
    return found.length > 0 ? objects.make({ [CHANNELS]: found }) : 0n;
  },
};

/** The channels of a dictionary, by address. */
function itemsOf({ objects }: Replayed, dictionary: bigint): bigint[] {
  const list = objects.at(objects.valueOf(dictionary, CHANNELS));
  return list?.kind === 'array' ? list.items : [];
}

/** Counters of the chip. What is sampled is written down with the values that were asked for. */
export const IO_REPORT_LESSONS: Lessons = {
  IOReportChannelGetChannelName: factLesson('name'),
  IOReportChannelGetGroup: factLesson('group'),
  IOReportChannelGetSubGroup: factLesson('subgroup'),
  IOReportChannelGetUnitLabel: factLesson('unit'),
  IOReportCopyChannelsInGroup: CopyChannelsInGroup,
  IOReportMergeChannels: {
    answer(machine, given) {
      const into = itemsOf(machine, addressAt(given, 0));
      for (const item of itemsOf(machine, addressAt(given, 1))) into.push(machine.objects.retain(item));
    },
  },
  IOReportCreateSubscription: {
    answer(machine, given) {
      memoryAt(given, 2)!.writeBigUInt64LE(addressAt(given, 1), 0);
      return machine.objects.add({ kind: 'other', held: null });
    },
  },
  IOReportCreateSamples: {
    note(book, { gave }) {
      if (gave !== 0n) noteSamples(book, gave as bigint);
    },
    answer(machine, given) {
      const { objects } = machine;
      const sampled = itemsOf(machine, addressAt(given, 1)).flatMap(
        (item) =>
          channelsOf(machine, objects.textOf(objects.valueOf(item, 'group')))[numberOf(machine, objects.valueOf(item, PLACE))] ?? [],
      );
      return objects.make({ [CHANNELS]: sampled });
    },
  },
  IOReportSimpleGetIntegerValue: {
    note(book, { given, gave }) {
      const channel = reportOf(book).sampled.get(addressAt(given, 0));
      if (!channel) return;
      channel.value = gave as number;
      writeLater(book);
    },
    answer: (machine, given) => numberOf(machine, machine.objects.valueOf(addressAt(given, 0), 'value')),
  },
  IOReportStateGetCount: {
    answer({ objects }, given) {
      const states = objects.at(objects.valueOf(addressAt(given, 0), 'states'));
      return states?.kind === 'array' ? states.items.length : 0;
    },
  },
  IOReportStateGetNameForIndex: { answer: (machine, given) => stateValue(machine, given, 'name') },
  IOReportStateGetResidency: {
    note(book, { given, gave }) {
      const channel = reportOf(book).sampled.get(addressAt(given, 0));
      if (!channel) return;
      const { darwin } = book;
      const index = numberAt(given, 1);
      const name =
        channel.states.get(index)?.name ?? treeAt(darwin, darwin.ioReport.IOReportStateGetNameForIndex(addressAt(given, 0), index)) ?? '';
      channel.states.set(index, { name, residency: gave as number });
      writeLater(book);
    },
    answer: (machine, given) => numberOf(machine, stateValue(machine, given, 'residency')),
  },
};

/** Trees are made of the channels when they are taken from the notebook. */
function writeLater(book: Notebook): void {
  book.atEnd(writeLater, () => writeDown(book));
}
