import type { SceneProcesses } from '../scene.ts';
import type { TopState } from '../state.ts';

/** The process list as it is shown: which processes, in which order, how deep in the tree. */
export interface ProcessRows {
  /** Rows of the {@link SceneProcesses}, in the order of the screen. */
  readonly order: Uint32Array;
  /** Depth in the tree of each, 0 without one. */
  readonly depth: Uint16Array;
  /** Children that are folded away under each. */
  readonly hidden: Uint32Array;
  /** Letters of the branches before each name, `│ ├─ `; empty without a tree. */
  branch(index: number): string;
  /** What is wrong with the filter, a sentence; null: nothing. A wrong filter lets all through. */
  readonly problem: string | null;
}

/** What the list is made of. */
export type ProcessRowsState = Pick<TopState, 'sort' | 'descending' | 'filter' | 'tree' | 'folded' | 'showKernel'>;

/** Makes the rows of a list. */
export type MakeProcessRows = (processes: SceneProcesses | null, state: ProcessRowsState, unicode: boolean) => ProcessRows;
