import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { EventKind, Happening, WatchNote } from '../../events/event.ts';
import type { WatchPlan } from '../../events/watch-plan.ts';
import { gapReasonOf } from '../../model/gap.ts';
import { clock } from './clock.ts';
import { memoryPressure } from './memory-pressure.ts';
import { mount } from './mount.ts';
import { oom } from './oom.ts';
import { openPollWatcher } from './poll-thread.ts';
import type { PollWatcher } from './poll-thread.ts';
import { pressure } from './pressure.ts';
import { processExit } from './process-exit.ts';
import { processes } from './process.ts';
import { route } from './route.ts';
import type { EventSource, SourceContext } from './source.ts';
import { throttle } from './throttle.ts';
import { uevent } from './uevent.ts';

/** Every source of events of Linux. */
const SOURCES: readonly EventSource[] = [route, mount, pressure, memoryPressure, oom, processExit, processes, uevent, throttle, clock];

/** Sources that are open. */
export interface OpenSources {
  /** Ends them. Resolves when no descriptor, timer or thread of theirs is left. */
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
  readonly poll: PollWatcher;
  readonly sink: EventSink;
  /** Counts what could still make an event. */
  readonly count: (difference: 1 | -1) => void;
}

/**
 * Opens the sources of a plan, and says at the end what is watched. What cannot be opened is said by an event.
 * Throws UNAVAILABLE or UNSUPPORTED where no descriptor can be waited for at all (native calls are not to be had).
 */
export function openLinuxSources(host: Host, plan: WatchPlan, sink: EventSink): OpenSources {
  const poll = openPollWatcher();
  const closers: (() => void | Promise<void>)[] = [];
  const watched = new Set<EventKind>();
  let left = 0;
  const count = (difference: 1 | -1): void => {
    left += difference;
    // Whoever stopped something may have an event to give yet.
    if (left === 0) queueMicrotask(() => left === 0 && sink.over());
  };
  for (const source of SOURCES) {
    const kinds = source.kinds.filter((kind) => plan.kinds.has(kind));
    if (kinds.length === 0) continue;
    const before = left;
    const close = openSource(source, kinds, { host, plan, poll, sink, count });
    if (!close) continue;
    closers.push(close);
    if (left > before) for (const kind of kinds) watched.add(kind);
  }
  sink.emit({ kind: 'watching', kinds: [...plan.kinds].filter((kind) => watched.has(kind)) });
  if (left === 0) sink.over();
  return {
    async close() {
      await poll.close();
      await Promise.all(closers.splice(0).map(async (close) => close()));
    },
  };
}

/** Opens one source for the kinds that were asked for. Gives what closes it; null when it cannot be opened, which has been said. */
function openSource(source: EventSource, kinds: readonly EventKind[], surroundings: Surroundings): (() => void | Promise<void>) | null {
  const { host, plan, poll, sink, count } = surroundings;
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
    watch: (descriptor, events, ready) => stoppable(poll.watch(descriptor, events, (happened) => guarded(() => ready(happened)))),
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
