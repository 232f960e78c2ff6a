import type { SceneProcesses } from '../scene.ts';
import { compareBy } from './order.ts';
import type { ProcessRows, ProcessRowsState } from './process-rows.ts';

/** The rows that are shown, in order. */
export function listOf(
  processes: SceneProcesses,
  { sort, descending }: ProcessRowsState,
  shown: Uint8Array,
  count: number,
): Omit<ProcessRows, 'matched' | 'total' | 'problem'> {
  const order = new Uint32Array(count);
  for (let row = 0, at = 0; row < processes.length; row++) if (shown[row] === 1) order[at++] = row;
  order.sort(compareBy(processes, sort, descending));
  return {
    order,
    depth: new Uint16Array(count),
    hidden: new Uint32Array(count),
    branch: () => '',
    figure: (index, name) => processes.figures[name][order[index]!] ?? Number.NaN,
    isContext: () => false,
  };
}
