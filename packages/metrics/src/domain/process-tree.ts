import type { ProcessColumn, ProcessTable } from './process.ts';

/** Parents and children of one table, by row. */
export interface ProcessTree {
  /** Row of the parent of each row, -1 for none: the first process, threads of the kernel, and orphans whose parent is not listed. */
  readonly parents: Int32Array;
  /** Rows without a parent in the table, in the table's order. */
  readonly roots: readonly number[];
  /** Children of a row, in the table's order. */
  children(row: number): readonly number[];
  /** All rows, parents before their children and each child after its elder siblings' descendants, with their depths: a tree to print. */
  walk(): Generator<{ readonly row: number; readonly depth: number }>;
}

/** What a tree is made of. */
export type TreeColumns = Pick<ProcessTable, 'length' | 'identities'>;

/**
 * Builds the tree of a table. A table is not read at one instant, so the parent of a process may be missing, or its id may belong to a
 * younger process meanwhile: nobody's parent is younger than itself, and so there are no loops either.
 */
export function buildProcessTree({ length, identities }: TreeColumns): ProcessTree {
  const rowOf = new Map<number, number>();
  for (let row = 0; row < length; row++) rowOf.set(identities[row]!.pid, row);
  const parents = new Int32Array(length).fill(-1);
  const children = new Map<number, number[]>();
  const roots: number[] = [];
  const isElder = (parent: number, child: number): boolean => {
    const [older, younger] = [identities[parent]!, identities[child]!];
    if (older.startedAfterBoot !== younger.startedAfterBoot) return older.startedAfterBoot < younger.startedAfterBoot;
    // Of the same tick: the lower id came first, but for the moment at which ids start over. A loop needs both ways, so one is enough.
    return older.pid < younger.pid;
  };
  for (let row = 0; row < length; row++) {
    const parent = rowOf.get(identities[row]!.ppid);
    if (parent === undefined || !isElder(parent, row)) {
      roots.push(row);
      continue;
    }
    parents[row] = parent;
    const siblings = children.get(parent);
    if (siblings) siblings.push(row);
    else children.set(parent, [row]);
  }
  const childrenOf = (row: number): readonly number[] => children.get(row) ?? [];
  return {
    parents,
    roots,
    children: childrenOf,
    *walk() {
      // A stack of our own: chains of processes can be longer than the runtime's.
      const stack = roots.toReversed().map((row) => ({ row, depth: 0 }));
      for (let next = stack.pop(); next; next = stack.pop()) {
        yield next;
        const { depth } = next;
        for (const row of childrenOf(next.row).toReversed()) stack.push({ row, depth: depth + 1 });
      }
    },
  };
}

/** Sums over a process and all its descendants, by row. */
export interface SubtreeSums {
  /** Processes, itself included. */
  readonly processes: Float64Array;
  readonly values: Float64Array;
}

/** Sums a column (or any figure by row) over each subtree. Rows where it is NaN count as nothing. */
export function sumSubtrees(tree: ProcessTree, figure: ProcessColumn | ((row: number) => number)): SubtreeSums {
  const { length } = tree.parents;
  const of = typeof figure === 'function' ? figure : (row: number): number => figure[row]!;
  const processes = new Float64Array(length);
  const values = new Float64Array(length);
  const order = Int32Array.from(tree.walk(), ({ row }) => row);
  // From the leaves to the roots: parents come before their children in the walk.
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at]!;
    const value = of(row);
    processes[row] = processes[row]! + 1;
    values[row] = values[row]! + (Number.isNaN(value) ? 0 : value);
    const parent = tree.parents[row]!;
    if (parent < 0) continue;
    processes[parent] = processes[parent]! + processes[row];
    values[parent] = values[parent]! + values[row];
  }
  return { processes, values };
}
