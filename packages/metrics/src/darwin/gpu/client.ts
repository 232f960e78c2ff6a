import type { GpuProcess } from '../../domain/gpu-processes.ts';
import { isDictionary, numberAt, textAt } from '../core-foundation/dictionary.ts';
import type { CfDictionary } from '../core-foundation/value.ts';

/** `accumulatedGPUTime` counts nanoseconds. */
const NANO = 1e9;

/** `pid 682, WindowServer`: the kernel cuts names at 16 bytes, and they may hold anything. */
const CREATOR = /^pid (?<pid>\d{1,10}), ?(?<name>.*)$/s;

/** What one user client counts: of each API that uses it (Apple), or itself (Intel). Null for neither. */
function timeOf(client: CfDictionary): number | null {
  const own = numberAt(client, 'accumulatedGPUTime');
  if (own !== null) return own < 0 ? null : own / NANO;
  const uses = client['AppUsage'];
  if (!Array.isArray(uses)) return null;
  const times = uses.flatMap((use) => (isDictionary(use) ? (numberAt(use, 'accumulatedGPUTime') ?? []) : []));
  // A client that has not worked yet has no use; uses without a count say nothing.
  if (uses.length > 0 && times.length === 0) return null;
  return times.reduce((sum, time) => sum + Math.max(0, time), 0) / NANO;
}

/**
 * The processes that hold user clients of a GPU, each once: children of its accelerator, by their properties. Whatever else is a child
 * is passed over, and so are clients without a count: they are of another kind (shared memory, displays).
 */
export function processesOf(gpu: string, clients: readonly CfDictionary[]): GpuProcess[] {
  const found = new Map<number, { name: string | null; time: number }>();
  for (const client of clients) {
    const { pid, name } = CREATOR.exec(textAt(client, 'IOUserClientCreator') ?? '')?.groups ?? {};
    const time = timeOf(client);
    if (pid === undefined || time === null) continue;
    const known = found.get(Number(pid));
    if (known) known.time += time;
    else found.set(Number(pid), { name: name || null, time });
  }
  return Array.from(found, ([pid, one]) => ({ gpu, pid, ...one, memory: null }));
}
