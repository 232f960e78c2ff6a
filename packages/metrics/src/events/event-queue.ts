/** Between sources that do not wait and a reader that may be slow: bounded, so that a storm takes no memory without end. */
export interface EventQueue<Item> {
  /** Puts one behind the others, or throws it away when there is no room. */
  push(item: Item): void;
  /** The oldest one, waited for; null when the queue was ended, or finished and is empty. */
  take(): Promise<Item | null>;
  /** No more will come: what is inside is still given, then null. */
  finish(): void;
  /** What is inside is dropped, and everyone who waits gets null. */
  end(): void;
}

/**
 * A queue of at most `limit` items. Where items were thrown away, `lost` makes the item that says how many;
 * it stands in the place where they would have stood.
 */
export function createEventQueue<Item>(limit: number, lost: (count: number) => Item): EventQueue<Item> {
  let items: Item[] = [];
  /** Index of the oldest item: shifting a long array for each one would cost more than the events. */
  let first = 0;
  let dropped = 0;
  let finished = false;
  const waiting: ((item: Item | null) => void)[] = [];

  const next = (): Item | undefined => {
    const item = items[first];
    if (item === undefined) return undefined;
    first++;
    if (first === items.length || first > limit) {
      items = items.slice(first);
      first = 0;
    }
    return item;
  };
  /** Says what was lost, once there is room to say it and more. */
  const confess = (): void => {
    if (dropped === 0) return;
    items.push(lost(dropped));
    dropped = 0;
  };

  const finish = (): void => {
    finished = true;
    for (const reader of waiting.splice(0)) reader(null);
  };

  return {
    push(item) {
      if (finished) return;
      const reader = waiting.shift();
      if (reader) return reader(item);
      if (items.length - first >= limit) {
        dropped++;
        return;
      }
      confess();
      items.push(item);
    },
    take() {
      if (items.length === first) confess();
      const item = next();
      if (item !== undefined) return Promise.resolve(item);
      if (finished) return Promise.resolve(null);
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    finish,
    end() {
      items = [];
      first = 0;
      dropped = 0;
      finish();
    },
  };
}
