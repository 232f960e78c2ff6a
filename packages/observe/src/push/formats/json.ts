import { jsonPieces } from '../../export/json.ts';
import type { PushFormat, PushInput } from '../format.ts';
import { nameFilter } from '../name-filter.ts';
import type { NameFilter } from '../name-filter.ts';
import { TEXT_LINES } from '../text-lines.ts';

/** Parts of a snapshot that are no readings. */
const FRAME: ReadonlySet<string> = new Set(['time', 'monotonic', 'elapsed', 'gaps', 'runs']);

/** The same object with null for the readings that are not wanted. */
function choose<Tree extends object>(tree: Tree, wanted: NameFilter): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, FRAME.has(name) || wanted(name) ? part : null])) as Tree;
}

/** Whether a frame has anything in it that is wanted. */
const isEmpty = ({ frame: { snapshot } }: PushInput, wanted: NameFilter): boolean =>
  Object.entries(snapshot).every(([name, part]) => FRAME.has(name) || part === null || !wanted(name));

/** One JSON object a line: the tree that `hecate snapshot --format json` prints, processes counted, with the labels before it. */
export const json: PushFormat = {
  ...TEXT_LINES,
  headers: { 'Content-Type': 'application/x-ndjson; charset=utf-8' },
  encode(input) {
    const wanted = nameFilter(input);
    if (isEmpty(input, wanted)) return Buffer.alloc(0);
    const { snapshot, rates } = input.frame;
    const tree = [...jsonPieces(choose(snapshot, wanted), choose(rates, wanted), 'count')].join('');
    return Buffer.from(`{"labels":${JSON.stringify(input.labels)},${tree.slice(1)}\n`);
  },
};
