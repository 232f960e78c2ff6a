import type { CfTree } from './format.ts';

/** An object of Core Foundation that is replayed. */
export type ReplayedObject =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number | bigint }
  | { readonly kind: 'boolean'; readonly yes: boolean }
  | { readonly kind: 'data'; readonly bytes: Buffer; readonly at: bigint }
  | { readonly kind: 'array'; readonly items: bigint[] }
  | { readonly kind: 'dictionary'; readonly entries: Map<string, { readonly key: bigint; readonly value: bigint }> }
  | { readonly kind: 'other'; readonly held: unknown };

/** The kinds of objects, in the order of their type ids from 1 on. */
export const OBJECT_KINDS = ['text', 'number', 'boolean', 'data', 'array', 'dictionary', 'other'] as const;

/** Objects by their addresses, with who holds them counted. */
export interface ReplayedObjects {
  /** The object at an address; null when there is none. */
  at(address: bigint): ReplayedObject | null;
  /** A new object of a tree, which its maker owns. Nothing (0n) of nothing. */
  make(tree: CfTree | undefined): bigint;
  /** A new object that is none of a tree. */
  add(object: ReplayedObject): bigint;
  /** A text that lives as long as the process, and that nobody owns. */
  constant(text: string): bigint;
  /** What a container holds with `key`, as the get rule gives it; 0n when there is none. */
  valueOf(address: bigint, key: string): bigint;
  /** The text of an object; empty when it is none. */
  textOf(address: bigint): string;
  retain(address: bigint): bigint;
  release(address: bigint): void;
  /** How many objects are held, constants aside. */
  count(): number;
}

/** Far from what any other address of a replay is. */
const FIRST = 0x6000_0000_0000n;

/** Objects of nobody yet. `map` says where bytes of data lie. */
export function openObjects(map: (bytes: Buffer) => bigint, unmap: (address: bigint) => void): ReplayedObjects {
  const objects = new Map<bigint, { readonly object: ReplayedObject; references: number }>();
  const constants = new Map<string, bigint>();
  let next = FIRST;
  const add = (object: ReplayedObject): bigint => {
    next += 16n;
    objects.set(next, { object, references: 1 });
    return next;
  };
  const at = (address: bigint): ReplayedObject | null => objects.get(address)?.object ?? null;
  const objectOf = (tree: CfTree): ReplayedObject => {
    if (typeof tree === 'string') return { kind: 'text', text: tree };
    if (typeof tree === 'boolean') return { kind: 'boolean', yes: tree };
    if (typeof tree === 'number' || typeof tree === 'bigint') return { kind: 'number', number: tree };
    if (Buffer.isBuffer(tree)) return { kind: 'data', bytes: tree, at: map(tree) };
    if (Array.isArray(tree)) return { kind: 'array', items: tree.map((one: CfTree) => add(objectOf(one))) };
    const entries = Object.entries(tree);
    const [only] = entries;
    if (entries.length === 1 && only![0] === '$other') return { kind: 'other', held: null };
    if (entries.length === 1 && only![0] === '$double' && typeof only![1] === 'number') return { kind: 'number', number: only![1] };
    return {
      kind: 'dictionary',
      entries: new Map(entries.map(([key, value]) => [key, { key: add({ kind: 'text', text: key }), value: add(objectOf(value)) }])),
    };
  };
  const release = (address: bigint): void => {
    const held = objects.get(address);
    if (!held || --held.references > 0) return;
    objects.delete(address);
    const { object } = held;
    if (object.kind === 'data') unmap(object.at);
    if (object.kind === 'array') for (const item of object.items) release(item);
    if (object.kind === 'dictionary') {
      for (const { key, value } of object.entries.values()) {
        release(key);
        release(value);
      }
    }
  };
  return {
    at,
    make: (tree) => (tree === undefined ? 0n : add(objectOf(tree))),
    add,
    constant(text) {
      const known = constants.get(text);
      if (known !== undefined) return known;
      const made = add({ kind: 'text', text });
      constants.set(text, made);
      return made;
    },
    valueOf(address, key) {
      const object = at(address);
      return object?.kind === 'dictionary' ? (object.entries.get(key)?.value ?? 0n) : 0n;
    },
    textOf(address) {
      const object = at(address);
      return object?.kind === 'text' ? object.text : '';
    },
    retain(address) {
      const held = objects.get(address);
      if (held) held.references++;
      return address;
    },
    release,
    count: () => objects.size - constants.size,
  };
}
