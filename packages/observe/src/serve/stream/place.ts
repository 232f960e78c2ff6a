import type { AlertChange, Alerts } from '../../alert/alerts.ts';
import { eventRow } from '../../event/event-log.ts';
import type { EventLog, LoggedEvent } from '../../event/event-log.ts';
import type { Frame, Hub } from '../hub.ts';
import type { Listener, Protocol, Topic } from './listener.ts';
import type { Subscription } from './subscription.ts';
import { createTickText } from './tick-text.ts';

/** Clients who want the same at the same times in the same form: encoded once for all of them. */
export interface Group {
  readonly key: string;
  readonly protocol: Protocol;
  readonly subscription: Subscription;
  readonly places: Set<Place>;
  /** Number of the stretch of `every` seconds that was served last. */
  slot: number;
  /** What the tick of `frame` is, by how much a client knows already. */
  ticks: Map<number, Buffer>;
  frame: Frame | null;
}

/** A client, and what it has missed. At most one tick and one process table wait for it, shared with all who wait for the same. */
export interface Place {
  readonly listener: Listener;
  group: Group;
  /** How many descriptions of series it has got. */
  known: number;
  ready: boolean;
  owesTick: boolean;
  /** The newest tick that it has got: who comes while a tick is told to one after the other is not told it twice. */
  newest: Frame | null;
  table: Buffer | null;
  /** The last event that it has got, when it has missed some since. */
  eventsFrom: number | null;
  missedAlerts: number;
  readonly sent: () => void;
}

/** What is told, and how an event is named for who comes back. */
export interface DeliveryOptions {
  readonly hub: Hub;
  readonly events?: EventLog;
  readonly alerts?: Alerts;
  readonly markOf: (id: number) => string;
}

/** How a client gets what it is told: at once, or when it reads again. */
export interface Delivery {
  /** Clients who have missed something. */
  readonly late: Set<Place>;
  tick(place: Place, frame: Frame): void;
  table(place: Place, bytes: Buffer): void;
  event(place: Place, logged: LoggedEvent): void;
  alert(place: Place, change: AlertChange): void;
  /** Gives a client that was slow what it has missed, if it can take it now: the newest of what is replaced, all of what is not. */
  catchUp(place: Place): void;
}

/** Delivers to one client after the other; what is the same for several is made once. */
export function createDelivery({ hub, events, alerts, markOf }: DeliveryOptions): Delivery {
  const text = createTickText();
  const late = new Set<Place>();
  let wrapped: { readonly of: object; readonly protocol: Protocol; readonly bytes: Buffer } | null = null;

  /** The same event or alert for everybody who speaks the same protocol. */
  const wrapOnce = (of: object, protocol: Protocol, topic: Topic, encode: () => string, mark: string | null): Buffer => {
    if (wrapped?.of !== of || wrapped.protocol !== protocol) wrapped = { of, protocol, bytes: protocol.wrap(topic, encode(), mark) };
    return wrapped.bytes;
  };
  const writeEvent = ({ listener, sent }: Place, logged: LoggedEvent): void => {
    const encode = (): string => JSON.stringify({ type: 'event', ...eventRow(logged) });
    listener.write(wrapOnce(logged, listener.protocol, 'event', encode, markOf(logged.id)), sent);
  };
  const writeAlert = ({ listener, sent }: Place, change: AlertChange): void => {
    const encode = (): string => JSON.stringify({ type: 'alert', ...change });
    listener.write(wrapOnce(change, listener.protocol, 'alert', encode, null), sent);
  };

  const writeTick = (place: Place, frame: Frame): void => {
    const { group, known, listener } = place;
    if (group.frame !== frame) {
      group.frame = frame;
      group.ticks = new Map();
    }
    let bytes = group.ticks.get(known);
    if (!bytes) {
      bytes = group.protocol.wrap('tick', text.encode(frame, group.subscription.series, known), null);
      group.ticks.set(known, bytes);
    }
    listener.write(bytes, place.sent);
    place.known = text.described;
    place.owesTick = false;
    place.newest = frame;
  };

  const canTake = (place: Place): boolean => place.ready && place.listener.backlog() === 0;

  const catchUp = (place: Place): void => {
    if (!late.has(place) || !canTake(place)) return;
    late.delete(place);
    const { owesTick, table, eventsFrom, missedAlerts } = place;
    place.table = place.eventsFrom = null;
    place.owesTick = false;
    place.missedAlerts = 0;
    if (eventsFrom !== null) for (const logged of events?.since(eventsFrom) ?? []) writeEvent(place, logged);
    if (missedAlerts > 0) for (const change of alerts?.history(missedAlerts).toReversed() ?? []) writeAlert(place, change);
    if (owesTick && hub.latest) writeTick(place, hub.latest);
    if (table) place.listener.write(table, place.sent);
  };

  return {
    late,
    tick(place, frame) {
      const { newest } = place;
      if (newest === frame || (newest && newest.snapshot.monotonic > frame.snapshot.monotonic)) return;
      if (canTake(place)) return writeTick(place, frame);
      place.owesTick = true;
      late.add(place);
    },
    table(place, bytes) {
      const now = canTake(place);
      place.table = now ? null : bytes;
      if (now) place.listener.write(bytes, place.sent);
      else late.add(place);
    },
    event(place, logged) {
      if (place.eventsFrom === null && canTake(place)) return writeEvent(place, logged);
      place.eventsFrom ??= logged.id - 1;
      late.add(place);
    },
    alert(place, change) {
      if (place.missedAlerts === 0 && canTake(place)) return writeAlert(place, change);
      place.missedAlerts++;
      late.add(place);
    },
    catchUp,
  };
}
