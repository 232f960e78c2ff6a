import { addressAt } from '../lesson.ts';
import type { Lesson, Lessons, Notebook } from '../lesson.ts';
import { treeAt } from '../tree.ts';
import type { CfTree } from '../format.ts';

const SOURCES = 'IOPSCopyPowerSourcesInfo';
const PROVIDER = 'IOPSGetProvidingPowerSourceType';
const STATE = 'Power Source State';

/** Descriptions by the sources that they are of: what the sources are made of is for nobody to know. */
const described = (book: Notebook): Map<bigint, CfTree> => book.memo(described, () => new Map<bigint, CfTree>());

/** An object that is written down under the name of the function that made it. */
export const treeLesson = (key: string): Lesson => ({
  note({ trees, darwin }, { gave }) {
    const tree = treeAt(darwin, gave as bigint);
    if (tree !== undefined) trees.set(key, tree);
  },
  answer: (machine) => machine.objects.make(machine.tree(key)),
});

/** Power sources: the information is a list of what each says of itself. */
export const POWER_SOURCES_LESSONS: Lessons = {
  IOPSCopyExternalPowerAdapterDetails: treeLesson('IOPSCopyExternalPowerAdapterDetails'),
  IOPSCopyPowerSourcesInfo: {
    note(book, { gave }) {
      described(book).clear();
      if (gave !== 0n) book.trees.set(SOURCES, []);
    },
    answer: (machine) => machine.objects.make(machine.tree(SOURCES)),
  },
  IOPSCopyPowerSourcesList: {
    answer({ objects }, given) {
      const information = objects.at(addressAt(given, 0));
      if (information?.kind !== 'array') return 0n;
      for (const item of information.items) objects.retain(item);
      return objects.add({ kind: 'array', items: [...information.items] });
    },
  },
  IOPSGetPowerSourceDescription: {
    note(book, { given, gave }) {
      const tree = treeAt(book.darwin, gave as bigint);
      if (tree === undefined) return;
      described(book).set(addressAt(given, 1), tree);
      book.trees.set(SOURCES, [...described(book).values()]);
    },
    answer: (_machine, given) => addressAt(given, 1),
  },
  IOPSGetProvidingPowerSourceType: {
    note({ trees, darwin }, { gave }) {
      const tree = treeAt(darwin, gave as bigint);
      if (tree !== undefined) trees.set(PROVIDER, tree);
    },
    answer(machine, given) {
      const { objects } = machine;
      const information = objects.at(addressAt(given, 0));
      if (information?.kind !== 'array') return 0n;
      const states = information.items.map((item) => objects.valueOf(item, STATE));
      const told = machine.tree(PROVIDER);
      if (typeof told === 'string') return objects.constant(told);
      return states.find((state) => state !== 0n) ?? 0n;
    },
  },
};
