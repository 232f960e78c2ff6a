import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Happening, MachineEvent, WatchNote } from './event.ts';
import { createEventQueue } from './event-queue.ts';
import type { EventSink, OpenSources } from './open-sources.ts';
import type { WatchOptions } from './watch-options.ts';
import { planWatch } from './watch-plan.ts';
import type { WatchPlan } from './watch-plan.ts';

/** Events that are kept for a reader who is busy. */
const LIMIT = 10_000;

/** What opens the sources of an operating system, loaded when it is first needed: no other one's is in memory. */
const OPENERS: Partial<Record<NodeJS.Platform, () => Promise<(host: Host, plan: WatchPlan, sink: EventSink) => OpenSources>>> = {
  linux: async () => (await import('../linux/events/index.ts')).openLinuxSources,
  darwin: async () => (await import('../darwin/events/index.ts')).openDarwinSources,
};

/**
 * Watches what happens to a machine, told by its kernel: nothing is polled where the kernel speaks by itself.
 *
 * ```ts
 * for await (const event of watchEvents(openHost(), { only: ['link', 'mount'], signal })) console.log(event);
 * ```
 *
 * Watching begins with the first `next()`; a `watching` event says when all is open. What cannot be watched is an `unavailable`
 * event, never an error. Ends without an error when the signal aborts, when the loop is left, or when nothing is left to watch (the
 * processes that were meant have ended); no descriptor, listener, timer or thread of it is left then. On Linux all watches of a process
 * share one thread of libuv's pool; on macOS they take none.
 *
 * Throws at the call: INVALID when the options make no sense, UNAVAILABLE for a machine that is only files, UNSUPPORTED where
 * the operating system is neither Linux nor macOS. The first `next()` rejects with UNAVAILABLE where native calls are not to be had.
 */
export function watchEvents(host: Host, options: WatchOptions = {}): AsyncGenerator<MachineEvent, void, undefined> {
  const { signal, limit = LIMIT } = options;
  const plan = planWatch(options);
  if (host.kind !== 'real') {
    throw new HecateError('UNAVAILABLE', `Nothing happens on a machine that is only files under ${host.root}.`, {
      hint: 'Events come from a kernel that runs: watch the machine itself.',
    });
  }
  const load = OPENERS[host.platform];
  if (!load) throw new HecateError('UNSUPPORTED', `Events are not known on ${host.platform}.`, { hint: 'They are on Linux and macOS.' });
  const stamp = (event: Happening | WatchNote): MachineEvent => ({ time: host.clock.now(), ...event });
  const queue = createEventQueue<MachineEvent>(limit, (count) => stamp({ kind: 'lost', count }));

  async function* events(loadSources: NonNullable<typeof load>): AsyncGenerator<MachineEvent, void, undefined> {
    if (signal?.aborted) return;
    signal?.addEventListener('abort', queue.end, { once: true });
    try {
      const openSources = await loadSources();
      // Whoever ended it meanwhile is waited for by nobody.
      if (signal?.aborted) return;
      const sources = openSources(host, plan, { emit: (event) => queue.push(stamp(event)), over: queue.finish });
      try {
        for (;;) {
          const event = await queue.take();
          if (event === null) return;
          yield event;
        }
      } finally {
        queue.end();
        await sources.close();
      }
    } finally {
      signal?.removeEventListener('abort', queue.end);
    }
  }

  const generator = events(load);
  const leave = generator.return.bind(generator);
  // A generator that waits for an event would not hear that it is to end.
  generator.return = (value) => {
    queue.end();
    return leave(value);
  };
  return generator;
}
