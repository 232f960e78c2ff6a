import path from 'node:path';
import type { Action } from './action.ts';
import { createWritableTree } from './actions/tree-picture.testing.ts';
import type { TreeEntry, WritableTree } from './actions/tree-picture.testing.ts';
import { simpleHandlers } from './crash/handlers.testing.ts';
import { openEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import type { ActionHandler } from './handler.ts';
import type { Plan } from './plan.ts';

/** A machine of files with a clock that a test sets, and engines over it. */
export interface Bench {
  readonly tree: WritableTree;
  /** Where journals lie. */
  readonly directory: string;
  /** What engines told the user. */
  readonly told: string[];
  now: number;
  /** A new process with the simple handlers; `sysfs` takes the place of some of that one's methods. */
  engine(sysfs?: Partial<ActionHandler>): Engine;
  /** Another boot, with the values of that boot. */
  reboot(values: Readonly<Record<string, string>>): void;
}

/** Makes one. It has a boot id. */
export function createBench(files: Readonly<Record<string, TreeEntry>>): Bench {
  const tree = createWritableTree({ '/proc/sys/kernel/random/boot_id': 'boot-0\n', ...files });
  const directory = path.join(tree.directory, 'journal');
  let boots = 0;
  const bench: Bench = {
    tree,
    directory,
    told: [],
    now: 1000,
    engine(sysfs = {}) {
      const handlers = new Map([...simpleHandlers, ['sysfs', { ...simpleHandlers.get('sysfs')!, ...sysfs }] as const]);
      const host = { ...tree.host, clock: { now: () => bench.now, monotonic: () => bench.now } };
      return openEngine({ host, handlers, directory, say: (sentence) => bench.told.push(sentence) });
    },
    reboot(values) {
      tree.write('/proc/sys/kernel/random/boot_id', `boot-${++boots}\n`);
      for (const [file, text] of Object.entries(values)) tree.write(file, text);
    },
  };
  return bench;
}

/** A value file that is set. */
export const set = (file: string, value: string): Action => ({ kind: 'sysfs', path: file, value });

/** A plan of actions. */
export const planOf = (actions: readonly Action[], component = 'test'): Plan => ({
  component,
  title: 'test',
  changes: actions.map((action) => ({ action, why: 'It is tried.', source: 'test', risk: 'live' })),
});
