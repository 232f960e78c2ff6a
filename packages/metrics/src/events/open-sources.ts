import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { gapReasonOf } from '../model/gap.ts';
import type { EventKind, Happening, WatchNote } from './event.ts';
import type { EventSource, SourceContext } from './event-source.ts';
import type { WatchPlan } from './watch-plan.ts';

/** Waits for descriptors. */
export interface DescriptorWaiter {
  /**
   * Calls `ready` with what happened, each time the descriptor is ready for `events` of poll(2), until the function it gives is called.
   * A descriptor may be closed in `ready`, or after {@link close} has resolved.
   */
  watch(descriptor: number, events: number, ready: (happened: number) => void): () => void;
  /** Forgets all descriptors. Resolves when nothing looks at them any more. */
  close(): Promise<void>;
}

/** Sources that are open. */
export interface OpenSources {
  /** Ends them. Resolves when no descriptor, timer or thread of theirs is left; the second time it does nothing. */
  close(): Promise<void>;
}

/** Where events go. */
export interface EventSink {
  emit(event: Happening | WatchNote): void;
  /** Nothing is left that could make an event: all sources failed, or all processes that were meant ended. */
  over(): void;
}

/** What all sources of one watch share. */
interface Surroundings {
  readonly host: Host;
  readonly plan: WatchPlan;
  readonly waiter: DescriptorWaiter;
  readonly sink: EventSink;
  /** Counts what could still make an event. */
  readonly count: (difference: 1 | -1) => void;
}

/** What an operating system has to tell of. */
export interface EventSources {
  readonly sources: readonly EventSource[];
  /** Kinds that it does not tell of at all: one sentence each. */
  readonly lacking?: Partial<Readonly<Record<EventKind, string>>>;
  /** Called once. Throws UNAVAILABLE or UNSUPPORTED where no descriptor can be waited for at all. */
  openWaiter(): DescriptorWaiter;
}

/** Opens the sources of a plan, and says at the end what is watched. What cannot be opened is said by an event. */
export function openSources(
  { sources, lacking = {}, openWaiter }: EventSources,
  host: Host,
  plan: WatchPlan,
  sink: EventSink,
): OpenSources {
  const waiter = openWaiter();
  const closers: (() => void | Promise<void>)[] = [];
  const watched = new Set<EventKind>();
  let left = 0;
  const count = (difference: 1 | -1): void => {
    left += difference;
    // Whoever stopped something may have an event to give yet.
    if (left === 0) queueMicrotask(() => left === 0 && sink.over());
  };
  for (const what of plan.kinds) {
    const detail = lacking[what];
    if (detail !== undefined) sink.emit({ kind: 'unavailable', what, reason: 'unsupported', detail });
  }
  for (const source of sources) {
    const kinds = source.kinds.filter((kind) => plan.kinds.has(kind));
    if (kinds.length === 0) continue;
    const before = left;
    const close = openSource(source, kinds, { host, plan, waiter, sink, count });
    if (!close) continue;
    closers.push(close);
    if (left > before) for (const kind of kinds) watched.add(kind);
  }
  sink.emit({ kind: 'watching', kinds: [...plan.kinds].filter((kind) => watched.has(kind)) });
  if (left === 0) sink.over();
  let closed: Promise<void> | undefined;
  return {
    close() {
      closed ??= (async () => {
        await waiter.close();
        await Promise.all(closers.map(async (close) => close()));
      })();
      return closed;
    },
  };
}

/** Opens one source for the kinds that were asked for. Gives what closes it; null when it cannot be opened, which has been said. */
function openSource(source: EventSource, kinds: readonly EventKind[], surroundings: Surroundings): (() => void | Promise<void>) | null {
  const { host, plan, waiter, sink, count } = surroundings;
  /** What ends each watch and timer. */
  const stops = new Set<() => void>();
  let ended = false;
  const endAll = (): void => {
    ended = true;
    for (const stop of [...stops]) stop();
  };
  const fail = (error: unknown): void => {
    endAll();
    for (const what of kinds) sink.emit({ kind: 'unavailable', what, reason: gapReasonOf(error), detail: sentenceOf(error) });
  };
  /** A failure ends its source and nothing else. */
  const guarded = (act: () => void): void => {
    if (ended) return;
    try {
      act();
    } catch (error) {
      fail(error);
    }
  };
  /** Remembers what ends a watch or timer, which may be called twice. */
  const stoppable = (end: () => void): (() => void) => {
    const stop = (): void => {
      if (!stops.delete(stop)) return;
      end();
      count(-1);
    };
    stops.add(stop);
    count(1);
    return stop;
  };
  const context: SourceContext = {
    host,
    pressure: plan.pressure,
    processes: plan.processes,
    wants: (kind) => kinds.includes(kind),
    emit(event) {
      if (kinds.includes(event.kind)) sink.emit(event);
    },
    unavailable: (what, reason, detail) => sink.emit({ kind: 'unavailable', what, reason, detail }),
    overrun() {
      for (const what of kinds) sink.emit({ kind: 'overrun', what });
    },
    watch: (descriptor, events, ready) => stoppable(waiter.watch(descriptor, events, (happened) => guarded(() => ready(happened)))),
    every(seconds, act) {
      const timer = setInterval(() => guarded(act), seconds * 1000);
      return stoppable(() => clearInterval(timer));
    },
  };
  try {
    const close = source.open(context);
    return () => {
      endAll();
      return close();
    };
  } catch (error) {
    fail(error);
    return null;
  }
}
