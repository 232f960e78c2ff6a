import { HecateError } from '@hecate/host';
import { addressAt, memoryAt, numberAt, textAt } from '../lesson.ts';
import type { Call, Lesson, Lessons, NotedEntry, Notebook, Replayed } from '../lesson.ts';
import { isDictionary, treeAt } from '../tree.ts';

/** `kIOReturnBadArgument` and `kIOReturnNoDevice` of IOKit/IOReturn.h, as signed numbers. */
const RETURN = { badArgument: 0xe00002c2 | 0, noDevice: 0xe00002c0 | 0 };
/** Where the name of a class stands in a matching dictionary (`kIOProviderClassKey`). */
const CLASS_KEY = 'IOProviderClass';

/** What handles of the machine stand for while it is recorded. */
interface NotedHandles {
  /** Matching dictionaries by their addresses: the class that each is for. */
  readonly matching: Map<bigint, string>;
  /** Iterators: what is known of the entries that they give. */
  readonly iterators: Map<number, { readonly className?: string; readonly parent?: number }>;
  /** Places of entries in the registry, by handle, and by what the registry numbers them with. */
  readonly entries: Map<number, number>;
  readonly byId: Map<bigint, number>;
}

const handlesOf = (book: Notebook): NotedHandles =>
  book.memo(handlesOf, () => ({ matching: new Map(), iterators: new Map(), entries: new Map(), byId: new Map() }));

const idRoom = Buffer.allocUnsafeSlow(8);

/** What the registry numbers an entry with; null when it does not say: then each handle is taken for an entry of its own. */
function idOf({ darwin: { iokit } }: Notebook, handle: number): bigint | null {
  try {
    return iokit.IORegistryEntryGetRegistryEntryID(handle, idRoom) === 0 ? idRoom.readBigUInt64LE(0) : null;
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return null;
  }
}

function nameInto({ darwin: { iokit } }: Notebook, handle: number, into: Buffer): boolean {
  try {
    return iokit.IORegistryEntryGetName(handle, into) === 0;
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return false;
  }
}

/** The entry behind a handle, the same for all handles of it. */
function noteEntry(book: Notebook, handle: number, known: { readonly className?: string; readonly parent?: number } = {}): NotedEntry {
  const { entries, byId } = handlesOf(book);
  const id = idOf(book, handle);
  let place = id === null ? undefined : byId.get(id);
  if (place === undefined) {
    const name = Buffer.allocUnsafeSlow(128).fill(0);
    const isNamed = nameInto(book, handle, name);
    place =
      book.registry.push({
        name: isNamed ? name.toString('utf8', 0, Math.max(0, name.indexOf(0))) : '',
        ...{ classes: [], parent: undefined, properties: {}, result: 0 },
      }) - 1;
    if (id !== null) byId.set(id, place);
  }
  entries.set(handle, place);
  const entry = book.registry[place]!;
  if (known.className !== undefined && !entry.classes.includes(known.className)) entry.classes.push(known.className);
  if (known.parent !== undefined) entry.parent = known.parent;
  return entry;
}

const entryAt = (book: Notebook, handle: number): NotedEntry | undefined => {
  const place = handlesOf(book).entries.get(handle);
  return place === undefined ? undefined : book.registry[place];
};

/** A handle that is replayed: an entry, or the entries that an iterator has left. */
type Handle = { readonly entry: number } | { readonly left: number[] };

const replayedHandles = (machine: Replayed): Map<number, Handle> => machine.memo(replayedHandles, () => new Map<number, Handle>());

/** Gives a handle away; no number is given twice. */
function handOut(machine: Replayed, handle: Handle): number {
  const last = machine.memo(handOut, () => ({ handle: 0x1000 }));
  replayedHandles(machine).set(++last.handle, handle);
  return last.handle;
}

function entryOf(machine: Replayed, handle: number): Replayed['registry'][number] | null {
  const found = replayedHandles(machine).get(handle);
  return (found && 'entry' in found && machine.registry[found.entry]) || null;
}

/** The places of the entries that are so. */
const placesOf = (machine: Replayed, isWanted: (entry: Replayed['registry'][number]) => boolean): number[] =>
  machine.registry.flatMap((entry, place) => (isWanted(entry) ? [place] : []));

const IOServiceGetMatchingServices: Lesson = {
  // The dictionary is gone after the call.
  key: (given) => String(addressAt(given, 1)),
  note(book, { key, given, gave }) {
    const className = handlesOf(book).matching.get(BigInt(key)) ?? '';
    handlesOf(book).matching.delete(BigInt(key));
    if (gave !== 0) book.answers.set(`IOServiceGetMatchingServices:${className}`, { result: gave as number });
    else handlesOf(book).iterators.set(memoryAt(given, 2)!.readUInt32LE(0), { className });
  },
  answer(machine, given) {
    const className = machine.objects.textOf(machine.objects.valueOf(addressAt(given, 1), CLASS_KEY));
    machine.objects.release(addressAt(given, 1));
    const refused = machine.answer(`IOServiceGetMatchingServices:${className}`);
    if (refused) return refused.result;
    const left = placesOf(machine, ({ classes }) => classes.includes(className));
    memoryAt(given, 2)!.writeUInt32LE(handOut(machine, { left }), 0);
    return 0;
  },
};

