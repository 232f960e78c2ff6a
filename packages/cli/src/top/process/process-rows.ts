import { HecateError } from '@hecate/host';
import type { ProcessFigure, SceneProcesses } from '../scene.ts';
import type { TopState } from '../state.ts';
import { listOf } from './list.ts';
import { parseQuery } from './query-parse.ts';
import { compileQuery } from './query-match.ts';
import type { QueryTest } from './query-match.ts';
import { fieldsOf } from './query.ts';
import { treeOf } from './tree.ts';

/** The process list as it is shown: which processes, in which order, how deep in the tree. */
export interface ProcessRows {
  /** Rows of the {@link SceneProcesses}, in the order of the screen. */
  readonly order: Uint32Array;
  /** Depth in the tree of each, 0 without one. */
  readonly depth: Uint16Array;
  /** Processes that are folded away under each. */
  readonly hidden: Uint32Array;
  /** Letters of the branches before each name, `│ ├─ `; empty without a tree. */
  branch(index: number): string;
  /** A figure of the process at an index; with those of all that is folded away under it, where sums make sense. NaN: not known. */
  figure(index: number, name: ProcessFigure): number;
  /** Whether the filter does not let it through, and it is shown for what lies under it in the tree. */
  isContext(index: number): boolean;
  /** Processes that the filter lets through, folded away or not, and all there are but the kernel's threads where those are not shown. */
  readonly matched: number;
  readonly total: number;
  /** What is wrong with the filter, a sentence; null: nothing. A wrong filter lets all through. */
  readonly problem: string | null;
}

/** What the list is made of. */
export type ProcessRowsState = Pick<TopState, 'sort' | 'descending' | 'filter' | 'tree' | 'folded' | 'showKernel'>;

/** Makes the rows of a list. `time` is the scene's, seconds since the epoch, for `age` in filters; the present if absent. */
export type MakeProcessRows = (processes: SceneProcesses | null, state: ProcessRowsState, unicode: boolean, time?: number) => ProcessRows;

/** A filter made ready. */
interface Filter {
  readonly text: string;
  readonly test: QueryTest | null;
  readonly problem: string | null;
  /** Whether it asks for threads of the kernel: then they are looked at, shown otherwise or not. */
  readonly asksForKernel: boolean;
}

function openFilter(text: string): Filter {
  const { query, problem } = parseQuery(text);
  if (problem) return { text, test: null, problem: problem.sentence, asksForKernel: false };
  return { text, test: query.kind === 'all' ? null : compileQuery(query), problem: null, asksForKernel: fieldsOf(query).has('kernel') };
}

/** Refuses a wrong filter: INVALID with what is wrong with it. For filters that come from the command line. */
export function checkFilter(text: string): void {
  const { problem } = openFilter(text);
  if (problem === null) return;
  throw new HecateError('INVALID', problem, { hint: 'Write for example "cpu>10 user=root name~node".' });
}

/** No rows. */
export const NO_PROCESS_ROWS: ProcessRows = {
  order: new Uint32Array(0),
  depth: new Uint16Array(0),
  hidden: new Uint32Array(0),
  branch: () => '',
  figure: () => Number.NaN,
  isContext: () => false,
  matched: 0,
  total: 0,
  problem: null,
};

/** A maker of rows that remembers the last ones: the same list is made once, whatever else is drawn again. */
export function createRowsMaker(): MakeProcessRows {
  let filter = openFilter('');
  let last: { readonly key: readonly unknown[]; readonly rows: ProcessRows } | null = null;

  return (processes, state, unicode, time = Date.now() / 1000) => {
    if (filter.text !== state.filter) filter = openFilter(state.filter);
    const { sort, descending, tree, folded, showKernel } = state;
    const key = [processes, filter, sort, descending, tree, tree && folded, showKernel, unicode];
    if (last && last.key.every((part, index) => part === key[index])) return last.rows;
    const rows = processes ? make(processes, state, filter, unicode, time) : { ...NO_PROCESS_ROWS, problem: filter.problem };
    last = { key, rows };
    return rows;
  };
}

function make(processes: SceneProcesses, state: ProcessRowsState, filter: Filter, unicode: boolean, time: number): ProcessRows {
  const { length, identities } = processes;
  const isKernelShown = state.showKernel || filter.asksForKernel;
  const shown = new Uint8Array(length);
  const test = filter.test?.(processes, time);
  let total = 0;
  let matched = 0;
  for (let row = 0; row < length; row++) {
    if (!isKernelShown && identities[row]!.kernel) continue;
    total++;
    if (test && !test(row)) continue;
    shown[row] = 1;
    matched++;
  }
  const counts = { matched, total, problem: filter.problem };
  return state.tree
    ? { ...treeOf(processes, state, shown, isKernelShown, unicode), ...counts }
    : { ...listOf(processes, state, shown, matched), ...counts };
}

/** The one of the screen. */
export const makeProcessRows: MakeProcessRows = createRowsMaker();
