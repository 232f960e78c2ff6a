import { HecateError } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { SHAPES } from '../binding/objective-c.ts';

/** What methods give, by their shapes; an object is its address, and 0n is nil. */
interface Gives {
  readonly boolean: boolean;
  readonly integer: number;
  readonly number: number;
  readonly object: bigint;
}

/** An object, or a class, that is asked. Valid until the pool is closed in which it was given. */
export interface Receiver<Methods> {
  /**
   * What a method gives. Throws UNSUPPORTED where the object does not know it: on a Mac, sending it all the same ends the program.
   */
  send<Name extends keyof Methods & string>(selector: Name): Gives[Methods[Name] & keyof Gives];
}

/** Classes by their methods. */
type Classes = Readonly<Record<string, Readonly<Record<string, keyof Gives>>>>;

const selectors = new WeakMap<Darwin, Map<string, bigint>>();

/** Selectors live as long as the process. */
function selectorOf(darwin: Darwin, name: string): bigint {
  let known = selectors.get(darwin);
  if (!known) selectors.set(darwin, (known = new Map()));
  let selector = known.get(name);
  if (selector === undefined) known.set(name, (selector = darwin.objectiveC.sel_registerName(name)));
  return selector;
}

/** The object, or class, at an address that is not nil, as one of the class `name`. */
export function receiverOf<Table extends Classes, Name extends keyof Table & string>(
  darwin: Darwin,
  table: Table,
  name: Name,
  address: bigint,
): Receiver<Table[Name]> {
  const { objectiveC } = darwin;
  return {
    send(selector) {
      const shape: keyof Gives = table[name]![selector]!;
      const method = selectorOf(darwin, selector);
      if (objectiveC.sendSelectorForBoolean(address, selectorOf(darwin, 'respondsToSelector:'), method) === 0)
        throw new HecateError('UNSUPPORTED', `The ${name} of this system has no ${selector}.`);
      const given = objectiveC[SHAPES[shape]](address, method);
      return (shape === 'boolean' ? given !== 0 : given) as never;
    },
  };
}

/** A class; null where no library that was loaded has it. */
export function classOf<Table extends Classes, Name extends keyof Table & string>(
  darwin: Darwin,
  table: Table,
  name: Name,
): Receiver<Table[Name]> | null {
  const address = darwin.objectiveC.objc_getClass(name);
  return address === 0n ? null : receiverOf(darwin, table, name, address);
}

/**
 * Calls `use` in a pool of its own. Every object that a method gives meanwhile belongs to the pool and is released with it: nobody
 * releases one by hand, and none may be used afterwards.
 */
export function withPool<Result>({ objectiveC }: Darwin, use: () => Result): Result {
  const pool = objectiveC.objc_autoreleasePoolPush();
  try {
    return use();
  } finally {
    objectiveC.objc_autoreleasePoolPop(pool);
  }
}