const CreateCFProperties: Lesson = {
  note(book, { given, gave }) {
    const entry = entryAt(book, numberAt(given, 0));
    if (!entry) return;
    if (gave === 0) entry.properties = treeAt(book.darwin, memoryAt(given, 1)!.readBigUInt64LE(0)) ?? {};
    entry.result = gave as number;
  },
  answer(machine, given) {
    const entry = entryOf(machine, numberAt(given, 0));
    if (!entry) return RETURN.badArgument;
    if (entry.result) return entry.result;
    memoryAt(given, 1)!.writeBigUInt64LE(machine.objects.make(entry.properties), 0);
    return 0;
  },
};

/** One property, where the others are not asked for. */
function noteProperty(book: Notebook, { given, gave }: Call): void {
  const entry = entryAt(book, numberAt(given, 0));
  const key = treeAt(book.darwin, addressAt(given, 1));
  const value = treeAt(book.darwin, gave as bigint);
  if (!entry || typeof key !== 'string' || value === undefined) return;
  entry.properties = Object.fromEntries([...Object.entries(isDictionary(entry.properties) ? entry.properties : {}), [key, value]]);
}

/** The I/O registry: entries are told apart by what it numbers them with, and are as they were asked last. */
export const IO_REGISTRY_LESSONS: Lessons = {
  IOServiceMatching: {
    note: (book, { given, gave }) => void handlesOf(book).matching.set(gave as bigint, textAt(given, 0)),
    answer: ({ objects }, given) => objects.make({ [CLASS_KEY]: textAt(given, 0) }),
  },
  IOServiceGetMatchingServices,
  IOIteratorNext: {
    note(book, { given, gave }) {
      if (gave !== 0) noteEntry(book, gave as number, handlesOf(book).iterators.get(numberAt(given, 0)));
    },
    answer(machine, given) {
      const iterator = replayedHandles(machine).get(numberAt(given, 0));
      const next = iterator && 'left' in iterator ? iterator.left.shift() : undefined;
      return next === undefined ? 0 : handOut(machine, { entry: next });
    },
  },
  IOObjectConformsTo: {
    note(book, { given, gave }) {
      const entry = entryAt(book, numberAt(given, 0));
      if (gave !== 0 && entry && !entry.classes.includes(textAt(given, 1))) entry.classes.push(textAt(given, 1));
    },
    answer: (machine, given) => Number(entryOf(machine, numberAt(given, 0))?.classes.includes(textAt(given, 1)) ?? false),
  },
  IOObjectRelease: {
    // A handle may come again for something else.
    note: (book, { given }) => void handlesOf(book).iterators.delete(numberAt(given, 0)),
    answer: (machine, given) => (replayedHandles(machine).delete(numberAt(given, 0)) ? 0 : RETURN.badArgument),
  },
  IORegistryEntryCreateCFProperties: CreateCFProperties,
  IORegistryEntryCreateCFProperty: {
    note: noteProperty,
    answer(machine, given) {
      const entry = entryOf(machine, numberAt(given, 0));
      const key = machine.objects.textOf(addressAt(given, 1));
      if (!entry || entry.result || !isDictionary(entry.properties) || !Object.hasOwn(entry.properties, key)) return 0n;
      return machine.objects.make(entry.properties[key]);
    },
  },
  IORegistryEntryGetChildIterator: {
    note(book, { given, gave }) {
      const parent = handlesOf(book).entries.get(numberAt(given, 0));
      if (gave === 0 && parent !== undefined) handlesOf(book).iterators.set(memoryAt(given, 2)!.readUInt32LE(0), { parent });
    },
    answer(machine, given) {
      const handle = replayedHandles(machine).get(numberAt(given, 0));
      if (!handle || !('entry' in handle)) return RETURN.badArgument;
      const left = placesOf(machine, ({ parent }) => parent === handle.entry);
      memoryAt(given, 2)!.writeUInt32LE(handOut(machine, { left }), 0);
      return 0;
    },
  },
  IORegistryEntryGetName: {
    answer(machine, given) {
      const entry = entryOf(machine, numberAt(given, 0));
      if (!entry) return RETURN.badArgument;
      memoryAt(given, 1)!.fill(0);
      memoryAt(given, 1)!.write(entry.name, 0, 127, 'utf8');
      return 0;
    },
  },
  IORegistryEntryGetParentEntry: {
    note(book, { given, gave }) {
      const child = entryAt(book, numberAt(given, 0));
      if (gave !== 0 || !child) return;
      const handle = memoryAt(given, 2)!.readUInt32LE(0);
      noteEntry(book, handle);
      child.parent = handlesOf(book).entries.get(handle);
    },
    answer(machine, given) {
      const parent = entryOf(machine, numberAt(given, 0))?.parent;
      if (parent === undefined) return RETURN.noDevice;
      memoryAt(given, 2)!.writeUInt32LE(handOut(machine, { entry: parent }), 0);
      return 0;
    },
  },
  // The place in the list numbers an entry; 0 is no number of the registry.
  IORegistryEntryGetRegistryEntryID: {
    answer(machine, given) {
      const handle = replayedHandles(machine).get(numberAt(given, 0));
      if (!handle || !('entry' in handle)) return RETURN.badArgument;
      memoryAt(given, 1)!.writeBigUInt64LE(BigInt(handle.entry + 1), 0);
      return 0;
    },
  },
};
