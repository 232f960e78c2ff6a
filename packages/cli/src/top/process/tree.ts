import { buildProcessTree } from '@hecate/metrics';
import type { ProcessFigure, SceneProcesses } from '../scene.ts';
import { compareBy, isFigure } from './order.ts';
import type { ProcessRows, ProcessRowsState } from './process-rows.ts';

/** Figures that mean something when those of several processes are added. */
const SUMMED: ReadonlySet<ProcessFigure> = new Set([
  'cpu',
  'cpuTime',
  'rss',
  'threads',
  'readRate',
  'writeRate',
  'readBytes',
  'writeBytes',
  'majorFaults',
  'switches',
  'power',
]);

/** Levels of branches that are drawn: a chain can be longer than any screen is wide. */
const MOST_LEVELS = 20;

/** Children of rows as chains: the first of each, and the next one of the same parent; -1 for none. `first[length]` is the first root. */
interface Chains {
  readonly first: Int32Array;
  readonly next: Int32Array;
}

/**
 * The tree of processes: children under their parents, siblings in the order of the list, by what they and all below them come to. What the
 * filter lets through brings its ancestors along.
 */
export function treeOf(
  processes: SceneProcesses,
  { sort, descending, folded }: ProcessRowsState,
  shown: Uint8Array,
  isKernelShown: boolean,
  unicode: boolean,
): Omit<ProcessRows, 'matched' | 'total' | 'problem'> {
  const { length, identities } = processes;
  const { parents } = buildProcessTree(processes);
  // 2: there for what is below it.
  const kept = Uint8Array.from(shown);
  for (let row = 0; row < length; row++) {
    if (shown[row] !== 1) continue;
    for (let above = parents[row]!; above >= 0 && kept[above] === 0; above = parents[above]!) {
      if (!isKernelShown && identities[above]!.kernel) break;
      kept[above] = 2;
    }
  }
  const members = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) if (kept[row] !== 0) members[count++] = row;
  const parentOf = (row: number): number => {
    const parent = parents[row]!;
    return parent >= 0 && kept[parent] !== 0 ? parent : -1;
  };

  const downwards = walkOrder(chain(members.subarray(0, count), parentOf, length), length, count);
  const sums = isFigure(sort) && SUMMED.has(sort) ? subtreeSums(processes.figures[sort], downwards, parentOf) : null;
  const sorted = members.subarray(0, count).sort(compareBy(processes, sort, descending, sums));
  const chains = chain(sorted, parentOf, length);
  return draw(processes, chains, kept, folded, count, unicode);
}

/** Chains in the order of `sorted`. */
function chain(sorted: Uint32Array, parentOf: (row: number) => number, length: number): Chains {
  const first = new Int32Array(length + 1).fill(-1);
  const next = new Int32Array(length).fill(-1);
  for (let at = sorted.length - 1; at >= 0; at--) {
    const row = sorted[at]!;
    const parent = parentOf(row);
    const head = parent < 0 ? length : parent;
    next[row] = first[head]!;
    first[head] = row;
  }
  return { first, next };
}

/** All rows, parents before their children. */
function walkOrder({ first, next }: Chains, length: number, count: number): Uint32Array {
  const order = new Uint32Array(count);
  let end = 0;
  for (let row = first[length]!; row >= 0; row = next[row]!) order[end++] = row;
  for (let at = 0; at < end; at++) for (let row = first[order[at]!]!; row >= 0; row = next[row]!) order[end++] = row;
  return order;
}

function subtreeSums(figure: Float64Array, downwards: Uint32Array, parentOf: (row: number) => number): Float64Array {
  const sums = Float64Array.from(figure);
  for (let at = downwards.length - 1; at >= 0; at--) {
    const row = downwards[at]!;
    const parent = parentOf(row);
    const value = sums[row]!;
    if (parent < 0 || Number.isNaN(value)) continue;
    const above = sums[parent]!;
    sums[parent] = Number.isNaN(above) ? value : above + value;
  }
  return sums;
}

/** Writes the chains down in the order of the screen. */
function draw(
  { identities, figures, length }: SceneProcesses,
  { first, next }: Chains,
  kept: Uint8Array,
  folded: ReadonlySet<number>,
  count: number,
  unicode: boolean,
): Omit<ProcessRows, 'matched' | 'total' | 'problem'> {
  const order = new Uint32Array(count);
  const depth = new Uint16Array(count);
  const hidden = new Uint32Array(count);
  /** Index of the parent of each index, -1 for roots. */
  const above = new Int32Array(count);
  let end = 0;

  /** Rows below a row. */
  const below = function* (top: number): Generator<number> {
    const stack = [first[top]!];
    for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
      if (row < 0) continue;
      yield row;
      stack.push(next[row]!, first[row]!);
    }
  };
  // Where the way goes on once what is below a row is written: chains of processes can be longer than the runtime's own stack.
  const resume: number[] = [];
  const parents: number[] = [];
  let row = first[length]!;
  for (;;) {
    if (row < 0) {
      const back = resume.pop();
      if (back === undefined) break;
      parents.pop();
      row = back;
      continue;
    }
    order[end] = row;
    depth[end] = Math.min(parents.length, 0xffff);
    above[end] = parents.at(-1) ?? -1;
    if (folded.has(identities[row]!.pid) && first[row]! >= 0) {
      for (const _ of below(row)) hidden[end]!++;
      end++;
      row = next[row]!;
    } else {
      resume.push(next[row]!);
      parents.push(end++);
      row = first[row]!;
    }
  }

  const letters = unicode ? { more: '├─', last: '└─', through: '│ ', none: '  ' } : { more: '|-', last: '`-', through: '| ', none: '  ' };
  return {
    order: order.subarray(0, end),
    depth: depth.subarray(0, end),
    hidden: hidden.subarray(0, end),
    branch(index) {
      if ((depth[index] ?? 0) === 0 || index >= end) return '';
      let text = next[order[index]!]! >= 0 ? letters.more : letters.last;
      let level = 1;
      for (let at = above[index]!; above[at]! >= 0; at = above[at]!) {
        if (++level > MOST_LEVELS) return (unicode ? '… ' : '~ ') + text;
        text = (next[order[at]!]! >= 0 ? letters.through : letters.none) + text;
      }
      return text;
    },
    figure(index, name) {
      const own = figures[name][order[index]!] ?? Number.NaN;
      if ((hidden[index] ?? 0) === 0 || !SUMMED.has(name)) return own;
      let sum = own;
      for (const child of below(order[index]!)) {
        const value = figures[name][child]!;
        if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value;
      }
      return sum;
    },
    isContext: (index) => kept[order[index]!] === 2,
  };
}
