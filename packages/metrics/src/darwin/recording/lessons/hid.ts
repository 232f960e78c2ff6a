import { mapArray } from '../../core-foundation/array.ts';
import { addressAt } from '../lesson.ts';
import type { Lessons, Notebook } from '../lesson.ts';
import type { CfTree } from '../format.ts';
import { treeAt } from '../tree.ts';

const SERVICES = 'IOHIDEventSystemClientCopyServices';
/** What the event of a service says is written down as one of its properties. */
const TEMPERATURE = 'temperature';

interface NotedServices {
  readonly list: Map<bigint, Record<string, CfTree>>;
  readonly events: Map<bigint, bigint>;
}

const servicesOf = (book: Notebook): NotedServices => book.memo(servicesOf, () => ({ list: new Map(), events: new Map() }));

/** Sensors behind the HID event system: what each says of itself, and what its event says. */
export const HID_LESSONS: Lessons = {
  IOHIDEventSystemClientCreate: {
    note(book, { gave }) {
      if (gave === 0n) book.answers.set('IOHIDEventSystemClientCreate', Buffer.alloc(0));
    },
    answer: (machine) => (machine.answer('IOHIDEventSystemClientCreate') ? 0n : machine.objects.add({ kind: 'other', held: null })),
  },
  IOHIDEventSystemClientSetMatching: { answer: () => 1 },
  IOHIDEventSystemClientCopyServices: {
    note(book, { gave }) {
      if (gave === 0n) return;
      const { list } = servicesOf(book);
      const before = [...list.values()];
      list.clear();
      // The list comes in the same order: who asks again gets the same sensors at other addresses.
      mapArray(book.darwin, gave as bigint, (service, index) => list.set(service, before[index] ?? {}));
      book.trees.set(SERVICES, [...list.values()]);
    },
    answer: (machine) => machine.objects.make(machine.tree(SERVICES)),
  },
  IOHIDServiceClientCopyProperty: {
    note(book, { given, gave }) {
      const service = servicesOf(book).list.get(addressAt(given, 0));
      const key = treeAt(book.darwin, addressAt(given, 1));
      const value = treeAt(book.darwin, gave as bigint);
      if (service && typeof key === 'string' && value !== undefined) service[key] = value;
    },
    answer({ objects }, given) {
      const found = objects.valueOf(addressAt(given, 0), objects.textOf(addressAt(given, 1)));
      return found === 0n ? 0n : objects.retain(found);
    },
  },
  IOHIDServiceClientCopyEvent: {
    note: (book, { given, gave }) => void servicesOf(book).events.set(gave as bigint, addressAt(given, 0)),
    answer({ objects }, given) {
      const event = objects.at(objects.valueOf(addressAt(given, 0), TEMPERATURE));
      return event?.kind === 'number' ? objects.add({ kind: 'other', held: Number(event.number) }) : 0n;
    },
  },
  IOHIDEventGetFloatValue: {
    note(book, { given, gave }) {
      const { events, list } = servicesOf(book);
      const service = list.get(events.get(addressAt(given, 0)) ?? 0n);
      if (service) service[TEMPERATURE] = gave as number;
    },
    answer({ objects }, given) {
      const event = objects.at(addressAt(given, 0));
      return event?.kind === 'other' && typeof event.held === 'number' ? event.held : 0;
    },
  },
};
