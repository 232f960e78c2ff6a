import type { Darwin } from '../binding/darwin.ts';
import type { DarwinAnswers, RegistryEntry } from './format.ts';
import type { NotedEntry, Notebook } from './lesson.ts';

/** A notebook, and what is in it. */
export interface OpenNotebook extends Notebook {
  /** What was written down, at this time (seconds since the epoch). */
  finish(time: number): Required<DarwinAnswers>;
}

const entryOf = ({ name, classes, parent, properties, result }: NotedEntry): RegistryEntry => ({
  ...{ name, classes, properties },
  ...(parent === undefined ? {} : { parent }),
  ...(result === 0 ? {} : { result }),
});

/** An empty notebook for one moment of this machine. */
export function openNotebook(darwin: Darwin): OpenNotebook {
  const memos = new Map<object, unknown>();
  const last = new Map<object, () => void>();
  const book: Notebook = {
    darwin,
    answers: new Map(),
    trees: new Map(),
    registry: [],
    memo<Value>(of: object, make: () => Value): Value {
      if (!memos.has(of)) memos.set(of, make());
      return memos.get(of) as Value;
    },
    atEnd: (of, work) => void last.set(of, work),
  };
  return {
    ...book,
    finish(time) {
      for (const work of last.values()) work();
      return {
        time,
        answers: Object.fromEntries(book.answers),
        trees: Object.fromEntries(book.trees),
        registry: book.registry.map(entryOf),
      };
    },
  };
}
