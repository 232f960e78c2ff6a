import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';
import { readKernelSizes } from '../auxv.ts';
import type { ProcessRoute } from '../process/route.ts';
import { watchHidden } from './hidden.ts';
import { openTaskIterator } from './task-iterator.ts';
import { createTaskDecoder } from './task-records.ts';

/**
 * Opens the route that asks the kernel for all processes at once, with a BPF task iterator: the same values as /proc has,
 * at a tenth of its cost or less. Root is needed to open it, not to use it: it goes on when privileges are dropped later.
 * It shows the I/O of all users' processes, so its descriptor must never be passed on. What differs from /proc:
 *
 * - CPU times have the kernel's nanoseconds, where /proc has ticks.
 * - Numbers of users are the machine's own, also inside a user namespace.
 * - Start times ignore time namespaces.
 * - A process of which threads came or went during a pass keeps its counters of the pass before.
 *
 * As in /proc, I/O holds that of children that were waited for: it grows by theirs at once when they end.
 * Throws a HecateError that says why this route is not there; /proc is then the other one.
 */
export function* openBpfRoute(host: Host): Sliced<ProcessRoute> {
  const iterator = yield* openTaskIterator(host);
  const sizes = readKernelSizes(host);
  const hidden = watchHidden(host, sizes);
  const decoder = createTaskDecoder({ ...sizes, absent: iterator.absent, kernelName: (pid, short) => kernelName(host, pid, short) });
  let first = true;
  let changed: Uint8Array | null = null;
  /** The processes that were read from /proc at the last pass. */
  let others = '';

  /** The rows that changed; what was read from /proc counts as such. */
  const findChanged = (decoded: number, all: number): Uint8Array | null => {
    const before = others;
    others = all > decoded ? [...hidden.pids].join() : '';
    const rows = decoder.changedRows();
    if (!rows || others !== before || all > rows.length) return null;
    return rows.fill(1, decoded, all);
  };

  return {
    name: 'bpf',
    *pass(columns) {
      // The first pass is made twice, so that what never shows up is known from the beginning.
      for (let passes = first ? 2 : 1; passes > 0; passes--) {
        hidden.beforePass();
        const time = host.clock.monotonic();
        const records = yield* iterator.slicedPass();
        yield* decoder.decode(records, columns, time);
        const decoded = columns.length;
        hidden.addRows(columns, decoder.saw);
        changed = findChanged(decoded, columns.length);
      }
      first = false;
    },
    changedRows: () => changed,
    close() {
      hidden.close();
      iterator.close();
    },
  };
}

/** A kernel thread's name as /proc has it; the short one when the thread is gone or /proc hides it. */
function kernelName(host: Host, pid: number, short: string): string {
  try {
    const { buffer, length } = host.read(`/proc/${pid}/comm`);
    return buffer.toString('utf8', 0, Math.max(0, length - 1)) || short;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return short;
  }
}
