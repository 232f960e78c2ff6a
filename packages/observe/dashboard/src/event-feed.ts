import { fetchOffered } from './api.ts';
import type { EventFacts, EventList } from './api.ts';
import { createCell } from './observable.ts';
import type { Cell } from './observable.ts';
import type { Interval } from './time-window.ts';

/** Events that are kept and asked for. */
const KEPT = 500;
/** Seconds of the past that are listed. */
const LISTED = 7 * 86_400;
/** Milliseconds that a window must stand still before its events are fetched. */
const SETTLE = 300;

/** What happened to the machine. */
export interface EventFeed {
  /** Newest first; null where the server watches nothing. */
  readonly list: Cell<readonly EventFacts[] | null>;
  /** What happened in a stretch that lies before the list: marks on charts. */
  readonly past: Cell<readonly EventFacts[]>;
  /** Asks for the list anew: a server that was started again may have missed something. */
  load(): void;
  /** Takes one from the stream. */
  receive(event: EventFacts): void;
  /** Fetches what happened in this stretch, where the list does not reach back to it. */
  want(interval: Interval): void;
}

/** Notes about the watch itself say nothing about the machine. */
const isOfMachine = ({ kind }: EventFacts): boolean => kind !== 'watching' && kind !== 'unavailable';
const isSame = (a: EventFacts, b: EventFacts): boolean => a.id === b.id && a.time === b.time && a.kind === b.kind;

/** A feed that is empty until it is loaded. */
export function createEventFeed(onError: (error: unknown) => void): EventFeed {
  const list = createCell<readonly EventFacts[] | null>(null);
  const past = createCell<readonly EventFacts[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What came by the stream while the list was on its way. */
  let early: EventFacts[] | null = null;
  let since = Number.POSITIVE_INFINITY;

  const refresh = async (): Promise<void> => {
    early = [];
    const from = Math.floor(Date.now() / 1000) - LISTED;
    const answer = await fetchOffered<EventList>(`api/v1/events?from=${from}&limit=${KEPT}`);
    const listed = answer?.events ?? [];
    const all = [...listed, ...early.filter((event) => !listed.some((known) => isSame(known, event)))];
    early = null;
    // A list that is full begins with its first event, any other where it was asked to.
    since = listed.length < KEPT ? from : listed[0]!.time;
    list.set(answer === null && all.length === 0 ? null : all.filter(isOfMachine).reverse().slice(0, KEPT));
  };
  const fetchPast = async ({ from, to }: Interval): Promise<void> => {
    const end = Math.min(to, since);
    const answer = await fetchOffered<EventList>(`api/v1/events?from=${Math.floor(from)}&to=${Math.floor(end)}&limit=${KEPT}`);
    past.set((answer?.events ?? []).filter((event) => isOfMachine(event) && event.time < since));
  };
  return {
    list,
    past,
    load: () => void refresh().catch(onError),
    receive(event) {
      if (early) early.push(event);
      else if (isOfMachine(event)) list.set([event, ...(list.get() ?? [])].slice(0, KEPT));
    },
    want(interval) {
      clearTimeout(timer);
      if (list.get() !== null && interval.from < since) timer = setTimeout(() => void fetchPast(interval).catch(onError), SETTLE);
    },
  };
}
