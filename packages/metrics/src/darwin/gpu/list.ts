import type { Darwin } from '../binding/darwin.ts';
import type { CfDictionary } from '../core-foundation/value.ts';
import { mapServices } from '../io-registry/services.ts';
import type { Entry } from '../io-registry/services.ts';

/** Ids for the GPUs of a machine, one after the other: the name of the accelerator, numbered where there are two of a kind. */
export function openGpuIds(): (name: string | null) => string {
  const seen = new Map<string, number>();
  return (said) => {
    const name = said || 'gpu';
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  };
}

/** Calls `visit` for each GPU with an id of its own. */
export function mapGpus<Result>(darwin: Darwin, visit: (entry: Entry, id: string) => Result): Result[] {
  const idOf = openGpuIds();
  return mapServices(darwin, 'IOAccelerator', (entry) => visit(entry, idOf(entry.name())));
}

/** Some of the properties of an entry, those that it has. */
export function propertiesOf(entry: Entry, keys: readonly string[]): CfDictionary {
  const found = keys.map((key) => [key, entry.property(key)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== null));
}
