import { useEffect, useState } from 'preact/hooks';

/** A value that tells its readers when it changes. */
export interface Cell<Value> {
  get(): Value;
  /** Stores a value; readers are told only when it is another one. */
  set(value: Value): void;
  /** Calls `reader` after each change, until the returned function is called. */
  subscribe(reader: () => void): () => void;
}

/** A cell that holds `initial`. */
export function createCell<Value>(initial: Value): Cell<Value> {
  const readers = new Set<() => void>();
  let current = initial;
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const reader of [...readers]) reader();
    },
    subscribe(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}

/** The value of a cell inside a component, which is drawn again when the cell changes. */
export function useCell<Value>(cell: Cell<Value>): Value {
  const [, redraw] = useState(0);
  useEffect(() => {
    const seen = cell.get();
    const stop = cell.subscribe(() => redraw((count) => count + 1));
    if (!Object.is(seen, cell.get())) redraw((count) => count + 1);
    return stop;
  }, [cell]);
  return cell.get();
}
