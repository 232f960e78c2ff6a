import { mapArray } from '../../core-foundation/array.ts';
import { addressAt, textAt } from '../lesson.ts';
import type { Call, Lessons, Notebook, Replayed } from '../lesson.ts';
import type { CfTree } from '../format.ts';
import { treeAt } from '../tree.ts';

/** Methods whose objects are asked further, and those that give a list of such. What all others give is of Core Foundation. */
const OPAQUE: ReadonlySet<string> = new Set(['sharedWiFiClient', 'wlanChannel']);
const LISTS: ReadonlySet<string> = new Set(['interfaces']);
const NIL: CfTree = { $other: 1 };
const RESPONDS = 'respondsToSelector:';

/** What methods give, by their selectors. */
type Methods = Record<string, CfTree>;

interface NotedRuntime {
  /** Classes and objects by their addresses, and what they answered. */
  readonly receivers: Map<bigint, Methods>;
  readonly selectors: Map<bigint, string>;
}

const runtimeOf = (book: Notebook): NotedRuntime => book.memo(runtimeOf, () => ({ receivers: new Map(), selectors: new Map() }));

/** The answers of an object; the same when it comes again from the same method. */
function receiverAt(book: Notebook, address: bigint, before: CfTree | undefined): Methods {
  const { receivers } = runtimeOf(book);
  const known = (before !== undefined && typeof before === 'object' && !Array.isArray(before) ? before : {}) as Methods;
  receivers.set(address, known);
  return known;
}

function objectOf(book: Notebook, selector: string, address: bigint, before: CfTree | undefined): CfTree {
  if (address === 0n) return NIL;
  if (OPAQUE.has(selector)) return receiverAt(book, address, before);
  if (!LISTS.has(selector)) return treeAt(book.darwin, address) ?? NIL;
  const items = Array.isArray(before) ? (before as readonly CfTree[]) : [];
  return mapArray(book.darwin, address, (item, index) => receiverAt(book, item, items[index]));
}

function noteMessage(book: Notebook, { given, gave, prototype }: Call): void {
  const { receivers, selectors } = runtimeOf(book);
  const methods = receivers.get(addressAt(given, 0));
  const selector = selectors.get(addressAt(given, 1));
  if (!methods || selector === undefined || selector === RESPONDS) return;
  if (prototype.gives === 'pointer') methods[selector] = objectOf(book, selector, gave as bigint, methods[selector]);
  else if (prototype.gives === 'u8') methods[selector] = (gave as number) !== 0;
  // It comes back in another register than an integer: whole ones too.
  else methods[selector] = prototype.gives === 'f64' ? { $double: gave as number } : (gave as number);
}

const names = (machine: Replayed): Map<bigint, string> => machine.memo(names, () => new Map<bigint, string>());

/** The address that stands for a name, always the same. */
function addressOf(machine: Replayed, name: string): bigint {
  for (const [address, known] of names(machine)) if (known === name) return address;
  const address = machine.map(Buffer.alloc(1));
  names(machine).set(address, name);
  return address;
}

/** Objects that the open pools hold: methods lend them. */
const pools = (machine: Replayed): bigint[][] => machine.memo(pools, (): bigint[][] => []);

/** What a class or an object answers to a selector; undefined for what it does not know. */
function answerOf(machine: Replayed, receiver: bigint, selector: string): bigint {
  const { objects } = machine;
  const className = names(machine).get(receiver);
  if (className === undefined) return objects.valueOf(receiver, selector);
  const made = objects.make(machine.tree(className));
  pools(machine).at(-1)?.push(made);
  return objects.valueOf(made, selector);
}

function sendMessage(machine: Replayed, given: readonly unknown[], gives: string): unknown {
  const { objects } = machine;
  const selector = names(machine).get(addressAt(given, 1)) ?? '';
  if (selector === RESPONDS) return Number(answerOf(machine, addressAt(given, 0), names(machine).get(addressAt(given, 2)) ?? '') !== 0n);
  const address = answerOf(machine, addressAt(given, 0), selector);
  const object = objects.at(address);
  if (gives === 'pointer') return object === null || object.kind === 'other' ? 0n : address;
  if (object?.kind === 'boolean') return Number(object.yes);
  return object?.kind === 'number' ? Number(object.number) : 0;
}

/** Objective-C: what the methods of classes and objects give, as trees. */
export const OBJECTIVE_C_LESSONS: Lessons = {
  objc_autoreleasePoolPush: { answer: (machine) => BigInt(pools(machine).push([])) },
  objc_autoreleasePoolPop: {
    answer(machine) {
      for (const object of pools(machine).pop() ?? []) machine.objects.release(object);
    },
  },
  objc_getClass: {
    note(book, { given, gave }) {
      const { trees } = book;
      const name = textAt(given, 0);
      if (gave !== 0n) trees.set(name, receiverAt(book, gave as bigint, trees.get(name)));
    },
    answer: (machine, given) => (machine.tree(textAt(given, 0)) === undefined ? 0n : addressOf(machine, textAt(given, 0))),
  },
  sel_registerName: {
    note: (book, { given, gave }) => void runtimeOf(book).selectors.set(gave as bigint, textAt(given, 0)),
    answer: (machine, given) => addressOf(machine, textAt(given, 0)),
  },
  objc_msgSend: {
    note: noteMessage,
    answer: (machine, given, prototype) => sendMessage(machine, given, prototype.gives),
  },
};
